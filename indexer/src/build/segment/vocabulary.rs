//! The terms of a field, each with an id: its place in the order they were first seen.
//!
//! An open-addressed table whose slots hold the first eight bytes of a term,
//! so that a Chinese bigram or a short word is known without a look at the
//! terms themselves: one cache miss for most tokens.

/// The terms of a field.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// A power of two, at most [`FULL`] eighths of them taken.
    slots: Vec<Slot>,
    /// All terms, one after the other.
    bytes: Vec<u8>,
    /// For each term its end in `bytes`.
    ends: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// The first eight bytes of the term, the rest zero.
    first: u64,
    /// Of the whole term; the lowest eight bits are its length, if it is shorter than 255 bytes.
    hash: u32,
    /// The id of the term and one; 0 if the slot is free.
    number: u32,
}

const LEAST_SLOTS: usize = 1 << 10;
/// Eighths of the slots that may be taken.
const FULL: usize = 7;
const LENGTH: u32 = 0xff;
/// The golden ratio, as in Fibonacci hashing.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

impl Vocabulary {
    /// Returns the number of terms.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the id of `term`, assigning the next free id if it is new.
    #[inline]
    pub(super) fn number(&mut self, term: &[u8]) -> u32 {
        if self.ends.len() * 8 >= self.slots.len() * FULL {
            self.grow();
        }
        let (first, hash) = key(term);
        let mask = self.slots.len() - 1;
        let mut at = place(first, hash) & mask;
        loop {
            let slot = self.slots[at];
            if slot.number == 0 {
                return self.insert(at, term, first, hash);
            }
            // Terms of up to eight bytes are known by their key alone.
            if slot.first == first
                && slot.hash == hash
                && (term.len() <= size_of::<u64>() || self.term(slot.number - 1) == term)
            {
                return slot.number - 1;
            }
            at = (at + 1) & mask;
        }
    }

    fn insert(&mut self, at: usize, term: &[u8], first: u64, hash: u32) -> u32 {
        self.bytes.extend_from_slice(term);
        let end = u32::try_from(self.bytes.len()).expect("a segment is closed long before it has 4 GiB of terms");
        self.ends.push(end);
        let number = self.ends.len() as u32;
        self.slots[at] = Slot { first, hash, number };
        number - 1
    }

    #[cold]
    fn grow(&mut self) {
        let count = (self.slots.len() * 2).max(LEAST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); count]);
        for slot in old.into_iter().filter(|slot| slot.number > 0) {
            let mut at = place(slot.first, slot.hash) & (count - 1);
            while self.slots[at].number > 0 {
                at = (at + 1) & (count - 1);
            }
            self.slots[at] = slot;
        }
    }

    /// Returns the term with an id.
    pub(super) fn term(&self, number: u32) -> &[u8] {
        let at = number as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    /// Returns the ids of all terms, in the order of the terms' bytes.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let key = |number| (first_bytes(self.term(number)).swap_bytes(), number);
        let mut keys: Vec<(u64, u32)> = (0..self.ends.len() as u32).map(key).collect();
        keys.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.term(a.1).cmp(self.term(b.1))));
        keys.into_iter().map(|(_, number)| number).collect()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.slots.len() * size_of::<Slot>() + self.bytes.capacity() + self.ends.capacity() * size_of::<u32>()
    }
}

/// Returns the first eight bytes of a term, the first lowest.
#[inline]
fn first_bytes(term: &[u8]) -> u64 {
    let mut first = [0; size_of::<u64>()];
    match term.first_chunk() {
        Some(chunk) => first = *chunk,
        None => first[..term.len()].copy_from_slice(term),
    }
    u64::from_le_bytes(first)
}

#[inline]
fn key(term: &[u8]) -> (u64, u32) {
    let first = first_bytes(term);
    let mut hash = first.wrapping_mul(MULTIPLIER);
    for chunk in term.get(size_of::<u64>()..).unwrap_or_default().chunks(size_of::<u64>()) {
        hash = (hash.rotate_left(23) ^ first_bytes(chunk)).wrapping_mul(MULTIPLIER);
    }
    let length = term.len().min(LENGTH as usize) as u32;
    (first, (hash >> 32) as u32 & !LENGTH | length)
}

#[inline]
fn place(first: u64, hash: u32) -> usize {
    ((first ^ u64::from(hash) << 32).wrapping_mul(MULTIPLIER) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_for_each_term() {
        let mut vocabulary = Vocabulary::default();
        let terms: Vec<String> = (0..5_000).map(|n| format!("{}{n}", "слово".repeat(n % 40))).collect();
        let numbers: Vec<u32> = terms.iter().map(|term| vocabulary.number(term.as_bytes())).collect();
        assert_eq!(numbers, (0..5_000).collect::<Vec<_>>());
        for (term, number) in terms.iter().zip(numbers) {
            assert_eq!(vocabulary.number(term.as_bytes()), number);
            assert_eq!(vocabulary.term(number), term.as_bytes());
        }
        let sorted: Vec<_> = vocabulary.sorted().into_iter().map(|number| vocabulary.term(number)).collect();
        assert!(sorted.is_sorted() && sorted.len() == vocabulary.len());
    }

    #[test]
    fn terms_that_end_in_zeros_are_others() {
        let mut vocabulary = Vocabulary::default();
        let terms: [&[u8]; 5] = [b"", b"\0", b"\0\0", b"a", b"a\0"];
        assert_eq!(terms.map(|term| vocabulary.number(term)), [0, 1, 2, 3, 4]);
    }
}
