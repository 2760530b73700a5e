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

const CORE: &str = r#"<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>停火 协议</dc:title>
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

const CONTENT: &str = r#"<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:automatic-styles>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/></office:automatic-styles><office:body><office:text>
<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:p text:style-name="P1">停火协议</text:p><text:h text:outline-level="2">Стороны</text:h>
<text:p>Совет<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Сноска 注释</text:p></text:note-body></text:note> &amp; мир<text:s text:c="2"/>the end</text:p>
<table:table><table:table-row><table:table-cell><text:p>国家</text:p></table:table-cell><table:table-cell><text:p>год</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body></office:document-content>"#;

const META: &str = r#"<office:document-meta xmlns:office="o"><office:meta><dc:title>停火协议</dc:title><meta:initial-creator>林舟</meta:initial-creator>
<dc:creator>Иванов</dc:creator><meta:keyword>мир</meta:keyword><meta:creation-date>2025-01-02T00:00:00</meta:creation-date></office:meta></office:document-meta>"#;

pub(crate) fn odt() -> Vec<u8> {
    archive(&[("content.xml", CONTENT), ("meta.xml", META), ("META-INF/manifest.xml", "<manifest/>")])
}

const SLIDE: &str = r#"<p:sld xmlns:p="p" xmlns:a="a"><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>停火</a:t></a:r></a:p></p:sp>
<p:sp><a:p><a:r><a:t>Совет &amp; мир</a:t></a:r><a:br/><a:r><a:t>the end</a:t></a:r></a:p></p:sp></p:sld>"#;

const PRESENTATION: &str =
    r#"<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId id="256" r:id="a"/></p:sldIdLst></p:presentation>"#;

pub(crate) fn pptx() -> Vec<u8> {
    archive(&[
        ("ppt/presentation.xml", PRESENTATION),
        ("ppt/_rels/presentation.xml.rels", r#"<R><r Id="a" Type="t/slide" Target="slides/slide1.xml"/></R>"#),
        ("ppt/slides/slide1.xml", SLIDE),
        ("ppt/slides/_rels/slide1.xml.rels", r#"<R><r Id="n" Type="t/notesSlide" Target="../notesSlides/n.xml"/></R>"#),
        (
            "ppt/notesSlides/n.xml",
            "<p:notes xmlns:p=\"p\" xmlns:a=\"a\"><a:p><a:r><a:t>注释</a:t></a:r></a:p></p:notes>",
        ),
        ("docProps/core.xml", CORE),
    ])
}

const SHEET: &str = r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>год</t></is></c></row>
<row r="2"><c r="A2" s="1"><v>45356.5</v></c><c r="B2"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>"#;

const NUMBER_FORMATS: &str = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd\.mm\.yyyy;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;

pub(crate) fn xlsx() -> Vec<u8> {
    archive(&[
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="Сборы" sheetId="1" r:id="a"/></sheets></workbook>"#,
        ),
        ("xl/_rels/workbook.xml.rels", r#"<R><r Id="a" Type="t/worksheet" Target="worksheets/sheet1.xml"/></R>"#),
        ("xl/worksheets/sheet1.xml", SHEET),
        ("xl/sharedStrings.xml", "<sst><si><t>国家</t></si></sst>"),
        ("xl/styles.xml", NUMBER_FORMATS),
        ("docProps/core.xml", CORE),
    ])
}

pub(crate) const FB2: &str = r##"<?xml version="1.0" encoding="utf-8"?><FictionBook xmlns:l="x"><description><title-info>
<author><first-name>Li</first-name><last-name>Wei</last-name></author><book-title>Книга 书</book-title><date>2024</date></title-info></description>
<body><title><p>Книга</p><p>书</p></title><section><title><p>第一章</p></title><p>Глава<a l:href="#n1" type="note">[1]</a> one</p>
<poem><stanza><v>лёд стоит</v><v>the end</v></stanza></poem><table><tr><td>国家</td><td>год</td></tr></table></section></body>
<body name="notes"><section id="n1"><title><p>1</p></title><p>Сноска 注释</p></section></body><binary>AAAA</binary></FictionBook>"##;

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
