//! An ask becomes lines. All of an answer is known before its first line is written.

use std::io::Write;
use std::time::Instant;

use svod_query::{Index, QueryError, concordance};

use super::echo::Echo;
use super::{AnswerError, Ask, Cited, What};
use crate::cite::{Citation, CiteStyle, citations, write_citations};
use crate::json::{Json, Listed};
use crate::writer::AnswerWriter;

pub(super) fn answer(ask: &Ask, index: &Index, number: usize, out: &mut dyn Write) -> Result<(), AnswerError> {
    let mut echo = Echo::new(out, ask.tag());
    let mut json = Json::new(&mut echo, index).number(number);
    match &ask.what {
        What::Search(request) => json.answer(&request.query, &index.search(request)?)?,
        What::SearchAsTyped(request) => json.answer(&request.query, &index.search_as_typed(request)?)?,
        What::Count(request, by) => json.counts(&request.query, &index.count(request, *by)?)?,
        What::Timeline(requests) => json.timeline(&index.timeline(requests)?)?,
        What::Concordance { request, order, context_columns } => {
            let answer = index.search(request)?;
            let lines = concordance(&answer.hits, *order, *context_columns);
            json.concordance(&request.query, &answer, &lines)?;
        }
        listed => list(listed, index, &mut json)?,
    }
    Ok(())
}

/// Answers what has no summary of its own.
fn list(what: &What, index: &Index, json: &mut Json<'_>) -> Result<(), AnswerError> {
    let started = Instant::now();
    let (listed, returned) = match what {
        What::Show(id, around) => {
            let shown = index.show(*id, *around)?;
            shown.iter().try_for_each(|shown| json.shown(shown))?;
            (Listed::Show, shown.map_or(0, |shown| 2 + shown.outline.sections.len()))
        }
        What::Outline(path) => {
            let outline = index.outline(path)?;
            outline.iter().try_for_each(|outline| json.outline(outline))?;
            (Listed::Outline, outline.map_or(0, |outline| 1 + outline.sections.len()))
        }
        What::Cite(style, cited) => (Listed::Cite, cite(*style, cited, index, json)?),
        What::Status => {
            json.status(&index.status()?)?;
            (Listed::Status, 1)
        }
        _ => {
            let articles = index.articles()?;
            json.articles(&articles)?;
            (Listed::Articles, articles.len())
        }
    };
    Ok(json.listing(listed, returned, started.elapsed())?)
}

/// Writes citations as one line, if there are any, and returns the number of lines.
fn cite(style: CiteStyle, cited: &Cited, index: &Index, json: &mut Json<'_>) -> Result<usize, AnswerError> {
    let cited = citations_of(cited, index)?;
    if cited.is_empty() {
        return Ok(0);
    }
    let mut text = Vec::new();
    write_citations(&mut text, style, &cited)?;
    json.citations(style, cited.len(), &String::from_utf8_lossy(&text))?;
    Ok(1)
}

fn citations_of(cited: &Cited, index: &Index) -> Result<Vec<Citation>, QueryError> {
    Ok(match cited {
        Cited::Hits(request) => citations(&index.search(request)?.hits),
        Cited::Passage(id) => index.show(*id, 0)?.iter().map(|shown| Citation::of_hit(&shown.hit)).collect(),
        Cited::Articles => index.articles()?.iter().map(Citation::of_article).collect(),
    })
}
