//! Thousands of damaged documents: none may panic or take long.

use std::time::{Duration, Instant};

use super::{docx, epub, fb2, odf, pptx, rtf, samples, xlsx};
use crate::reading::formats::{Converted, doc, html, mime};
use crate::reading::memory::Account;

const ROUNDS: usize = 1_000;

/// The time limit for one document, without optimization and on a busy machine.
const MOST_TIME: Duration = Duration::from_secs(10);

struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Damages bytes at one to four places.
fn damage(bytes: &[u8], random: &mut Xorshift) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + random.below(60)).min(bytes.len());
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.below(256) as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            5 => {
                let noise: Vec<u8> = (0..random.below(9)).map(|_| random.below(256) as u8).collect();
                bytes.splice(at..at, noise);
            }
            _ if at < bytes.len() => bytes[at] = *b"<>&\"'/=;- \0\xff"[random.below(12)..].first().unwrap(),
            _ => {}
        }
    }
    bytes
}

fn check(name: &str, sample: &[u8], read: impl Fn(&[u8]) -> Option<Converted>) {
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    let (mut longest, mut read_well, start) = (Duration::ZERO, 0, Instant::now());
    for round in 0..ROUNDS {
        let bytes = damage(sample, &mut random);
        let begin = Instant::now();
        let converted = read(&bytes);
        longest = longest.max(begin.elapsed());
        assert!(begin.elapsed() < MOST_TIME, "{name} round {round} took {:?}", begin.elapsed());
        if let Some(converted) = converted {
            samples::check_promises(&converted);
            read_well += usize::from(!converted.blocks.is_empty());
        }
    }
    println!(
        "{name}: {read_well} of {ROUNDS} gave text, longest {longest:?}, mean {:?}",
        start.elapsed() / ROUNDS as u32
    );
}

/// Damages the parts of an archive instead of the archive.
fn check_parts(name: &str, parts: &[(&str, Vec<u8>)], read: impl Fn(&[u8]) -> Option<Converted>) {
    let mut random = Xorshift(7);
    let mut read_well = 0;
    for round in 0..ROUNDS {
        let chosen = round % parts.len();
        let damaged = damage(&parts[chosen].1, &mut random);
        let packed: Vec<(&str, &[u8])> = parts
            .iter()
            .enumerate()
            .map(|(at, (name, bytes))| (*name, if at == chosen { &damaged[..] } else { &bytes[..] }))
            .collect();
        let bytes = samples::pack(&packed, zip::CompressionMethod::Stored);
        let begin = Instant::now();
        if let Some(converted) = read(&bytes) {
            samples::check_promises(&converted);
            read_well += 1;
        }
        assert!(begin.elapsed() < MOST_TIME, "{name} round {round} took {:?}", begin.elapsed());
    }
    println!("{name}: {read_well} of {ROUNDS} gave text");
}

fn parts(archive: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let name: &'static str = String::leak(file.name().unwrap().into_owned());
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

#[test]
fn pages() {
    check("html", samples::HTML.as_bytes(), |bytes| Some(html::read(&String::from_utf8_lossy(bytes))));
    check("xhtml", samples::HTML.as_bytes(), |bytes| {
        Some(html::read_as(&String::from_utf8_lossy(bytes), html::Syntax::Xhtml))
    });
}

#[test]
fn word_documents() {
    check("docx", &samples::docx(), |bytes| docx::read(bytes).ok());
    check_parts("docx parts", &parts(&samples::docx()), |bytes| docx::read(bytes).ok());
}

#[test]
fn other_documents() {
    check("rtf", samples::RTF.as_bytes(), |bytes| rtf::read(bytes).ok());
    check("doc", &doc::tests::sample(), |bytes| doc::read(bytes, &mut Account::of(usize::MAX).open()).ok());
    check("mime", samples::MHTML.as_bytes(), |bytes| mime::read(bytes, &mut Account::of(usize::MAX).open()).ok());
}

#[test]
fn books() {
    check("epub", &samples::epub(), |bytes| epub::read(bytes).ok());
    check_parts("epub parts", &parts(&samples::epub()), |bytes| epub::read(bytes).ok());
    check("fb2", samples::FB2.as_bytes(), read_fb2);
    check_parts("fb2 parts", &[("a.fb2", samples::FB2.into())], read_fb2);
}

/// Damage can make the encoding unclear, which is no error of the document.
fn read_fb2(bytes: &[u8]) -> Option<Converted> {
    std::str::from_utf8(bytes).is_ok().then(|| fb2::read(bytes).ok()).flatten()
}

#[test]
fn open_documents() {
    check("odt", &samples::odt(), |bytes| odf::read(bytes).ok());
    check_parts("odt parts", &parts(&samples::odt()), |bytes| odf::read(bytes).ok());
    check("fodt", &parts(&samples::odt())[0].1, |bytes| odf::read(bytes).ok());
}

#[test]
fn presentations_and_workbooks() {
    check("pptx", &samples::pptx(), |bytes| pptx::read(bytes).ok());
    check_parts("pptx parts", &parts(&samples::pptx()), |bytes| pptx::read(bytes).ok());
    check("xlsx", &samples::xlsx(), |bytes| xlsx::read(bytes).ok());
    check_parts("xlsx parts", &parts(&samples::xlsx()), |bytes| xlsx::read(bytes).ok());
}

proptest::proptest! {
    #[test]
    fn any_string_is_a_page(source in "(\\PC|\n|<|>|&|</p>|<p|<div id=a>|<table>|<td>|</table>|<sup>|</sup>|<a href=#a>|</a>|<!--|-->|<h1>|<br>|<li>|停火|мир|1|hidden|=|\"|'| ){0,60}") {
        samples::check_promises(&html::read(&source));
        samples::check_promises(&html::read_as(&source, html::Syntax::Xhtml));
    }

    #[test]
    fn no_word_is_lost(source in "(停|ж|w| |\n|<b>|</b>|<div>|</div>|<p>|</p>|<li>|<ul>|</ul>|<table>|<tr>|<td>|</td>|</table>|<h2>|</h2>|<br>|<i>|</i>|<pre>|</pre>){0,60}") {
        let letters = |text: &str| text.chars().filter(|c| matches!(c, '停' | 'ж' | 'w')).collect::<String>();
        let mut plain = source.clone();
        for tag in ["<div>", "<td>", "<tr>", "<pre>", "</pre>", "</div>"] {
            plain = plain.replace(tag, "");
        }
        let all: String = html::read(&source).blocks.iter().map(|block| letters(&block.text)).collect();
        proptest::prop_assert_eq!(all, letters(&plain));
    }
}
