//! Near-copies: the same paragraph in two versions of a law.
//!
//! Two texts are near-copies if their shingles, the stretches of a few units,
//! are mostly the same (Broder 1997). A text is folded into the first hit that
//! it is like. What has all the same shingles as an earlier text goes where
//! that went, so of equal texts one is shown. For others a sketch of the least
//! hashes of the shingles finds the hits worth comparing.
//!
//! A thousand hits with the same beginning share most of a sketch. So a text
//! costs no more than one look at each of a bounded number of hits, those that
//! share most of the sketch: of texts that are alike but not equal, one that
//! shares its sketch with very many others may be shown twice.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use svod_text::analysis::Scan;

/// Units of a shingle.
const SHINGLE: usize = 4;
/// Least hashes that are compared first. Two texts that share nine shingles of ten have all different ones in a sketch
/// once in 10^16.
const SKETCH: usize = 16;
/// The share of all shingles of two texts that near-copies have in common: a paragraph of a hundred characters in
/// which five in a row were changed has 0.85.
const ALIKE: f64 = 0.8;
/// The most hits that are remembered for a hash: one that more of them have tells little.
const MOST_WITH_HASH: usize = 64;
/// The most hits that are compared with a text: those that share most of its sketch.
const MOST_COMPARED: usize = 16;

/// The texts that were seen so far.
#[derive(Default)]
pub(super) struct Seen {
    /// For each text that is no copy its shingles, sorted.
    texts: Vec<Vec<u64>>,
    /// Where a text with these shingles went: its own number, or that of the text that it is a copy of.
    equal: HashMap<u64, usize>,
    /// The texts with a hash in their sketch.
    sketches: HashMap<u64, Vec<usize>>,
    scan: Scan,
}

impl Seen {
    /// Returns the number of the text, counted from 0 and without copies, that this is a near-copy of; if there is none,
    /// it is kept.
    pub(super) fn copy_of(&mut self, text: &str) -> Option<usize> {
        let shingles = self.shingles(text);
        let all = hasher().hash_one(&shingles);
        let original = self.equal.get(&all).copied().or_else(|| self.first_like(&shingles));
        self.equal.insert(all, original.unwrap_or(self.texts.len()));
        if original.is_none() {
            self.keep(shingles);
        }
        original
    }

    /// Returns the first of the texts that one with these shingles is like.
    fn first_like(&self, shingles: &[u64]) -> Option<usize> {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for &text in sketch(shingles).iter().filter_map(|hash| self.sketches.get(hash)).flatten() {
            *shared.entry(text).or_default() += 1;
        }
        let mut candidates: Vec<(usize, usize)> = shared.into_iter().collect();
        candidates.sort_unstable_by_key(|&(text, hashes)| (Reverse(hashes), text));
        let compared = candidates.into_iter().take(MOST_COMPARED).map(|(text, _)| text);
        compared.filter(|&text| is_alike(&self.texts[text], shingles)).min()
    }

    fn keep(&mut self, shingles: Vec<u64>) {
        for &hash in sketch(&shingles) {
            let with_hash = self.sketches.entry(hash).or_default();
            if with_hash.len() < MOST_WITH_HASH {
                with_hash.push(self.texts.len());
            }
        }
        self.texts.push(shingles);
    }

    /// Returns the hashes of the shingles of a text, sorted; of a shorter text its own.
    fn shingles(&mut self, text: &str) -> Vec<u64> {
        self.scan.fill(text);
        let count = self.scan.units().len();
        if count == 0 {
            // Signs alone: equal ones are copies.
            return vec![hasher().hash_one(text)];
        }
        let length = SHINGLE.min(count);
        let units = |first: usize| (first..first + length).map(|at| self.scan.folded(at));
        let hash = |first: usize| units(first).fold(0, |hash, unit| hasher().hash_one((hash, unit)));
        let mut shingles: Vec<u64> = (0..count + 1 - length).map(hash).collect();
        shingles.sort_unstable();
        shingles.dedup();
        shingles
    }
}

/// The same in every process: answers are to be repeatable.
fn hasher() -> BuildHasherDefault<DefaultHasher> {
    BuildHasherDefault::default()
}

fn sketch(shingles: &[u64]) -> &[u64] {
    &shingles[..shingles.len().min(SKETCH)]
}

fn is_alike(one: &[u64], other: &[u64]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if (short.len() as f64) < ALIKE * long.len() as f64 {
        return false;
    }
    let mut others = long.iter().peekable();
    let is_common = |hash: &&u64| {
        while others.next_if(|other| other < hash).is_some() {}
        others.peek() == Some(hash)
    };
    let common = short.iter().filter(is_common).count();
    let all = one.len() + other.len() - common;
    common as f64 >= ALIKE * all as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ARTICLE: &str = "第四十二条 国家机关应当依照法定权限和程序公开政府信息，保障公民、法人和其他组织依法获取政府信息，\
                           提高政府工作的透明度，建设法治政府，充分发挥政府信息对人民群众生产、生活和经济社会活动的服务作用。";
    /// Three versions of a rule that share a sketch; no two are near-copies.
    const RULES: [&str; 3] = [
        "The keeper of a warehouse shall send a list of stored grain to the county office within nine weeks.",
        "The keeper of a warehouse shall send a list of stored grain to the county office within two months.",
        "The keeper of a warehouse shall send a list of stored grain to the county office before the autumn.",
    ];

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
        for text in [ARTICLE, &half, "第一条", "第二条", "", "мир", "* * *", "———"] {
            assert_eq!(seen.copy_of(text), None, "{text}");
        }
        assert_eq!(seen.copy_of("———"), Some(7));
    }

    /// An earlier text that shares the sketch and is another hides none.
    #[test]
    fn a_copy_is_found_behind_others_that_share_its_sketch() {
        for first in 0..3 {
            let mut seen = Seen::default();
            let order = [0, 1, 2].map(|at| RULES[(first + at) % 3]);
            assert_eq!(order.map(|text| seen.copy_of(text)), [None; 3]);
            assert_eq!(order.map(|text| seen.copy_of(text)), [Some(0), Some(1), Some(2)]);
            assert_eq!(order.map(|text| seen.copy_of(&text.to_uppercase())), [Some(0), Some(1), Some(2)]);
        }
    }

    /// A text that is like two hits goes to the first, and what equals it goes there too.
    #[test]
    fn a_copy_goes_to_the_first_hit_that_it_is_like() {
        let text = |changed: usize| -> String {
            (0..60).map(|at| if at < changed { "x ".to_owned() } else { format!("w{at} ") }).collect()
        };
        let mut seen = Seen::default();
        // The third shares 0.84 with the first and 0.82 with the second, they 0.77 with each other.
        assert_eq!([10, 0].map(|changed| seen.copy_of(&text(changed))), [None; 2]);
        assert_eq!([7, 7, 0].map(|changed| seen.copy_of(&text(changed))), [Some(0), Some(0), Some(1)]);
    }

    #[test]
    fn ten_thousand_that_share_a_sketch_are_compared_with_few() {
        let mut seen = Seen::default();
        let mut number = 1_u32;
        for at in 0..10_000 {
            // More than a third of each is its own, so none is a copy.
            let own = (0..60).filter_map(|_| {
                number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from_u32(0x4e00 + (number >> 8) % 20_000)
            });
            let own: String = own.collect();
            assert_eq!(seen.copy_of(&format!("{ARTICLE}{own}")), None, "{at}");
        }
        assert!(seen.sketches.values().all(|texts| texts.len() <= MOST_WITH_HASH));
    }

    proptest! {
        #[test]
        fn of_equal_texts_one_is_shown(texts in proptest::collection::vec("[ab]{1,2}( [ab]){0,9}", 1..60)) {
            let mut seen = Seen::default();
            let mut shown: Vec<String> = Vec::new();
            for text in texts {
                match seen.copy_of(&text) {
                    Some(original) => prop_assert!(original < shown.len()),
                    None => {
                        prop_assert!(!shown.contains(&text), "{}", text);
                        shown.push(text);
                    }
                }
            }
        }
    }
}
