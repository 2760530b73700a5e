//! How a text becomes terms.
//!
//! [`Scan`] cuts a text into units, one for each position: a Han character or
//! a word of any other script, folded (`fold`). [`Scan::terms_at`] gives the
//! terms at a unit; [`Tokenizer`] yields the terms of a whole text for the
//! index, and adds the Chinese words that only a dictionary knows. Searching
//! uses the same scan, so a query and an article can never be cut differently.
//!
//! Terms at one position:
//!
//! | of | term | used by |
//! | --- | --- | --- |
//! | two Han characters | both, `停火` | quotations and best match |
//! | a Han character at an end of a stretch beside another script, or the last of a stretch | itself, `年` | quotations |
//! | a Chinese word of three or more characters, without its position | itself, `乌克兰` | best match |
//! | any other word | itself, folded, `wars` | quotations |
//! | any other word | its form (its stem), marked, `=war`; left out where it equals the word | best match |
//! | `F-35`, `2.0`, `10,000` | one form for the whole, `=f35`, `=2.0`, `=10000` | best match |
//! | `cross-border`, of two to four parts | the whole without its hyphens, `=-crossborder`, with a mark for each | both |
//!
//! A stretch is a run of Han characters between words of other scripts;
//! punctuation does not end it.

mod chinese;
mod english;
mod fold;
mod formal;
mod russian;
mod scan;
pub mod stop_words;
mod tokenizer;

pub use fold::is_han;
pub use formal::{EVERYDAY_CHARACTERS, formal_words};
pub use scan::{Glue, Scan, Script, Token, Unit, covering_bigrams};
pub use tokenizer::{Terms, Tokenizer, has_positions};

/// The version of the analysis: raised by any change that can alter a term.
///
/// Part of the stamp of an index, so that an index of another version is refused.
pub const VERSION: u32 = 3;

/// Marks a term that is the form of a word, not the word as written, so that a
/// quoted `war` does not find `wars`. No word can begin with it.
pub const FORM_MARK: char = '=';

/// The mark of a hyphen that a word was written with: `=-crossborder` is a term where a text has `cross-border`.
pub const HYPHEN_MARK: char = '-';

/// Returns the terms of a folded word where a text writes it with hyphens, each with the number of its parts.
pub fn terms_with_hyphens(word: &str) -> impl Iterator<Item = (String, usize)> {
    (2..=scan::MOST_PARTS).map(move |parts| {
        let mut term = String::new();
        push_joined_mark(parts, &mut term);
        (term + word, parts)
    })
}

/// Returns the number of parts of the hyphenated word that a term stands for, or `None` for any other term.
pub fn parts_of_term(term: &str) -> Option<usize> {
    let marked = term.strip_prefix(FORM_MARK)?;
    let hyphens = marked.len() - marked.trim_start_matches(HYPHEN_MARK).len();
    (hyphens > 0).then_some(hyphens + 1)
}

fn push_joined_mark(parts: usize, out: &mut String) {
    out.push(FORM_MARK);
    out.extend(std::iter::repeat_n(HYPHEN_MARK, parts - 1));
}

/// Appends the form of a folded word to `out`: its Russian or English stem, by its script.
///
/// Numbers and words of other scripts are their own form.
pub fn push_form(word: &str, script: Script, out: &mut String) {
    match script {
        Script::Cyrillic => russian::push_stem(word, out),
        Script::Latin => english::push_stem(word, out),
        Script::Han | Script::Digits | Script::Other => out.push_str(word),
    }
}

/// Appends the marked form of a folded word, which the index holds beside the
/// word, and returns `true`. If the form is the word itself, appends nothing and
/// returns `false`.
pub fn push_second_form(word: &str, script: Script, out: &mut String) -> bool {
    let start = out.len();
    out.push(FORM_MARK);
    push_form(word, script, out);
    let is_other = out[start + FORM_MARK.len_utf8()..] != *word;
    if !is_other {
        out.truncate(start);
    }
    is_other
}

/// Returns the index terms for `form`: the marked one, and the plain one if
/// `form` is its own form, because such a word is indexed without a mark.
pub fn terms_of_form(form: &str, script: Script) -> Vec<String> {
    let mut terms = vec![format!("{FORM_MARK}{form}")];
    let mut again = String::new();
    push_form(form, script, &mut again);
    if again == form {
        terms.push(form.to_owned());
    }
    terms
}
