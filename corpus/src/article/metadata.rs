//! What a source says of itself: title, authors, where and when it appeared.

use super::Date;

/// What a source says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// The title: of the front matter, else the first heading if it stands at the top.
    pub title: Option<String>,
    /// The authors, as written.
    pub authors: Vec<String>,
    /// The date of publication, or of the edition: `2025`, `2025-04` or `2025-04-11`.
    pub date: Option<Date>,
    /// The keywords, as written.
    pub keywords: Vec<String>,
    /// The classification: 中图分类号, УДК.
    pub classification: Option<String>,
    /// The journal, newspaper or collection that it appeared in.
    pub journal: Option<String>,
    /// The number of the journal.
    pub issn: Option<String>,
    /// The volume of the journal.
    pub volume: Option<String>,
    /// The issue of the journal.
    pub issue: Option<String>,
    /// The first page in the journal.
    pub first_page: Option<u32>,
    /// The number of pages in the journal.
    pub pages: Option<u32>,
    /// The identifier of the article: `10.…/…`.
    pub doi: Option<String>,
    /// Where it is online.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// The place of publication.
    pub place: Option<String>,
    /// When the journal received it.
    pub received: Option<Date>,
    /// The last day that the lines under its title name, on which it was adopted, amended or published.
    ///
    /// One of the dates that [`Metadata::settle_date`] chooses from; not kept in an index.
    pub adopted: Option<Date>,
    /// When its file was made, where the format tells: the last that a date is chosen from; not kept in an index.
    pub made: Option<Date>,
}
