//! From bytes to characters. A range of the library counts the bytes of UTF-8;
//! a Python string is indexed by its code points.

use std::ops::Range;

/// Returns ranges of bytes, sorted and apart, as ranges of the characters of the text. One pass.
pub(crate) fn characters(text: &str, ranges: &[Range<usize>]) -> Vec<(usize, usize)> {
    let (mut byte, mut character) = (0, 0);
    let mut character_at = |target: usize| {
        character += text.get(byte..target).map_or(0, |passed| passed.chars().count());
        byte = target;
        character
    };
    ranges.iter().map(|range| (character_at(range.start), character_at(range.end))).collect()
}

/// Returns the character of a text that begins at a byte.
pub(crate) fn character(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).chars().count()
}
