//! The citation of a passage that is copied or saved.

use svod_query::Hit;
use svod_render::cite::{CiteStyle, reference};

/// Returns the reference of a passage, in the standard style of its language, and its place.
pub(super) fn citation(hit: &Hit, path: &str) -> String {
    let reference = reference(hit, CiteStyle::of_hit(hit));
    svod_query::printable(&format!("{reference} {}", place(hit, path))).into_owned()
}

/// Returns the text of a passage with its citation.
pub(super) fn quotation(hit: &Hit, path: &str) -> String {
    format!("{}\n\n— {}\n", svod_query::printable(&hit.text), citation(hit, path))
}

/// Returns the place of a passage: `path:line`, or `path ¶paragraph`.
pub(super) fn place(hit: &Hit, path: &str) -> String {
    match (&hit.lines, hit.paragraph) {
        (Some(lines), _) => format!("{path}:{}", lines.start()),
        (None, Some(paragraph)) => format!("{path} ¶{paragraph}"),
        (None, None) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::test_hits::hit;

    #[test]
    fn a_citation_ends_with_the_place() {
        let found = hit(1, "zh/a.md");
        let cited = citation(&found, "zh/a.md");
        assert!(
            cited.starts_with("王明") && cited.contains("Статья zh/a.md") && cited.ends_with(" zh/a.md:10"),
            "{cited}"
        );
        let mut bare = found;
        (bare.lines, bare.paragraph) = (None, Some(3));
        assert!(quotation(&bare, "a.docx").starts_with("停火协议 о перемирии and a ceasefire\n\n— "));
        assert!(quotation(&bare, "a.docx").ends_with(" a.docx ¶3\n"));
    }
}
