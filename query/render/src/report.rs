//! What the reports share: totals, places, quotations with what was found in them.

use std::ops::Range;
use std::path::PathBuf;

use svod_query::{Answer, Hit, Kind, Relaxation, Total};

use super::text::Extent;
use super::writer::{article_of, by_article};

/// Returns how much was found, in a line.
pub(super) fn totals(answer: &Answer) -> String {
    let (total, passages) = (answer.total, plural(answer));
    match answer.hits.len() {
        0 if total.count() == 0 => "nothing found".to_owned(),
        // They come one by one.
        0 => format!("{total} {passages}"),
        hits => format!("{hits} of {total} {passages}, from {}", counted(by_article(&answer.hits).len())),
    }
}

fn plural(answer: &Answer) -> &'static str {
    if answer.total == Total::Exact(1) { "passage" } else { "passages" }
}

fn counted(articles: usize) -> String {
    if articles == 1 { "1 article".to_owned() } else { format!("{articles} articles") }
}

/// Returns what a reader of the answer has to know.
pub(super) fn caveats(answer: &Answer) -> Vec<&'static str> {
    let unfinished = (!answer.is_finished).then_some("The index was not finished: there may be more.");
    let relaxed = answer.relaxed.map(|relaxed| match relaxed {
        Relaxation::Most => "Nothing has all that was asked for: these lack one of the words.",
        _ => "Nothing has all that was asked for: these have some of the words.",
    });
    let cut = answer.cut.map(|_| "The search was cut short: there may be more.");
    unfinished.into_iter().chain(relaxed).chain(cut).collect()
}

/// Returns where a hit stands in its article, as far as that is known.
pub(super) fn place(hit: &Hit) -> String {
    let within = match (&hit.lines, hit.paragraph) {
        (Some(lines), _) => Some(format!("line {}", lines.start())),
        (None, paragraph) => paragraph.map(|paragraph| format!("¶{paragraph}")),
    };
    let page = hit.page.map(|page| format!("p. {page}"));
    let kind = (hit.kind != Kind::Body).then(|| hit.kind.name().to_owned());
    [page, within, kind].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// An article whose hits are being written.
pub(super) struct OpenArticle {
    index: usize,
    path: PathBuf,
    /// How many further passages of it match, if any.
    pub(super) more: Option<String>,
    /// The headings of its last hit.
    pub(super) section: Vec<String>,
}

impl OpenArticle {
    /// Returns the article of its first hit.
    pub(super) fn of(hit: &Hit) -> OpenArticle {
        OpenArticle { index: hit.index, path: hit.path.clone(), more: more(hit), section: Vec::new() }
    }

    /// Returns whether another hit is of it.
    pub(super) fn has(&self, hit: &Hit) -> bool {
        (self.index, &*self.path) == article_of(hit)
    }
}

fn more(first: &Hit) -> Option<String> {
    match first.more.unwrap_or(0) {
        0 => None,
        1 => Some("and 1 more passage of this article".to_owned()),
        more => Some(format!("and {more} more passages of this article")),
    }
}

/// Returns what is quoted of a hit, and the ranges of it that were found.
pub(super) fn quotation(hit: &Hit, extent: Extent) -> (&str, &[Range<usize>]) {
    match extent {
        Extent::Snippet => (&hit.snippet.text, &hit.snippet.highlights),
        Extent::Whole => (&hit.text, &hit.highlights),
    }
}

/// A stretch of a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stretch<'t> {
    /// What was not looked for.
    Plain(&'t str),
    /// What was found.
    Found(&'t str),
}

/// Cuts a text at its highlights.
pub(super) fn stretches<'t>(text: &'t str, highlights: &[Range<usize>]) -> Vec<Stretch<'t>> {
    let mut stretches = Vec::with_capacity(2 * highlights.len() + 1);
    let mut at = 0;
    for found in highlights {
        stretches.push(Stretch::Plain(&text[at..found.start]));
        stretches.push(Stretch::Found(&text[found.clone()]));
        at = found.end;
    }
    stretches.push(Stretch::Plain(&text[at..]));
    stretches.retain(|stretch| !matches!(stretch, Stretch::Plain("") | Stretch::Found("")));
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_what_was_found() {
        use Stretch::{Found, Plain};
        for (text, highlights, expected) in [
            ("停火与和平", &[0..6, 9..15][..], &[Found("停火"), Plain("与"), Found("和平")][..]),
            ("мир и война", &[0..6, 10..20], &[Found("мир"), Plain(" и "), Found("война")]),
            ("war", &[], &[Plain("war")]),
            ("", &[], &[]),
        ] {
            assert_eq!(stretches(text, highlights), expected, "{text}");
        }
    }
}
