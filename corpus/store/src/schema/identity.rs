//! The key of an article and the id of a passage.
//!
//! A key is a small number: it stands in a column for every passage, and small
//! numbers pack well. An id is for people and other programs: 64 bits, 40 of
//! the path that its article was first found at, then 24 of its text. It stays
//! the same when the folder is indexed again and the text has not changed.

use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Names an article in one index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleKey(pub u32);

/// Names one version of an article record. Each has a key of its own, so that
/// in one commit the old one can be deleted and the new one added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecordKey {
    /// The article.
    pub article: ArticleKey,
    /// How often the record was renewed since its passages were written.
    pub version: u32,
}

/// Names an article in the ids of its passages. Its low 24 bits are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleName(u64);

/// Tells the passages of one article apart: 24 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u32);

/// Tells the contents of sources apart: the first 64 bits of their BLAKE3 hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub u64);

/// Names a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PassageId(u64);

const FINGERPRINT_BITS: u32 = 24;
const FINGERPRINT_MASK: u64 = (1 << FINGERPRINT_BITS) - 1;

impl ArticleKey {
    /// Returns the numbers of all versions of the article's record.
    pub fn records(self) -> RangeInclusive<u64> {
        let record = |version| RecordKey { article: self, version }.number();
        record(0)..=record(u32::MAX)
    }
}

impl RecordKey {
    /// Returns the key of the version after this one.
    pub fn next(self) -> RecordKey {
        RecordKey { version: self.version.wrapping_add(1), ..self }
    }

    /// Returns the number that is stored.
    pub fn number(self) -> u64 {
        u64::from(self.article.0) << 32 | u64::from(self.version)
    }

    /// Returns the key with a number that [`Self::number`] gave.
    pub fn from_number(number: u64) -> RecordKey {
        RecordKey { article: ArticleKey((number >> 32) as u32), version: number as u32 }
    }
}

impl ArticleName {
    /// Returns the name that the article at a path gets, unless it is taken.
    pub fn of_path(path: &[u8]) -> ArticleName {
        ArticleName(first_bits(path) & !FINGERPRINT_MASK)
    }

    /// Returns the name to try after this one, when this one is taken.
    pub fn next(self) -> ArticleName {
        ArticleName(self.0.wrapping_add(FINGERPRINT_MASK + 1))
    }

    /// Returns the name with a number that [`Self::number`] gave.
    pub fn from_number(number: u64) -> ArticleName {
        ArticleName(number & !FINGERPRINT_MASK)
    }

    /// Returns the number that is stored.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl ContentHash {
    /// Returns the hash of the bytes of a source.
    pub fn of(bytes: &[u8]) -> ContentHash {
        ContentHash(first_bits(bytes))
    }
}

impl Fingerprint {
    /// Returns one for each of an article's texts, in order. Equal texts get
    /// different ones: the second counts on from the first. Of more texts than
    /// there are fingerprints, the last share theirs.
    pub fn of_texts<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<Fingerprint> {
        // For each that is taken, where to go on: rows of a million equal lines must not be walked along by each
        // text that falls among them.
        let mut next: HashMap<u32, u32> = HashMap::new();
        let mut passed = Vec::new();
        let free = |text: &str| {
            let mut bits = (first_bits(text.as_bytes()) & FINGERPRINT_MASK) as u32;
            if next.len() as u64 > FINGERPRINT_MASK {
                return Fingerprint(bits);
            }
            while let Some(&further) = next.get(&bits) {
                passed.push(bits);
                bits = further;
            }
            let further = (bits + 1) & FINGERPRINT_MASK as u32;
            next.extend(passed.drain(..).chain([bits]).map(|taken| (taken, further)));
            Fingerprint(bits)
        };
        texts.map(free).collect()
    }

    /// Returns the fingerprint with a number that [`Self::number`] gave.
    pub fn from_number(number: u64) -> Fingerprint {
        Fingerprint((number & FINGERPRINT_MASK) as u32)
    }

    /// Returns the number that is stored.
    pub fn number(self) -> u64 {
        self.0.into()
    }
}

impl PassageId {
    /// Returns the id of a passage of an article.
    pub fn new(article: ArticleName, passage: Fingerprint) -> PassageId {
        PassageId(article.0 | passage.number())
    }

    /// Returns what names the article of the passage.
    pub fn article(self) -> ArticleName {
        ArticleName::from_number(self.0)
    }

    /// Returns what tells the passage from the others of its article.
    pub fn passage(self) -> Fingerprint {
        Fingerprint::from_number(self.0)
    }
}

/// A string is not the id of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of a passage: 16 hexadecimal digits")]
pub struct ParseIdError;

impl std::str::FromStr for PassageId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<PassageId, ParseIdError> {
        let is_id = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(text, 16).ok().filter(|_| is_id).map(PassageId).ok_or(ParseIdError)
    }
}

/// 16 hexadecimal digits.
impl std::fmt::Display for PassageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

fn first_bits(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    let first = hash.as_bytes().first_chunk().expect("a hash has 32 bytes");
    u64::from_be_bytes(*first)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn records_of_an_article_lie_together() {
        let key = RecordKey { article: ArticleKey(7), version: 0 };
        let newer = key.next().next();
        assert_eq!(RecordKey::from_number(newer.number()), newer);
        for (record, expected) in [(key, true), (newer, true), (RecordKey { article: ArticleKey(8), ..key }, false)] {
            assert_eq!(ArticleKey(7).records().contains(&record.number()), expected);
        }
    }

    #[test]
    fn very_many_equal_texts() {
        let prints = Fingerprint::of_texts(std::iter::repeat_n("同上", 200_000));
        assert!(prints.windows(2).all(|pair| pair[1].0 == (pair[0].0 + 1) & FINGERPRINT_MASK as u32));
    }

    /// One in forty of the others falls among the equal ones. Were the row of these walked along, this would take minutes.
    #[test]
    fn other_texts_among_very_many_equal_ones() {
        let texts: Vec<String> = (0..400_000).flat_map(|number| ["同上".to_owned(), number.to_string()]).collect();
        let prints = Fingerprint::of_texts(texts.iter().map(String::as_str));
        assert_eq!(prints.into_iter().map(Fingerprint::number).collect::<HashSet<_>>().len(), texts.len());
    }

    #[test]
    fn equal_texts_have_ids_of_their_own() {
        let name = ArticleName::of_path("zh/停火.md".as_bytes());
        let ids: Vec<_> = Fingerprint::of_texts(["同上", "война", "同上", "同上"].into_iter())
            .into_iter()
            .map(|print| PassageId::new(name, print).to_string())
            .collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 4);
        assert!(ids.iter().all(|id| id.len() == 16 && id[..10] == ids[0][..10]));
        assert_eq!(name.next().number() & FINGERPRINT_MASK, 0);
    }

    #[test]
    fn ids_are_read_back() {
        let id = PassageId::new(ArticleName::of_path(b"a.md"), Fingerprint(77));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!((id.article(), id.passage()), (ArticleName::of_path(b"a.md"), Fingerprint(77)));
        for wrong in ["", "12", "+123456789abcdef", "ж23456789abcde", "1234567890abcdef0"] {
            assert_eq!(wrong.parse::<PassageId>(), Err(ParseIdError), "{wrong}");
        }
    }
}
