//! What many passages share: the title, headings, keywords and authors above
//! them, and the key of their article. A text is cut once, however many
//! passages it stands above.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use svod_text::analysis::{Token, Tokenizer};
use tantivy::postings::FieldSerializer;
use tantivy::schema::Field;
use tantivy::{DocId, Term};

use super::vocabulary::Vocabulary;

/// The names of a field.
#[derive(Default)]
pub(super) struct Names {
    vocabulary: Vocabulary,
    /// Which term stands in which text, and how often.
    entries: Vec<Entry>,
    /// The passages of all texts.
    ranges: Vec<Range<DocId>>,
    /// For each text the end of its passages in `ranges`.
    ends: Vec<u32>,
    tokens: u64,
    terms: Vec<u32>,
    last: Option<Last>,
}

/// The text that was added last.
struct Last {
    text: Arc<str>,
    tokens: u32,
    /// Where its passages begin in the ranges.
    first: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    term: u32,
    text: u32,
    count: u32,
}

impl Names {
    /// Adds a text that stands above a passage, which comes after all that were added, and returns the number of its
    /// tokens. It is cut anew only if it is another string than the last.
    pub(super) fn add(&mut self, doc: DocId, text: &Arc<str>, tokenizer: &mut Tokenizer) -> u32 {
        let last = match self.last.take().filter(|last| Arc::ptr_eq(&last.text, text)) {
            Some(last) => last,
            None => self.cut(text, tokenizer),
        };
        extend(&mut self.ranges, last.first, doc);
        if let Some(end) = self.ends.last_mut() {
            *end = self.ranges.len() as u32;
        }
        self.tokens += u64::from(last.tokens);
        self.last.insert(last).tokens
    }

    fn cut(&mut self, text: &Arc<str>, tokenizer: &mut Tokenizer) -> Last {
        self.terms.clear();
        tokenizer.each_token(text, |token, _| {
            let (Token::Term(term) | Token::Word(term, _)) = token;
            self.terms.push(self.vocabulary.number(term.as_bytes()));
        });
        self.terms.sort_unstable();
        let number = self.ends.len() as u32;
        for same in self.terms.chunk_by(|a, b| a == b) {
            self.entries.push(Entry { term: same[0], text: number, count: same.len() as u32 });
        }
        self.ends.push(self.ranges.len() as u32);
        Last { text: Arc::clone(text), tokens: self.terms.len() as u32, first: self.ranges.len() }
    }

    pub(super) fn tokens(&self) -> u64 {
        self.tokens
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.vocabulary.memory_bytes()
            + self.entries.capacity() * size_of::<Entry>()
            + self.ranges.capacity() * size_of::<Range<DocId>>()
            + self.ends.capacity() * size_of::<u32>()
    }

    /// Writes all terms, in their order.
    pub(super) fn write(mut self, serializer: &mut FieldSerializer<'_>) -> io::Result<()> {
        self.entries.sort_unstable();
        let mut docs = Vec::new();
        for number in self.vocabulary.sorted() {
            let first = self.entries.partition_point(|entry| entry.term < number);
            docs.clear();
            for entry in self.entries[first..].iter().take_while(|entry| entry.term == number) {
                docs.extend(self.docs(entry.text).map(|doc| (doc, entry.count)));
            }
            // The headings of an article may come in any order, and again.
            if !docs.is_sorted() {
                docs.sort_unstable();
            }
            serializer.new_term(self.vocabulary.term(number), docs.len() as u32, true)?;
            docs.iter().for_each(|&(doc, count)| serializer.write_doc(doc, count, &[]));
            serializer.close_term()?;
        }
        Ok(())
    }

    fn docs(&self, text: u32) -> impl Iterator<Item = DocId> {
        let at = text as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        self.ranges[start..self.ends[at] as usize].iter().cloned().flatten()
    }
}

/// Adds a passage to the last of the ranges from `first` on, or as a new one.
fn extend(ranges: &mut Vec<Range<DocId>>, first: usize, doc: DocId) {
    match ranges[first..].last_mut() {
        Some(last) if last.end == doc => last.end += 1,
        _ => ranges.push(doc..doc + 1),
    }
}

/// Numbers that are searched as terms, with their records.
#[derive(Default)]
pub(super) struct Keys {
    entries: Vec<(u64, Range<DocId>)>,
}

impl Keys {
    pub(super) fn add(&mut self, key: u64, doc: DocId) {
        match self.entries.last_mut() {
            Some((last, docs)) if *last == key && docs.end == doc => docs.end += 1,
            _ => self.entries.push((key, doc..doc + 1)),
        }
    }

    pub(super) fn tokens(&self) -> u64 {
        self.entries.iter().map(|(_, docs)| docs.len() as u64).sum()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<(u64, Range<DocId>)>()
    }

    /// Writes all keys, in their order.
    pub(super) fn write(mut self, field: Field, serializer: &mut FieldSerializer<'_>) -> io::Result<()> {
        self.entries.sort_by_key(|(key, docs)| (*key, docs.start));
        for same in self.entries.chunk_by(|a, b| a.0 == b.0) {
            let docs = || same.iter().flat_map(|(_, docs)| docs.clone());
            let term = Term::from_field_u64(field, same[0].0);
            serializer.new_term(term.serialized_value_bytes(), docs().count() as u32, false)?;
            docs().for_each(|doc| serializer.write_doc(doc, 0, &[]));
            serializer.close_term()?;
        }
        Ok(())
    }
}
