//! A report as a page of HTML that can be saved, printed or sent.
//!
//! It needs nothing beside itself: the style is inside, there is no script,
//! and its policy forbids to load anything. All that comes from documents is
//! escaped. Works in light and in dark, on paper, and at the width of a phone.

mod fragment;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

pub use fragment::{FRAGMENT_STYLE, write_fragment, write_hit_fragment};
use svod_query::{Answer, Hit, NearCopy, Neighbour, Shown};
use svod_text::printable;

use super::language::tag;
use super::paint::encoded;
use super::report::{Stretch, caveats, more, place, quotation, stretches, totals};
use super::text::{Extent, Paths, byline, grouped};

const STYLE: &str = include_str!("html/page.css");
/// The policy lets this style in and nothing else: its SHA-256. A test holds it.
const STYLE_HASH: &str = "1ScMqAxEv7H5J0+lop3gWJdM0X8UB3Pr0wTSBtUCE9Y=";

/// Writes the beginning of a page.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_start(out: &mut dyn Write, title: &str) -> io::Result<()> {
    let title = escape(title);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; \
        base-uri 'none'; form-action 'none'\">\n\
        <meta name=\"referrer\" content=\"no-referrer\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
        <meta name=\"generator\" content=\"svod\">\n\
        <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    )
}

/// Writes the end of a page.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_end(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"</body>\n</html>\n")
}

/// Writes the report on an answer, as a part of a page.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_answer(
    out: &mut dyn Write,
    query: &str,
    answer: &Answer,
    extent: Extent,
    paths: &Paths<'_>,
) -> io::Result<()> {
    writeln!(out, "<header>\n<h1 lang=\"{}\">{}</h1>\n<p>{}</p>", tag(query), escape(query), totals(answer))?;
    for caveat in caveats(answer) {
        writeln!(out, "<p>{caveat}</p>")?;
    }
    writeln!(out, "</header>")?;
    grouped(&answer.hits).iter().try_for_each(|hits| write_article(out, hits, extent, paths))
}

/// Writes a page with a passage that was asked for by its id, with its neighbours and notes.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_shown(out: &mut dyn Write, shown: &Shown, paths: &Paths<'_>) -> io::Result<()> {
    write_start(out, &shown.hit.title)?;
    write_article(out, &[&shown.hit], Extent::Whole, paths)?;
    write_end(out)
}

fn write_article(out: &mut dyn Write, hits: &[&Hit], extent: Extent, paths: &Paths<'_>) -> io::Result<()> {
    let first = hits[0];
    writeln!(out, "<article>")?;
    write_element(out, "h2", "", &first.title)?;
    write_element(out, "p", "byline", &byline(&first.authors, &first.appeared, first.date))?;
    writeln!(
        out,
        "<p class=\"file\">{}</p>",
        link(&(paths.shown)(first.root.as_deref(), &first.path), first.root.as_deref(), &first.path)
    )?;
    let mut before: &[String] = &[];
    for hit in hits {
        write_hit(out, hit, &heading(&hit.section, before), extent, paths)?;
        before = &hit.section;
    }
    if let Some(more) = more(hits) {
        writeln!(out, "<p class=\"more\">{more}</p>")?;
    }
    writeln!(out, "</article>")
}

/// Returns the headings of a hit, outermost first, without those that the hit before it has too.
fn heading(section: &[String], before: &[String]) -> String {
    let shared = section.iter().zip(before).take_while(|(one, other)| one == other).count();
    let omitted = (shared > 0 && shared < section.len()).then_some("…");
    omitted.into_iter().chain(section[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join(" › ")
}

fn write_hit(out: &mut dyn Write, hit: &Hit, heading: &str, extent: Extent, paths: &Paths<'_>) -> io::Result<()> {
    writeln!(out, "<section id=\"{}\">", hit.id)?;
    writeln!(out, "<p class=\"place\"><b>{}</b> {}</p>", hit.rank, escape(&place(hit)))?;
    write_element(out, "p", "under", heading)?;
    write_neighbours(out, &hit.before)?;
    writeln!(out, "<blockquote lang=\"{}\">{}</blockquote>", tag(&hit.text), marked(hit, extent))?;
    write_neighbours(out, &hit.after)?;
    write_notes(out, hit, paths)?;
    writeln!(out, "</section>")
}

/// Writes a text in an element, unless there is none.
fn write_element(out: &mut dyn Write, name: &str, class: &str, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    writeln!(out, "<{name}{class} lang=\"{}\">{}</{name}>", tag(text), escape(text))
}

fn write_neighbours(out: &mut dyn Write, neighbours: &[Neighbour]) -> io::Result<()> {
    neighbours.iter().try_for_each(|neighbour| write_element(out, "p", "around", &neighbour.text))
}

/// Writes the sentence that cites a note, the notes of a passage, and its near-copies.
fn write_notes(out: &mut dyn Write, hit: &Hit, paths: &Paths<'_>) -> io::Result<()> {
    if hit.cited.is_none() && hit.notes.is_empty() && hit.copies.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul class=\"notes\">")?;
    if let Some(cited) = &hit.cited {
        write_note(out, "cited in", &cited.text)?;
    }
    hit.notes.iter().try_for_each(|note| write_note(out, "note", &note.text))?;
    hit.copies.iter().try_for_each(|copy| write_copy(out, copy, paths))?;
    writeln!(out, "</ul>")
}

fn write_note(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "<li lang=\"{}\"><span lang=\"en\">{name}</span>{}</li>", tag(text), escape(text))
}

fn write_copy(out: &mut dyn Write, copy: &NearCopy, paths: &Paths<'_>) -> io::Result<()> {
    let line = copy.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
    let place =
        link(&format!("{}{line}", (paths.shown)(copy.root.as_deref(), &copy.path)), copy.root.as_deref(), &copy.path);
    let date = copy.date.map_or_else(String::new, |date| format!(", {date}"));
    let (lang, title) = (tag(&copy.title), escape(&copy.title));
    writeln!(out, "<li lang=\"{lang}\"><span lang=\"en\">nearly the same</span>{place}, {title}{date}</li>")
}

/// Returns a text as a link to a file, if there is one.
fn link(text: &str, root: Option<&Path>, path: &Path) -> String {
    match root {
        Some(root) => format!("<a href=\"file://{}\">{}</a>", encoded(&root.join(path)), escape(text)),
        None => escape(text).into_owned(),
    }
}

/// Returns what is quoted of a hit, with marks around what was found.
fn marked(hit: &Hit, extent: Extent) -> String {
    let (text, highlights) = quotation(hit, extent);
    let html = |stretch| match stretch {
        Stretch::Plain(text) => escape(text).into_owned(),
        Stretch::Found(text) => format!("<mark>{}</mark>", escape(text)),
    };
    stretches(text, highlights).into_iter().map(html).collect()
}

/// Returns a text as HTML that says just this text, in an element or in an attribute.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let text = printable(text);
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_is_text() {
        for (text, expected) in [
            ("停火谈判", "停火谈判"),
            ("«мир»", "«мир»"),
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("\" onclick=\"x", "&quot; onclick=&quot;x"),
            ("AT&amp;T", "AT&amp;amp;T"),
            ("a\n\u{202e}b\0", "a \u{fffd}b\u{fffd}"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn headings_are_said_once() {
        let section = |headings: &str| headings.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (own, before, expected) in [
            ("一、 （二）", "", "一、 › （二）"),
            ("一、 （二）", "一、 （一）", "… › （二）"),
            ("Глава Статья", "Глава Статья", ""),
            ("One", "Two", "One"),
            ("", "One", ""),
        ] {
            assert_eq!(heading(&section(own), &section(before)), expected);
        }
    }

    #[test]
    fn the_policy_lets_the_style_in() {
        assert_eq!(STYLE_HASH, sha256_base64(STYLE.as_bytes()));
        assert!(!STYLE.contains('<') && !STYLE.contains("url("));
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_tag(text in "([<>&\"'=/]|script|停火|мир|\\PC){0,20}") {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
        }
    }

    /// SHA-256 (FIPS 180-4) in Base64, as a policy names a style.
    fn sha256_base64(bytes: &[u8]) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(sha256(bytes))
    }

    fn sha256(bytes: &[u8]) -> Vec<u8> {
        let primes: Vec<u32> = (2..312).filter(|n| (2..*n).all(|d| n % d > 0)).collect();
        let fraction = |root: f64| ((root - root.floor()) * 2f64.powi(32)) as u32;
        let rounds: Vec<u32> = primes.iter().map(|&prime| fraction(f64::from(prime).cbrt())).collect();
        let mut state: Vec<u32> = primes[..8].iter().map(|&prime| fraction(f64::from(prime).sqrt())).collect();
        let mut message = [bytes, &[0x80]].concat();
        message.resize(message.len().next_multiple_of(64) + if message.len() % 64 > 56 { 64 } else { 0 }, 0);
        let end = message.len() - 8;
        message[end..].copy_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
        for block in message.chunks_exact(64) {
            let next = compress(&state, block, &rounds);
            state.iter_mut().zip(next).for_each(|(word, next)| *word = word.wrapping_add(next));
        }
        state.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    fn compress(state: &[u32], block: &[u8], rounds: &[u32]) -> Vec<u32> {
        let turned = |word: u32, by: [u32; 3]| by.iter().fold(0, |all, &by| all ^ word.rotate_right(by));
        let mut words: Vec<u32> =
            block.chunks_exact(4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]])).collect();
        for at in 16..64 {
            let (near, far) = (words[at - 2], words[at - 15]);
            let near = near.rotate_right(17) ^ near.rotate_right(19) ^ (near >> 10);
            let far = far.rotate_right(7) ^ far.rotate_right(18) ^ (far >> 3);
            words.push(words[at - 16].wrapping_add(far).wrapping_add(words[at - 7]).wrapping_add(near));
        }
        let mut s = state.to_vec();
        for (word, round) in words.iter().zip(rounds) {
            let choice = (s[4] & s[5]) ^ (!s[4] & s[6]);
            let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
            let one =
                [turned(s[4], [6, 11, 25]), choice, *round, *word].iter().fold(s[7], |sum, n| sum.wrapping_add(*n));
            let two = turned(s[0], [2, 13, 22]).wrapping_add(majority);
            s.rotate_right(1);
            s[4] = s[4].wrapping_add(one);
            s[0] = one.wrapping_add(two);
        }
        s
    }
}
