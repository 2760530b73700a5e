//! A report as a page of HTML that can be saved, printed or sent.
//!
//! It needs nothing beside itself: the style is inside, there is no script,
//! and its policy forbids to load anything. All that comes from documents is
//! escaped. Works in light and in dark, on paper, and at the width of a phone.

mod fragment;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

pub use fragment::{FRAGMENT_STYLE, HtmlFragment};
use svod_query::{Answer, Hit, NearCopy, Neighbour, Shown};
use svod_store::layout::file_of;
use svod_text::printable;

use super::language::tag;
use super::paint::encoded;
use super::report::{OpenArticle, Stretch, caveats, place, quotation, stretches, totals};
use super::text::{Extent, Paths, byline};
use super::writer::{AnswerWriter, write_by_article};

const STYLE: &str = include_str!("html/page.css");
/// The policy lets this style in and nothing else: its SHA-256. A test holds it.
const STYLE_HASH: &str = "1ScMqAxEv7H5J0+lop3gWJdM0X8UB3Pr0wTSBtUCE9Y=";

/// Writes a report as a page of HTML.
pub struct Html<'w> {
    out: &'w mut dyn Write,
    extent: Extent,
    paths: Paths,
    article: Option<OpenArticle>,
}

impl<'w> Html<'w> {
    /// Returns a writer of snippets.
    pub fn new(out: &'w mut dyn Write) -> Html<'w> {
        Html { out, extent: Extent::Snippet, paths: Paths::default(), article: None }
    }

    /// Sets how much of a passage is shown.
    #[must_use]
    pub fn extent(self, extent: Extent) -> Html<'w> {
        Html { extent, ..self }
    }

    /// Sets how paths are shown.
    #[must_use]
    pub fn paths(self, paths: &Paths) -> Html<'w> {
        Html { paths: paths.clone(), ..self }
    }

    /// Writes a page with a passage that was asked for by its id, with its neighbours and notes.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn shown(&mut self, shown: &Shown) -> io::Result<()> {
        self.open(&shown.hit.title)?;
        self.write(&shown.hit, Extent::Whole)?;
        self.end_article()?;
        self.close()
    }

    /// Writes a hit, in the element of its article.
    fn write(&mut self, hit: &Hit, extent: Extent) -> io::Result<()> {
        if !self.article.as_ref().is_some_and(|article| article.has(hit)) {
            self.end_article()?;
            write_heading(self.out, hit, &self.paths)?;
        }
        let article = self.article.get_or_insert_with(|| OpenArticle::of(hit));
        let heading = heading(&hit.section, &article.section);
        article.section.clone_from(&hit.section);
        write_hit(self.out, hit, &heading, extent, &self.paths)
    }

    fn end_article(&mut self) -> io::Result<()> {
        let Some(article) = self.article.take() else { return Ok(()) };
        if let Some(more) = article.more {
            writeln!(self.out, "<p class=\"more\">{more}</p>")?;
        }
        writeln!(self.out, "</article>")
    }
}

/// A page with any number of answers, in which the hits of an article stand together.
impl AnswerWriter for Html<'_> {
    fn open(&mut self, title: &str) -> io::Result<()> {
        let title = escape(title);
        write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
            <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; \
            base-uri 'none'; form-action 'none'\">\n\
            <meta name=\"referrer\" content=\"no-referrer\">\n\
            <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
            <meta name=\"generator\" content=\"svod\">\n\
            <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        )
    }

    fn begin(&mut self, query: &str, answer: &Answer) -> io::Result<()> {
        self.article = None;
        let (lang, shown) = (tag(query), escape(query));
        writeln!(self.out, "<header>\n<h1 lang=\"{lang}\">{shown}</h1>\n<p>{}</p>", totals(answer))?;
        caveats(answer).into_iter().try_for_each(|caveat| writeln!(self.out, "<p>{caveat}</p>"))?;
        writeln!(self.out, "</header>")
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.write(hit, self.extent)
    }

    fn end(&mut self, _: &Answer) -> io::Result<()> {
        self.end_article()
    }

    fn close(&mut self) -> io::Result<()> {
        self.out.write_all(b"</body>\n</html>\n")
    }

    fn answer(&mut self, query: &str, answer: &Answer) -> io::Result<()> {
        write_by_article(self, query, answer)
    }
}

/// Begins the element of an article.
fn write_heading(out: &mut dyn Write, hit: &Hit, paths: &Paths) -> io::Result<()> {
    writeln!(out, "<article>")?;
    write_element(out, "h2", "", &hit.title)?;
    write_element(out, "p", "byline", &byline(&hit.authors, &hit.appeared, hit.date))?;
    let file = link(&paths.shown(hit.root.as_deref(), &hit.path), hit.root.as_deref(), &hit.path);
    writeln!(out, "<p class=\"file\">{file}</p>")
}

/// Returns the headings of a hit, outermost first, without those that the hit before it has too.
fn heading(section: &[String], before: &[String]) -> String {
    let shared = section.iter().zip(before).take_while(|(one, other)| one == other).count();
    let omitted = (shared > 0 && shared < section.len()).then_some("…");
    omitted.into_iter().chain(section[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join(" › ")
}

fn write_hit(out: &mut dyn Write, hit: &Hit, heading: &str, extent: Extent, paths: &Paths) -> io::Result<()> {
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
fn write_notes(out: &mut dyn Write, hit: &Hit, paths: &Paths) -> io::Result<()> {
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

fn write_copy(out: &mut dyn Write, copy: &NearCopy, paths: &Paths) -> io::Result<()> {
    let line = copy.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
    let place =
        link(&format!("{}{line}", paths.shown(copy.root.as_deref(), &copy.path)), copy.root.as_deref(), &copy.path);
    let date = copy.date.map_or_else(String::new, |date| format!(", {date}"));
    let (lang, title) = (tag(&copy.title), escape(&copy.title));
    writeln!(out, "<li lang=\"{lang}\"><span lang=\"en\">nearly the same</span>{place}, {title}{date}</li>")
}

/// Returns a text as a link to a file, if there is one.
fn link(text: &str, root: Option<&Path>, path: &Path) -> String {
    match root {
        Some(root) => format!("<a href=\"file://{}\">{}</a>", encoded(&file_of(root, path)), escape(text)),
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
