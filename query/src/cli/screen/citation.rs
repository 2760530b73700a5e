//! How a passage is cited when it is copied or written down.

use crate::Hit;

/// Returns what names a passage: authors, title, date, place.
pub(super) fn citation(hit: &Hit, path: &str) -> String {
    let date = hit.date.map(|date| date.to_string());
    let page = hit.page.map(|page| format!("p. {page}"));
    let title = Some(hit.title.clone()).filter(|title| !title.is_empty());
    let parts = [Some(hit.authors.join(", ")), title, date, page, Some(place(hit, path))];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    svod_corpus::printable(&parts.join(", ")).into_owned()
}

/// Returns the text of a passage with what names it.
pub(super) fn quotation(hit: &Hit, path: &str) -> String {
    format!("{}\n\n— {}\n", svod_corpus::printable(&hit.text), citation(hit, path))
}

/// Returns where a passage stands.
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
    use crate::cli::screen::made::hit;

    #[test]
    fn a_citation_names_what_is_known() {
        let whole = hit(1, "zh/a.md");
        assert_eq!(citation(&whole, "zh/a.md"), "王明, И. Иванов, Статья zh/a.md, 2024-05, p. 7, zh/a.md:10");
        let bare = Hit {
            authors: Vec::new(),
            title: String::new(),
            date: None,
            page: None,
            lines: None,
            paragraph: Some(3),
            ..whole
        };
        assert_eq!(citation(&bare, "a.docx"), "a.docx ¶3");
        assert_eq!(quotation(&bare, "a.docx"), "停火协议 о перемирии and a ceasefire\n\n— a.docx ¶3\n");
    }
}
