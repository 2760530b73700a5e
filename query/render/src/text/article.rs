//! One passage with what stands around it, the sections of an article, the
//! articles of an index.

use std::io::{self, Write};

use svod_query::{ArticleEntry, Outline, OutlineEntry, Shown};
use svod_store::layout::file_of;

use super::{Extent, HANGING, INDENT, Paths, Read, Text, byline, write_heading, write_hit};
use crate::paint::{Layout, Style, write_wrapped};

impl Text<'_> {
    /// Writes a passage with its neighbours and notes, and the outline of its article.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn shown(&mut self, shown: &Shown) -> io::Result<()> {
        let Shown { hit, outline, .. } = shown;
        write_heading(self.out, self.layout, hit)?;
        let mut read = Read::of(std::slice::from_ref(hit));
        write_hit(self.out, self.layout, hit, Extent::Whole, &mut read, &self.paths)?;
        if !outline.sections.is_empty() {
            writeln!(self.out)?;
        }
        write_sections(self.out, self.layout, &outline.sections)
    }

    /// Writes an article with its sections, each with its line and the number of its passages.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn outline(&mut self, outline: &Outline) -> io::Result<()> {
        write_article(self.out, self.layout, &outline.article, &self.paths)?;
        write_sections(self.out, self.layout, &outline.sections)
    }

    /// Writes the articles of an index.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn articles(&mut self, articles: &[ArticleEntry]) -> io::Result<()> {
        articles.iter().try_for_each(|article| write_article(self.out, self.layout, article, &self.paths))
    }
}

fn write_article(out: &mut dyn Write, layout: &Layout, article: &ArticleEntry, paths: &Paths) -> io::Result<()> {
    write_wrapped(out, layout, Style::Title, HANGING, &article.title)?;
    let byline = byline(&article.authors, &article.appeared, article.date);
    write_wrapped(out, layout, Style::Faint, (INDENT, INDENT), &byline)?;
    let place = svod_text::printable(&paths.shown(article.root.as_deref(), &article.path)).into_owned();
    let place =
        layout.links.around(&place, article.root.as_deref().map(|root| file_of(root, &article.path)).as_deref(), 1);
    let style = layout.paint.style(Style::Place);
    let passages = match article.passages {
        1 => "1 passage".to_owned(),
        many => format!("{many} passages"),
    };
    writeln!(out, "{INDENT}{style}{place}{style:#}  {}  {passages}", article.language.code())
}

fn write_sections(out: &mut dyn Write, layout: &Layout, sections: &[OutlineEntry]) -> io::Result<()> {
    for OutlineEntry { depth, heading, lines, page, .. } in sections {
        let line = lines.as_ref().map(|lines| lines.start().to_string()).unwrap_or_default();
        let page = page.map(|page| format!("  p. {page}")).unwrap_or_default();
        let indent = "  ".repeat((*depth).min(8));
        let margin = (format!("{line:>7}  {indent}"), format!("{:9}{indent}  ", ""));
        write_wrapped(out, layout, Style::Title, (&margin.0, &margin.1), &format!("{heading}{page}"))?;
    }
    Ok(())
}
