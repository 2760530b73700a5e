//! Guesses an encoding: decodes a sample in each likely encoding and takes the
//! most plausible.
//!
//! The sample consists of lines that are not all ASCII, because a file may begin
//! with pages of ASCII. `chardetng` adds a candidate, for other languages. Its
//! guess alone is not enough: one bad byte makes it take a whole Chinese file for
//! windows-1252.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, Encoding, GB18030, IBM866, ISO_8859_5, KOI8_R, MACINTOSH, UTF_8, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC,
};

use super::plausibility::{Weight, weigh};
use super::{Decoded, Refusal, Scheme, convert, unicode};

/// The likely encodings, each with a handicap in bits: the rarer it is, the higher.
///
/// The handicap decides where the text says little, such as one odd byte in an English text.
const CANDIDATES: [(Scheme, usize); 10] = [
    (Scheme::Web(UTF_8), 0),
    (Scheme::Web(GB18030), 8),
    (Scheme::Web(BIG5), 12),
    (Scheme::Web(WINDOWS_1252), 8),
    (Scheme::Web(WINDOWS_1251), 8),
    (Scheme::Web(KOI8_R), 12),
    (Scheme::Web(IBM866), 16),
    (Scheme::Web(ISO_8859_5), 20),
    (Scheme::Web(X_MAC_CYRILLIC), 28),
    (Scheme::Ibm855, 28),
];
/// The handicap of an encoding that is not in the list.
const OTHER_BITS: usize = 16;

/// The number of bytes whose plausibility is weighed.
const SAMPLE_BYTES: usize = 8 << 10;
/// The number of bytes in which control characters are counted.
const BINARY_SAMPLE_BYTES: usize = 64 << 10;
/// The most bits a byte of a text: the right encoding gives 4 to 6, noise gives 9 and more.
const TEXT_BITS: usize = 8;

/// Returns the most plausible encoding of bytes that are not UTF-8.
pub(super) fn scheme(bytes: &[u8]) -> Result<Scheme, Refusal> {
    if let Some(encoding) = unicode::utf16_without_mark(bytes) {
        return Ok(Scheme::Web(encoding));
    }
    if is_binary(bytes) {
        return Err(Refusal::Binary);
    }
    let sample = sample(bytes);
    let (scheme, weight) = likeliest(&sample);
    let width = if is_single_byte(scheme) { 1 } else { 2 };
    let high = count_high(bytes);
    // A few odd characters among much ASCII are no sign of noise.
    let noise = high * 50 > bytes.len() && weight.foreign_bits > weight.foreign * TEXT_BITS * width + TEXT_BITS * 4;
    if noise || is_western(scheme) && !reads_as_western(bytes) {
        return Err(Refusal::Unclear { guess: scheme.name() });
    }
    Ok(scheme)
}

/// Whether bytes are so much more plausible in another encoding than in the one that they declare, that the declaration
/// must be a remnant. Only among encodings whose texts the model knows.
#[cfg(any(feature = "fb2", feature = "html", test))]
pub(super) fn contradicts(bytes: &[u8], declared: Scheme) -> bool {
    if !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let sample = sample(bytes);
    // Sequences of UTF-8 in good order are no accident, in whatever language.
    if declared != Scheme::Web(UTF_8) && is_nearly_utf8(&sample) {
        return true;
    }
    let is_known = CANDIDATES.iter().any(|&(known, _)| known.name() == declared.name()) && !is_western(declared);
    is_known && {
        let (likeliest, weight) = likeliest(&sample);
        let told = weigh(&read(&sample, declared));
        likeliest.name() != declared.name() && !is_western(likeliest) && weight.bits * 4 < told.bits * 3
    }
}

/// Whether bytes are UTF-8 but for a few broken ones.
#[cfg(any(feature = "fb2", feature = "html", test))]
fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    sound >= 8 && broken * 8 <= sound
}

/// Refuses a text with too much damage.
pub(super) fn accept(decoded: Decoded) -> Result<Decoded, Refusal> {
    if decoded.repaired == 0 {
        return Ok(decoded);
    }
    let foreign = decoded.text.chars().filter(|character| !character.is_ascii()).count();
    let sound = foreign.saturating_sub(decoded.repaired) / 4 + decoded.text.len() / 200;
    if decoded.repaired > 4 + sound { Err(Refusal::Unclear { guess: decoded.encoding }) } else { Ok(decoded) }
}

/// Whether an encoding is one of Western or Central Europe, in which almost any bytes are valid.
pub(super) fn is_western(scheme: Scheme) -> bool {
    let Scheme::Web(encoding) = scheme else { return false };
    let others = ["windows-1251", "windows-1253", "windows-1255", "windows-1256", "windows-874"];
    let other_parts = ["ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-8-I"];
    let name = encoding.name();
    encoding == MACINTOSH
        || name.starts_with("windows-") && !others.contains(&name)
        || name.starts_with("ISO-8859-") && !other_parts.contains(&name)
}

/// Whether bytes begin with the signature of a binary format.
pub(super) fn has_binary_signature(bytes: &[u8]) -> bool {
    const SIGNATURES: [&[u8]; 12] = [
        b"PK\x03\x04",
        b"%PDF-",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"\x1F\x8B",
        b"\xD0\xCF\x11\xE0\xA1\xB1",
        b"7z\xBC\xAF",
        b"Rar!\x1A",
        b"BZh9",
        b"\xFD7zXZ",
        b"\x28\xB5\x2F\xFD",
    ];
    SIGNATURES.iter().any(|signature| bytes.starts_with(signature))
}

/// Whether bytes have too many control characters for a text.
///
/// Many texts have a few, and a crash leaves NULs in a file: they count only if
/// they make up a good part of it.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..BINARY_SAMPLE_BYTES).unwrap_or(bytes);
    let end = sample.iter().rposition(|&byte| byte != 0).map_or(0, |at| at + 1);
    let written = &sample[..end];
    let nuls = written.iter().filter(|&&byte| byte == 0).count();
    let controls = written.iter().filter(|&&byte| is_odd_control(byte)).count();
    let no_text = end == 0 && !bytes.is_empty();
    no_text || nuls > 8 + end / 4 || controls > 4 + (end - nuls) / 50
}

/// Like [`is_binary`], for bytes behind a byte order mark.
pub(super) fn is_binary_in(bytes: &[u8], scheme: Scheme) -> bool {
    let sample = bytes.get(..BINARY_SAMPLE_BYTES).unwrap_or(bytes);
    let text = convert(sample, scheme).text;
    let weight = weigh(&text);
    is_binary(text.as_bytes()) || weight.bits > weight.characters * TEXT_BITS * 2 + TEXT_BITS * 4
}

fn is_odd_control(byte: u8) -> bool {
    matches!(byte, 1..=8 | 0x0B | 0x0E..=0x19 | 0x1C..=0x1F | 0x7F)
}

fn likeliest(sample: &[u8]) -> (Scheme, Weight) {
    let guess = Scheme::Web(detector_guess(sample));
    let other = CANDIDATES.iter().all(|&(scheme, _)| scheme != guess).then_some((guess, OTHER_BITS));
    let weighed = |(scheme, surprise)| (scheme, surprise, weigh(&read(sample, scheme)));
    let readings = CANDIDATES.into_iter().chain(other).map(weighed);
    let best = readings.min_by_key(|(_, surprise, weight)| weight.bits + surprise);
    best.map_or((guess, Weight::default()), |(scheme, _, weight)| (scheme, weight))
}

fn read(sample: &[u8], scheme: Scheme) -> String {
    if scheme == Scheme::Web(UTF_8) {
        // Here each bad byte counts, not each damaged place as in `unicode::utf8`.
        return String::from_utf8_lossy(sample).into_owned();
    }
    convert(sample, scheme).text
}

fn is_single_byte(scheme: Scheme) -> bool {
    match scheme {
        Scheme::Web(encoding) => encoding.is_single_byte(),
        Scheme::Ibm855 => true,
        Scheme::Hz | Scheme::Utf32(_) => false,
    }
}

fn detector_guess(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// Returns lines that are not all ASCII, up to [`SAMPLE_BYTES`].
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n').filter(|line| !line.is_ascii()) {
        let room = SAMPLE_BYTES - sample.len();
        sample.extend_from_slice(line.get(..room).unwrap_or(line));
        if sample.len() >= SAMPLE_BYTES {
            break;
        }
    }
    sample
}

/// Whether bytes can be of a Western language: those above ASCII are few and mostly single; in mojibake they come in
/// rows.
fn reads_as_western(bytes: &[u8]) -> bool {
    let high = count_high(bytes);
    let in_rows = bytes.windows(2).filter(|pair| pair.iter().all(|byte| !byte.is_ascii())).count();
    high * 20 <= bytes.len() || high * 5 <= bytes.len() && in_rows * 8 <= high
}

fn count_high(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !byte.is_ascii()).count()
}
