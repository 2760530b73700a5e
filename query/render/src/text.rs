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
use std::sync::Arc;

use svod_query::{Answer, Appeared, Date, Hit, Kind, Neighbour, PassageId};
use svod_store::layout::file_of;
use svod_text::printable;
use unicode_width::UnicodeWidthStr;

use self::explanation::write_explanation;
pub use self::remarks::Remarks;
pub(super) use self::remarks::{UNFINISHED, write_help, write_warnings};
use super::paint::{Layout, Style, write_highlighted, write_wrapped};
use super::writer::{AnswerWriter, article_of, write_by_article};

const INDENT: &str = "    ";
const HANGING: (&str, &str) = ("", "  ");

/// How the paths of sources are shown: as they are below the root, unless a function says otherwise.
#[derive(Clone, Default)]
pub struct Paths(Option<Arc<Shown>>);

/// Returns what is shown of a source: of its root, if it is a file, and its path.
type Shown = dyn Fn(Option<&Path>, &Path) -> String + Send + Sync;

impl Paths {
    /// Returns paths that a function shows: it gets the root of a source, if it is a file, and its path.
    ///
    /// ```
    /// use svod_render::Paths;
    ///
    /// let whole = Paths::new(|root, path| root.map_or(path.into(), |root| root.join(path)).display().to_string());
    /// ```
    pub fn new(shown: impl Fn(Option<&Path>, &Path) -> String + Send + Sync + 'static) -> Paths {
        Paths(Some(Arc::new(shown)))
    }

    pub(crate) fn shown(&self, root: Option<&Path>, path: &Path) -> String {
        match &self.0 {
            Some(shown) => shown(root, path),
            None => path.to_string_lossy().into_owned(),
        }
    }
}

/// How much of a passage is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Extent {
    /// Its best sentences.
    #[default]
    Snippet,
    /// All of it.
    Whole,
}

/// Writes for people: the passages of an article under its title, and whatever else an index can tell.
pub struct Text<'w> {
    pub(crate) out: &'w mut dyn Write,
    pub(crate) layout: &'w Layout,
    extent: Extent,
    pub(crate) paths: Paths,
    /// The hits of the article at hand: they are written together, for what stands beside one may be another.
    article: Vec<Hit>,
    /// Whether an article of this answer was written.
    is_begun: bool,
}

impl<'w> Text<'w> {
    /// Returns a writer of snippets.
    pub fn new(out: &'w mut dyn Write, layout: &'w Layout) -> Text<'w> {
        Text { out, layout, extent: Extent::Snippet, paths: Paths::default(), article: Vec::new(), is_begun: false }
    }

    /// Sets how much of a passage is shown.
    #[must_use]
    pub fn extent(self, extent: Extent) -> Text<'w> {
        Text { extent, ..self }
    }

    /// Sets how paths are shown.
    #[must_use]
    pub fn paths(self, paths: &Paths) -> Text<'w> {
        Text { paths: paths.clone(), ..self }
    }

    /// Writes the article at hand. `next` is the first hit of the one after it.
    fn write_article(&mut self, next: Option<&Hit>) -> io::Result<()> {
        let article = std::mem::take(&mut self.article);
        let Some(first) = article.first() else { return Ok(()) };
        if std::mem::replace(&mut self.is_begun, true) {
            writeln!(self.out)?;
        }
        write_heading(self.out, self.layout, first)?;
        let mut read = Read::of(&article);
        for hit in &article {
            write_hit(self.out, self.layout, hit, self.extent, &mut read, &self.paths)?;
            if let Some(explanation) = &hit.explanation {
                // What puts the best before the next.
                let second = article.iter().chain(next).find(|other| hit.rank == 1 && other.rank == 2);
                let second = second.and_then(|second| second.explanation.as_ref());
                write_explanation(self.out, hit.score, explanation, second)?;
            }
        }
        write_rest(self.out, self.layout, first)
    }
}

/// The hits of an article stand together, and are written when the next article begins.
impl AnswerWriter for Text<'_> {
    fn begin(&mut self, _: &str, _: &Answer) -> io::Result<()> {
        self.article.clear();
        self.is_begun = false;
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        if self.article.first().is_some_and(|first| article_of(first) != article_of(hit)) {
            self.write_article(Some(hit))?;
        }
        self.article.push(hit.clone());
        Ok(())
    }

    fn end(&mut self, _: &Answer) -> io::Result<()> {
        self.write_article(None)
    }

    fn answer(&mut self, query: &str, answer: &Answer) -> io::Result<()> {
        write_by_article(self, query, answer)
    }
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
    fn of(article: &[Hit]) -> Read {
        Read(article.iter().map(|hit| (hit.id, Some(hit.rank))).collect())
    }
}

fn write_hit(
    out: &mut dyn Write,
    layout: &Layout,
    hit: &Hit,
    extent: Extent,
    read: &mut Read,
    paths: &Paths,
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
fn write_place(out: &mut dyn Write, layout: &Layout, hit: &Hit, paths: &Paths) -> io::Result<()> {
    let Layout { paint, columns, links } = layout;
    let line = hit.lines.as_ref().map(|lines| *lines.start());
    let within = match (line, hit.paragraph) {
        (Some(line), _) => format!(":{line}"),
        (None, Some(paragraph)) => format!(" ¶{paragraph}"),
        (None, None) => String::new(),
    };
    let place = format!("{}{within}", paths.shown(hit.root.as_deref(), &hit.path));
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
        links.around(&place, hit.root.as_deref().map(|root| file_of(root, &hit.path)).as_deref(), line.unwrap_or(1));
    let (cyan, faint) = (paint.style(Style::Place), paint.style(Style::Faint));
    writeln!(out, "{rank}{cyan}{place}{cyan:#}{page}{kind}{gap}{faint}{id}{faint:#}")
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
fn write_copies(out: &mut dyn Write, layout: &Layout, hit: &Hit, paths: &Paths) -> io::Result<()> {
    for copy in &hit.copies {
        let line = copy.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
        let date = copy.date.map_or_else(String::new, |date| format!("  {date}"));
        let place = format!("{}{line}  {}{date}", paths.shown(copy.root.as_deref(), &copy.path), copy.title);
        write_wrapped(out, layout, Style::Faint, (&format!("{INDENT}= "), &format!("{INDENT}  ")), &place)?;
    }
    Ok(())
}

/// Writes how many more passages of an article have all the words.
fn write_rest(out: &mut dyn Write, layout: &Layout, first: &Hit) -> io::Result<()> {
    match first.more.unwrap_or(0) {
        0 => Ok(()),
        1 => write_wrapped(out, layout, Style::Faint, (INDENT, INDENT), "+ 1 more passage"),
        more => write_wrapped(out, layout, Style::Faint, (INDENT, INDENT), &format!("+ {more} more passages")),
    }
}
