//! Small documents with a heading, a note and a table in Chinese, Russian and English.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::reading::formats::{BlockKind, Converted};

pub(crate) const HTML: &str = r##"<!DOCTYPE html><html><head><meta charset="utf-8"><title>停火 — Сайт</title>
<meta name="author" content="Ли Вэй"><meta name="keywords" content="мир, 和平；peace"><meta property="article:published_time" content="2025-03-01">
<style>p{color:red}</style><script>var hiddenscript = "<p>x</p>";</script></head>
<body><nav><a href="/">Главная</a> menu</nav>
<article><header><h1>停火协议 &amp; мир</h1></header>
<p>本理事会得作成
建议案<sup id="ref1"><a href="#fn1">[1]</a></sup>，提交大会。</p>
<p>Совет Безопасности<sup>2</sup> определяет<br>характер средств.</p>
<ul><li>first item<li>второй пункт</ul>
<table><tr><th>国家<th>год</tr><tr><td>中国</td><td>1945</td></tr></table>
<div hidden>hiddentext</div><p style="color: red; display : none">hiddenstyle</p>
<p>площадь 12 км<sup>2</sup></p>
<blockquote>the end</blockquote>
<ol class="footnotes"><li id="fn1"><p>Note one 注释 <a href="#ref1">↩</a></p><p>продолжение</p></li></ol>
</article><footer>copyright</footer></body></html>"##;

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>停火协议</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">本理事会 </w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>作成建议案</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>国家</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>год</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>China</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1945</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:t>Совет &amp; мир</w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>
</w:body></w:document>"#;

const STYLES: &str = r#"<w:styles xmlns:w="w"><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>"#;

const FOOTNOTES: &str = r#"<w:footnotes xmlns:w="w"><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>----</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> Сноска 注释 note</w:t></w:r></w:p></w:footnote></w:footnotes>"#;

const CORE: &str = r#"<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>协议</dc:title>
<dc:creator>林舟; Иванов</dc:creator><cp:keywords>мир，和平</cp:keywords><dcterms:created>2025-01-02T00:00:00Z</dcterms:created></cp:coreProperties>"#;

pub(crate) fn docx() -> Vec<u8> {
    archive(&[
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", DOCUMENT),
        ("word/styles.xml", STYLES),
        ("word/footnotes.xml", FOOTNOTES),
        ("docProps/core.xml", CORE),
    ])
}

pub(crate) const RTF: &str = r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 A;}{\f1\fcharset134 B;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}
{\info{\title \'cc\'e8\'f0}{\author Ann}{\creatim\yr2025\mo1\dy2}}\pard\s1{\f1\'cd\'a3\'bb\'f0}\par
\pard\f0\'cc\'e8\'f0{\super\chftn}{\footnote\chftn\u20013?\u22269? note}\par
\trowd\pard\intbl a\cell{\field{\*\fldinst X}{\fldrslt b}}\cell\row\pard{\v hidden}{\*\shpinst{\shptxt box\par}}end\par}";

pub(crate) const MHTML: &str = "From: <Saved by Blink>
Subject: =?utf-8?B?5YGc54Gr?=
MIME-Version: 1.0
Content-Type: multipart/related; type=\"text/html\"; boundary=\"b\"

--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<h1>=E5=81=9C=E7=81=AB</h1><p>=D0=9C=D0=B8=
=D1=80</p>
--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Transfer-Encoding: base64

5YGc54Gr
--c--
--b--
";

const CONTAINER: &str = r#"<container><rootfiles><rootfile full-path="OEBPS/p.opf"/></rootfiles></container>"#;

const PACKAGE: &str = r#"<package xmlns:dc="d"><metadata><dc:title>Книга 书</dc:title><dc:creator>Li Wei</dc:creator>
<dc:date>2024</dc:date><dc:subject>мир, 和平</dc:subject></metadata>
<manifest><item id="a" href="ch%201.xhtml"/><item id="b" href="two.xhtml"/><item id="n" href="nav.xhtml" properties="nav"/><item id="x" href="gone.xhtml"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="x"/><itemref idref="b"/></spine></package>"#;

const CHAPTER: &str = r##"<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>
<h1>第一章</h1><p>Глава<a epub:type="noteref" href="#n1">1</a> one<a id="p5"/></p><script src="x.js"/>
<table><tr><td>国家</td><td>год</td></tr></table>
<aside epub:type="footnote" id="n1"><p>Сноска 注释</p></aside></body></html>"##;

pub(crate) fn epub() -> Vec<u8> {
    archive(&[
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/p.opf", PACKAGE),
        ("OEBPS/ch 1.xhtml", CHAPTER),
        ("OEBPS/nav.xhtml", "<nav>contents</nav>"),
        ("OEBPS/two.xhtml", "<html><body><h2>二</h2><p><![CDATA[a < b]]> &amp; конец</p></body></html>"),
    ])
}

/// Packs parts into an archive.
pub(crate) fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let bytes: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    pack(&bytes, CompressionMethod::Deflated)
}

pub(crate) fn pack(parts: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Returns each block as text: its kind, text and marks.
pub(crate) fn shown(converted: &Converted) -> Vec<String> {
    let show = |block: &crate::reading::formats::Block| {
        let kind = match &block.kind {
            BlockKind::Heading(level) => format!("h{level}"),
            BlockKind::Paragraph => "p".to_owned(),
            BlockKind::Note(label) => format!("note {label}"),
            BlockKind::Table => "table".to_owned(),
        };
        let marks: String = block.marks.iter().map(|mark| format!(" {{{}@{}}}", mark.label, mark.offset)).collect();
        format!("{kind}: {}{marks}", block.text)
    };
    converted.blocks.iter().map(show).collect()
}

/// Checks what must hold for any block.
pub(crate) fn check_promises(converted: &Converted) {
    for block in &converted.blocks {
        assert!(!block.text.is_empty() && block.text.trim() == block.text, "{:?}", block.text);
        assert!(!block.text.contains(['\n', '\r', '\t', '\0']) && !block.text.contains("  "), "{:?}", block.text);
        let mut last = 0;
        for mark in &block.marks {
            assert!(block.text.is_char_boundary(mark.offset) && mark.offset >= last && !mark.label.is_empty());
            last = mark.offset;
        }
        assert!(!matches!(block.kind, BlockKind::Heading(level) if !(1..=6).contains(&level)));
    }
}
