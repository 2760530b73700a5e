//! The metadata of an article: title, authors, where and when it appeared.

use super::{Appeared, Date};

/// The metadata that a source gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// The title: from front matter, else the first heading if it stands at the top.
    pub title: Option<String>,
    /// The heading at the top, if it differs from the title. It is searched like the title; no record holds it.
    pub heading: Option<String>,
    /// The authors, as written.
    pub authors: Vec<String>,
    /// The date of publication, or of the edition: `2025`, `2025-04` or `2025-04-11`.
    pub date: Option<Date>,
    /// The keywords, as written.
    pub keywords: Vec<String>,
    /// Where it appeared.
    pub appeared: Appeared,
    /// The last day in the lines under the title on which it was adopted, amended or published.
    ///
    /// One of the dates that [`Metadata::settle_date`] chooses from; no record holds it.
    pub adopted: Option<Date>,
    /// The day on which the file was made, if its format tells.
    ///
    /// The last of the dates that [`Metadata::settle_date`] chooses from; no record holds it.
    pub made: Option<Date>,
}

/// The largest number of authors, and of keywords, of an article: more than any article has. Each of them is indexed
/// with every passage of the article.
pub const MOST_NAMES: usize = 200;

/// The number of characters of a title, heading, author or keyword that are indexed.
const LONGEST_NAME: usize = 500;

/// Returns the part of a name that is indexed.
pub(super) fn cut_name(name: &str) -> &str {
    name.char_indices().nth(LONGEST_NAME).map_or(name, |(end, _)| &name[..end])
}

impl Metadata {
    /// Shortens the names and lists that are indexed with every passage.
    pub fn cut(&mut self) {
        self.authors.truncate(MOST_NAMES);
        self.keywords.truncate(MOST_NAMES);
        let titles = self.title.iter_mut().chain(&mut self.heading);
        for name in titles.chain(&mut self.authors).chain(&mut self.keywords) {
            name.truncate(cut_name(name).len());
        }
    }

    /// Returns this metadata, with fields that it lacks taken from `other`. If both have a title, that of `other`
    /// becomes the heading.
    #[must_use]
    pub fn or(self, other: Metadata) -> Metadata {
        let list = |own: Vec<String>, other: Vec<String>| if own.is_empty() { other } else { own };
        let replaced = other.title.clone().filter(|title| self.title.as_ref().is_some_and(|own| own != title));
        Metadata {
            title: self.title.or(other.title),
            heading: self.heading.or(other.heading).or(replaced),
            authors: list(self.authors, other.authors),
            date: self.date.or(other.date),
            keywords: list(self.keywords, other.keywords),
            appeared: self.appeared.or(other.appeared),
            adopted: self.adopted.or(other.adopted),
            made: self.made.or(other.made),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_goes_before_what_is_read() {
        let title = |title: &str| Metadata { title: Some(title.to_owned()), ..Metadata::default() };
        let authors = |names: [&str; 1]| Metadata { authors: names.map(str::to_owned).to_vec(), ..title("和平") };
        let heading = Some("和平".to_owned());
        let both = Metadata { authors: vec!["林舟".to_owned()], heading, ..title("Мир") };
        assert_eq!(title("Мир").or(authors(["林舟"])), both);
        assert_eq!(authors(["Ann"]).or(authors(["林舟"])).authors, ["Ann"]);
        assert_eq!(Metadata::default().or(title("Peace")), title("Peace"));
        let both = title("停火").or(title("停火谈判"));
        assert_eq!((both.title.as_deref(), both.heading.as_deref()), (Some("停火"), Some("停火谈判")));
    }
}
