//! The face that all formats with hits have.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use svod_query::{Answer, Hit};

/// Writes answers in one format, each hit as it comes.
///
/// Where hits stand by article ([`Text`](crate::Text), [`Markdown`](crate::Markdown), [`Html`](crate::Html) and
/// [`HtmlFragment`](crate::HtmlFragment)), an article ends where a hit of another begins: [`AnswerWriter::answer`] has the
/// hits of each together, and so should a stream.
///
/// ```no_run
/// use std::error::Error;
/// use std::io::Write;
///
/// use svod_query::{Index, Request};
/// use svod_render::{AnswerWriter, Csv};
///
/// /// Writes all hits as a table, with little memory however many they are.
/// fn export(index: &Index, query: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
///     let mut hits = index.hits(&Request::new(query).limit(0))?;
///     let mut csv = Csv::new(out);
///     csv.open(query)?;
///     csv.begin(query, hits.answer())?;
///     for hit in &mut hits {
///         csv.hit(&hit?)?;
///     }
///     csv.end(hits.answer())?;
///     csv.close()?;
///     Ok(())
/// }
/// ```
pub trait AnswerWriter {
    /// Writes what stands before all answers: the names of columns, or the head of a page with this title.
    ///
    /// # Errors
    /// If the output cannot be written; so with all methods.
    fn open(&mut self, title: &str) -> io::Result<()> {
        let _ = title;
        Ok(())
    }

    /// Begins the answer to a query. What it says of the answer is what is known now: of one whose hits are still to be
    /// read, not how many there are.
    ///
    /// # Errors
    /// As [`AnswerWriter::open`].
    fn begin(&mut self, query: &str, answer: &Answer) -> io::Result<()>;

    /// Writes a hit.
    ///
    /// # Errors
    /// As [`AnswerWriter::open`].
    fn hit(&mut self, hit: &Hit) -> io::Result<()>;

    /// Ends the answer. Without it some of the last hit may be missing.
    ///
    /// # Errors
    /// As [`AnswerWriter::open`].
    fn end(&mut self, answer: &Answer) -> io::Result<()>;

    /// Writes what stands after all answers.
    ///
    /// # Errors
    /// As [`AnswerWriter::open`].
    fn close(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Writes an answer with all of its hits, from its beginning to its end.
    ///
    /// # Errors
    /// As [`AnswerWriter::open`].
    fn answer(&mut self, query: &str, answer: &Answer) -> io::Result<()> {
        self.begin(query, answer)?;
        answer.hits.iter().try_for_each(|hit| self.hit(hit))?;
        self.end(answer)
    }
}

/// Writes an answer with the hits of each article together.
pub(crate) fn write_by_article(writer: &mut dyn AnswerWriter, query: &str, answer: &Answer) -> io::Result<()> {
    writer.begin(query, answer)?;
    by_article(&answer.hits).into_iter().flatten().try_for_each(|hit| writer.hit(hit))?;
    writer.end(answer)
}

/// Returns the hits of each article together, in the order of the first of each.
pub(crate) fn by_article(hits: &[Hit]) -> Vec<Vec<&Hit>> {
    let mut articles: Vec<Vec<&Hit>> = Vec::new();
    let mut places: HashMap<(usize, &Path), usize> = HashMap::new();
    for hit in hits {
        let at = *places.entry(article_of(hit)).or_insert(articles.len());
        if at == articles.len() {
            articles.push(Vec::new());
        }
        articles[at].push(hit);
    }
    articles
}

/// Returns what names the article of a hit.
pub(crate) fn article_of(hit: &Hit) -> (usize, &Path) {
    (hit.index, &hit.path)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use svod_query::{Index, Request};

    use super::*;
    use crate::test_index::index_of_several;
    use crate::{Csv, Extent, Html, HtmlFragment, Json, Layout, Markdown, Text, Vimgrep};

    const ARTICLES: [(&str, &str); 3] = [
        ("中.md", "# 停火\n\n停火谈判与 мир\n\n各方同意停火。\n\n停火 war"),
        ("рус.md", "# Мир\n\nПереговоры о мире и 停火\n\nВойна и мир"),
        ("en.md", "# A ceasefire\n\nwar and 停火, мир\n\nno war"),
    ];

    type Make = for<'w> fn(&'w mut dyn Write, &'w Layout, &'w Index) -> Box<dyn AnswerWriter + 'w>;

    const FORMATS: [(&str, Make); 7] = [
        ("text", |out, layout, _| Box::new(Text::new(out, layout).extent(Extent::Whole))),
        ("json", |out, _, index| Box::new(Json::new(out, index).number(3))),
        ("csv", |out, _, _| Box::new(Csv::new(out))),
        ("markdown", |out, _, _| Box::new(Markdown::new(out))),
        ("html", |out, _, _| Box::new(Html::new(out))),
        ("fragment", |out, _, _| Box::new(HtmlFragment::new(out))),
        ("vimgrep", |out, _, _| Box::new(Vimgrep::new(out, &|_| Ok(Vec::new())))),
    ];

    /// Returns what a writer writes, without times.
    fn written(make: Make, index: &Index, write: impl FnOnce(&mut dyn AnswerWriter) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut *make(&mut out, &Layout::new(60), index)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hits_one_by_one_make_the_answer_that_all_at_once_make() {
        let index = index_of_several(&ARTICLES);
        for query in ["停火 мир war", "мир", "\"各方同意停火\"", "zzz"] {
            let answer = index.search(&Request::new(query).explain().more().help().before(1)).unwrap();
            for (name, make) in FORMATS {
                let whole = written(make, &index, |writer| writer.answer(query, &answer));
                let by_article: Vec<&Hit> = match name {
                    "json" | "csv" | "vimgrep" => answer.hits.iter().collect(),
                    _ => by_article(&answer.hits).concat(),
                };
                let in_steps = written(make, &index, |writer| {
                    writer.begin(query, &answer)?;
                    by_article.iter().try_for_each(|hit| writer.hit(hit))?;
                    writer.end(&answer)
                });
                assert_eq!(in_steps, whole, "{name} {query}");
                let twice = written(make, &index, |writer| {
                    writer.answer(query, &answer)?;
                    writer.answer(query, &answer)
                });
                assert_eq!(twice, whole.repeat(2), "{name}: nothing of one answer is left in the next");
            }
        }
    }

    #[test]
    fn an_answer_whose_hits_come_later_is_not_said_to_be_empty() {
        let index = index_of_several(&ARTICLES);
        let hits = index.hits(&Request::new("停火")).unwrap();
        for (name, make) in FORMATS {
            let begun = written(make, &index, |writer| writer.begin("停火", hits.answer()));
            assert!(!begun.contains("nothing found"), "{name}: {begun}");
        }
    }
}
