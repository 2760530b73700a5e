//! Which blocks of a page are notes, and their labels.
//!
//! A mark is a superscript or a link whose whole text is a label: `[1]`, `*`.
//! The block that it links to is a note; so is a block that begins with a linked
//! label. A superscript in the text is a mark even without a link.

use std::collections::HashMap;

/// A target of links in the page.
#[derive(Debug)]
struct Anchor {
    id: String,
    /// The index of the anchor around it.
    around: Option<usize>,
}

/// The anchors and citations of a page.
#[derive(Debug, Default)]
pub(super) struct Notes {
    anchors: Vec<Anchor>,
    /// The label of the marks that link to an anchor, by its id. `None` if marks with different labels link to it: then
    /// it is a list of notes.
    cited: HashMap<String, Option<String>>,
}

impl Notes {
    /// Adds an anchor, inside another if `around` is given, and returns its index.
    pub(super) fn anchor(&mut self, id: &str, around: Option<usize>) -> usize {
        self.anchors.push(Anchor { id: id.to_owned(), around });
        self.anchors.len() - 1
    }

    /// Records that a mark links to an anchor.
    pub(super) fn cite(&mut self, target: &str, label: &str) {
        self.cited
            .entry(target.to_owned())
            .and_modify(|known| {
                if known.as_deref() != Some(label) {
                    *known = None;
                }
            })
            .or_insert_with(|| Some(label.to_owned()));
    }

    /// Returns for each anchor the label of the note that it stands in. Computed once for all blocks of a page.
    pub(super) fn labels(&self) -> Vec<Option<&str>> {
        let mut labels: Vec<Option<&str>> = Vec::with_capacity(self.anchors.len());
        for anchor in &self.anchors {
            let own = self.cited.get(&anchor.id).and_then(Option::as_deref);
            labels.push(own.or_else(|| *labels.get(anchor.around?)?));
        }
        labels
    }
}

/// The text of a mark.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label<'t> {
    /// Its text without brackets.
    pub(super) text: &'t str,
    pub(super) shape: Shape,
}

/// The form of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `[1]`, `（1）`, `*`: only labels have this form.
    Sure,
    /// `1`, which may be an exponent or a page.
    Number,
    /// `a`, `iv`, which may be a word.
    Letters,
}

/// Reads the text of a mark; `None` if it is not a label.
pub(super) fn label(text: &str) -> Option<Label<'_>> {
    let text = text.trim();
    let inner = text.trim_start_matches(['[', '［', '〔', '【', '(', '（', '注', '註']);
    let inner = inner.trim_end_matches([']', '］', '〕', '】', ')', '）']).trim();
    if inner.is_empty() || inner.chars().count() > 4 {
        return None;
    }
    let is_bare = inner.len() == text.len();
    let all = |is: fn(char) -> bool| inner.chars().all(is);
    let shape = if all(|c| matches!(c, '*' | '†' | '‡' | '＊')) {
        Shape::Sure
    } else if all(|c| c.is_numeric() || matches!(c, ',' | '-' | '–')) && inner.contains(char::is_numeric) {
        if is_bare { Shape::Number } else { Shape::Sure }
    } else if all(|c| c.is_ascii_lowercase()) {
        Shape::Letters
    } else {
        return None;
    };
    Some(Label { text: inner, shape })
}

/// Whether the text of a link is only an arrow back from a note to its mark.
pub(super) fn leads_back(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| matches!(c, '^' | '↑' | '↩' | '⏎' | '↵' | '⤴' | '\u{fe0e}' | '\u{fe0f}'))
}

/// Whether a raised number behind `text` is an exponent: 10⁶, km².
///
/// Checks only the end of the text, because a page may have a mark behind each word.
pub(super) fn is_raised(text: &str) -> bool {
    const UNITS: [&str; 11] = ["m", "km", "cm", "mm", "м", "км", "см", "мм", "公里", "米", "CO"];
    let is_outside = |c: char| c.is_whitespace() || c.is_ascii_digit() || c == '/';
    let mut before_unit = UNITS.iter().filter_map(|unit| text.strip_suffix(*unit));
    text.ends_with(|c: char| c.is_ascii_digit())
        || before_unit.any(|rest| rest.is_empty() || rest.ends_with(is_outside))
}

/// Whether the name of an anchor, role or class is one of notes.
pub(super) fn is_named_note(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    ["footnote", "endnote", "noteref"].iter().any(|part| name.contains(part))
        || ["fn", "ftn", "edn", "note", "cite", "sdfootnote", "ref"].iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (text, expected) in [
            ("[1]", Some(("1", Shape::Sure))),
            (" ［12］ ", Some(("12", Shape::Sure))),
            ("注1", Some(("1", Shape::Sure))),
            ("*", Some(("*", Shape::Sure))),
            ("①", Some(("①", Shape::Number))),
            ("1", Some(("1", Shape::Number))),
            ("1,2", Some(("1,2", Shape::Number))),
            ("iv", Some(("iv", Shape::Letters))),
            ("停火", None),
            ("м", None),
            ("th.", None),
            ("12345", None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(label(text).map(|label| (label.text, label.shape)), expected, "{text}");
        }
    }

    #[test]
    fn exponents_are_no_marks() {
        for (text, expected) in [("10", true), ("площадь 12 км", true), ("12km", true), ("мир", false), ("停火", false)]
        {
            assert_eq!(is_raised(text), expected, "{text}");
        }
    }
}
