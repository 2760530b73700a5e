//! Answers for people: the passages of an article under its title, each with
//! its place and what to read of it.

mod article;
mod explanation;
mod remarks;
mod status;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use svod_query::{Answer, Appeared, Date, Hit, Kind, Neighbour, PassageId};
use svod_text::printable;
use unicode_width::UnicodeWidthStr;

pub use self::article::{write_articles, write_outline, write_shown};
use self::explanation::write_explanation;
pub use self::explanation::write_terms;
pub(super) use self::remarks::{UNFINISHED, write_help, write_warnings};
pub use self::remarks::{write_remarks, write_remarks_of};
pub use self::status::write_status;
use super::paint::{Layout, Style, write_highlighted, write_wrapped};

const INDENT: &str = "    ";
const HANGING: (&str, &str) = ("", "  ");

/// How the paths of sources are shown.
pub struct Paths<'p> {
    /// Returns what is shown of a source: of its root, if it is a file, and its path.
    pub shown: &'p dyn Fn(Option<&Path>, &Path) -> String,
}

impl Default for Paths<'_> {
    /// As they are below the root.
    fn default() -> Self {
        Paths { shown: &|_, path| path.to_string_lossy().into_owned() }
    }
}

/// How much of a passage is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Extent {
    /// Its best sentences.
    Snippet,
    /// All of it.
    Whole,
}

/// Writes the hits of an answer: those of one article together, where the first of them stands.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_answer(
    out: &mut dyn Write,
    layout: &Layout,
    answer: &Answer,
    extent: Extent,
    paths: &Paths<'_>,
) -> io::Result<()> {
    for (at, group) in grouped(&answer.hits).into_iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        write_heading(out, layout, group[0])?;
        let mut read = Read::of(&group);
        for hit in &group {
            write_hit(out, layout, hit, extent, &mut read, paths)?;
            if let Some(explanation) = &hit.explanation {
                // What puts the best before the next.
                let next = answer.hits.get(1).filter(|_| hit.rank == 1);
                write_explanation(out, hit.score, explanation, next.and_then(|next| next.explanation.as_ref()))?;
            }
        }
        write_rest(out, layout, &group)?;
    }
    Ok(())
}

/// Returns the hits of each article together, in the order of the first of each.
pub(super) fn grouped(hits: &[Hit]) -> Vec<Vec<&Hit>> {
    let mut groups: Vec<Vec<&Hit>> = Vec::new();
    let mut places: HashMap<(usize, &Path), usize> = HashMap::new();
    for hit in hits {
        let at = *places.entry((hit.index, &hit.path)).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push(hit);
    }
    groups
}

/// Writes the title of an article, and who wrote it, where it appeared and when.
fn write_heading(out: &mut dyn Write, layout: &Layout, hit: &Hit) -> io::Result<()> {
    write_wrapped(out, layout, Style::Title, HANGING, &hit.title)?;
    let byline = byline(&hit.authors, &hit.appeared, hit.date);
    write_wrapped(out, layout, Style::Faint, HANGING, &byline)
}

/// Returns authors, journal and date, as far as they are known.
pub fn byline(authors: &[String], appeared: &Appeared, date: Option<Date>) -> String {
    let issue = appeared.issue.as_ref().map(|issue| format!("№ {issue}"));
    let journal = appeared.journal.iter().cloned().chain(issue).collect::<Vec<_>>().join(" ");
    let journal = Some(journal).filter(|journal| !journal.is_empty());
    let parts = [(!authors.is_empty()).then(|| authors.join(", ")), journal, date.map(|date| date.to_string())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The passages of an article that stand on the screen already, or will: neighbours that are hits, or those of another
/// hit, are not written twice.
struct Read(HashMap<PassageId, Option<usize>>);

impl Read {
    fn of(group: &[&Hit]) -> Read {
        Read(group.iter().map(|hit| (hit.id, Some(hit.rank))).collect())
    }
}

fn write_hit(
    out: &mut dyn Write,
    layout: &Layout,
    hit: &Hit,
    extent: Extent,
    read: &mut Read,
    paths: &Paths<'_>,
) -> io::Result<()> {
    write_place(out, layout, hit, paths)?;
    let section: Vec<Cow<'_, str>> = hit.section.iter().map(|heading| printable(heading)).collect();
    write_wrapped(out, layout, Style::Faint, (INDENT, INDENT), &section.join(" › "))?;
    write_neighbours(out, layout, &hit.before, read)?;
    match extent {
        Extent::Snippet => {
            write_highlighted(out, layout, INDENT, &hit.snippet.text, &hit.snippet.highlights)?;
        }
        Extent::Whole => write_highlighted(out, layout, INDENT, &hit.text, &hit.highlights)?,
    }
    write_neighbours(out, layout, &hit.after, read)?;
    write_notes(out, layout, hit)?;
    write_copies(out, layout, hit, paths)
}

/// Writes the rank of a hit, its place as a link, page, kind and id: at the end of the line, or below where there is no
/// room.
fn write_place(out: &mut dyn Write, layout: &Layout, hit: &Hit, paths: &Paths<'_>) -> io::Result<()> {
    let Layout { paint, columns, links } = layout;
    let line = hit.lines.as_ref().map(|lines| *lines.start());
    let within = match (line, hit.paragraph) {
        (Some(line), _) => format!(":{line}"),
        (None, Some(paragraph)) => format!(" ¶{paragraph}"),
        (None, None) => String::new(),
    };
    let place = format!("{}{within}", (paths.shown)(hit.root.as_deref(), &hit.path));
    let place = printable(&place);
    let page = hit.page.map(|page| format!("  p. {page}")).unwrap_or_default();
    let kind = if hit.kind == Kind::Body { String::new() } else { format!("  {}", hit.kind.name()) };
    let rank = format!("{:>2}. ", hit.rank);
    let id = hit.id.to_string();
    let used = [&rank, &*place, &page, &kind, "  ", &id].iter().map(|part| part.width()).sum::<usize>();
    let gap = match columns.checked_sub(used) {
        Some(free) => " ".repeat(free + 2),
        None => format!("\n{INDENT}"),
    };
    let place =
        links.around(&place, hit.root.as_deref().map(|root| root.join(&hit.path)).as_deref(), line.unwrap_or(1));
    let (start, faint, end) = (paint.start(Style::Place), paint.start(Style::Faint), paint.end());
    writeln!(out, "{rank}{start}{place}{end}{page}{kind}{gap}{faint}{id}{end}")
}

/// Writes passages beside a hit.
fn write_neighbours(out: &mut dyn Write, layout: &Layout, neighbours: &[Neighbour], read: &mut Read) -> io::Result<()> {
    for neighbour in neighbours {
        match read.0.get(&neighbour.id) {
            Some(Some(rank)) => write_wrapped(out, layout, Style::Faint, (INDENT, INDENT), &format!("[{rank}.]"))?,
            Some(None) => {}
            None => {
                let line = neighbour.lines.as_ref().map_or_else(|| "·".to_owned(), |lines| lines.start().to_string());
                write_wrapped(out, layout, Style::Faint, (&format!("{line:>3} "), INDENT), &neighbour.text)?;
                read.0.insert(neighbour.id, None);
            }
        }
    }
    Ok(())
}

/// Writes the sentence that cites a note, and the notes that a passage cites.
fn write_notes(out: &mut dyn Write, layout: &Layout, hit: &Hit) -> io::Result<()> {
    let margin = |sign: char| format!("{INDENT}{sign} ");
    let hanging = format!("{INDENT}  ");
    if let Some(cited) = &hit.cited {
        write_wrapped(out, layout, Style::Faint, (&margin('←'), &hanging), &cited.text)?;
    }
    for note in &hit.notes {
        write_wrapped(out, layout, Style::Faint, (&margin('→'), &hanging), &note.text)?;
    }
    Ok(())
}

/// Writes where near-copies of a hit stand.
fn write_copies(out: &mut dyn Write, layout: &Layout, hit: &Hit, paths: &Paths<'_>) -> io::Result<()> {
    for copy in &hit.copies {
        let line = copy.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
        let date = copy.date.map_or_else(String::new, |date| format!("  {date}"));
        let place = format!("{}{line}  {}{date}", (paths.shown)(copy.root.as_deref(), &copy.path), copy.title);
        write_wrapped(out, layout, Style::Faint, (&format!("{INDENT}= "), &format!("{INDENT}  ")), &place)?;
    }
    Ok(())
}

/// Writes how many more passages of an article have all the words.
fn write_rest(out: &mut dyn Write, layout: &Layout, group: &[&Hit]) -> io::Result<()> {
    match group[0].more.unwrap_or(0) {
        0 => Ok(()),
        1 => write_wrapped(out, layout, Style::Faint, (INDENT, INDENT), "+ 1 more passage"),
        more => write_wrapped(out, layout, Style::Faint, (INDENT, INDENT), &format!("+ {more} more passages")),
    }
}
