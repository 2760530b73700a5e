//! Texts in three scripts, whole and damaged, in every encoding.

use encoding_rs::{BIG5, IBM866, ISO_8859_5, KOI8_R, WINDOWS_1251, WINDOWS_1252};
use proptest::prelude::*;

use super::*;

const SIMPLIFIED: &str = "联合国安全理事会二〇二五年三月通过决议，要求各方立即停火并进行谈判。";
const TRADITIONAL: &str = "聯合國安全理事會通過決議，要求各方立即停火並進行談判，保護難民與醫療人員。";
const RUSSIAN: &str = "Совет Безопасности призвал стороны к немедленным переговорам";
const RUSSIAN_CAPITALS: &str = "ДОГОВОР О ДРУЖБЕ И СОТРУДНИЧЕСТВЕ";
const ENGLISH: &str = "The council called for an immediate ceasefire.";
const FRENCH: &str = "He wrote his résumé at the café, à propos of nothing at all.";
const MIXED: &str = "# 停火 ceasefire\r\n\r\n第1条 The parties（当事方）agree: 2025年3月。\r\nпереговоры\r\n";

/// Encodes a text, also in encodings that `encoding_rs` only decodes.
fn encode(text: &str, name: &str) -> Vec<u8> {
    match name {
        "UTF-8" => text.as_bytes().to_vec(),
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "UTF-32LE" => text.chars().flat_map(|character| u32::from(character).to_le_bytes()).collect(),
        "IBM855" => ibm855::encode(text).unwrap(),
        "UTF-32BE" => text.chars().flat_map(|character| u32::from(character).to_be_bytes()).collect(),
        _ => {
            let (bytes, _, lossy) = Encoding::for_label(name.as_bytes()).unwrap().encode(text);
            assert!(!lossy, "{text:?} has no {name}");
            bytes.into_owned()
        }
    }
}

fn check(text: &str, name: &'static str) {
    let decoded = decode(encode(text, name)).unwrap_or_else(|refusal| panic!("{text:?} in {name}: {refusal}"));
    assert_eq!((decoded.text.as_str(), decoded.encoding, decoded.repaired), (text, name, 0));
}

fn refusal(bytes: &[u8]) -> Refusal {
    decode(bytes.to_vec()).unwrap_err()
}

#[test]
fn short_texts_are_told_in_every_encoding() {
    let rows: [(&str, &[&'static str]); 7] = [
        (SIMPLIFIED, &["UTF-8", "UTF-16LE", "UTF-16BE", "gb18030"]),
        (TRADITIONAL, &["UTF-8", "UTF-16LE", "UTF-16BE", "gb18030", "Big5"]),
        (
            RUSSIAN,
            &["UTF-8", "UTF-16LE", "UTF-16BE", "gb18030", "windows-1251", "KOI8-R", "IBM866", "ISO-8859-5", "IBM855"],
        ),
        (RUSSIAN_CAPITALS, &["UTF-8", "UTF-16LE", "windows-1251", "KOI8-R", "IBM866", "ISO-8859-5", "IBM855"]),
        (ENGLISH, &["UTF-8", "UTF-16LE", "UTF-16BE"]),
        (FRENCH, &["UTF-8", "UTF-16LE", "windows-1252"]),
        (MIXED, &["UTF-8", "UTF-16LE", "UTF-16BE", "gb18030"]),
    ];
    for (text, names) in rows {
        for &name in names {
            check(text, name);
            check(&format!("{text}\r\n").repeat(500), name);
        }
    }
}

#[test]
fn a_line_of_russian_is_enough() {
    for line in [
        "Договор о ненападении и дружбе",
        "переговоры о мире",
        "Глава 1. Общие положения",
        "ВВЕДЕНИЕ И ОБЗОР ЛИТЕРАТУРЫ",
        "Объём и содержание",
    ] {
        for name in ["windows-1251", "KOI8-R", "IBM866", "ISO-8859-5", "IBM855"] {
            check(line, name);
        }
    }
}

#[test]
fn ascii_before_the_first_letter_is_no_evidence() {
    let ascii = "plain line\n".repeat(30_000);
    check(&format!("{ascii}{SIMPLIFIED}\n"), "gb18030");
    check(&format!("{ascii}{RUSSIAN}\n"), "KOI8-R");
}

#[test]
fn marks_decide() {
    let rows = [
        ("UTF-8", "UTF-8", Origin::AsIs),
        ("UTF-16LE", "UTF-16LE", Origin::Converted),
        ("UTF-16BE", "UTF-16BE", Origin::Converted),
        ("UTF-32LE", "UTF-32LE", Origin::Converted),
        ("UTF-32BE", "UTF-32BE", Origin::Converted),
    ];
    for (name, encoding, origin) in rows {
        for text in [SIMPLIFIED, TRADITIONAL, RUSSIAN, ENGLISH, MIXED, ""] {
            let decoded = decode(encode(&format!("\u{FEFF}{text}"), name)).unwrap();
            let expected = if origin == Origin::AsIs { format!("\u{FEFF}{text}") } else { text.to_owned() };
            assert_eq!((decoded.text, decoded.encoding, decoded.origin), (expected, encoding, origin));
        }
    }
}

#[test]
fn utf8_is_not_copied() {
    let bytes = MIXED.as_bytes().to_vec();
    let at = bytes.as_ptr();
    let decoded = decode(bytes).unwrap();
    assert_eq!((decoded.text.as_ptr(), decoded.origin), (at, Origin::AsIs));
    assert_eq!(decode(Vec::new()).unwrap().text, "");
}

#[test]
fn one_damaged_byte_is_one_damaged_place() {
    let long = |text: &str| format!("{text}\n").repeat(40);
    for (text, name) in [
        (SIMPLIFIED, "UTF-8"),
        (TRADITIONAL, "UTF-8"),
        (RUSSIAN, "UTF-8"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "Big5"),
        (RUSSIAN, "windows-1251"),
        (SIMPLIFIED, "UTF-16LE"),
        (RUSSIAN, "UTF-16BE"),
    ] {
        for text in [text.to_owned(), long(text)] {
            let mut bytes = encode(&text, name);
            let middle = bytes.len() / 2 / 6 * 6;
            bytes[middle] = 0xFF;
            check_damaged(bytes.clone(), &text, name);
            if name != "Big5" {
                bytes.remove(middle);
                check_damaged(bytes.clone(), &text, name);
            }
            let mut bytes = encode(&text, name);
            bytes.pop();
            check_damaged(bytes, &text, name);
        }
    }
}

/// Checks that all but three characters are right, compared from both ends.
fn check_damaged(bytes: Vec<u8>, text: &str, name: &str) {
    let decoded = decode(bytes).unwrap_or_else(|refusal| panic!("{text:?} in {name}: {refusal}"));
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.take_while(|(left, right)| left == right).count();
    let ahead = same(&mut decoded.text.chars().zip(text.chars()));
    let behind = same(&mut decoded.text.chars().rev().zip(text.chars().rev()));
    assert_eq!(decoded.encoding, name, "{text:?}");
    assert!(ahead + behind + 3 >= text.chars().count(), "{name}: {:?}", decoded.text);
    assert!(decoded.repaired <= 2, "{name}: {}", decoded.repaired);
}

#[test]
fn nuls_are_kept_and_counted() {
    for text in [SIMPLIFIED, RUSSIAN, ENGLISH] {
        let text = format!("{text}\0{text}\n\0\0{text}");
        let decoded = decode(text.clone().into_bytes()).unwrap();
        assert_eq!((decoded.text, decoded.repaired, decoded.origin), (text, 3, Origin::AsIs));
    }
    let crashed = [SIMPLIFIED.as_bytes(), &[0; 9000]].concat();
    assert_eq!(decode(crashed).unwrap().repaired, 9000);
    let decoded = decode(encode(&format!("{RUSSIAN}\0{RUSSIAN}"), "windows-1251")).unwrap();
    assert_eq!((decoded.encoding, decoded.repaired), ("windows-1251", 1));
}

#[test]
fn hz_is_told_from_ascii() {
    let decoded = decode(b"This ~~ is ~{<:Ky2;S{#,NpJ)l6HK!#~}Bye.\n".to_vec()).unwrap();
    assert_eq!((decoded.text.as_str(), decoded.encoding), ("This ~ is 己所不欲，勿施於人。Bye.\n", "hz-gb-2312"));
    for ascii in ["let a = ~{ b };", "~{~}", "rm ~{foo,bar}/x ~}", "a ~{abcd~} b"] {
        assert_eq!(decode(ascii.as_bytes().to_vec()).unwrap().encoding, "UTF-8", "{ascii}");
    }
}

#[test]
fn binary_is_refused() {
    let noise: Vec<u8> = (0..5000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in [&noise, &vec![0; 500], &b"\x89PNG\r\n\x1A\n\0\0".to_vec(), &b"PK\x03\x04\x14\0\x06\0".to_vec()] {
        assert_eq!(refusal(bytes), Refusal::Binary);
    }
    assert_eq!(refusal(&[b"\xFF\xFE".to_vec(), noise].concat()), Refusal::Binary);
}

#[test]
fn mojibake_is_refused() {
    let high: Vec<u8> = (0..3000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 17) as u8 | 0x80).collect();
    assert!(matches!(refusal(&high), Refusal::Unclear { .. }));
}

#[test]
fn names_are_understood() {
    for (name, text, bytes) in [
        ("gbk", SIMPLIFIED, encode(SIMPLIFIED, "gbk")),
        ("GB2312", SIMPLIFIED, encode(SIMPLIFIED, "gbk")),
        ("cp936", SIMPLIFIED, encode(SIMPLIFIED, "gbk")),
        ("big5", TRADITIONAL, BIG5.encode(TRADITIONAL).0.into_owned()),
        ("cp866", RUSSIAN, IBM866.encode(RUSSIAN).0.into_owned()),
        ("koi8-r", RUSSIAN, KOI8_R.encode(RUSSIAN).0.into_owned()),
        ("iso-8859-5", RUSSIAN, ISO_8859_5.encode(RUSSIAN).0.into_owned()),
        ("cp855", RUSSIAN, ibm855::encode(RUSSIAN).unwrap()),
        ("win1251", RUSSIAN, WINDOWS_1251.encode(RUSSIAN).0.into_owned()),
        ("latin1", FRENCH, WINDOWS_1252.encode(FRENCH).0.into_owned()),
        ("hz-gb-2312", "停火", b"~{M#;p~}".to_vec()),
        ("utf-16le", MIXED, encode(MIXED, "UTF-16LE")),
        (" UTF-8 ", MIXED, encode(MIXED, "UTF-8")),
    ] {
        assert_eq!(decode_as(bytes, name).unwrap().text, text, "{name}");
    }
    assert_eq!(decode_as(Vec::new(), "klingon"), Err(Refusal::UnknownEncoding("klingon".to_owned())));
}

#[test]
fn pages_are_believed_but_not_blindly() {
    let page = |declared: &str, text: &str| format!("<html><head>{declared}</head><body>{text}</body></html>");
    for (declared, name, text, found) in [
        ("<meta charset=\"gb2312\">", "gb18030", SIMPLIFIED, "gb18030"),
        ("<META http-equiv=Content-Type content='text/html; charset=koi8-r'>", "KOI8-R", RUSSIAN, "KOI8-R"),
        ("<meta charset=shift_jis>", "shift_jis", "東京都", "Shift_JIS"),
        ("<meta charset=gb2312>", "UTF-8", SIMPLIFIED, "UTF-8"),
        ("<meta charset=iso-8859-1>", "windows-1251", RUSSIAN, "windows-1251"),
        ("<meta charset=utf-8>", "gb18030", SIMPLIFIED, "gb18030"),
        ("<meta charset=utf-16>", "UTF-8", RUSSIAN, "UTF-8"),
        ("<meta charset=klingon>", "Big5", TRADITIONAL, "Big5"),
        ("", "windows-1251", RUSSIAN, "windows-1251"),
        ("<meta charset=windows-1251>", "KOI8-R", RUSSIAN, "KOI8-R"),
        ("<meta charset=gb2312>", "windows-1251", RUSSIAN, "windows-1251"),
        ("<meta charset=windows-1251>", "gb18030", SIMPLIFIED, "gb18030"),
        ("<meta charset=big5>", "gb18030", SIMPLIFIED, "gb18030"),
        ("<meta charset=cp855>", "IBM855", RUSSIAN, "IBM855"),
        ("<meta charset=windows-1252>", "windows-1252", FRENCH, "windows-1252"),
        ("<meta charset=euc-kr>", "euc-kr", "대한민국 헌법", "EUC-KR"),
    ] {
        let page = page(declared, text);
        let decoded = decode_html(encode(&page, name)).unwrap();
        assert_eq!((decoded.text, decoded.encoding), (page, found), "{declared}");
    }
    let xhtml = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><p>да</p>";
    assert_eq!(decode_html(encode(xhtml, "windows-1251")).unwrap().text, xhtml);
}

#[test]
fn pages_in_utf8_stay_so_whatever_they_declare_and_lack() {
    for (text, declared) in [
        (SIMPLIFIED, "gb2312"),
        (SIMPLIFIED, "gbk"),
        (TRADITIONAL, "big5"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        ("東京都の港湾料金は春に改定される。", "shift_jis"),
    ] {
        let page = format!("<html><meta charset={declared}><p>{text}</p><p>{text}</p></html>");
        let whole = page.find(text).unwrap() + text.char_indices().nth(5).unwrap().0;
        // A byte lost, a byte changed, and half a character.
        for (removed, inserted) in [(1, &b""[..]), (1, b"\xFF"), (0, b"\xE5"), (2, b"")] {
            let mut bytes = page.clone().into_bytes();
            bytes.splice(whole..whole + removed, inserted.iter().copied());
            let decoded = decode_html(bytes).unwrap();
            let places = usize::from(decoded.text.contains(char::REPLACEMENT_CHARACTER));
            assert_eq!((decoded.encoding, decoded.repaired), ("UTF-8", places), "{declared}: {}", decoded.text);
            assert!(decoded.text.ends_with(&format!("<p>{text}</p></html>")), "{}", decoded.text);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), name in 0_usize..10) {
        let names = ["utf-8", "gbk", "big5", "hz", "utf-16le", "utf-16be", "koi8-r", "shift_jis", "iso-2022-jp", "cp866"];
        let _ = decode(bytes.clone());
        let _ = decode_html(bytes.clone());
        let _ = decode_as(bytes, names[name]);
    }

    #[test]
    fn no_damage_makes_it_panic(
        text in "[一-龥а-яa-z~{} \n]{0,80}", name in 0_usize..6, cut in 0_usize..200, byte in any::<u8>(),
    ) {
        let name = ["UTF-8", "UTF-16LE", "gb18030", "UTF-32LE", "UTF-32BE", "UTF-16BE"][name];
        for mark in ["", "\u{FEFF}"] {
            let mut bytes = encode(&format!("{mark}{text}"), name);
            if let Some(place) = bytes.get_mut(cut) {
                *place = byte;
            }
            let _ = decode(bytes.clone());
            bytes.truncate(cut);
            let _ = decode(bytes);
        }
    }

    #[test]
    fn utf8_without_controls_is_itself(text in "[ -z\n一-龥а-яё]{0,200}") {
        prop_assert_eq!(decode(text.clone().into_bytes()).unwrap().text, text);
    }
}
