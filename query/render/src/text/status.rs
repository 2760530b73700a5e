//! What an index holds.

use std::io;
use std::path::PathBuf;

use svod_query::Status;
use svod_text::printable;

use super::Text;
use super::remarks::UNFINISHED;

impl Text<'_> {
    /// Writes what an index holds.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn status(&mut self, status: &Status) -> io::Result<()> {
        let out = &mut *self.out;
        let languages: Vec<String> =
            status.languages.iter().map(|(language, passages)| format!("{} {passages}", language.code())).collect();
        let path = |path: &Option<PathBuf>, none: &str| {
            path.as_ref().map_or_else(|| none.to_owned(), |path| printable(&path.to_string_lossy()).into_owned())
        };
        writeln!(out, "folder    {}", path(&status.root, "(texts of an app)"))?;
        writeln!(
            out,
            "index     {}  ({:.1} MB, {})",
            path(&status.index, "(memory)"),
            status.bytes as f64 / 1e6,
            status.stamp
        )?;
        if !status.is_finished {
            writeln!(out, "{UNFINISHED}")?;
        }
        writeln!(out, "articles  {}", status.articles)?;
        writeln!(out, "passages  {}  ({})", status.passages, languages.join(", "))?;
        writeln!(out, "skipped   {}", status.skipped.len())?;
        for (path, reason) in &status.skipped {
            writeln!(out, "  {}: {}", printable(&path.to_string_lossy()), printable(reason))?;
        }
        if let Some(checked) = &status.checked {
            writeln!(out, "checked   {} files, {:.1} MB: whole", checked.files, checked.bytes as f64 / 1e6)?;
        }
        Ok(())
    }
}
