//! A text that an app hands over, and how it is understood.

use svod_store::schema::{ContentHash, Places, Reading};
use svod_text::article::{Article, Date, Metadata, Syntax, parse};

/// A text that an app hands over: it becomes one article.
///
/// Its paragraphs become passages. A first line that is no sentence and has text below it is taken for a heading; the
/// language of each passage is told by its letters.
///
/// ```
/// use svod_indexer::{Date, Text};
///
/// let text = Text::new("news/17", "Переговоры о прекращении огня продолжаются.").title("Переговоры");
/// let mut text = text.author("П. Иванов").date(Date::parse("2025-04-11"));
/// text.metadata.appeared.journal = Some("Полис".to_owned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Text {
    /// Names the article: a key or an address of the app's, any string that is not empty and that no other article has.
    ///
    /// Nothing is read from it, but that it is the title where there is no other.
    pub path: String,
    /// The text. Places that a search tells are its lines and bytes.
    pub text: String,
    /// How the text is written.
    pub syntax: Syntax,
    /// What is known of the text. What this leaves open is read from the text itself.
    pub metadata: Metadata,
}

impl Text {
    /// Returns a plain text: paragraphs between blank lines.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Text {
        Text { path: path.into(), text: text.into(), syntax: Syntax::Plain, metadata: Metadata::default() }
    }

    /// Says that the text is written in Markdown: with headings, tables and footnotes.
    #[must_use]
    pub fn markdown(self) -> Text {
        Text { syntax: Syntax::Markdown, ..self }
    }

    /// Sets the title.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Text {
        self.metadata.title = Some(title.into());
        self
    }

    /// Adds an author.
    #[must_use]
    pub fn author(mut self, author: impl Into<String>) -> Text {
        self.metadata.authors.push(author.into());
        self
    }

    /// Sets the date: a [`Date`], or what [`Date::parse`] made of a string. None leaves it open.
    #[must_use]
    pub fn date(mut self, date: impl Into<Option<Date>>) -> Text {
        self.metadata.date = date.into();
        self
    }

    /// Returns what the text was given with, as a string that differs whenever the article could.
    pub(super) fn rules(&self) -> String {
        // Another version may read better.
        format!("{} {:?} {:?}", env!("CARGO_PKG_VERSION"), self.syntax, self.metadata)
    }

    /// Returns about how much memory it takes while it waits.
    pub(super) fn bytes(&self) -> u64 {
        let Metadata { title, authors, keywords, .. } = &self.metadata;
        let named = title.iter().chain(authors).chain(keywords).map(String::len).sum::<usize>();
        (self.path.len() + self.text.len() + named) as u64
    }

    /// Returns the hash of the text.
    pub(super) fn hash(&self) -> ContentHash {
        ContentHash::of(self.text.as_bytes())
    }

    /// Understands the text.
    pub(super) fn understand(&self) -> Article {
        let mut article = parse(&self.text, self.syntax);
        article.metadata = self.metadata.clone().or(article.metadata);
        // The path may be any number, and is no year.
        article.metadata.settle_date("");
        article.metadata.title.get_or_insert_with(|| self.path.clone());
        article
    }

    /// Returns how the text is read.
    pub(super) fn reading(&self) -> Reading {
        let format = match self.syntax {
            Syntax::Markdown => "md",
            _ => "txt",
        };
        Reading { format: format.to_owned(), encoding: None, repaired: 0, places: Places::Bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the title, the authors and the date of a text.
    fn check(text: &Text, title: &str, authors: &str, date: &str) {
        let metadata = text.understand().metadata;
        let found = metadata.date.map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(
            (metadata.title.as_deref(), metadata.authors.join(" "), found),
            (Some(title), authors.to_owned(), date.to_owned())
        );
    }

    #[test]
    fn what_is_set_goes_before_what_the_text_says() {
        let zh = Text::new("1993", "# 停火\n\n作者：林舟\n\n发布日期：2025年4月11日\n\n正文。").markdown();
        check(&zh, "停火", "林舟", "2025-04-11");
        check(&zh.clone().title("和平").author("葉思岑"), "和平", "葉思岑", "2025-04-11");
        let ru = Text::new("ru/1", "Текст без заголовка.").title("Война и мир, 2024");
        check(&ru, "Война и мир, 2024", "", "2024");
        check(&ru.date(Date::parse("2025-04").unwrap()), "Война и мир, 2024", "", "2025-04");
        check(&Text::new("https://a.example/2024/1", "Text."), "https://a.example/2024/1", "", "");
        check(&Text::new("1993", "停火 и peace."), "1993", "", "");
    }

    #[test]
    fn all_that_a_text_is_given_with_counts() {
        let text = || Text::new("a", "停火");
        assert_eq!(text().rules(), Text::new("b", "война").rules());
        for other in
            [text().markdown(), text().title("t"), text().author("a"), text().date(Date::new(2025, 0, 0).unwrap())]
        {
            assert_ne!(other.rules(), text().rules());
        }
    }
}
