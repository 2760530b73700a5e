//! The part of a passage that is shown.

use std::ops::Range;

/// The part of a passage that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Snippet {
    /// The text, with `…` where the passage goes on.
    pub text: String,
    /// Byte ranges of `text` to mark; sorted, not overlapping, on character boundaries.
    pub highlights: Vec<Range<usize>>,
}

impl Snippet {
    /// Returns the text with marks before and after what was found. It is not escaped for any format.
    ///
    /// ```
    /// # let mut snippet = svod_query::Snippet::default();
    /// # snippet.text = "双方同意停火。".to_owned();
    /// # snippet.highlights = vec![12..18];
    /// assert_eq!(snippet.marked("[", "]"), "双方同意[停火]。");
    /// ```
    pub fn marked(&self, before: &str, after: &str) -> String {
        let mut marked = String::with_capacity(self.text.len() + self.highlights.len() * (before.len() + after.len()));
        let mut end = 0;
        for found in &self.highlights {
            let (left, inside) = (self.text.get(end..found.start), self.text.get(found.clone()));
            marked.extend([left.unwrap_or_default(), before, inside.unwrap_or_default(), after]);
            end = found.end;
        }
        marked.push_str(self.text.get(end..).unwrap_or_default());
        marked
    }
}
