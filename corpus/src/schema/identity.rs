//! The key of an article and the id of a passage.
//!
//! An id is 64 bits: the 40 of its article's key, then 24 of its text. It
//! stays the same when the folder is indexed again and the text has not
//! changed, and one column serves both to name a passage and to tell its
//! article.

use std::collections::HashSet;

const TEXT_BITS: u32 = 24;
const TEXT_MASK: u64 = (1 << TEXT_BITS) - 1;

/// Names an article in an index. Its low 24 bits are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleKey(u64);

impl ArticleKey {
    /// Returns the key that the article at a path gets, unless it is taken.
    pub fn of_path(path: &[u8]) -> ArticleKey {
        ArticleKey(first_bits(path) & !TEXT_MASK)
    }

    /// Returns the key to try after this one, when this one is taken.
    pub fn next(self) -> ArticleKey {
        ArticleKey(self.0.wrapping_add(TEXT_MASK + 1))
    }

    /// Returns the number that stands in the index.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// Names a passage in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PassageId(u64);

impl PassageId {
    /// Returns the id with the number that stands in the index.
    pub fn from_number(number: u64) -> PassageId {
        PassageId(number)
    }

    /// Returns the number that stands in the index.
    pub fn number(self) -> u64 {
        self.0
    }

    /// Returns the key of the passage's article.
    pub fn article(self) -> ArticleKey {
        ArticleKey(self.0 & !TEXT_MASK)
    }

    /// Returns an id for each of an article's texts, in order. Equal texts get
    /// different ids: the second counts on from the first.
    pub fn of_texts<'t>(article: ArticleKey, texts: impl Iterator<Item = &'t str>) -> Vec<PassageId> {
        let mut taken = HashSet::new();
        let free = |text: &str| {
            let mut bits = first_bits(text.as_bytes()) & TEXT_MASK;
            while !taken.insert(bits) {
                bits = (bits + 1) & TEXT_MASK;
            }
            PassageId(article.0 | bits)
        };
        texts.map(free).collect()
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
    use super::*;

    #[test]
    fn equal_texts_have_ids_of_their_own() {
        let key = ArticleKey::of_path("zh/停火.md".as_bytes());
        let ids = PassageId::of_texts(key, ["同上", "война", "同上", "同上"].into_iter());
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 4);
        assert!(ids.iter().all(|id| id.article() == key));
        assert_eq!(ids[0], PassageId::of_texts(key, ["同上"].into_iter())[0]);
        assert_eq!(ids[0].to_string().len(), 16);
        assert_eq!(key.next().number() & TEXT_MASK, 0);
    }
}
