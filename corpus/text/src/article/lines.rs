//! Lines: the line of a byte of the source.

use std::ops::Range;

/// Where the lines of a source begin.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Finds the lines of a text in one pass.
    pub(super) fn of(text: &str) -> Lines {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        Lines { starts }
    }

    /// Returns the line that a byte stands in, from 1.
    pub(super) fn line_of(&self, byte: usize) -> u32 {
        self.starts.partition_point(|&start| start <= byte) as u32
    }
}

/// Returns the ranges of the lines in a range of a text, without their ends.
pub(super) fn lines_in(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        start..start + line.trim_end_matches(['\n', '\r']).len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_from_one() {
        let lines = Lines::of("a\nb\r\n\nc");
        let found: Vec<u32> = (0..8).map(|byte| lines.line_of(byte)).collect();
        assert_eq!(found, [1, 1, 2, 2, 2, 3, 4, 4]);
    }

    #[test]
    fn lines_without_their_ends() {
        let text = "a\nbc\r\n\nd";
        let found: Vec<&str> = lines_in(text, 0..text.len()).map(|range| &text[range]).collect();
        assert_eq!(found, ["a", "bc", "", "d"]);
    }
}
