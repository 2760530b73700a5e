//! Simple formulas of TeX as text: `$1 0 . 5 \%$` is 10.5%.
//!
//! Converters write numbers, percentages and the marks of notes as formulas. What
//! is simple becomes the characters that a reader sees; a formula with anything
//! unknown in it stays as it is. One pass.

use std::ops::Range;

use super::super::footnotes::{is_label, plain_digits, single_character_label};

/// The longest formula that is read, in bytes.
pub(super) const LONGEST: usize = 400;

/// A part of a formula as text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TexPart {
    /// Bytes of the formula.
    Kept(Range<usize>),
    /// Characters in the place of a command.
    Sign(&'static str),
    /// The mark of a note.
    Mark(String),
}

/// Commands and what they show.
const SIGNS: &[(&str, &str)] = &[
    ("%", "%"),
    ("$", "$"),
    ("&", "&"),
    ("#", "#"),
    ("_", "_"),
    ("{", "{"),
    ("}", "}"),
    ("sim", "~"),
    ("times", "×"),
    ("cdot", "·"),
    ("pm", "±"),
    ("mp", "∓"),
    ("div", "÷"),
    ("le", "≤"),
    ("leq", "≤"),
    ("leqslant", "≤"),
    ("ge", "≥"),
    ("geq", "≥"),
    ("geqslant", "≥"),
    ("ne", "≠"),
    ("neq", "≠"),
    ("approx", "≈"),
    ("equiv", "≡"),
    ("propto", "∝"),
    ("infty", "∞"),
    ("in", "∈"),
    ("sum", "∑"),
    ("prod", "∏"),
    ("to", "→"),
    ("rightarrow", "→"),
    ("leftarrow", "←"),
    ("Rightarrow", "⇒"),
    ("leftrightarrow", "↔"),
    ("circ", "°"),
    ("degree", "°"),
    ("prime", "′"),
    ("sqrt", "√"),
    ("partial", "∂"),
    ("ldots", "…"),
    ("cdots", "…"),
    ("dots", "…"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("varepsilon", "ε"),
    ("theta", "θ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("phi", "φ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("eta", "η"),
    ("xi", "ξ"),
    ("Delta", "Δ"),
    ("Sigma", "Σ"),
    ("Omega", "Ω"),
    (",", " "),
    (";", " "),
    (":", " "),
    (" ", " "),
    ("quad", " "),
    ("qquad", " "),
    ("!", ""),
    ("left", ""),
    ("right", ""),
    ("mathrm", ""),
    ("mathbf", ""),
    ("mathit", ""),
    ("mathsf", ""),
    ("boldsymbol", ""),
    ("operatorname", ""),
    ("rm", ""),
    ("bf", ""),
    ("displaystyle", ""),
    ("mathcal", ""),
    ("mathbb", ""),
    ("bar", ""),
    ("hat", ""),
    ("overline", ""),
];

/// Commands whose text is running text.
const TEXTS: [&str; 6] = ["text", "textbf", "textit", "textrm", "mbox", "mathrm{"];

/// What an open brace belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brace {
    Group,
    /// The upper part of a fraction.
    Upper,
    /// Running text, with its blanks.
    Text,
}

/// Reads a formula; `before` is the character before it. `None` if it is not simple.
pub(super) fn read(formula: &str, before: Option<char>) -> Option<Vec<TexPart>> {
    if !is_formula(formula) {
        return None;
    }
    let mut parts = Vec::new();
    let mut open: Vec<Brace> = Vec::new();
    let mut next = Brace::Group;
    let mut at = 0;
    while let Some(c) = formula[at..].chars().next() {
        let rest = &formula[at..];
        let in_text = open.contains(&Brace::Text);
        let length = match c {
            '\\' => {
                let (name, length) = command(&rest[1..])?;
                if name == "frac" || name == "dfrac" || name == "tfrac" {
                    next = Brace::Upper;
                } else if TEXTS.contains(&name) {
                    next = Brace::Text;
                } else {
                    let (_, sign) = SIGNS.iter().find(|(known, _)| *known == name)?;
                    parts.push(TexPart::Sign(sign));
                }
                1 + length
            }
            '{' => {
                open.push(std::mem::replace(&mut next, Brace::Group));
                1
            }
            '}' => {
                if open.pop()? == Brace::Upper {
                    parts.push(TexPart::Sign("/"));
                }
                1
            }
            '^' => raised(rest, at, before, &mut parts),
            '_' if !in_text => 1,
            '~' => {
                parts.push(TexPart::Sign(" "));
                1
            }
            c if c.is_whitespace() && !in_text => c.len_utf8(),
            c => {
                (c.is_ascii() || in_text).then_some(())?;
                parts.push(TexPart::Kept(at..at + c.len_utf8()));
                c.len_utf8()
            }
        };
        at += length;
    }
    open.is_empty().then_some(parts)
}

/// Whether a text between dollars is a formula and not a sum of money or two.
fn is_formula(text: &str) -> bool {
    let trimmed = text.trim();
    let letters = |run: &str| run.len() >= 3 && run.bytes().all(|byte| byte.is_ascii_lowercase());
    // Words of prose; commands begin with a backslash.
    let mut is_command = false;
    let mut has_words = false;
    for run in trimmed.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
        let word = run.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        has_words |= !is_command && letters(word);
        is_command = run.ends_with('\\');
    }
    if trimmed.is_empty() || (has_words && !trimmed.contains("\\text") && !trimmed.contains("\\mathrm")) {
        return false;
    }
    let is_spaced = || {
        let mut characters = trimmed.split(' ').filter(|part| !part.is_empty()).peekable();
        trimmed.contains(' ') && characters.all(|part| part.chars().count() == 1)
    };
    let is_tight = !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
    let is_wide = text.starts_with(char::is_whitespace) && text.ends_with(char::is_whitespace);
    trimmed.contains(['\\', '^', '_', '{'])
        || is_spaced()
        || ((is_tight || is_wide) && trimmed.len() <= 20 && !trimmed.ends_with(['-', '–', '/', ',']))
}

/// Returns the name of a command and its length, with the blank behind it.
fn command(text: &str) -> Option<(&str, usize)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let length = if letters > 0 { letters } else { text.chars().next()?.len_utf8() };
    Some((&text[..length], length))
}

/// Reads what is raised: the mark of a note, a power, or a degree. Returns its length.
fn raised(rest: &str, at: usize, before: Option<char>, parts: &mut Vec<TexPart>) -> usize {
    let behind = &rest[1..];
    let open = behind.len() - behind.trim_start().len() + 1;
    let group = behind.trim_start();
    let Some((inside, length)) =
        group.strip_prefix('{').and_then(|inside| Some((&inside[..inside.find('}')?], open + inside.find('}')? + 2)))
    else {
        let digit = group.chars().next().unwrap_or(' ');
        let is_short = behind.starts_with(digit);
        return match power(digit.encode_utf8(&mut [0; 4])).filter(|_| is_short) {
            Some(sign) => {
                parts.push(TexPart::Sign(sign));
                2
            }
            None if group.starts_with('\\') => 1,
            None => {
                parts.push(TexPart::Kept(at..at + 1));
                1
            }
        };
    };
    let squeezed: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = squeezed.trim_start_matches(['[', '［', '〔']).trim_end_matches([']', '］', '〕']);
    let is_bracketed = inner.len() < squeezed.len();
    // m^{2} is a unit and x^{2} a power; a number behind a sentence is a mark.
    let follows_letter = !parts.is_empty() || before.is_some_and(|c| c.is_ascii_alphanumeric());
    let single = inner.chars().next().and_then(single_character_label).filter(|_| inner.chars().count() == 1);
    let label = single.or_else(|| (is_label(inner) && (is_bracketed || !follows_letter)).then(|| plain_digits(inner)));
    if let Some(label) = label {
        parts.push(TexPart::Mark(label));
        return length;
    }
    match power(&squeezed) {
        Some(sign) => {
            parts.push(TexPart::Sign(sign));
            length
        }
        // The sign of a command, such as a degree, is raised by itself.
        None if squeezed.starts_with('\\') => 1,
        None => {
            parts.push(TexPart::Kept(at..at + 1));
            1
        }
    }
}

fn power(text: &str) -> Option<&'static str> {
    match text {
        "2" => Some("²"),
        "3" => Some("³"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(formula: &str, before: Option<char>) -> Option<String> {
        let part = |part: TexPart| match part {
            TexPart::Kept(range) => formula[range].to_owned(),
            TexPart::Sign(sign) => sign.to_owned(),
            TexPart::Mark(label) => format!("<{label}>"),
        };
        read(formula, before).map(|parts| parts.into_iter().map(part).collect())
    }

    #[test]
    fn formulas_as_text() {
        for (formula, expected) in [
            (r"1 2 . 5 \%", Some("12.5%")),
            (r"7{,}4", Some("7,4")),
            (r"4 0 0 \sim 6 0 0", Some("400~600")),
            (r"^{[3]}", Some("<3>")),
            (r"^ { \textcircled { 1 } }", None),
            (r"^{①}", Some("<1>")),
            (r"k m ^ { 2 }", Some("km²")),
            (r"10^{5}", Some("10^5")),
            (r"2 5 ^ { \circ } \mathrm { C }", Some("25°C")),
            (r"\mathrm { C O } _ { 2 }", Some("CO2")),
            (r"\frac { 1 } { 3 }", Some("1/3")),
            (r"\text{冰 area} \geq 5", Some("冰 area≥5")),
            ("x", Some("x")),
            ("120", Some("120")),
            (r"\unknown x", None),
            ("5 and then ", None),
            ("5-", None),
            ("5, ", None),
            ("冰", None),
            ("{a", None),
            ("a}", None),
            ("", None),
        ] {
            assert_eq!(shown(formula, Some('冰')).as_deref(), expected, "{formula}");
        }
        assert_eq!(shown("^{2}", Some('m')).as_deref(), Some("²"));
        assert_eq!(shown("^{2}", Some('。')).as_deref(), Some("<2>"));
    }
}
