//! Encodings by name, as users give them and web pages declare them.

use encoding_rs::{BIG5, Encoding, GB18030, KOI8_R, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::Scheme;

/// Returns the encoding with a name, in upper or lower case.
pub(super) fn scheme(name: &str) -> Option<Scheme> {
    let name = name.trim().to_ascii_lowercase();
    let web = match name.as_str() {
        "hz" | "hz-gb-2312" => return Some(Scheme::Hz),
        "ibm855" | "cp855" | "csibm855" | "855" => return Some(Scheme::Ibm855),
        "cp936" | "ms936" | "euc-cn" | "gb-18030" => GB18030,
        "cp950" | "ms950" => BIG5,
        "win1251" | "win-1251" => WINDOWS_1251,
        "koi8r" => KOI8_R,
        "cp65001" | "utf_8" => UTF_8,
        "utf16" | "utf16le" | "utf-16-le" => UTF_16LE,
        "utf16be" | "utf-16-be" => UTF_16BE,
        _ => Encoding::for_label(name.as_bytes()).filter(|&encoding| encoding != REPLACEMENT)?,
    };
    Some(Scheme::Web(web))
}
