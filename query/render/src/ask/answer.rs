//! An ask becomes lines. All of an answer is known before its first line is written.

use std::io::Write;
use std::time::Instant;

use svod_query::{Index, QueryError, concordance};

use super::echo::Echo;
use super::{AnswerError, Ask, Cited, What};
use crate::cite::{Citation, CiteStyle, citations, write_citations};
use crate::{Listed, write_citations_json, write_listing_json};

pub(super) fn answer(ask: &Ask, index: &Index, number: usize, out: &mut dyn Write) -> Result<(), AnswerError> {
    let mut echo = Echo::new(out, ask.tag());
    let out: &mut dyn Write = &mut echo;
    match &ask.what {
        What::Search(request) => {
            crate::write_json(out, number, &request.query, index, &index.search(request)?)?;
        }
        What::SearchAsTyped(request) => {
            crate::write_json(out, number, &request.query, index, &index.search_as_typed(request)?)?;
        }
        What::Count(request, by) => {
            crate::write_counts_json(out, number, &request.query, index, &index.count(request, *by)?)?;
        }
        What::Timeline(requests) => crate::write_timeline_json(out, number, index, &index.timeline(requests)?)?,
        What::Concordance { request, order, context_columns } => {
            let answer = index.search(request)?;
            let lines = concordance(&answer.hits, *order, *context_columns);
            crate::write_concordance_json(out, number, &request.query, index, &answer, &lines)?;
        }
        listed => list(listed, index, number, out)?,
    }
    Ok(())
}

/// Answers what has no summary of its own.
fn list(what: &What, index: &Index, number: usize, out: &mut dyn Write) -> Result<(), AnswerError> {
    let started = Instant::now();
    let (listed, returned) = match what {
        What::Show(id, around) => {
            let shown = index.show(*id, *around)?;
            shown.iter().try_for_each(|shown| crate::write_shown_json(out, number, shown))?;
            (Listed::Show, shown.map_or(0, |shown| 2 + shown.outline.sections.len()))
        }
        What::Outline(path) => {
            let outline = index.outline(path)?;
            outline.iter().try_for_each(|outline| crate::write_outline_json(out, number, outline))?;
            (Listed::Outline, outline.map_or(0, |outline| 1 + outline.sections.len()))
        }
        What::Cite(style, cited) => (Listed::Cite, cite(*style, cited, index, number, out)?),
        What::Status => {
            crate::write_status_json(out, number, &index.status()?)?;
            (Listed::Status, 1)
        }
        _ => {
            let articles = index.articles()?;
            crate::write_articles_json(out, number, &articles)?;
            (Listed::Articles, articles.len())
        }
    };
    Ok(write_listing_json(out, number, listed, returned, started.elapsed())?)
}

/// Writes citations as one line, if there are any, and returns the number of lines.
fn cite(
    style: CiteStyle,
    cited: &Cited,
    index: &Index,
    number: usize,
    out: &mut dyn Write,
) -> Result<usize, AnswerError> {
    let cited = citations_of(cited, index)?;
    if cited.is_empty() {
        return Ok(0);
    }
    let mut text = Vec::new();
    write_citations(&mut text, style, &cited)?;
    write_citations_json(out, number, style, cited.len(), &String::from_utf8_lossy(&text))?;
    Ok(1)
}

fn citations_of(cited: &Cited, index: &Index) -> Result<Vec<Citation>, QueryError> {
    Ok(match cited {
        Cited::Hits(request) => citations(&index.search(request)?.hits),
        Cited::Passage(id) => index.show(*id, 0)?.iter().map(|shown| Citation::of_hit(&shown.hit)).collect(),
        Cited::Articles => index.articles()?.iter().map(Citation::of_article).collect(),
    })
}
