//! The targets of links: addresses, titles and files that a reader does not see.
//!
//! They are no part of a sentence, so they stand together in a passage of metadata
//! at the end of the article, each with its true place. Targets within the article,
//! targets that are shown as text, and pictures without a text of their own are
//! left out.

use std::ops::Range;

use super::super::blocks::{Block, BlockKind};
use super::super::lines::Lines;
use super::super::running_text::{Join, RunningText};
use super::prepared::{Part, Prepared};

/// The longest target, in bytes. A picture can be written out in one.
const LONGEST: usize = 2_000;

/// Returns where the target of a link stands in the text for the parser, if it is worth finding.
pub(super) fn of_link(text: &str, link: Range<usize>, target: &str, title: &str) -> Option<Range<usize>> {
    let is_shown =
        || text[link.clone()].trim_start_matches('!').get(1..).is_some_and(|inside| inside.starts_with(target));
    if target.is_empty()
        || target.len() + title.len() > LONGEST
        || target.starts_with(['#'])
        || target.starts_with("data:")
    {
        return None;
    }
    // The target stands last: a picture in a picture in a picture is looked through once.
    let mut first = link.end.saturating_sub(3 * (target.len() + title.len()) + 20).max(link.start);
    while !text.is_char_boundary(first) {
        first += 1;
    }
    // A target with entities is not found as it is.
    let tail = &text[first..link.end];
    let start = first + tail.rfind(target).or_else(|| tail.rfind("](").map(|at| at + 2))?;
    let shown = text[start..link.end].trim_end_matches([')', '>', '"', '\'', ' ']);
    (!is_shown() && !shown.is_empty()).then(|| start..start + shown.len())
}

/// Makes a block of the targets, given in any order.
pub(super) fn block(source: &str, prepared: &Prepared<'_>, targets: Vec<Range<usize>>, lines: &Lines) -> Option<Block> {
    let mut ranges = prepared.targets.clone();
    for target in targets {
        prepared.parts(target, |part| {
            if let Part::Source(range) = part {
                ranges.push(range);
            }
        });
    }
    ranges.sort_unstable_by_key(|range| range.start);
    let mut text = RunningText::new(source, lines);
    for range in ranges {
        text.join(Join::Line);
        text.push(range);
    }
    text.take(BlockKind::Metadata)
}
