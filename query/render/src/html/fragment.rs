//! An answer as a fragment of HTML, to stand in a page that is not ours: a
//! cell of a notebook, a page of a web app.
//!
//! The page decides fonts and colours; light or dark, the fragment takes them
//! over. Its classes begin with `svod`, but for two by which notebooks leave it
//! alone that would read `$` as mathematics. There is no script and nothing is
//! loaded; all that comes from documents and from the query is escaped. The style
//! is apart ([`FRAGMENT_STYLE`]): a page has it once, from where its policy wants
//! it, and the fragment can be read without it.

use std::io::{self, Write};

use svod_query::{Answer, Hit, NearCopy, Neighbour, Unknown, Warning, WarningPlace};

use super::super::language::tag;
use super::super::report::{OpenArticle, caveats, place, totals};
use super::super::text::{Extent, byline};
use super::super::writer::{AnswerWriter, write_by_article};
use super::{escape, heading, marked};

/// What fragments look like: a style sheet for a `<style>` element or a file of the page.
pub const FRAGMENT_STYLE: &str = include_str!("fragment.css");

const START: &str = "<div class=\"svod tex2jax_ignore mathjax_ignore\">";

/// Writes fragments of a page: how much was found, what was mended, and the hits by article.
///
/// ```
/// use svod_render::{AnswerWriter, HTML_FRAGMENT_STYLE, HtmlFragment};
/// # fn page(answer: &svod_query::Answer) -> std::io::Result<Vec<u8>> {
/// let mut page = format!("<style>{HTML_FRAGMENT_STYLE}</style>").into_bytes();
/// HtmlFragment::new(&mut page).answer("乌克兰 停火", answer)?;
/// # Ok(page)
/// # }
/// ```
pub struct HtmlFragment<'w> {
    out: &'w mut dyn Write,
    extent: Extent,
    article: Option<OpenArticle>,
}

impl<'w> HtmlFragment<'w> {
    /// Returns a writer of snippets.
    pub fn new(out: &'w mut dyn Write) -> HtmlFragment<'w> {
        HtmlFragment { out, extent: Extent::Snippet, article: None }
    }

    /// Sets how much of a passage is shown.
    #[must_use]
    pub fn extent(self, extent: Extent) -> HtmlFragment<'w> {
        HtmlFragment { extent, ..self }
    }

    /// Writes a fragment of one hit alone.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn one_hit(&mut self, hit: &Hit) -> io::Result<()> {
        writeln!(self.out, "{START}")?;
        self.hit(hit)?;
        self.end_article()?;
        writeln!(self.out, "</div>")
    }

    fn end_article(&mut self) -> io::Result<()> {
        let Some(article) = self.article.take() else { return Ok(()) };
        if let Some(more) = article.more {
            write_line(self.out, "svod-faint", "en", &more)?;
        }
        writeln!(self.out, "</div>")
    }
}

/// A fragment for each answer, in which the hits of an article stand together.
impl AnswerWriter for HtmlFragment<'_> {
    fn begin(&mut self, query: &str, answer: &Answer) -> io::Result<()> {
        self.article = None;
        writeln!(self.out, "{START}")?;
        let (lang, shown) = (tag(query), escape(query));
        writeln!(self.out, "<div class=\"svod-total\"><b lang=\"{lang}\">{shown}</b> · {}</div>", totals(answer))?;
        caveats(answer).into_iter().try_for_each(|caveat| write_line(self.out, "svod-faint", "en", caveat))?;
        answer.warnings.iter().try_for_each(|warning| write_warning(self.out, query, warning))?;
        answer.unknown.iter().try_for_each(|unknown| write_unknown(self.out, unknown))
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        if !self.article.as_ref().is_some_and(|article| article.has(hit)) {
            self.end_article()?;
            writeln!(self.out, "<div class=\"svod-article\">")?;
            write_text(self.out, "svod-title", &hit.title)?;
            write_text(self.out, "svod-faint", &byline(&hit.authors, &hit.appeared, hit.date))?;
        }
        let article = self.article.get_or_insert_with(|| OpenArticle::of(hit));
        let heading = heading(&hit.section, &article.section);
        article.section.clone_from(&hit.section);
        write_hit(self.out, hit, &heading, self.extent)
    }

    fn end(&mut self, _: &Answer) -> io::Result<()> {
        self.end_article()?;
        writeln!(self.out, "</div>")
    }

    fn answer(&mut self, query: &str, answer: &Answer) -> io::Result<()> {
        write_by_article(self, query, answer)
    }
}

fn write_hit(out: &mut dyn Write, hit: &Hit, heading: &str, extent: Extent) -> io::Result<()> {
    let (path, place) = (hit.path.to_string_lossy(), place(hit));
    // Pages of others cannot open files: where it lies is told to who points at it.
    let file = hit.file().map_or_else(String::new, |file| format!(" title=\"{}\"", escape(&file.to_string_lossy())));
    writeln!(
        out,
        "<div class=\"svod-hit\">\n<div class=\"svod-place\"><b>{}</b> <span><code{file}>{}</code></span> <span>{}</span> \
        <span class=\"svod-id\"><code>{}</code></span></div>",
        hit.rank,
        escape(&path),
        escape(&place),
        hit.id
    )?;
    write_text(out, "svod-faint", heading)?;
    write_neighbours(out, &hit.before)?;
    writeln!(out, "<blockquote lang=\"{}\">{}</blockquote>", tag(&hit.text), marked(hit, extent))?;
    write_neighbours(out, &hit.after)?;
    if let Some(cited) = &hit.cited {
        write_note(out, "cited in", &cited.text)?;
    }
    hit.notes.iter().try_for_each(|note| write_note(out, "note", &note.text))?;
    hit.copies.iter().try_for_each(|copy| write_copy(out, copy))?;
    writeln!(out, "</div>")
}

fn write_neighbours(out: &mut dyn Write, neighbours: &[Neighbour]) -> io::Result<()> {
    neighbours.iter().try_for_each(|neighbour| write_text(out, "svod-note", &neighbour.text))
}

fn write_note(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    let (lang, text) = (tag(text), escape(text));
    writeln!(out, "<div class=\"svod-note\" lang=\"{lang}\"><i lang=\"en\">{name}</i> {text}</div>")
}

fn write_copy(out: &mut dyn Write, copy: &NearCopy) -> io::Result<()> {
    let line = copy.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
    let date = copy.date.map_or_else(String::new, |date| format!(", {date}"));
    write_note(out, "nearly the same", &format!("{}{line}, {}{date}", copy.path.to_string_lossy(), copy.title))
}

fn write_warning(out: &mut dyn Write, query: &str, warning: &Warning) -> io::Result<()> {
    let message = match warning.place {
        WarningPlace::Query => {
            let place = query.get(warning.range.clone()).unwrap_or_default();
            format!("warning: {} (`{place}`)", warning.message)
        }
        WarningPlace::Filter => format!("warning: in the filter: {}", warning.message),
    };
    write_line(out, "svod-faint", "en", &message)
}

fn write_unknown(out: &mut dyn Write, unknown: &Unknown) -> io::Result<()> {
    let nearest: Vec<String> =
        unknown.nearest.iter().map(|known| format!("{} ({})", known.word, known.passages)).collect();
    let nearest = if nearest.is_empty() { String::new() } else { format!("; nearest: {}", nearest.join(", ")) };
    write_line(out, "svod-faint", "en", &format!("not in the index: {}{nearest}", unknown.word))
}

/// Writes a text of a document as a line, unless there is none.
fn write_text(out: &mut dyn Write, class: &str, text: &str) -> io::Result<()> {
    if text.is_empty() { Ok(()) } else { write_line(out, class, tag(text), text) }
}

fn write_line(out: &mut dyn Write, class: &str, lang: &str, text: &str) -> io::Result<()> {
    writeln!(out, "<div class=\"{class}\" lang=\"{lang}\">{}</div>", escape(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use svod_query::Request;

    use super::*;
    use crate::test_index::index_of;

    /// All that a fragment may have between `<` and `>`, beside the tags that have a language.
    const TAGS: [&str; 14] = [
        "div",
        "/div",
        "span",
        "/span",
        "b",
        "/b",
        "/i",
        "code",
        "/code",
        "/blockquote",
        "mark",
        "/mark",
        "span class=\"svod-id\"",
        START,
    ];
    const CLASSES: [&str; 5] = ["svod-article", "svod-title", "svod-faint", "svod-hit", "svod-note"];

    fn fragment(article: &str, request: &Request) -> String {
        let answer = index_of("<i>停火.md", article).search(request).unwrap();
        let mut html = Vec::new();
        HtmlFragment::new(&mut html).answer(&request.query, &answer).unwrap();
        for hit in &answer.hits {
            HtmlFragment::new(&mut html).extent(Extent::Whole).one_hit(hit).unwrap();
        }
        String::from_utf8(html).unwrap()
    }

    /// Checks that a fragment has no tags but its own, that each is closed, and that quotation marks are too.
    fn check_tags(html: &str) {
        let mut open = Vec::new();
        for part in html.split('<').skip(1) {
            let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("not closed: {part}"));
            assert!(!text.contains(['>', '"', '\'']), "{text}");
            let languages = ["", "zh-Hans", "zh-Hant", "ru", "uk", "en"];
            let tag = if tag.starts_with("code title=\"/") && tag.matches('"').count() == 2 { "code" } else { tag };
            let known = TAGS.iter().any(|known| known.trim_matches(['<', '>']) == tag)
                || languages.iter().any(|lang| {
                    let is = |start: &str| tag == format!("{start} lang=\"{lang}\"");
                    is("b")
                        || is("i")
                        || is("blockquote")
                        || is("div class=\"svod-note\"")
                        || is("div class=\"svod-faint\"")
                        || is("div class=\"svod-title\"")
                })
                || CLASSES
                    .iter()
                    .chain(&["svod-place", "svod-total"])
                    .any(|class| tag == format!("div class=\"{class}\""));
            assert!(known, "{tag}");
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
                None => open.push(tag.split(' ').next().unwrap_or_default()),
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn what_was_found_is_marked_in_its_language() {
        for (article, query, expected) in [
            (
                "# 标题\n\n乌克兰停火谈判",
                "停火",
                "<blockquote lang=\"zh-Hans\">乌克兰<mark>停火</mark>谈判</blockquote>",
            ),
            (
                "看不見的動脈：海底電纜",
                "海底电缆",
                "<blockquote lang=\"zh-Hant\">看不見的動脈：<mark>海底電纜</mark></blockquote>",
            ),
            ("Мир и война", "мира", "<blockquote lang=\"ru\"><mark>Мир</mark> и война</blockquote>"),
            (
                "A cease-fire & talks",
                "talk",
                "<blockquote lang=\"en\">A cease-fire &amp; <mark>talks</mark></blockquote>",
            ),
            (
                "# 标题\n\n停火",
                "停火 <b>",
                "<b lang=\"zh-Hans\">停火 &lt;b&gt;</b> · 2 of 2 passages, from 1 article</div>",
            ),
            ("# 标题\n\n停火", "停火", "lang=\"zh-Hans\">标题</div>"),
            ("停火 $5 $6", "停火", "mathjax_ignore"),
            ("преамбула", "преамбулла", "not in the index: преамбулла; nearest: преамбула (1)</div>"),
            ("停火", "停火 (<i>", "end of the query (`(&lt;i&gt;`)</div>"),
        ] {
            let html = fragment(article, &Request::new(query));
            assert!(html.contains(expected), "{html}");
            check_tags(&html);
        }
    }

    #[test]
    fn a_style_for_its_own_classes_alone() {
        for rule in FRAGMENT_STYLE.lines() {
            assert!(rule.starts_with(".svod ") && rule.ends_with(" }"), "{rule}");
            let selector = rule.split('{').next().unwrap_or_default();
            assert!(!selector.contains(','), "each has the class before it: {rule}");
        }
        assert!(!FRAGMENT_STYLE.contains(['<', '@', '\\']) && !FRAGMENT_STYLE.contains("url("));
    }

    proptest! {
        // Each case writes an index.
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn no_text_becomes_a_tag(title in "\\PC{0,9}", text in "([<>&\"'=/\\[\\^]|script|onload=|\\[\\^1\\]|мир|\\PC){0,20}") {
            let article = format!("---\ntitle: {title}\nauthors: [{title}<b>]\n---\n\n# {text}\n\n停火 {text}[^1]\n\n[^1]: {text}\n");
            let request = Request::new(format!("停火 {text}")).before(1).after(1).notes(svod_query::Notes::Read);
            check_tags(&fragment(&article, &request));
        }
    }
}
