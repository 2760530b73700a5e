//! What is searched with positions: the tokens of a field, sorted by term.
//!
//! Tokens go into a log of term ids, in the order of the text. When the
//! log is full it is sorted by counting and packed into a run: for each term
//! its passages and positions, as differences. At the end the runs of a term
//! follow one another. Memory is read and written in order, nearly always.

use std::io;

use memmap2::MmapMut;
use svod_text::analysis::{Script, Token, Tokenizer, has_positions, push_second_form};
use tantivy::DocId;
use tantivy::postings::FieldSerializer;

use super::vocabulary::Vocabulary;

/// Set on the first token of a position.
const NEXT: u32 = 1 << 31;
/// A position without a token.
const NOTHING: u32 = !NEXT;
/// The part of the memory that the log and its sorted copy take.
const LOG_SHARE: usize = 8;
const LEAST_LOG: usize = 1 << 14;
const LARGEST_LOG: usize = 1 << 22;
/// A run notes the place of every 16th term.
const MARK_EVERY: usize = 16;
/// The passage of every 64th position is noted.
const PASSAGE_EVERY: usize = 64;

/// The tokens of a field.
pub(super) struct Postings {
    vocabulary: Vocabulary,
    /// For each term the passages that have it.
    passages: Vec<u32>,
    forms: Forms,
    log: Log,
    log_tokens: usize,
    /// Kept from run to run: large blocks that come and go would leave holes in the memory.
    positions: Vec<u32>,
    packed: Vec<u8>,
    runs: Vec<Run>,
    tokens: u64,
    scratch: String,
}

/// The forms of words: each is cut off once.
#[derive(Default)]
struct Forms {
    /// For each term that is a word the id of its form, or [`ITSELF`].
    numbers: Vec<u32>,
}

const UNKNOWN: u32 = u32::MAX;
const ITSELF: u32 = UNKNOWN - 1;

#[derive(Default)]
struct Log {
    /// Term ids.
    tokens: Vec<u32>,
    /// The passages.
    docs: Vec<DocId>,
    /// For each of them its first position. Positions are counted through the whole log.
    starts: Vec<u32>,
    positions: u32,
}

/// A sorted log, packed.
struct Run {
    /// For each term the length in bytes of what follows; for each of its
    /// passages the difference, doubled, and one if it has the term once; else
    /// how often; the differences of the positions.
    ///
    /// Mapped from the system: the allocator would keep freed blocks as holes into which the next segment does not fit.
    bytes: MmapMut,
    marks: Vec<u32>,
}

impl Postings {
    pub(super) fn new(memory_bytes: usize) -> Postings {
        Postings {
            vocabulary: Vocabulary::default(),
            passages: Vec::new(),
            forms: Forms::default(),
            log: Log::default(),
            log_tokens: (memory_bytes / LOG_SHARE / (2 * size_of::<u32>())).clamp(LEAST_LOG, LARGEST_LOG),
            positions: Vec::new(),
            packed: Vec::new(),
            runs: Vec::new(),
            tokens: 0,
            scratch: String::new(),
        }
    }

    /// Adds the text of a passage, which comes after all that were added, and
    /// returns the number of its tokens.
    pub(super) fn add(&mut self, doc: DocId, text: &str, tokenizer: &mut Tokenizer) -> io::Result<u32> {
        if self.log.tokens.len() >= self.log_tokens {
            self.close_run()?;
        }
        let Postings { vocabulary, forms, log, scratch, .. } = self;
        let before = log.tokens.len();
        let (mut count, mut next) = (0, 0);
        tokenizer.each_token(text, |token, position| {
            while next < position {
                log.tokens.push(NOTHING | NEXT);
                next += 1;
            }
            let first = if next == position { NEXT } else { 0 };
            next = position + 1;
            let (term, script) = match token {
                Token::Term(term) => (term, None),
                Token::Word(word, script) => (word, Some(script)),
            };
            let number = vocabulary.number(term.as_bytes());
            log.tokens.push(number | first);
            count += 1;
            let form = script.and_then(|script| forms.of_word(number, term, script, vocabulary, scratch));
            if let Some(form) = form {
                log.tokens.push(form);
                count += 1;
            }
        });
        if log.tokens.len() > before {
            log.docs.push(doc);
            log.starts.push(log.positions);
            log.positions += next as u32;
        }
        self.tokens += u64::from(count);
        Ok(count)
    }

    pub(super) fn tokens(&self) -> u64 {
        self.tokens
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let runs: usize = self.runs.iter().map(|run| run.bytes.len() + run.marks.capacity() * 4).sum();
        self.vocabulary.memory_bytes()
            + self.log.tokens.capacity().min(self.log_tokens) * size_of::<u32>()
            + self.positions.capacity() * size_of::<u32>()
            + self.packed.capacity()
            + (self.passages.capacity() + self.forms.numbers.capacity()) * 4
            + runs
    }

    fn close_run(&mut self) -> io::Result<()> {
        let terms = self.vocabulary.len();
        self.passages.resize(terms, 0);
        let ends = sort(&self.log, terms, &mut self.positions);
        let mut packer = Packer::new(&self.log, &mut self.packed);
        let mut start = 0;
        for (&end, passages) in ends.iter().zip(&mut self.passages) {
            *passages += packer.push(&self.positions[start as usize..end as usize]);
            start = end;
        }
        self.runs.push(packer.finish()?);
        self.log.clear();
        Ok(())
    }

    /// Writes all terms, in their order.
    pub(super) fn write(mut self, serializer: &mut FieldSerializer<'_>) -> io::Result<()> {
        if !self.log.tokens.is_empty() {
            self.close_run()?;
        }
        (self.log, self.positions, self.packed) = Default::default();
        let mut positions = Vec::new();
        for number in self.vocabulary.sorted() {
            let term = self.vocabulary.term(number);
            let is_placed = str::from_utf8(term).is_ok_and(has_positions);
            serializer.new_term(term, self.passages[number as usize], true)?;
            for run in &self.runs {
                run.each_passage(number, &mut positions, |doc, positions| {
                    if !is_placed {
                        positions.fill(0);
                    }
                    serializer.write_doc(doc, positions.len() as u32, positions);
                });
            }
            serializer.close_term()?;
        }
        Ok(())
    }
}

impl Forms {
    /// Returns the id of the form that stands beside a word, if one does.
    fn of_word(
        &mut self,
        number: u32,
        word: &str,
        script: Script,
        vocabulary: &mut Vocabulary,
        scratch: &mut String,
    ) -> Option<u32> {
        let at = number as usize;
        if self.numbers.len() <= at {
            self.numbers.resize(at + 1, UNKNOWN);
        }
        if self.numbers[at] == UNKNOWN {
            scratch.clear();
            let is_other = push_second_form(word, script, scratch);
            self.numbers[at] = if is_other { vocabulary.number(scratch.as_bytes()) } else { ITSELF };
        }
        Some(self.numbers[at]).filter(|&form| form != ITSELF)
    }
}

impl Log {
    fn clear(&mut self) {
        self.tokens.clear();
        self.docs.clear();
        self.starts.clear();
        self.positions = 0;
    }
}

/// Sorts the positions of a log by term, by counting. Returns for each term where its positions end.
fn sort(log: &Log, terms: usize, positions: &mut Vec<u32>) -> Vec<u32> {
    let mut places = vec![0_u32; terms];
    for &token in &log.tokens {
        if let Some(count) = places.get_mut((token & !NEXT) as usize) {
            *count += 1;
        }
    }
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    positions.resize(start as usize, 0);
    let mut position = u32::MAX;
    for &token in &log.tokens {
        position = position.wrapping_add(token >> 31);
        if let Some(place) = places.get_mut((token & !NEXT) as usize) {
            positions[*place as usize] = position;
            *place += 1;
        }
    }
    places
}

struct Packer<'l> {
    log: &'l Log,
    /// For every [`PASSAGE_EVERY`]th position its passage, by its place in the log.
    passages: Vec<u32>,
    terms: usize,
    term: Vec<u8>,
    bytes: &'l mut Vec<u8>,
    marks: Vec<u32>,
}

impl<'l> Packer<'l> {
    fn new(log: &'l Log, bytes: &'l mut Vec<u8>) -> Packer<'l> {
        let mut passages = Vec::with_capacity(log.positions as usize / PASSAGE_EVERY + 1);
        for (passage, &start) in log.starts.iter().enumerate() {
            // The last passage that begins before the position or at it.
            let end = (start as usize).div_ceil(PASSAGE_EVERY);
            while passages.len() < end {
                passages.push(passage as u32 - 1);
            }
        }
        let last = log.starts.len() as u32 - 1;
        passages.resize(log.positions as usize / PASSAGE_EVERY + 1, last);
        bytes.clear();
        Packer { log, passages, terms: 0, term: Vec::new(), bytes, marks: Vec::new() }
    }

    fn finish(self) -> io::Result<Run> {
        let mut bytes = MmapMut::map_anon(self.bytes.len().max(1))?;
        bytes[..self.bytes.len()].copy_from_slice(self.bytes);
        Ok(Run { bytes, marks: self.marks })
    }

    /// Packs the next term and returns how many passages have it.
    fn push(&mut self, positions: &[u32]) -> u32 {
        if self.terms.is_multiple_of(MARK_EVERY) {
            self.marks.push(self.bytes.len() as u32);
        }
        self.terms += 1;
        self.term.clear();
        let (mut count, mut last_doc) = (0, 0);
        let mut rest = positions;
        while let Some(&first) = rest.first() {
            let passage = self.passage_at(first);
            let end = self.log.starts.get(passage + 1).copied().unwrap_or(self.log.positions);
            let times = rest.iter().take_while(|&&position| position < end).count();
            let doc = self.log.docs[passage];
            if times == 1 {
                push_varint(&mut self.term, (doc - last_doc) << 1 | 1);
            } else {
                push_varint(&mut self.term, (doc - last_doc) << 1);
                push_varint(&mut self.term, times as u32);
            }
            let mut last = self.log.starts[passage];
            for &position in &rest[..times] {
                push_varint(&mut self.term, position - last);
                last = position;
            }
            (last_doc, count, rest) = (doc, count + 1, &rest[times..]);
        }
        push_varint(self.bytes, self.term.len() as u32);
        self.bytes.extend_from_slice(&self.term);
        count
    }

    fn passage_at(&self, position: u32) -> usize {
        let starts = &self.log.starts;
        let mut passage = self.passages[position as usize / PASSAGE_EVERY] as usize;
        while starts.get(passage + 1).is_some_and(|&start| start <= position) {
            passage += 1;
        }
        passage
    }
}

impl Run {
    /// Calls `each` with the passages of a term and the differences of its positions there.
    fn each_passage(&self, number: u32, positions: &mut Vec<u32>, mut each: impl FnMut(DocId, &mut [u32])) {
        let mut bytes = self.term(number as usize);
        let mut doc = 0;
        while !bytes.is_empty() {
            let head = take_varint(&mut bytes);
            doc += head >> 1;
            let times = if head & 1 == 1 { 1 } else { take_varint(&mut bytes) };
            positions.clear();
            positions.extend((0..times).map(|_| take_varint(&mut bytes)));
            each(doc, positions);
        }
    }

    fn term(&self, number: usize) -> &[u8] {
        let Some(&mark) = self.marks.get(number / MARK_EVERY) else { return &[] };
        let mut rest = &self.bytes[mark as usize..];
        for _ in 0..number % MARK_EVERY {
            let length = take_varint(&mut rest);
            rest = &rest[length as usize..];
        }
        let length = take_varint(&mut rest);
        &rest[..length as usize]
    }
}

/// Appends a number: one to five bytes, seven bits each, so that small ones are short.
#[inline]
fn push_varint(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes such a number off the front; 0 at the end.
#[inline]
fn take_varint(bytes: &mut &[u8]) -> u32 {
    let mut number = 0;
    let mut shift = 0;
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
        shift += 7;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, 1 << 28, u32::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|&number| push_varint(&mut bytes, number));
        assert_eq!(bytes.len(), 1 + 1 + 1 + 2 + 2 + 3 + 5 + 5);
        let mut rest = &bytes[..];
        assert_eq!(numbers.map(|_| take_varint(&mut rest)), numbers);
        assert!(rest.is_empty());
    }
}
