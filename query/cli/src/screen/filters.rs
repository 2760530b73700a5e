//! The filters that keys set: language, year, kind, one article.
//!
//! They are put before the query in the query language, so that no other part has
//! to know them.

use std::path::{Path, PathBuf};

use svod_query::{ArticleEntry, Kind, Language};

use super::keys::Turn;

/// A property that a filter selects by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dimension {
    Language,
    Year,
    Kind,
}

/// The content of an index: its size, and the values that filters can have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Catalogue {
    pub(super) articles: usize,
    pub(super) passages: u64,
    /// Languages with their numbers of articles, most frequent first.
    pub(super) languages: Vec<(Language, usize)>,
    /// The years of the articles, newest first.
    pub(super) years: Vec<u64>,
}

impl Catalogue {
    pub(super) fn of(articles: &[ArticleEntry]) -> Catalogue {
        let count = |language| articles.iter().filter(|article| article.language == language).count();
        let mut languages: Vec<_> = Language::ALL.into_iter().map(|language| (language, count(language))).collect();
        languages.retain(|(_, count)| *count > 0);
        languages.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut years: Vec<u64> = articles.iter().filter_map(|article| Some(article.date?.number() / 10_000)).collect();
        years.sort_unstable_by(|a, b| b.cmp(a));
        years.dedup();
        let passages = articles.iter().map(|article| article.passages).sum();
        Catalogue { articles: articles.len(), passages, languages, years }
    }
}

/// The filters that are set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filters {
    language: Option<Language>,
    year: Option<u64>,
    kind: Option<Kind>,
    article: Option<PathBuf>,
}

impl Filters {
    /// Sets a filter to its next or previous value; after the last one the filter is off.
    pub(super) fn turn(&mut self, dimension: Dimension, turn: Turn, catalogue: &Catalogue) {
        match dimension {
            Dimension::Language => {
                let languages: Vec<Language> = catalogue.languages.iter().map(|(language, _)| *language).collect();
                self.language = turned(&languages, self.language, turn);
            }
            Dimension::Year => self.turn_year(turn, &catalogue.years),
            Dimension::Kind => self.kind = turned(&Kind::ALL, self.kind, turn),
        }
    }

    /// Sets the year to the next or previous one of `years`; after the last one the filter is off.
    pub(super) fn turn_year(&mut self, turn: Turn, years: &[u64]) {
        self.year = turned(years, self.year, turn);
    }

    /// Returns the filters without the year.
    pub(super) fn of_all_years(&self) -> Filters {
        Filters { year: None, ..self.clone() }
    }

    /// Sets the filter for one article, or removes it if it is set.
    pub(super) fn toggle_article(&mut self, path: &Path) {
        self.article = if self.article.is_some() { None } else { Some(path.to_owned()) };
    }

    pub(super) fn has_article(&self) -> bool {
        self.article.is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Filters::default()
    }

    /// Returns each filter as it would be typed.
    pub(super) fn typed(&self) -> Vec<String> {
        let language = self.language.map(|language| format!("lang:{}", language.code()));
        let year = self.year.map(|year| format!("date:{year:04}"));
        let kind = self.kind.map(|kind| format!("kind:{}", kind.name()));
        // A quotation mark would end the value. A star in its place matches it, too.
        let article =
            self.article.as_ref().map(|path| format!("path:\"{}\"", path.to_string_lossy().replace('"', "*")));
        [language, year, kind, article].into_iter().flatten().collect()
    }

    /// Returns the text to put before a query.
    pub(super) fn prefix(&self) -> String {
        self.typed().iter().map(|filter| format!("{filter} ")).collect()
    }
}

fn turned<T: Copy + PartialEq>(values: &[T], now: Option<T>, turn: Turn) -> Option<T> {
    let at = now.and_then(|now| values.iter().position(|value| *value == now));
    match (turn, at) {
        (Turn::Next, None) => values.first(),
        (Turn::Next, Some(at)) => values.get(at + 1),
        (Turn::Previous, None) => values.last(),
        (Turn::Previous, Some(at)) => at.checked_sub(1).and_then(|at| values.get(at)),
    }
    .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        let languages = vec![(Language::Chinese, 5), (Language::Russian, 2)];
        Catalogue { articles: 7, passages: 70, languages, years: vec![2025, 2023] }
    }

    #[test]
    fn a_filter_turns_through_its_values_and_off() {
        let mut filters = Filters::default();
        let mut seen = Vec::new();
        for _ in 0..3 {
            filters.turn(Dimension::Language, Turn::Next, &catalogue());
            filters.turn(Dimension::Year, Turn::Previous, &catalogue());
            seen.push(filters.prefix());
        }
        assert_eq!(seen, ["lang:zh date:2023 ", "lang:ru date:2025 ", ""]);
        assert!(filters.is_empty());
        filters.turn(Dimension::Year, Turn::Next, &Catalogue::default());
        assert!(filters.is_empty(), "there is nothing to choose from yet");
    }

    #[test]
    fn one_article_whatever_its_name() {
        for (path, expected) in [
            ("zh/北极 航道.md", "path:\"zh/北极 航道.md\" "),
            ("ru/«Мир».md", "path:\"ru/«Мир».md\" "),
            ("en/the \"grid\".md", "path:\"en/the *grid*.md\" "),
        ] {
            let mut filters = Filters::default();
            filters.toggle_article(Path::new(path));
            assert_eq!(filters.prefix(), expected);
            filters.toggle_article(Path::new("other"));
            assert!(!filters.has_article());
        }
    }
}
