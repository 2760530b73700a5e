//! From bytes to text: detects the encoding of a file and decodes it.
//!
//! A byte order mark decides; then strict UTF-8, which needs no copy. All other
//! bytes are decoded in each likely encoding, and the most plausible text wins
//! (`guess`). Because the decoded text is judged, not the validity of the bytes,
//! Russian is not taken for formally valid Chinese, and one damaged byte does
//! not rule out the right encoding.
//!
//! Mojibake is worse than a skipped file, because it goes unnoticed: bytes that
//! are not plausible in any encoding are refused. Takes O(length) time and,
//! besides the bytes, the memory of the text.

mod chinese;
mod declared;
mod guess;
mod ibm855;
#[cfg(any(feature = "fb2", feature = "html", test))]
mod page;
pub(in crate::reading) mod plausibility;
mod shift;
mod tables;
mod unicode;

use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use unicode::Wide;

/// The text of a file and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The text, with the line ends of the file.
    pub text: String,
    /// The name of the encoding, for example `UTF-8`, `gb18030` or `windows-1251`.
    pub encoding: &'static str,
    /// The number of damaged places: each was replaced by U+FFFD, or is a NUL, which is kept.
    pub repaired: usize,
    /// Whether offsets in the text are offsets in the file.
    pub origin: Origin,
}

/// How the text relates to the bytes of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The text is the bytes of the file, including a byte order mark.
    AsIs,
    /// The text was converted or repaired; a byte order mark is left out.
    Converted,
}

/// Why bytes are not read as text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// An image, an archive, a program or noise.
    #[error("no text: the file looks binary")]
    Binary,
    /// Perhaps text, but no encoding is plausible enough.
    #[error("the encoding is not clear: `{guess}` would be a guess")]
    Unclear {
        /// The most plausible encoding.
        guess: &'static str,
    },
    /// The name was given by the caller, and is not known.
    #[error("no encoding is named `{0}`")]
    UnknownEncoding(String),
}

/// Detects the encoding of a file and decodes its text.
///
/// # Errors
/// [`Refusal::Binary`] and [`Refusal::Unclear`].
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Decoded, Refusal> {
    if let Some(mark) = unicode::mark(&bytes) {
        return decode_marked(bytes, mark);
    }
    let bytes = match as_utf8(bytes) {
        Ok(decoded) => return decoded,
        Err(bytes) => bytes,
    };
    if guess::has_binary_signature(&bytes) {
        return Err(Refusal::Binary);
    }
    guess::scheme(&bytes).and_then(|scheme| guess::accept(convert(&bytes, scheme)))
}

/// Decodes the text of a file in the encoding with this name.
///
/// Only a byte order mark overrules the name. Known are the labels of the WHATWG
/// standard and a few more; `gbk` and `gb2312` are read as gb18030, which includes
/// them. Damaged places are replaced and counted, however many there are.
///
/// # Errors
/// [`Refusal::UnknownEncoding`].
pub(crate) fn decode_as(bytes: Vec<u8>, name: &str) -> Result<Decoded, Refusal> {
    let scheme = declared::scheme(name).ok_or_else(|| Refusal::UnknownEncoding(name.to_owned()))?;
    Ok(match unicode::mark(&bytes) {
        Some(mark) => convert_marked(bytes, mark),
        None => convert_owned(bytes, scheme),
    })
}

/// Returns whether an encoding has this name.
pub(crate) fn is_known(name: &str) -> bool {
    declared::scheme(name).is_some()
}

/// Decodes a web page: like [`decode`], but trusts the encoding that the page declares.
///
/// With exceptions: pages in UTF-8, even with some broken bytes, often still declare
/// the encoding that they were converted from, and many declare `iso-8859-1` wrongly.
///
/// # Errors
/// [`Refusal::Binary`] and [`Refusal::Unclear`].
#[cfg(any(feature = "fb2", feature = "html", test))]
pub(crate) fn decode_html(bytes: Vec<u8>) -> Result<Decoded, Refusal> {
    let Some(scheme) = page::in_html(&bytes).filter(|_| unicode::mark(&bytes).is_none()) else {
        return decode(bytes);
    };
    if guess::has_binary_signature(&bytes) || guess::contradicts(&bytes, scheme) {
        return decode(bytes);
    }
    let declared = convert(&bytes, scheme);
    if guess::is_western(scheme) || guess::accept(declared.clone()).is_err() {
        return decode(bytes).or_else(|refusal| if refusal == Refusal::Binary { Err(refusal) } else { Ok(declared) });
    }
    Ok(declared)
}

/// The number of bytes of text that are decoded at a time.
const PIECE_BYTES: usize = 16 << 10;

/// An encoding, also of kinds that `encoding_rs` does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// An encoding of the WHATWG standard.
    Web(&'static Encoding),
    /// HZ, Chinese in seven bits, from the days of Usenet; not in the standard.
    Hz,
    /// Cyrillic of DOS; not in the standard either.
    Ibm855,
    /// UTF-32; not in the standard either.
    Utf32(Wide),
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            // GB18030 includes GBK, and files that are said to be GBK often hold more.
            Scheme::Web(encoding) if encoding == GBK => GB18030.name(),
            Scheme::Web(encoding) => encoding.name(),
            Scheme::Hz => "hz-gb-2312",
            Scheme::Ibm855 => "IBM855",
            Scheme::Utf32(Wide::LittleEndian) => "UTF-32LE",
            Scheme::Utf32(Wide::BigEndian) => "UTF-32BE",
        }
    }
}

/// Decodes bytes as UTF-8, without a copy; returns the bytes if they are not valid.
fn as_utf8(bytes: Vec<u8>) -> Result<Result<Decoded, Refusal>, Vec<u8>> {
    let nuls = count_nuls(&bytes);
    // Read as UTF-8, Russian in UTF-16 looks like control characters and ASCII.
    if (nuls > 0 || guess::is_binary(&bytes)) && unicode::utf16_without_mark(&bytes).is_some() {
        return Err(bytes);
    }
    let text = String::from_utf8(bytes).map_err(|error| error.into_bytes())?;
    if guess::is_binary(text.as_bytes()) || nuls > 0 && guess::has_binary_signature(text.as_bytes()) {
        return Ok(Err(Refusal::Binary));
    }
    if text.is_ascii() && chinese::is_hz(&text) {
        return Ok(Ok(convert(text.as_bytes(), Scheme::Hz)));
    }
    Ok(Ok(Decoded { text, encoding: UTF_8.name(), repaired: nuls, origin: Origin::AsIs }))
}

fn decode_marked(bytes: Vec<u8>, mark: unicode::Mark) -> Result<Decoded, Refusal> {
    let scheme = mark.scheme;
    // One of 30,000 binary files begins with the two bytes of a mark by chance.
    if guess::is_binary_in(&bytes[mark.len..], scheme) {
        return Err(Refusal::Binary);
    }
    guess::accept(convert_marked(bytes, mark))
}

fn convert_marked(bytes: Vec<u8>, mark: unicode::Mark) -> Decoded {
    if mark.scheme == Scheme::Web(UTF_8) {
        return convert_owned(bytes, mark.scheme);
    }
    convert(&bytes[mark.len..], mark.scheme)
}

fn convert_owned(bytes: Vec<u8>, scheme: Scheme) -> Decoded {
    if scheme != Scheme::Web(UTF_8) {
        return convert(&bytes, scheme);
    }
    let repaired = count_nuls(&bytes);
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, encoding: UTF_8.name(), repaired, origin: Origin::AsIs },
        Err(error) => convert(error.as_bytes(), scheme),
    }
}

fn convert(bytes: &[u8], scheme: Scheme) -> Decoded {
    let (mut text, replaced) = match scheme {
        Scheme::Web(encoding) if encoding == GBK || encoding == GB18030 => chinese::gb18030(bytes),
        Scheme::Web(encoding) if encoding == UTF_8 => unicode::utf8(bytes),
        Scheme::Web(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => unicode::utf16(bytes, encoding),
        Scheme::Web(encoding) => web(bytes, encoding),
        Scheme::Hz => chinese::hz(bytes),
        Scheme::Ibm855 => (ibm855::decode(bytes), 0),
        Scheme::Utf32(wide) => unicode::utf32(bytes, wide),
    };
    text.shrink_to_fit();
    let repaired = replaced + count_nuls(text.as_bytes());
    Decoded { text, encoding: scheme.name(), repaired, origin: Origin::Converted }
}

/// Decodes bytes in an encoding of the standard; returns the text and the number of places replaced.
///
/// Through a small buffer, because a decoder that appends to a string first clears all its spare room, after each
/// damaged place again.
fn web(bytes: &[u8], encoding: &'static Encoding) -> (String, usize) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    // Enough for Chinese (two bytes become three) and Russian (one becomes two).
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    let mut decoded = vec![0; PIECE_BYTES];
    let mut replaced = 0;
    let mut rest = bytes;
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut decoded, true);
        rest = rest.get(read..).unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(&decoded[..written]));
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                text.push(char::REPLACEMENT_CHARACTER);
                replaced += 1;
            }
        }
    }
    (text, replaced)
}

fn count_nuls(bytes: &[u8]) -> usize {
    if bytes.contains(&0) { bytes.iter().filter(|&&byte| byte == 0).count() } else { 0 }
}

#[cfg(test)]
mod tests;
