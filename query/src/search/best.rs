//! The best matches of a query: by score, and equal ones by their places in
//! the folder, whatever segments and numbers tantivy gave them.
//!
//! Tantivy adds up the parts of a score in any order, so equal passages may
//! differ in the last bits: scores are rounded before they are compared. One
//! that lies too near to a rounding edge is added up again, in one order
//! (`exact`).
//!
//! Tantivy leaves out what cannot be among the best. It is given a threshold
//! somewhat lower than the last of the best: what scores the same may still
//! come before it, and tantivy's own bounds are not exact ([`Margin`]).

use std::cmp::Ordering;
use std::sync::Arc;

use tantivy::query::{EnableScoring, Query};
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, Score, TantivyError};

use super::Found;
use super::exact::Exact;
use crate::budget::{Budget, POSTING};
use crate::error::QueryError;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;
use crate::index::statistics::Margin;

/// The number of matches between two looks at the budget.
const MATCHES_A_TIME: u64 = 1_024;

/// Which matches are visited.
#[derive(Debug, Clone, Copy)]
pub(super) enum Visit<'p> {
    /// All, so that they can be counted.
    All,
    /// Only those that may be among the best. The fields that are searched, each with the most that its terms can add
    /// to a score.
    Best(&'p [(Field, Score)]),
}

/// What came of visiting matches.
pub(super) struct Collected {
    /// The best, best first.
    pub(super) best: Vec<(Score, DocAddress)>,
    /// How many were visited.
    pub(super) count: u64,
    /// Those of them that are parts of a long paragraph.
    pub(super) parts: Vec<DocAddress>,
}

/// Returns the best matches.
pub(super) fn best(
    state: &State,
    query: &dyn Query,
    most: usize,
    visit: Visit<'_>,
    budget: &Budget,
) -> tantivy::Result<Collected> {
    let statistics = &state.statistics;
    let weight = query.weight(EnableScoring::enabled_from_statistics_provider(statistics, &state.searcher))?;
    let mut best = Best {
        state,
        most,
        found: Vec::new(),
        least: None,
        later: None,
        count: 0,
        parts: ParagraphParts::default(),
        budget,
    };
    let mut exact = Exact::new(state, query);
    for (segment, reader) in state.searcher.segment_readers().iter().enumerate() {
        let address = |doc| DocAddress::new(segment as u32, doc);
        best.parts.begin(state, segment as u32);
        match visit {
            Visit::All => weight.for_each(reader, &mut |doc, score| {
                if !reader.is_deleted(doc) {
                    best.take(score, address(doc), &mut exact);
                }
            })?,
            Visit::Best(fields) => {
                let margin = statistics.margin(reader, fields)?;
                weight.for_each_pruning(best.threshold(&margin), reader, &mut |doc, score| {
                    if !reader.is_deleted(doc) {
                        best.take(score, address(doc), &mut exact);
                    }
                    best.threshold(&margin)
                })?;
            }
        }
    }
    exact.finish()?;
    best.found.sort_by(|a, b| state.compare(a, b));
    best.found.truncate(most);
    match state.ranks.failure() {
        Some(failure) => Err(TantivyError::InternalError(failure.to_string())),
        None => Ok(Collected { best: best.found, count: best.count, parts: best.parts.matched }),
    }
}

/// The best matches so far, and some more.
struct Best<'s> {
    state: &'s State,
    most: usize,
    found: Vec<(Score, DocAddress)>,
    /// The last of the best: what comes after it is not among them.
    least: Option<(Score, DocAddress)>,
    /// An article that comes after that of the last of the best, whose passages are not looked at one by one.
    later: Option<ArticleNumber>,
    count: u64,
    parts: ParagraphParts<'s>,
    budget: &'s Budget,
}

/// The parts of long paragraphs among matches, which come in the order of a segment.
#[derive(Default)]
struct ParagraphParts<'s> {
    /// Those of the segment that no match came behind yet.
    ahead: &'s [DocId],
    matched: Vec<DocAddress>,
}

impl<'s> ParagraphParts<'s> {
    fn begin(&mut self, state: &'s State, segment: u32) {
        self.ahead = state.parts(segment);
    }

    fn note(&mut self, found: DocAddress) {
        while let Some((&part, ahead)) = self.ahead.split_first().filter(|(part, _)| **part <= found.doc_id) {
            self.ahead = ahead;
            if part == found.doc_id {
                self.matched.push(found);
            }
        }
    }
}

impl Best<'_> {
    fn take(&mut self, score: Score, address: DocAddress, exact: &mut Exact<'_>) {
        self.count += 1;
        self.parts.note(address);
        if self.count.is_multiple_of(MATCHES_A_TIME) {
            self.budget.spend(POSTING * MATCHES_A_TIME);
        }
        let (low, high) = exact.bounds(score);
        if self.least.is_some_and(|(least, _)| high < least) {
            return;
        }
        let found = (if low == high { low } else { exact.score(address).unwrap_or(high) }, address);
        if self.is_after_least(&found) {
            return;
        }
        self.found.push(found);
        // First as soon as there is a last of the best, then now and then.
        let is_due = self.least.is_none() || self.found.len() >= self.most + self.most.div_ceil(2);
        if is_due && self.found.len() >= self.most {
            let (_, least, _) = self.found.select_nth_unstable_by(self.most - 1, |a, b| self.state.compare(a, b));
            self.least = Some(*least);
            self.later = None;
            self.found.truncate(self.most);
        }
    }

    /// Returns whether a match is not among the best.
    fn is_after_least(&mut self, found: &(Score, DocAddress)) -> bool {
        let Some(least) = self.least else { return false };
        if found.0 != least.0 {
            return found.0 < least.0;
        }
        let article = self.state.article_of(found.1);
        if self.later == Some(article) {
            return true;
        }
        let is_after = self.state.compare(found, &least) != Ordering::Less;
        if is_after && article != self.state.article_of(least.1) {
            self.later = Some(article);
        }
        is_after
    }

    /// Returns what a match must score more than to be worth a look.
    fn threshold(&self, margin: &Margin) -> Score {
        match self.least {
            // Nothing more is wanted.
            _ if self.budget.is_stopped() => Score::MAX,
            Some((score, _)) if score > 0.0 => margin.threshold(score),
            Some((score, _)) => score.next_down(),
            None => Score::MIN,
        }
    }
}

impl State {
    /// Sorts matches that were scored again.
    pub(super) fn sort(&self, found: &mut [Found]) -> Result<(), QueryError> {
        found.sort_by(|a, b| self.compare(&(a.score, a.address), &(b.score, b.address)));
        self.ranks.failure().map_or(Ok(()), |failure| Err(self.damaged(Arc::clone(failure))))
    }

    /// Compares two matches: the better score first, then the first in the folder.
    fn compare(&self, one: &(Score, DocAddress), other: &(Score, DocAddress)) -> Ordering {
        let by_score = other.0.total_cmp(&one.0);
        if by_score != Ordering::Equal || one.1 == other.1 {
            return by_score;
        }
        self.ranks.compare(self, self.place(one.1), self.place(other.1))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Index;
    use crate::parse::parse;
    use crate::plan::{self, Plan};
    use crate::test_index::TestIndex;

    /// Few words, so that many passages score the same.
    const WORDS: [&str; 8] = ["停火", "谈判", "制裁", "мир", "война", "переговоры", "treaty", "grain"];

    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % end as u64) as usize
        }

        fn text(&mut self) -> String {
            let paragraph = |numbers: &mut Numbers| {
                let length = [1, 2, 3, 3, 3, 40][numbers.below(6)];
                (0..length).map(|_| WORDS[numbers.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
            };
            (0..1 + self.below(4)).map(|_| paragraph(self)).collect::<Vec<_>>().join("\n\n")
        }
    }

    /// A folder that changes, and the index that follows it.
    struct Changing {
        made: TestIndex,
        numbers: Numbers,
        articles: BTreeMap<u32, (String, String)>,
        next: u32,
    }

    impl Changing {
        fn new(seed: u64) -> Changing {
            Changing { made: TestIndex::new(), numbers: Numbers(seed), articles: BTreeMap::new(), next: 0 }
        }

        fn path(&mut self) -> String {
            format!("{}/{}.md", WORDS[self.numbers.below(WORDS.len())], self.numbers.below(1 << 30))
        }

        fn change(&mut self) {
            for _ in 0..20 {
                let known: Vec<u32> = self.articles.keys().copied().collect();
                let any = known.get(self.numbers.below(known.len().max(1))).copied();
                match (self.numbers.below(4), any) {
                    (0, Some(key)) => {
                        self.made.remove(key);
                        self.articles.remove(&key);
                    }
                    (1, Some(key)) => {
                        let path = self.path();
                        let article = self.articles.get_mut(&key).unwrap();
                        article.0 = path;
                        self.made.rename(key, &article.0, &article.1);
                    }
                    _ => {
                        let article = (self.path(), self.numbers.text());
                        self.next += 1;
                        self.made.add(self.next, &article.0, &article.1);
                        self.articles.insert(self.next, article);
                    }
                }
            }
            self.made.commit();
        }
    }

    type Choice = fn(&Plan) -> Visit<'_>;
    const COUNT: Choice = |_| Visit::All;
    const PRUNE: Choice = |plan| Visit::Best(&plan.most_scores);

    fn found(index: &Index, query: &str, most: usize, choice: Choice) -> Vec<(Score, DocAddress)> {
        let state = index.state();
        let budget = Budget::for_all();
        let plan = plan::plan(&parse(query), &state, &budget).unwrap();
        best(&state, &*plan.query, most, choice(&plan), &budget).unwrap().best
    }

    /// With its score, what names a match for people.
    fn named(index: &Index, found: &[(Score, DocAddress)]) -> Vec<(Score, Vec<u8>, u64)> {
        let state = index.state();
        let named = found.iter().map(|&(score, address)| {
            let (key, ordinal) = state.place(address);
            (score, state.article(key).unwrap().path, ordinal)
        });
        named.collect()
    }

    /// Checks that the best of a query are the first of all, in the order of score, path and place in the article.
    fn check(index: &Index, query: &str) {
        let mut all = named(index, &found(index, query, 100_000, COUNT));
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2))));
        for most in [1, 2, 10, 50, 1000] {
            let expected = &all[..most.min(all.len())];
            for (choice, name) in [(PRUNE, "pruned"), (COUNT, "counted")] {
                let best = named(index, &found(index, query, most, choice));
                let first = best.iter().zip(expected).find(|(one, other)| one != other);
                assert!(best.len() == expected.len() && first.is_none(), "{query}: {most} {name}: {first:?}");
            }
        }
    }

    #[test]
    fn equal_scores_come_in_the_order_of_paths() {
        for seed in [1, 2, 3] {
            let mut folder = Changing::new(seed);
            for _ in 0..6 {
                folder.change();
                let index = Index::open(folder.made.path()).unwrap();
                for query in
                    ["停火", "мир война", "谈判 переговоры grain", "kind:body", "+treaty -制裁", "\"制裁\" мир"]
                {
                    check(&index, query);
                }
            }
        }
    }

    /// Titles, keywords, authors and headings decide among thousands of passages with the same words in their text.
    #[test]
    fn nothing_is_left_out_that_a_field_makes_one_of_the_best() {
        let queries =
            ["停火", "мир", "grain", "мир война", "停火谈判", "treaty grain переговоры", "制裁 treaty", "мир OR 停火"];
        let mut folder = Changing::new(7);
        let mut rare = Numbers(8);
        for key in 0..1500 {
            let mut words = |most: usize| {
                let count = if rare.below(40) == 0 { 1 + rare.below(most) } else { 0 };
                (0..count).map(|_| WORDS[rare.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
            };
            let head =
                format!("---\ntitle: a {}\nauthors: b {}\nkeywords: c {}\n---\n\n", words(20), words(2), words(9));
            let text = format!("{head}# {} d\n\n{}", words(5), folder.numbers.text());
            let path = folder.path();
            folder.made.add(10_000 + key, &path, &text);
            if key % 700 == 0 {
                folder.made.commit();
            }
        }
        folder.made.commit();
        let check_all = |folder: &Changing| {
            let index = Index::open(folder.made.path()).unwrap();
            queries.iter().for_each(|query| check(&index, query));
        };
        check_all(&folder);
        (0..300).for_each(|key| folder.made.remove(10_000 + key * 5));
        folder.made.commit();
        check_all(&folder);
        folder.made.merge();
        check_all(&folder);
    }

    #[test]
    fn an_updated_index_ranks_as_a_fresh_one() {
        for seed in [4, 5] {
            let mut folder = Changing::new(seed);
            for _ in 0..5 {
                folder.change();
            }
            let mut fresh = TestIndex::new();
            for (key, (path, text)) in folder.articles.iter().rev() {
                fresh.add(1000 - key, path, text);
            }
            fresh.commit();
            let fresh_index = Index::open(fresh.path()).unwrap();
            let before = Index::open(folder.made.path()).unwrap();
            folder.made.merge();
            let after = Index::open(folder.made.path()).unwrap();
            for query in ["停火", "мир война", "谈判 переговоры grain"] {
                let all = |index: &Index| named(index, &found(index, query, 1000, PRUNE));
                assert_eq!(all(&after), all(&fresh_index), "{query}");
                let names = |index: &Index| {
                    let mut names: Vec<_> = all(index).into_iter().map(|found| (found.1, found.2)).collect();
                    names.sort();
                    names
                };
                assert_eq!(names(&before), names(&fresh_index), "the hits are the same before a merge too: {query}");
            }
        }
    }
}
