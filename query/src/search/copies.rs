//! Near-copies: the same paragraph in two versions of a law.
//!
//! Two texts are near-copies if their shingles, the stretches of a few units,
//! are mostly the same (Broder 1997). A sketch of the least hashes of the
//! shingles finds the pairs worth comparing, so that many hits cost no more
//! than one look at each.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use svod_corpus::analysis::Scan;

/// Units of a shingle.
const SHINGLE: usize = 4;
/// Least hashes that are compared first. Two texts that share nine shingles of ten have all different ones in a sketch
/// once in 10^16.
const SKETCH: usize = 16;
/// The share of all shingles of two texts that near-copies have in common: a paragraph of a hundred characters in
/// which five in a row were changed has 0.85.
const ALIKE: f64 = 0.8;

/// The texts that were seen so far.
#[derive(Default)]
pub(super) struct Seen {
    /// For each text its shingles, sorted.
    texts: Vec<Vec<u64>>,
    /// The texts with a hash in their sketch.
    sketches: HashMap<u64, Vec<usize>>,
    scan: Scan,
}

impl Seen {
    /// Returns the number of the text, counted from 0, that this is a near-copy of; if there is none, it is kept.
    pub(super) fn copy_of(&mut self, text: &str) -> Option<usize> {
        let shingles = self.shingles(text);
        let sketch = &shingles[..shingles.len().min(SKETCH)];
        let alike = sketch.iter().filter_map(|hash| self.sketches.get(hash)).flatten();
        if let Some(&original) = alike.min().filter(|&&at| is_alike(&self.texts[at], &shingles)) {
            return Some(original);
        }
        for &hash in sketch {
            self.sketches.entry(hash).or_default().push(self.texts.len());
        }
        self.texts.push(shingles);
        None
    }

    /// Returns the hashes of the shingles of a text, sorted; of a shorter text its own.
    fn shingles(&mut self, text: &str) -> Vec<u64> {
        // The same in every process: answers are to be repeatable.
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        self.scan.fill(text);
        let count = self.scan.units().len();
        let length = SHINGLE.min(count);
        let units = |first: usize| (first..first + length).map(|at| self.scan.folded(at));
        let hash = |first: usize| units(first).fold(0, |hash, unit| hasher.hash_one((hash, unit)));
        let mut shingles: Vec<u64> = (0..count + 1 - length).map(hash).collect();
        shingles.sort_unstable();
        shingles.dedup();
        shingles
    }
}

fn is_alike(one: &[u64], other: &[u64]) -> bool {
    let common = one.iter().filter(|hash| other.binary_search(hash).is_ok()).count();
    let all = one.len() + other.len() - common;
    common as f64 >= ALIKE * all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = "第四十二条 国家机关应当依照法定权限和程序公开政府信息，保障公民、法人和其他组织依法获取政府信息，\
                           提高政府工作的透明度，建设法治政府，充分发挥政府信息对人民群众生产、生活和经济社会活动的服务作用。";

    #[test]
    fn the_same_paragraph_of_two_versions() {
        let mut seen = Seen::default();
        assert_eq!(seen.copy_of(ARTICLE), None);
        assert_eq!(seen.copy_of(ARTICLE), Some(0));
        assert_eq!(seen.copy_of(&ARTICLE.replace("第四十二条", "第四十三条")), Some(0));
        assert_eq!(seen.copy_of(&ARTICLE.replace("，", " ")), Some(0));
        assert_eq!(seen.copy_of("Статья 15. Государственные органы обязаны раскрывать сведения."), None);
        assert_eq!(seen.copy_of("Статья 15. Государственные органы обязаны раскрывать сведения!"), Some(1));
    }

    #[test]
    fn other_texts_are_no_copies() {
        let mut seen = Seen::default();
        let half: String = ARTICLE.chars().take(50).collect();
        for text in [ARTICLE, &half, "第一条", "第二条", "", "мир"] {
            assert_eq!(seen.copy_of(text), None, "{text}");
        }
    }
}
