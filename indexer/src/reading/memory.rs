//! The memory of a run: estimates what a source will take before it is read, and keeps account of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
use crate::reading::formats::Block;
use crate::reading::skip_reason::SkipReason;

/// The memory of the dictionary, the sources being read and the program itself.
pub(crate) const FIXED_BYTES: usize = 44 << 20;

/// Sources that need no more than this are read even if less memory is allowed.
pub(crate) const LEAST_MEMORY: u64 = 64 << 20;

/// The memory that all sources and segments of a run take together.
///
/// The need of a source is added before it is read, so that neither one source with many passages nor many sources at
/// once take more than is allowed.
#[derive(Debug)]
pub(crate) struct Account {
    /// The memory that the run may use.
    run_bytes: u64,
    taken: AtomicU64,
}

/// The share of one source or one segment in an [`Account`]; given back when dropped.
#[derive(Debug)]
pub(crate) struct Held {
    account: Arc<Account>,
    bytes: u64,
    /// The part of it that is kept until the source is read; the rest is temporary.
    #[cfg(any(feature = "docx", feature = "epub"))]
    kept: u64,
}

impl Account {
    /// Returns a new account for a run that may use `run_bytes`.
    pub(crate) fn of(run_bytes: usize) -> Arc<Account> {
        let run_bytes = (run_bytes as u64).max(LEAST_MEMORY + FIXED_BYTES as u64);
        Arc::new(Account { run_bytes, taken: AtomicU64::new(0) })
    }

    /// Returns an empty share.
    pub(crate) fn open(self: &Arc<Account>) -> Held {
        Held {
            account: Arc::clone(self),
            bytes: 0,
            #[cfg(any(feature = "docx", feature = "epub"))]
            kept: 0,
        }
    }

    /// Checks whether a source that takes `bytes` can be read at all.
    ///
    /// # Errors
    /// If it takes more than the run may use, even with nothing else being read.
    pub(crate) fn check(&self, bytes: u64) -> Result<(), SkipReason> {
        let needed = bytes.saturating_add(FIXED_BYTES as u64);
        let limit = self.run_bytes;
        if needed > limit { Err(SkipReason::NeedsMemory { bytes: needed, limit }) } else { Ok(()) }
    }
}

impl Held {
    /// Raises the share to `bytes`, if it is less.
    ///
    /// # Errors
    /// If less than that is left.
    pub(crate) fn raise(&mut self, bytes: u64) -> Result<(), SkipReason> {
        let more = bytes.saturating_sub(self.bytes);
        let fits = |taken: u64| self.account.check(taken.saturating_add(more)).is_ok().then_some(taken + more);
        match self.account.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => {
                self.bytes += more;
                Ok(())
            }
            Err(taken) => self.account.check(bytes).and(self.account.check(taken.saturating_add(more))),
        }
    }

    /// Raises the share to the kept part plus `bytes`, if it is less.
    ///
    /// # Errors
    /// If less than that is left.
    #[cfg(any(feature = "docx", feature = "epub"))]
    pub(crate) fn raise_beside_kept(&mut self, bytes: u64) -> Result<(), SkipReason> {
        self.raise(self.kept.saturating_add(bytes))
    }

    /// Adds `bytes` to the part that is kept.
    #[cfg(any(feature = "docx", feature = "epub"))]
    pub(crate) fn keep(&mut self, bytes: u64) {
        self.kept = self.kept.saturating_add(bytes);
    }

    /// Sets the share to the bytes actually taken, even if they exceed the limit.
    pub(crate) fn set(&mut self, bytes: u64) {
        self.account.taken.fetch_add(bytes.wrapping_sub(self.bytes), Ordering::Relaxed);
        self.bytes = bytes;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.set(0);
    }
}

// These figures were measured with texts of several megabytes, each of one kind and indexed alone.

/// A text, its passages and their indexed copies take this many times the size of the text.
pub(crate) const TIMES_TEXT: u64 = 4;
/// The bytes of a passage beside its text, until it is written.
const PASSAGE_BYTES: u64 = 300;
/// The bytes of a line, for its pieces in the source.
const LINE_BYTES: u64 = 80;
/// The bytes of a sign that may begin emphasis, a link, a cell or a mark, or end a name in a list.
const SIGN_BYTES: u64 = 96;

/// Returns about how much memory it takes to read and index a text.
pub(crate) fn of_text(text: &str) -> u64 {
    let (lines, paragraphs) = lines_and_paragraphs(text.as_bytes());
    let signs = text.bytes().filter(|byte| b"*_`~[]()<&^|,;".contains(byte)).count() as u64;
    let length = text.len() as u64;
    // In prose, which has few signs, the first term is larger.
    (length * TIMES_TEXT).max(length * 2 + signs * SIGN_BYTES) + lines * LINE_BYTES + paragraphs * PASSAGE_BYTES
}

/// Returns the number of lines that are not blank, and the number of those that may begin a paragraph.
fn lines_and_paragraphs(text: &[u8]) -> (u64, u64) {
    let (mut lines, mut paragraphs, mut after_blank) = (0, 0, true);
    let mut in_front_matter = text.starts_with(b"---");
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r' | 0xc)) {
        let is_blank = line.iter().all(u8::is_ascii_whitespace);
        in_front_matter &= lines == 0 || !line.starts_with(b"---");
        paragraphs += u64::from(!is_blank && (after_blank || in_front_matter || !begins_with_letter(line)));
        lines += u64::from(!is_blank);
        after_blank = is_blank;
    }
    (lines, paragraphs)
}

/// Whether a line begins with a letter, and so may continue a paragraph. Only Latin, Cyrillic and Chinese letters
/// count.
fn begins_with_letter(line: &[u8]) -> bool {
    line.first().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, 0xc3..=0xd3 | 0xe4..=0xe9))
}

/// Inline elements: none begins or ends a block.
#[cfg(feature = "html")]
const IN_LINE: [&str; 16] =
    ["a", "abbr", "b", "cite", "code", "em", "font", "i", "img", "s", "small", "span", "strong", "sub", "sup", "u"];

/// Returns about how much memory it takes to find the blocks of a web page.
#[cfg(feature = "html")]
pub(crate) fn of_page(html: &str) -> u64 {
    let is_in_line = |tag: &str| {
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let name = &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())];
        IN_LINE.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let blocks = html.split('<').filter(|tag| !is_in_line(tag)).count();
    html.len() as u64 * 2 + blocks as u64 * PASSAGE_BYTES
}

/// Returns about how much memory it takes to find the paragraphs of a part of a Word document.
#[cfg(feature = "docx")]
pub(crate) fn of_story(xml: &str) -> u64 {
    xml.len() as u64 * 2 + xml.matches("p>").count() as u64 * PASSAGE_BYTES
}

/// Returns about how much memory it takes to find paragraphs in a document of another kind.
#[cfg(feature = "rtf")]
pub(crate) fn of_paragraphs(text_bytes: u64, paragraphs: u64) -> u64 {
    text_bytes + paragraphs * PASSAGE_BYTES
}

/// Returns about how much memory it takes to turn blocks into an article and index it.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
pub(crate) fn of_blocks(blocks: &[Block]) -> u64 {
    let text: usize = blocks.iter().map(|block| block.text.len()).sum();
    let marks: usize = blocks.iter().map(|block| block.marks.len()).sum();
    text as u64 * TIMES_TEXT + (blocks.len() + marks) as u64 * PASSAGE_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_never_more_than_is_allowed() {
        let account = Account::of(0);
        let (mut one, mut other) = (account.open(), account.open());
        one.raise(LEAST_MEMORY).unwrap();
        assert!(one.raise(LEAST_MEMORY - 1).is_ok(), "it holds that already");
        assert!(matches!(other.raise(1), Err(SkipReason::NeedsMemory { .. })));
        drop(one);
        other.raise(LEAST_MEMORY).unwrap();
        assert!(other.raise(LEAST_MEMORY + 1).is_err());
        other.set(2 * LEAST_MEMORY);
        assert!(account.open().raise(1).is_err());
        other.set(1);
        assert!(account.open().raise(LEAST_MEMORY - 1).is_ok());
    }

    #[test]
    #[cfg(feature = "html")]
    fn what_stands_in_a_line_is_no_block() {
        assert!(of_page("<p>x</p>") > 2 * PASSAGE_BYTES);
        assert!(of_page("<P><DIV><x-y>") > 3 * PASSAGE_BYTES);
        assert!(of_page("x<b>x</b><A href=x>x</a><span>x</span>") < 2 * PASSAGE_BYTES);
    }

    #[test]
    fn short_paragraphs_cost_more_than_their_text() {
        let cost = |text: &str| of_text(&text.repeat(1_000)) / text.len() as u64 / 1_000;
        for (paragraph, least) in [
            ("停\n\n", 70),
            ("\r\rа", 80),
            ("x\n\n", 120),
            ("- x\n", 90),
            ("# x\n", 90),
            ("x\n", 25),
            ("[1]", 50),
            ("*a*", 50),
            ("a, ", 30),
        ] {
            assert!(cost(paragraph) > least, "{paragraph:?} {}", cost(paragraph));
        }
        for usual in ["Стороны договорились продолжать.\n".repeat(20) + "\n", "双方同意继续谈判。".repeat(20) + "\n"]
        {
            assert!(cost(&usual) < 8, "{usual} {}", cost(&usual));
        }
    }
}
