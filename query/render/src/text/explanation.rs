//! What a score is made of, and how a query was cut.

use std::io::{self, Write};

use svod_query::{Answer, Explanation, TermScore};
use svod_text::printable;

use super::{INDENT, Text};

/// Writes what a score is made of, and what puts the hit before the next one.
pub(super) fn write_explanation(
    out: &mut dyn Write,
    score: f32,
    explanation: &Explanation,
    next: Option<&Explanation>,
) -> io::Result<()> {
    writeln!(out, "{INDENT}score {score:.1}")?;
    for TermScore { term, in_text, in_fields, score, .. } in &explanation.terms {
        let in_fields: String = in_fields.iter().map(|field| format!(", {field}")).collect();
        writeln!(out, "{INDENT}  {score:>6.1}  {}  ({in_text} in the text{in_fields})", printable(term))?;
    }
    for (name, score) in explanation.parts.iter().filter(|(_, score)| *score >= 0.05) {
        writeln!(out, "{INDENT}  {score:>6.1}  {name}")?;
    }
    writeln!(out, "{INDENT}   × {:.2}  of the query is there", explanation.coverage)?;
    if explanation.support > 0.0 {
        writeln!(out, "{INDENT}  {:>6.1}  good passages beside it", explanation.support)?;
    }
    let Some(next) = next else { return Ok(()) };
    let mut ahead = ahead_by(explanation, next);
    ahead.retain(|(_, more)| *more >= 0.1);
    ahead.sort_by(|a, b| b.1.total_cmp(&a.1));
    let ahead: Vec<String> = ahead.iter().map(|(name, more)| format!("{} +{more:.1}", printable(name))).collect();
    writeln!(out, "{INDENT}before the next by: {}", ahead.join(", "))
}

/// Returns what one score has more of than another.
fn ahead_by<'e>(one: &'e Explanation, other: &Explanation) -> Vec<(&'e str, f32)> {
    let term = |name: &str| other.terms.iter().find(|term| term.term == name).map_or(0.0, |term| term.score);
    let part = |name: &str| other.parts.iter().find(|part| part.0 == name).map_or(0.0, |part| part.1);
    let terms = one.terms.iter().map(|own| (own.term.as_str(), own.score - term(&own.term)));
    let parts = one.parts.iter().map(|&(name, score)| (name, score - part(name)));
    let rest = [("coverage", one.coverage - other.coverage), ("passages beside it", one.support - other.support)];
    terms.chain(parts).chain(rest).collect()
}

impl Text<'_> {
    /// Writes how a query was cut.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn terms(&mut self, answer: &Answer) -> io::Result<()> {
        writeln!(self.out, "{:>9}  {:>6}  term", "passages", "weight")?;
        for term in &answer.terms {
            writeln!(self.out, "{:>9}  {:>6.2}  {}", term.passages.to_string(), term.weight, printable(&term.term))?;
        }
        writeln!(self.out)
    }
}
