//! Every document takes time in proportion to its length.
//!
//! Each shape is a text that could make a reader look at the same bytes again and
//! again. It is read and indexed like any file, at one length and at twice that
//! length; the second must not take three times as long. Measured is the CPU time
//! of this thread, so that a busy machine does not matter.

use std::fs;
use std::time::Instant;

use svod_store::schema::{self, ArticleKey, ArticleName, ArticleRecord, Outcome, Reading, Record, RecordKey};
use svod_text::article::{Article, Syntax, parse};
use tantivy::Index;
use zip::CompressionMethod;

use super::samples::pack;
use crate::build::write_segment::{SegmentOfRun, WriteSegment};
use crate::reading::formats::{Format, understand};
use crate::reading::memory::Account;
use crate::reading::{Bounds, encoding};

/// Shorter times are not compared: a shape that takes no longer at [`MOST_BYTES`] is quick enough.
const LEAST_SECONDS: f64 = 0.05;
const MOST_BYTES: usize = 4 << 20;
const FIRST_BYTES: usize = 16 << 10;
/// The number of times that a bad measurement is repeated; the shortest counts.
const TRIES: usize = 5;
/// The highest ratio of the time for twice the length to that for once.
const MOST_RATIO: f64 = 3.0;

/// A part of a shape.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// Once.
    Once(&'static str),
    /// Repeated to fill the shape, or its share of it.
    Many(&'static str),
    /// Repeated, with another word for each `#`.
    Each(&'static str),
    /// Repeated, each time indented one step further.
    Stairs(&'static str, &'static str),
}

use Part::{Each, Many, Once, Stairs};

impl Part {
    fn write(self, bytes: usize, text: &mut String) {
        let end = text.len() + bytes;
        match self {
            Once(once) => text.push_str(once),
            Many(many) => text.push_str(&many.repeat((bytes / many.len()).max(1))),
            Each(each) => {
                let mut words = (0..).map(word);
                while text.len() < end {
                    text.push_str(&each.replace('#', &words.next().unwrap()));
                }
            }
            Stairs(indent, step) => {
                let steps = (1..).take_while(|steps| steps * steps * indent.len() / 2 < bytes);
                steps.for_each(|steps| text.push_str(&(indent.repeat(steps) + step)));
            }
        }
    }
}

/// Returns a word for a number: `Aa`, `Ab`.
fn word(mut number: usize) -> String {
    let mut word = String::from("A");
    while word.len() < 2 || number > 0 {
        word.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    word
}

fn shape(parts: &[Part], bytes: usize) -> String {
    let shares = parts.iter().filter(|part| !matches!(part, Once(_))).count().max(1);
    let mut text = String::new();
    parts.iter().for_each(|part| part.write(bytes / shares, &mut text));
    text
}

/// Reads and indexes a document, which may also be refused.
fn read(format: Format, bytes: Vec<u8>) {
    let text = |syntax| encoding::decode(bytes.clone()).map(|decoded| parse(&decoded.text, syntax)).unwrap_or_default();
    let article = match format {
        Format::Markdown => text(Syntax::Markdown),
        Format::Text => text(Syntax::Plain),
        _ => {
            let mut bounds = Bounds { memory: Account::of(usize::MAX).open(), is_interrupted: &|| false };
            understand(None, bytes, format, &mut bounds).map(|read| read.article).unwrap_or_default()
        }
    };
    index(article);
}

fn index(article: Article) {
    let record = ArticleRecord {
        key: RecordKey { article: ArticleKey(0), version: 0 },
        name: ArticleName::of_path(b"a"),
        path: b"a".to_vec(),
        size: 0,
        file: svod_store::schema::FileState::default(),
        hash: None,
        rules: 0,
        length: None,
        reading: Reading::default(),
        outcome: Outcome::Indexed,
    };
    let index = Index::builder().schema(schema::schema()).settings(schema::settings()).create_in_ram().unwrap();
    let fields = schema::attach(&index).unwrap();
    let mut segment = SegmentOfRun::begin(&index, fields, 16 << 20).unwrap();
    segment.add(Record::of_article(&fields, &record, article)).unwrap();
    segment.close().unwrap();
}

/// Returns the CPU time of this thread on Linux, elsewhere the time since `start`.
fn seconds(start: Instant) -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

fn time(format: Format, document: Vec<u8>) -> f64 {
    let start = Instant::now();
    let begin = seconds(start);
    read(format, document);
    seconds(start) - begin
}

/// Returns a description of what is wrong with a shape, if anything.
fn measure(format: Format, document: impl Fn(usize) -> Vec<u8>) -> Option<String> {
    let time = |bytes| time(format, document(bytes));
    let mut bytes = FIRST_BYTES;
    let mut once = time(bytes);
    while once < LEAST_SECONDS && bytes < MOST_BYTES {
        // The length that would take long enough if time were linear.
        let times = (LEAST_SECONDS / once.max(LEAST_SECONDS / 16.0) * 1.2).ceil() as usize;
        bytes = (bytes * times).min(MOST_BYTES);
        once = time(bytes);
    }
    if once < LEAST_SECONDS {
        return None;
    }
    // One such step can come from a cache that is too small; two cannot.
    let mut told = String::new();
    for bytes in [bytes, bytes * 2] {
        told += &ratio(time, bytes, once)?;
        once = time(bytes * 2);
    }
    Some(told)
}

/// Returns a description if twice the length takes too much longer. `once` is a first measurement of the length.
fn ratio(time: impl Fn(usize) -> f64, bytes: usize, mut once: f64) -> Option<String> {
    let mut twice = f64::INFINITY;
    for _ in 0..TRIES {
        twice = twice.min(time(bytes * 2));
        if twice < once * MOST_RATIO {
            return None;
        }
        once = once.min(time(bytes));
    }
    Some(format!(" {bytes} bytes {once:.3} s, twice that {twice:.3} s"))
}

fn check(format: Format, shapes: &[&[Part]], document: impl Fn(&str) -> Vec<u8>) {
    let bad = |parts: &&[Part]| {
        let told = measure(format, |bytes| document(&shape(parts, bytes)))?;
        Some(format!("{} {parts:?}: {told}", format.name()))
    };
    let all: Vec<String> = shapes.iter().filter_map(bad).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// Shapes of running text in any format.
const TEXTS: &[&[Part]] = &[
    &[Many("a")],
    &[Many("停")],
    &[Many("停火。")],
    &[Many("a ")],
    &[Many("a-")],
    &[Many("1-")],
    &[Many("a.")],
    &[Many("a1")],
    &[Many("1")],
    &[Many("一")],
    &[Many("第一条")],
    &[Many("e\u{301}")],
    &[Once("e"), Many("\u{301}")],
    &[Many("👩‍👩‍👧 ")],
    &[Many("🏳️‍🌈")],
    &[Many("\u{ad}")],
    &[Many("\u{200b}")],
    &[Many("«")],
    &[Many("(")],
    &[Many("ﬃ")],
    &[Many("\u{fffd}")],
    &[Many("2025年")],
    &[Many("1 мая 2025, ")],
    &[Many("2025-03-")],
    &[Many("May ")],
    &[Many("第")],
    &[Many("[1]")],
    &[Many("①")],
    &[Once("第一条之"), Many("一")],
];

/// Shapes of lines, in Markdown and in plain text.
const LINES: &[&[Part]] = &[
    &[Many("\n")],
    &[Many(" ")],
    &[Many("\r")],
    &[Many("\u{c}")],
    &[Many("a\n")],
    &[Many("停\n")],
    &[Many("a\n\n")],
    &[Many("的\n\n")],
    &[Many("слово-\n")],
    &[Many("слово\u{ad}\n")],
    &[Many("сло\u{ad}во\n")],
    &[Many("слово-\n\n[1] a\n\n")],
    &[Once("a\n\n---\n\n"), Many("слово-\n\n---\n\n")],
    &[Many("a\n\n---\n\n[1] b\n\n")],
    &[Many("停，\n\n\u{c}")],
    &[Many("a "), Many("\u{c}")],
    &[Many("\u{c}1\n\n")],
    &[Each("[#] a\n\n")],
    &[Many("[1] a\n\n")],
    &[Many("① a\n")],
    &[Many("a[1]\n\n")],
    &[Many("a[1]"), Many("\n\n[1] a")],
    &[Many("第一条 法。\n\n")],
    &[Many("第一条 法。\n\n（一）甲；\n\n")],
    &[Once("第一条 法。\n\n"), Many("（一）甲；\n\n")],
    &[Once("第一条之"), Many("一"), Once(" 法。\n\n"), Many("甲\n\n")],
    &[Many("一、甲\n\n")],
    &[Many("Глава 1\n\n")],
    &[Each("1.1 #\n\ntext\n\n")],
    &[Many("作者：林舟\n\n")],
    &[Once("# a\n\n作者："), Each("张#、"), Once("\n\n"), Many("b\n\n")],
    &[Once("# a\n\n【关键词】"), Each("#；"), Once("\n\n"), Many("b\n\n")],
    &[Once("# a\n\n【作者简介】"), Each("#，b；"), Once("\n\n"), Many("b\n\n")],
    &[Once("# a\n\n来源：《"), Many("第"), Once("》2025年第2期\n\n")],
    &[Once("# a\n\n来源：a"), Many("no. "), Once("\n\n")],
    &[Once("# a\n\nJournal: "), Many("40(2"), Once("\n\n")],
    &[Once("# a\n\n"), Many("1 мая 2025 ")],
];

const MARKDOWN: &[&[Part]] = &[
    &[Many("[")],
    &[Many("![")],
    &[Many("[a](")],
    &[Many("[a][b]")],
    &[Many("["), Many("](a)")],
    &[Many("[a]: b\n")],
    &[Many("[a]: b \"c\n")],
    &[Each("[#]: b\n\n[#]\n\n")],
    &[Once("[a]: "), Many("b"), Once("\n\n"), Many("[a] ")],
    &[Many("*")],
    &[Many("**a")],
    &[Many("*a _b ")],
    &[Many("_a__")],
    &[Many("*a "), Many("b_ ")],
    &[Many("`")],
    &[Many("`a``b")],
    &[Many("```\n")],
    &[Once("```\n"), Many("a\n")],
    &[Many("<")],
    &[Many("<a ")],
    &[Many("<a b=\"c ")],
    &[Many("x <!-- ")],
    &[Many("x <? ")],
    &[Many("x <![CDATA[ ")],
    &[Many("x <!A ")],
    &[Many("<!-- a -->\n")],
    &[Once("<!--\n"), Many("a\n")],
    &[Many("<div>\n")],
    &[Once("<div>\n"), Many("a<b\n")],
    &[Many("<!-- page 1 -->\n\n")],
    &[Many("&")],
    &[Many("&amp;")],
    &[Many("\\")],
    &[Many("|")],
    &[Many("|a"), Once("\n"), Many("|-"), Once("\n"), Many("|\n")],
    &[Once("a|b\n-|-\n"), Many("c|d\n")],
    &[Many("a|b\n-|-\nc|d\n\n")],
    &[Many("> ")],
    &[Many("- ")],
    &[Many("1. ")],
    &[Many(">"), Once("a\n"), Many("a\n")],
    &[Many("> - "), Once("a\n"), Many("> a\n")],
    &[Many("- "), Once("a\n"), Many("a\n")],
    &[Many("- "), Once("a\n"), Many("\n")],
    &[Many("1. "), Once("a\n"), Many("b\n\n")],
    &[Stairs("  ", "- a\n"), Many("b\n")],
    &[Stairs("    ", "[^a]: b\n\n"), Many("b\n")],
    &[Many("- a\n\n  b\n")],
    &[Many("# a\n")],
    &[Each("## #\n\na\n\n")],
    &[Once("# "), Many("a "), Once("\n\n"), Many("b\n\n")],
    &[Once("# "), Each("# "), Once("\n\n"), Many("b\n\n")],
    &[Once("# a\n\n# "), Each("# "), Once("\n\n"), Many("b\n\n")],
    &[Once("# a\n\n# "), Many("b "), Once("\n\n"), Each("## #\n\nb\n\n")],
    &[Many("a\n---\n")],
    &[Many("a\n"), Once("===\n")],
    &[Many("---\n")],
    &[Many("a[^1] ")],
    &[Each("a[^#]\n\n[^#]: b\n\n")],
    &[Each("a[^#] "), Once("\n\n"), Each("[^#]: b\n\n")],
    &[Many("[^1]: a\n\n")],
    &[Once("[^"), Many("a"), Once("]: b\n\n"), Many("    c\n\n")],
    &[Many("停<sup>[1]</sup>")],
    &[Many("停<sup>1,2</sup>\n")],
    &[Many("<sup>")],
    &[Many("a  \n")],
    &[Many("a<br>")],
];

const FRONT_MATTER: &[&[Part]] = &[
    &[Once("---\na: b\n"), Each("#: b\n"), Once("---\n\na\n")],
    &[Once("---\nauthors:\n"), Each("- Ann #\n"), Once("---\n\na\n")],
    &[Once("---\nauthors: ["), Each("Ann #, "), Once("]\n---\n\na\n")],
    &[Once("---\nauthors: ["), Each("Ann #, "), Once("]\n---\n\n"), Many("a\n\n")],
    &[Once("---\nkeywords: ["), Each("#, "), Once("]\n---\n\n"), Many("a\n\n")],
    &[Once("---\nauthor: "), Many("a "), Once("\n---\n\n"), Many("a\n\n")],
    &[Once("---\ntitle: "), Many("a "), Once("\n---\n\n"), Many("a\n\n")],
    &[Once("---\n"), Many("a"), Once(": b\n"), Many("- c\n"), Once("---\n\na\n")],
    &[Once("---\na: b\n"), Many("date: 2025年\n"), Once("---\n\na\n")],
    &[Once("---\na: b\n"), Many("source: no. no. 第第\n"), Once("---\n\na\n")],
    &[Once("---\na: b\n"), Many("---\n")],
    &[Once("---\na: "), Many("\"'["), Once("\n---\n\na\n")],
];

const HTML: &[&[Part]] = &[
    &[Many("<")],
    &[Many("</")],
    &[Many("<p")],
    &[Many("<p>a")],
    &[Many("<p a=\">\" ")],
    &[Many("<p a=\">' ")],
    &[Many("<p a='>")],
    &[Many("<p>a<p b=\"c")],
    &[Many("<!--")],
    &[Many("<!-- a --")],
    &[Many("a<!-- b<p>")],
    &[Many("<!-->")],
    &[Many("<!")],
    &[Many("<![CDATA[")],
    &[Many("<!DOCTYPE \"")],
    &[Many("<?")],
    &[Many("&")],
    &[Many("&a")],
    &[Many("&#1")],
    &[Many("&CounterClockwiseContourIntegra")],
    &[Many("<script>")],
    &[Many("<script><!--<script></script>")],
    &[Many("<style></styl")],
    &[Many("<textarea>")],
    &[Many("<title>")],
    &[Many("<title>a</title>")],
    &[Once("<title>"), Many("a "), Once("</title>"), Many("<p>b")],
    &[Once("<p "), Many("a "), Once(">b")],
    &[Once("<p "), Each("#=# "), Once(">b")],
    &[Once("<"), Many("a"), Once(">b")],
    &[Many("<div>")],
    &[Many("<div>a")],
    &[Many("<div>"), Many("a</div>")],
    &[Many("<div>"), Many("</p>")],
    &[Many("<b>a")],
    &[Many("<ul><li>a")],
    &[Many("<blockquote><p>a")],
    &[Many("<span style=\"display:none\">a")],
    &[Many("<svg>")],
    &[Many("<select><option>a")],
    &[Many("<h1>a</h1>")],
    &[Many("<h1>a")],
    &[Each("<h2>#</h2>")],
    &[Each("<h2>#</h2><p>a</p>")],
    &[Each("<h1>#</h1><h2>#</h2><h3>#</h3>")],
    &[Once("<h1>a</h1><h1>"), Many("b "), Once("</h1>"), Each("<h2>#</h2><p>b</p>")],
    &[Many("<table>")],
    &[Many("<table><tr><td>a")],
    &[Once("<table>"), Many("<tr><td>a<td>b")],
    &[Once("<table><tr>"), Many("<td>a")],
    &[Many("<table><tr><td>a<td>b</table>")],
    &[Many("a<br>")],
    &[Many("a<br><br>")],
    &[Many("<br>")],
    &[Once("<pre>"), Many("a\n")],
    &[Once("<pre>"), Many("\n\n ")],
    &[Many("слово-\n")],
    &[Many("сло\u{ad}\n")],
    &[Many("<div class=menu>"), Many("<a href=x>a</a></div>")],
    &[Many("<div><p>The ports, the dues and the lights of the northern islands.</p><a href=x>a</a>")],
    &[Many("<a href=x><p>a</p>")],
    &[Once("<p class='"), Many("ad "), Once("'>a")],
    &[Once("<title>"), Many("a - "), Once("</title>"), Many("<h1>a</h1>")],
    &[Once("<title>"), Many("a - "), Once("</title><h1>"), Many("a b "), Once("</h1>")],
    &[Many("<p>5 марта 2024</p>")],
    &[Many("<time datetime=2024-03-05>a</time>")],
    &[Many("停<sup>1</sup>")],
    &[Many("停<sup>[1]</sup>")],
    &[Many("停<a href=#n>[1]</a>")],
    &[Each("停<a href=##>[1]</a>"), Each("<p id=#>a")],
    &[Many("<sup>1")],
    &[Many("<a href=#n><sup>")],
    &[Once("<a href=#"), Many("n"), Once(">"), Many("停<sup>[1]</sup>")],
    &[Once("<a href=#n>[1]</a><div id="), Many("n"), Once(">"), Many("<p>a")],
    &[Once("<a href=#n>[1]</a>"), Many("<div id=m>"), Many("<p>a")],
    &[Many("<a id=n>")],
    &[Many("<p><a href=#n>[1]</a> a")],
    &[Each("<meta name=author content='Ann #'>")],
    &[Each("<meta name=author content='Ann #'>"), Many("<p>a")],
    &[Once("<meta name=keywords content='"), Each("#,"), Once("'>"), Many("<p>a")],
    &[Once("<meta name=author content='"), Many("a "), Once("'>"), Many("<p>a")],
    &[Many("<meta name=date content=2025>")],
    &[Many("<meta ")],
    &[Many("<article>a")],
    &[Many("<ruby>停<rt>a")],
];

/// Shapes of the parts of a Word document.
const DOCX: &[(&str, &[Part])] = &[
    ("word/document.xml", &[Once("<b>"), Many("<p><r><t>a</t></r></p>")]),
    ("word/document.xml", &[Once("<b><p><r><t>"), Many("a "), Once("</t></r></p></b>")]),
    ("word/document.xml", &[Once("<b><p><r><t>"), Many("&"), Once("</t></r></p></b>")]),
    ("word/document.xml", &[Once("<b><p><r><t>"), Many("&amp;"), Once("</t></r></p></b>")]),
    ("word/document.xml", &[Once("<b><p><r><t>"), Many("<![CDATA[a]]>"), Once("</t></r></p></b>")]),
    ("word/document.xml", &[Once("<b><p>"), Many("<r><t>слово-</t><br/></r>"), Once("</p></b>")]),
    ("word/document.xml", &[Once("<b><p>"), Many("<r><t>а</t><softHyphen/></r>"), Once("</p></b>")]),
    ("word/document.xml", &[Many("<p>")]),
    ("word/document.xml", &[Many("<p></p>")]),
    ("word/document.xml", &[Many("<")]),
    ("word/document.xml", &[Many("<a ")]),
    ("word/document.xml", &[Many("<!--")]),
    ("word/document.xml", &[Once("<b>"), Many("<!-- a -->")]),
    ("word/document.xml", &[Once("<b "), Each("#='#' "), Once("/>")]),
    ("word/document.xml", &[Once("<b><p>"), Many("<footnoteReference id=\"1\"/>"), Once("</p></b>")]),
    ("word/document.xml", &[Once("<b>"), Each("<p><footnoteReference id=\"#\"/></p>")]),
    ("word/document.xml", &[Once("<b>"), Many("<p><pPr><pStyle val=\"1\"/></pPr><r><t>a</t></r></p>")]),
    ("word/document.xml", &[Once("<b>"), Many("<tbl><tr><tc><p><r><t>a</t></r></p></tc></tr></tbl>")]),
    ("word/document.xml", &[Once("<b><tbl>"), Many("<tr><tc><p><r><t>a</t></r></p></tc><tc></tc></tr>")]),
    ("word/document.xml", &[Once("<b><tbl><tr>"), Many("<tc><p><r><t>a</t></r></p></tc>")]),
    ("word/document.xml", &[Once("<b>"), Many("<AlternateContent>")]),
    ("word/document.xml", &[Once("<!DOCTYPE a ["), Many("<!ENTITY a 'a'>"), Once("]><b/>")]),
    ("word/footnotes.xml", &[Once("<b>"), Each("<footnote id=\"#\"><p><r><t>a</t></r></p></footnote>")]),
    ("word/styles.xml", &[Once("<b><style styleId=\""), Many("&"), Once("\"/></b>")]),
    ("word/styles.xml", &[Once("<b>"), Each("<style styleId=\"#\"><name val=\"heading 1\"/></style>")]),
    ("docProps/core.xml", &[Once("<b><creator>"), Each("Ann #; "), Once("</creator></b>")]),
    ("docProps/core.xml", &[Once("<b>"), Many("<keywords>a</keywords>")]),
];

/// Shapes of the parts of a book.
const EPUB: &[(&str, &[Part])] = &[
    ("a.xhtml", &[Many("<p/>")]),
    ("a.xhtml", &[Many("<![CDATA[")]),
    ("a.xhtml", &[Many("<![CDATA[a]]>")]),
    ("a.xhtml", &[Many("<script/>")]),
    ("a.xhtml", &[Many("<title>a")]),
    ("a.xhtml", &[Many("<p a=\">\" ")]),
    ("p.opf", &[Once("<p><manifest><item id='a' href='a.xhtml'/></manifest><spine>"), Many("<itemref idref='a'/>")]),
    (
        "p.opf",
        &[
            Once("<p><manifest>"),
            Each("<item id='#' href='a.xhtml'/>"),
            Once("</manifest><spine>"),
            Each("<itemref idref='#'/>"),
        ],
    ),
    (
        "p.opf",
        &[
            Once("<p><manifest><item id='a' href='"),
            Many("a"),
            Once("'/></manifest><spine>"),
            Many("<itemref idref='a'/>"),
        ],
    ),
    ("p.opf", &[Once("<p><metadata>"), Each("<creator>Ann #</creator>")]),
    ("p.opf", &[Once("<p><metadata>"), Many("<subject>a,b</subject>")]),
    ("META-INF/container.xml", &[Once("<c>"), Many("<rootfile full-path='p.opf'/>")]),
    (
        "META-INF/encryption.xml",
        &[Once("<c>"), Many("<EncryptionMethod Algorithm='http://www.idpf.org/2008/embedding'/>")],
    ),
];

const RTF: &[&[Part]] = &[
    &[Many("停火 ")],
    &[Many("{")],
    &[Many("{}")],
    &[Many("{\\footnote x")],
    &[Many("x{\\footnote\\chftn y}")],
    &[Many("{\\*\\shpinst{\\shptxt x")],
    &[Many("{\\upr{\\*\\ud")],
    &[Many("x\\par ")],
    &[Many("x\\cell ")],
    &[Many("\\row")],
    &[Many("\\u1052?")],
    &[Many("\\'d6")],
    &[Many("\\'")],
    &[Many("\\*")],
    &[Once("\\bin"), Many("9")],
    &[Once("\\"), Many("a")],
    &[Many("\\f1\\'e9\\f2\\'e9")],
    &[Many("{\\stylesheet{\\s1\\sbasedon1 x;}}")],
    &[Each("{\\fonttbl{\\f1\\fcharset134 #;}}")],
    &[Many("{\\info{\\title x}}")],
    &[Once("\\fromhtml1 "), Many("{\\*\\htmltag <p>}x")],
];

/// Shapes of mails and of their headers.
const MIME: &[&[Part]] = &[
    &[Once("\n"), Many("停火。\n\n")],
    &[Once("\n"), Many("--b\n\nx\n")],
    &[Once("\n"), Many("--b\nContent-Type: multipart/mixed; boundary=b\n\n")],
    &[Once("\n"), Each("--b\nContent-Type: multipart/mixed; boundary=#\n\n")],
    &[Once("\n"), Many("--b\nContent-Type: message/rfc822\n\n")],
    &[Once("\n"), Many("--b\nContent-Type: text/html\n\n<p>x\n")],
    &[Once("\n--b\n"), Many("Content-Type: message/rfc822\n\n")],
    &[Once("\n--b\nContent-Transfer-Encoding: quoted-printable\n\n"), Many("=")],
    &[Once("\n--b\nContent-Transfer-Encoding: quoted-printable\n\n"), Many("= ")],
    &[Once("\n--b\nContent-Transfer-Encoding: base64\n\n"), Many("=")],
    &[Once("\n--b\nContent-Type: text/plain; charset=utf-7\n\n"), Many("+")],
    &[Once("\n--b\n\n"), Many(">")],
    &[Many("A: b\n")],
    &[Once("Subject:"), Many(" =?utf-8?B?5ri?=")],
    &[Once("Subject:"), Many("\n =?utf-8?B?5ri?=")],
    &[Once("Subject:"), Many("=?")],
    &[Once("Subject:"), Many("=?a?b?")],
    &[Once("Content-Disposition: x"), Many(";")],
    &[Once("Content-Disposition: x"), Many(";a=\"")],
];

#[test]
fn rtf() {
    check(Format::Rtf, RTF, |text| format!("{{\\rtf1 {text}").into());
}

#[test]
fn mime() {
    check(Format::Email, MIME, |text| format!("Content-Type: multipart/mixed; boundary=b\n{text}\n").into());
}

#[test]
fn plain_text() {
    check(Format::Text, TEXTS, |text| text.into());
    check(Format::Text, LINES, |text| text.into());
}

#[test]
fn markdown() {
    check(Format::Markdown, LINES, |text| text.into());
    check(Format::Markdown, MARKDOWN, |text| text.into());
    check(Format::Markdown, FRONT_MATTER, |text| text.into());
}

/// Headings are not cut, as paragraphs are.
#[test]
fn long_headings() {
    check(Format::Markdown, &TEXTS[..16], |text| format!("# a\n\n# {text}\n\nb\n").into());
}

#[test]
fn html() {
    check(Format::Html, HTML, |text| text.into());
}

/// Returns an archive with one part of the given text, and the other parts as usual.
fn archive(name: &str, text: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let others = others.iter().filter(|(other, _)| *other != name).map(|&(name, text)| (name, text.as_bytes()));
    let parts: Vec<(&str, &[u8])> = others.chain([(name, text.as_bytes())]).collect();
    // Not compressed: a part that shrinks too much would be refused as a bomb.
    pack(&parts, CompressionMethod::Stored)
}

#[test]
fn docx() {
    for &(name, parts) in DOCX {
        let document = "<b><p><r><t>a</t></r></p></b>";
        check(Format::Docx, &[parts], |text| archive(name, text, &[("word/document.xml", document)]));
    }
    let long = |bytes: usize| "a".repeat(bytes / 3);
    // Styles of long names, or based on one of a long name.
    let styles = |bytes: usize| {
        let (name, based) = (long(bytes), "<style styleId='b'><basedOn val='a'/></style>".repeat(bytes / 3 / 40));
        format!("<b><style styleId='a'><name val='{name}'/><basedOn val='{name}'/></style>{based}</b>")
    };
    let body =
        |bytes: usize| format!("<b>{}</b>", "<p><pPr><pStyle val='a'/></pPr><r><t>a</t></r></p>".repeat(bytes / 150));
    let document = |bytes| {
        let parts = [("word/document.xml", &*body(bytes)), ("word/styles.xml", &*styles(bytes))];
        archive("a", "", &parts)
    };
    assert_eq!(measure(Format::Docx, document), None);
}

#[test]
fn epub() {
    let others = [
        ("META-INF/container.xml", "<c><rootfile full-path='p.opf'/></c>"),
        ("p.opf", "<p><manifest><item id='a' href='a.xhtml'/></manifest><spine><itemref idref='a'/></spine></p>"),
        ("a.xhtml", "<p>a</p>"),
    ];
    for &(name, parts) in EPUB {
        check(Format::Epub, &[parts], |text| archive(name, text, &others));
    }
    // A long chapter that the spine names again and again.
    let document = |bytes: usize| {
        let package = format!(
            "<p><manifest><item id='a' href='a.xhtml'/></manifest><spine>{}",
            "<itemref idref='a'/>".repeat(bytes / 40)
        );
        archive("p.opf", &package, &[others[0], ("a.xhtml", &"a ".repeat(bytes / 4))])
    };
    assert_eq!(measure(Format::Epub, document), None);
}

/// Shapes of an OpenDocument, a presentation, a workbook and a book: the start, what is repeated, the format.
const OFFICE: &[(Format, &str, &str, &[Part])] = &[
    (Format::Odt, "content.xml", "<d><body>", &[Many("<p>")]),
    (Format::Odt, "content.xml", "<d><body>", &[Many("<p>a</p>")]),
    (Format::Odt, "content.xml", "<d><body><p>", &[Many("<note><note-citation>1</note-citation><p>a</p></note>")]),
    (Format::Odt, "content.xml", "<d><body><p>", &[Many("<note><p>")]),
    (Format::Odt, "content.xml", "<d><body>", &[Many("<table><table-row><table-cell><p>a</p>")]),
    (Format::Odt, "content.xml", "<d><body>", &[Many("<frame class='title'><p>a</p></frame>")]),
    (Format::Odt, "content.xml", "<d><body><p>", &[Many("a<s c='900000000'/>")]),
    (
        Format::Odt,
        "content.xml",
        "<d><styles>",
        &[Each("<style name='#' parent-style-name='b'/>"), Once("</styles><body>"), Many("<p style-name='Ab'>a</p>")],
    ),
    (Format::Ods, "content.xml", "<d><body><spreadsheet>", &[Many("<table name='порт'><table-row/></table>")]),
    (
        Format::Ods,
        "content.xml",
        "<d><body><spreadsheet><table>",
        &[Many("<table-row><table-cell><p>a</p></table-cell>")],
    ),
    (Format::Pptx, "ppt/slides/slide1.xml", "<s><sp>", &[Many("<p><t>a</t></p>")]),
    (Format::Pptx, "ppt/slides/slide1.xml", "<s>", &[Many("<sp><ph type='title'/><p><t>a</t></p></sp>")]),
    (Format::Pptx, "ppt/slides/slide1.xml", "<s>", &[Many("<AlternateContent><Choice>")]),
    (Format::Pptx, "ppt/presentation.xml", "<s>", &[Many("<sldId r:id='a'/>")]),
    (Format::Pptx, "ppt/_rels/presentation.xml.rels", "<s>", &[Each("<r Id='#' Type='a' Target='../../a'/>")]),
    (Format::Xlsx, "xl/worksheets/sheet1.xml", "<s>", &[Many("<row><c><v>1</v></c></row>")]),
    (Format::Xlsx, "xl/worksheets/sheet1.xml", "<s><row>", &[Many("<c t='s'><v>0</v></c>")]),
    (Format::Xlsx, "xl/worksheets/sheet1.xml", "<s><row>", &[Many("<c t='inlineStr'><is><t>a b</t></is></c>")]),
    (Format::Xlsx, "xl/sharedStrings.xml", "<s>", &[Many("<si><t>a</t></si>")]),
    (Format::Xlsx, "xl/styles.xml", "<s><cellXfs>", &[Many("<xf numFmtId='9'/>")]),
    (Format::Fb2, "a.fb2", "<f><body>", &[Many("<section>")]),
    (Format::Fb2, "a.fb2", "<f><body><p>", &[Many("<a type='note' href='#a'>1</a>")]),
    (Format::Fb2, "a.fb2", "<f><body>", &[Each("<p><a type='note' href='##'>1</a></p>")]),
    (Format::Fb2, "a.fb2", "<f><body name='notes'>", &[Each("<section id='#'><p>a</p></section>")]),
    (Format::Fb2, "a.fb2", "<f><body>", &[Many("<stanza><v>a</v>")]),
];

#[test]
fn office() {
    let others = [
        ("xl/worksheets/sheet1.xml", "<s><row><c t='s'><v>0</v></c></row></s>"),
        ("ppt/slides/slide1.xml", "<s><sp><p><t>a</t></p></sp></s>"),
    ];
    for &(format, name, start, parts) in OFFICE {
        let document = |bytes| archive(name, &format!("{start}{}", shape(parts, bytes)), &others);
        assert_eq!(measure(format, document), None, "{name} {parts:?}");
    }
    // A string that each cell of a sheet shows again.
    let workbook = |bytes: usize| {
        let strings = format!("<s><si><t>{}</t></si></s>", "порт ".repeat(bytes / 30));
        let sheet = format!("<s>{}</s>", "<row><c t='s'><v>0</v></c></row>".repeat(bytes / 60));
        archive("xl/sharedStrings.xml", &strings, &[("xl/worksheets/sheet1.xml", &sheet)])
    };
    assert_eq!(measure(Format::Xlsx, workbook), None);
}

#[test]
fn encodings() {
    let shapes: [(&[u8], &[u8]); 20] = [
        (b"", b"\0"),
        (b"", b"\xff"),
        (b"", b"\x81"),
        (b"", b"\x81\x30"),
        (b"", b"\xb0\xa1"),
        (b"", b"\xb0\xa1x"),
        (b"", b"\xe2\x82"),
        (b"", b"\xcd\xee "),
        (b"", b"~{"),
        (b"", b"~{VPVP"),
        (b"~{VPVP~}", b"~{VPVP\n"),
        (b"", b"~{VPVP~}"),
        (b"", b"\x1b$"),
        (b"", b"\x01\x4e"),
        (b"\xff\xfe", b"\x01\x4e"),
        (b"\xff\xfe", b"\x00\xd8"),
        (b"\xfe\xff", b"\x4e\x01"),
        (b"\xef\xbb\xbf", b"\xff"),
        (b"<meta charset=gbk>", b"\xff"),
        (b"<meta charset=gbk>", b"\xb0\xa1\xb0"),
    ];
    for (start, unit) in shapes {
        let document = |bytes: usize| [start, &*unit.repeat(bytes / unit.len()), b"x"].concat();
        let format = if start.starts_with(b"<") { Format::Html } else { Format::Text };
        assert_eq!(measure(format, document), None, "{start:?} {unit:?}");
    }
}
