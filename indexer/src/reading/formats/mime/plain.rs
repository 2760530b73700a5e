//! Texts of mails that are no pages.

use svod_text::article::{self, Kind, Syntax, section_path};

use crate::reading::formats::running_text::{RunningText, append_line};
use crate::reading::formats::{Block, BlockKind, Mark};

/// Returns the blocks of a plain text, found as those of a text file are. The signs before quoted lines are left out.
pub(in crate::reading::formats) fn read(text: &str) -> Vec<Block> {
    let article = article::parse(&unquote(text), Syntax::Plain);
    let labels = labels(&article);
    let mut blocks: Vec<Block> = Vec::new();
    let mut goes_on = false;
    for (passage, label) in article.passages.into_iter().zip(labels) {
        let part_of_last = std::mem::replace(&mut goes_on, !passage.runs_on.is_empty());
        let Some((text, marks)) = running_text(&passage.text, &passage.marks) else { continue };
        if let Some(last) = blocks.last_mut().filter(|_| part_of_last) {
            append_line(&mut last.text, &text);
            let start = last.text.len() - text.len();
            last.marks.extend(marks.into_iter().map(|mark| Mark { offset: mark.offset + start, ..mark }));
            continue;
        }
        let kind = match passage.kind {
            Kind::Heading => {
                BlockKind::Heading((section_path(&article.outline, passage.section).len() + 1).min(6) as u8)
            }
            Kind::Note => BlockKind::Note(label.unwrap_or_default()),
            Kind::Table => BlockKind::Table,
            _ => BlockKind::Paragraph,
        };
        blocks.push(Block::new(kind, text, marks));
    }
    blocks
}

/// Returns a text as blocks have it, with its marks.
fn running_text(text: &str, marks: &[article::Mark]) -> Option<(String, Vec<Mark>)> {
    let mut running = RunningText::default();
    let mut at = 0;
    for mark in marks {
        running.push(text.get(at..mark.offset).unwrap_or_default());
        running.mark(mark.label.clone());
        at = at.max(mark.offset);
    }
    running.push(text.get(at..).unwrap_or_default());
    running.take()
}

/// Returns the label of each passage that is a note, as the mark that cites it has it.
fn labels(article: &article::Article) -> Vec<Option<String>> {
    let mut labels = vec![None; article.passages.len()];
    for mark in article.passages.iter().flat_map(|passage| &passage.marks) {
        if let Some(label) = mark.note.and_then(|note| labels.get_mut(note)) {
            *label = Some(mark.label.clone());
        }
    }
    labels
}

/// Leaves out the `>` before quoted lines.
fn unquote(text: &str) -> String {
    let mut unquoted = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let quoted = line.trim_start_matches(['>', ' ']);
        unquoted.push_str(if line.starts_with('>') { quoted } else { line });
    }
    unquoted
}
