//! An article made again from its records: there is no source to parse.

use svod_text::article::{Article, Kind, Mark, Metadata, Passage, RUNS_ON_CHARACTERS, Section};
use svod_text::language::Language;

use crate::schema::StoredPassage;

/// A passage as an index has it: its record, and what stands in columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPassage {
    /// Its record.
    pub stored: StoredPassage,
    /// What it is in the article.
    pub kind: Kind,
    /// Its language.
    pub language: Language,
    /// Whether its text was searched as that of a paragraph: a heading with nothing below it.
    pub is_alone: bool,
}

/// Returns the article of which these are the passages, in their order.
pub fn restore(metadata: Metadata, outline: Vec<Section>, kept: Vec<KeptPassage>) -> Article {
    let heading = heading_at_top(&kept, &outline).filter(|heading| metadata.title.as_ref() != Some(heading));
    let beginnings: Vec<String> = kept.iter().map(|passage| beginning(&passage.stored.text)).collect();
    let next = beginnings.into_iter().skip(1).chain([String::new()]);
    let passages = kept.into_iter().zip(next).map(|(passage, next)| passage_of(passage, next)).collect();
    Article { metadata: Metadata { heading, ..metadata }, outline, passages }
}

/// Returns the heading that is a title: the first, and it opens no section.
fn heading_at_top(kept: &[KeptPassage], outline: &[Section]) -> Option<String> {
    let first = kept.iter().find(|passage| passage.kind == Kind::Heading)?;
    let opens_section = outline.first().is_some_and(|section| section.heading == first.stored.text);
    (!opens_section).then(|| first.stored.text.clone())
}

/// Returns what the passage before searches of a text, if it runs on into it.
fn beginning(text: &str) -> String {
    text.chars().take(RUNS_ON_CHARACTERS).collect()
}

fn passage_of(kept: KeptPassage, next: String) -> Passage {
    let StoredPassage { text, address } = kept.stored;
    let mark = |(offset, note)| Mark { offset, label: String::new(), note: Some(note) };
    Passage {
        kind: kept.kind,
        section: address.section,
        text,
        pieces: address.pieces,
        language: kept.language,
        is_alone: kept.is_alone,
        page: address.page,
        page_breaks: address.page_breaks,
        marks: address.notes.into_iter().map(mark).collect(),
        cited: address.cited,
        runs_on: if address.runs_on { next } else { String::new() },
    }
}
