//! What a source says of itself: title, authors, where and when it appeared.

use super::{Appeared, Date};

/// What a source says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// The title: of the front matter, else the first heading if it stands at the top.
    pub title: Option<String>,
    /// The heading at the top, where the title is another one. It is searched as the title is; not kept in an index.
    pub heading: Option<String>,
    /// The authors, as written.
    pub authors: Vec<String>,
    /// The date of publication, or of the edition: `2025`, `2025-04` or `2025-04-11`.
    pub date: Option<Date>,
    /// The keywords, as written.
    pub keywords: Vec<String>,
    /// Where it appeared.
    pub appeared: Appeared,
    /// The last day that the lines under its title name, on which it was adopted, amended or published.
    ///
    /// One of the dates that [`Metadata::settle_date`] chooses from; not kept in an index.
    pub adopted: Option<Date>,
    /// When its file was made, where the format tells: the last that a date is chosen from; not kept in an index.
    pub made: Option<Date>,
}

/// More authors or keywords than any article has. All its passages are found by each of them, so that
/// every one costs as much again as there are passages.
pub const MOST_NAMES: usize = 200;

/// The characters of the longest title or heading that passages are found by.
const LONGEST_NAME: usize = 500;

/// Returns as much of a name as passages are found by.
pub(super) fn cut_name(name: &str) -> &str {
    name.char_indices().nth(LONGEST_NAME).map_or(name, |(end, _)| &name[..end])
}

impl Metadata {
    /// Cuts what its passages are found by. The text of the source itself stays whole.
    pub(super) fn cut(&mut self) {
        self.authors.truncate(MOST_NAMES);
        self.keywords.truncate(MOST_NAMES);
        let titles = self.title.iter_mut().chain(&mut self.heading);
        for name in titles.chain(&mut self.authors).chain(&mut self.keywords) {
            name.truncate(cut_name(name).len());
        }
    }

    /// Returns this, with what it leaves open taken from `other`. Another title becomes the heading.
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
        let both = Metadata { authors: vec!["张弘".to_owned()], heading, ..title("Мир") };
        assert_eq!(title("Мир").or(authors(["张弘"])), both);
        assert_eq!(authors(["Ann"]).or(authors(["张弘"])).authors, ["Ann"]);
        assert_eq!(Metadata::default().or(title("Peace")), title("Peace"));
        let both = title("停火").or(title("停火谈判"));
        assert_eq!((both.title.as_deref(), both.heading.as_deref()), (Some("停火"), Some("停火谈判")));
    }
}
