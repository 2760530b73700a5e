//! Ranking: every weight, with its reason. Nothing here needs a new index.
//!
//! Candidates come by tantivy's BM25. The best of them are scored again by
//! what their text, their title and their headings tell ([`score`]), and by
//! the passages beside them ([`support`]).

use std::collections::HashMap;

use crate::matching::needles::{Match, Needles};
use crate::ranking::in_fields::InFields;

/// A bigram of a Han run.
pub(crate) const BIGRAM: f32 = 1.0;
/// A bigram of which one character is grammar: most straddle two words. 1.0 loses up to 0.004.
pub(crate) const HALF_GRAMMAR: f32 = 0.5;
/// A Chinese word of three and more characters, beside its bigrams. 1.0 loses 0.001 everywhere.
pub(crate) const LONG_WORD: f32 = 0.5;
/// A bigram of a formal word for something in the query. It counts for no coverage: a passage lacks nothing without it.
/// 0.4 and 0.8 lose 0.003 of questions on law; without any 0.026.
pub(crate) const FORMAL: f32 = 0.6;
/// The form of a word.
pub(crate) const FORM: f32 = 1.0;

/// A term in the title of the article, against the same in the text.
pub(crate) const TITLE: f32 = 0.5;
/// A term in the headings above a passage. Higher weights find chapters by their names and lose articles of laws.
pub(crate) const SECTION: f32 = 0.5;
/// A term in the keywords of the article.
pub(crate) const KEYWORDS: f32 = 0.3;
/// A term in the names of the authors.
pub(crate) const AUTHORS: f32 = 0.5;

/// The most candidates that are read and scored again. 200 change no measure by more than 0.004, 25 lose 0.008 of laws
/// asked in other forms.
const MOST_CANDIDATES: usize = 50;
/// Reading candidates is most of the time of a search, and the less a query says, the less their text can tell: the number
/// without any term, and how many more for each.
const CANDIDATES: (usize, usize) = (15, 5);

/// How soon a term that is repeated tells nothing new: k1 of BM25. 2.0 loses 0.001 of questions, 1.2 0.003 of Russian ones
/// and of laws.
const SATURATION: f32 = 1.5;
/// How much of a term's weight hangs on how few of the candidates have it: what all have is the topic of the article, and
/// does not tell its passages apart. 0.6 loses 0.004 of laws, none 0.002 of laws and of three languages together.
const LOCAL: f32 = 0.3;
/// A word of the same family where the word is not, with the idf of the family. Finds articles of Russian laws better by
/// 0.02, and changes little else; 1.0 loses 0.004 of them, 2.0 gains nothing.
const RELATED: f32 = 1.5;
/// The part of the word that is then not lacking. None loses 0.005 of laws.
const RELATED_IS_PRESENT: f32 = 0.5;
/// How much a long passage counts for less: b of BM25.
const LENGTH: f32 = 0.75;
/// The positions of a window: what belongs together stands together. 15 and 60 measure the same; the whole text as the
/// window loses 0.009 of Russian titles and gains 0.004 of the Chinese sample questions.
const WINDOW_POSITIONS: usize = 30;
/// The terms in the best window. 1.0 loses 0.004 of encyclopaedic questions, none 0.01 of the sample questions and 0.005 of
/// laws.
const CLOSENESS: f32 = 0.5;
/// Neighbours in the query that are neighbours in the text; of Han bigrams, which overlap, it would lose 0.003. None loses
/// 0.02 of laws asked in other forms.
const NEIGHBOURS: f32 = 0.5;
/// The longest run of words that stands in the text as in the query. 0.5 loses 0.004 of titles of
/// laws; none loses 0.01 of English phrases.
const RUN: f32 = 0.25;
/// The whole query stands in the text: against all of its terms. 1.0 loses 0.017 of English phrases.
const VERBATIM: f32 = 2.0;
/// A word that stands in the text in the form that was typed, against its stem.
/// Finds three remembered words of a Russian paragraph better by 0.04.
const AS_TYPED: f32 = 0.5;
/// A stop word within a run, where a word has its idf. None loses 0.009 of the sample questions.
pub(crate) const STOP_WORD: f32 = 0.5;
/// The query names the article or the chapter: against all of its terms. 0.5 loses 0.05 of English titles.
const NAMED: f32 = 1.0;
/// How fast that fades when words of the query are not in the name.
const NAMED_POWER: i32 = 8;
/// The best of the passages beside a passage, against its own score. Gains 0.01 in laws; 0.2 loses Russian keywords.
const SUPPORT: f32 = 0.1;
/// The passages of an article at most this far apart are beside each other.
const BESIDE: u64 = 3;

/// Returns how many of the best hits by BM25 are read and scored again for a query of this many terms.
pub(crate) fn candidates(terms: usize) -> usize {
    (CANDIDATES.0 + CANDIDATES.1 * terms).min(MOST_CANDIDATES)
}

/// Where a term comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The query has it.
    Typed,
    /// It belongs to a formal word for something in the query.
    Formal,
}

/// A term of best match, as candidates are scored by it.
#[derive(Debug)]
pub(crate) struct Ranked {
    /// What it is found by in a text.
    pub(crate) needle: usize,
    /// What it is found by in fields. None if there are too many names.
    pub(crate) names: Vec<String>,
    /// Its characters, if it is Chinese.
    pub(crate) characters: Vec<char>,
    /// Its idf, weighted by its kind.
    pub(crate) weight: f32,
    /// The same for all words of its family: a rare form of a frequent word tells no more than the word.
    pub(crate) family: f32,
    pub(crate) origin: Origin,
    /// Its place among the terms of the answer.
    pub(crate) shown: usize,
}

/// What is known of a candidate.
#[derive(Debug, Default)]
pub(crate) struct Evidence<'c> {
    /// What stands in its text.
    pub(crate) matches: &'c [Match],
    /// For each needle whether a word of its family stands in its text.
    pub(crate) related: &'c [bool],
    /// The weight of the longest run of the query's words.
    pub(crate) run: f32,
    /// The weight of the query's words that stand in its text in the form that was typed.
    pub(crate) as_typed: f32,
    /// The length of its text, against the mean of all candidates: they are
    /// of the query's language and kind, which the whole index is not.
    pub(crate) length: f32,
    /// Whether the whole query stands in its text.
    pub(crate) is_verbatim: bool,
    pub(crate) in_fields: InFields,
    /// The Han characters of the query that stand in its text, sorted.
    pub(crate) characters: &'c [char],
    /// For each needle how well it tells the candidates apart ([`telling`]).
    pub(crate) telling: &'c [f32],
}

impl Evidence<'_> {
    fn telling(&self, needle: usize) -> f32 {
        self.telling.get(needle).copied().unwrap_or(1.0)
    }
}

/// What the score of a candidate is made of.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct ScoreParts {
    /// The sum of the terms, in the text and in fields.
    pub(crate) terms: f32,
    pub(crate) named: f32,
    pub(crate) verbatim: f32,
    pub(crate) closeness: f32,
    pub(crate) run: f32,
    pub(crate) as_typed: f32,
    pub(crate) neighbours: f32,
    /// What all of this is multiplied by: how much of the query is there.
    pub(crate) coverage: f32,
}

impl ScoreParts {
    pub(crate) fn total(&self) -> f32 {
        let sum = self.terms + self.named + self.verbatim + self.closeness + self.run + self.as_typed + self.neighbours;
        sum * self.coverage
    }
}

/// Scores a candidate: BM25 (Robertson and Zaragoza 2009) of its text, terms
/// in its fields, and how close together its matches stand; all the less, the
/// more of the query it lacks (coordination, as of Salton's and Lucene's).
pub(crate) fn score(needles: &Needles, terms: &[Ranked], evidence: &Evidence) -> ScoreParts {
    let mut frequencies = vec![0_u32; needles.count()];
    for found in evidence.matches {
        frequencies[found.needle] += 1;
    }
    let (mut all, mut present, mut named) = (0.0, 0.0, 0.0);
    let mut parts = ScoreParts { coverage: 1.0, ..ScoreParts::default() };
    for (at, term) in terms.iter().enumerate() {
        let frequency = frequencies[term.needle];
        let in_fields = evidence.in_fields.weight(at);
        parts.terms += score_term(term, frequency, at, evidence);
        if term.origin == Origin::Formal {
            continue;
        }
        all += term.weight;
        named += if in_fields > 0.0 { term.weight } else { 0.0 };
        present += term.weight
            * match in_fields > 0.0 || frequency > 0 {
                true => 1.0,
                false if evidence.has_relative(term) => RELATED_IS_PRESENT,
                false => part_present(term, evidence.characters),
            };
    }
    if all > 0.0 {
        parts.named = NAMED * all * (named / all).powi(NAMED_POWER);
        parts.verbatim = if evidence.is_verbatim { VERBATIM * all } else { 0.0 };
        parts.closeness = CLOSENESS * best_window(evidence);
        parts.run = RUN * evidence.run;
        parts.as_typed = AS_TYPED * evidence.as_typed;
        parts.neighbours = NEIGHBOURS * needles.pairs_found(evidence.matches).sum::<f32>();
        parts.coverage = (present / all).sqrt();
    }
    parts
}

/// Returns what a term that stands so often in the text of a candidate adds to its score.
pub(crate) fn score_term(term: &Ranked, frequency: u32, at: usize, evidence: &Evidence) -> f32 {
    let is_typed = term.origin == Origin::Typed;
    let related = if is_typed && frequency == 0 && evidence.has_relative(term) { RELATED * term.family } else { 0.0 };
    let in_text = evidence.telling(term.needle) * saturated(frequency, evidence.length);
    term.weight * (in_text + evidence.in_fields.weight(at)) + related
}

impl Evidence<'_> {
    /// Returns whether a word of the same family stands in the text.
    fn has_relative(&self, term: &Ranked) -> bool {
        self.related.get(term.needle).is_some_and(|related| *related)
    }
}

/// Returns how much of an absent term is there nevertheless: the share of its
/// characters that stand in the text. Chinese shortens and turns words round,
/// 征地 is 征收土地, and keeps their characters. As evidence of the term itself
/// this measures worse; half of it, or its square, the same.
fn part_present(term: &Ranked, characters: &[char]) -> f32 {
    let present = term.characters.iter().filter(|character| characters.binary_search(character).is_ok()).count();
    present as f32 / term.characters.len().max(1) as f32
}

/// Returns the part of BM25 that depends on the passage.
fn saturated(frequency: u32, length: f32) -> f32 {
    let frequency = frequency as f32;
    frequency * (SATURATION + 1.0) / (frequency + SATURATION * (1.0 - LENGTH + LENGTH * length))
}

/// Returns what a passage gains from the scores of the others: each the
/// article, the place in it, and the score.
pub(crate) fn support<A: PartialEq>(passage: &(A, u64, f32), others: &[(A, u64, f32)]) -> f32 {
    let is_beside =
        |other: &&(A, u64, f32)| other.0 == passage.0 && (1..=BESIDE).contains(&other.1.abs_diff(passage.1));
    SUPPORT * others.iter().filter(is_beside).map(|other| other.2).fold(0.0, f32::max)
}

/// Returns the weight of the different needles in the window that has the most.
fn best_window(evidence: &Evidence) -> f32 {
    let matches = evidence.matches;
    let weight_of = |found: &Match| found.weight * evidence.telling(found.needle);
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let (mut weight, mut best, mut first) = (0.0, 0.0_f32, 0);
    for found in matches {
        let count = counts.entry(found.needle).or_default();
        *count += 1;
        if *count == 1 {
            weight += weight_of(found);
        }
        while matches[first].position + WINDOW_POSITIONS <= found.position {
            if let Some(count) = counts.get_mut(&matches[first].needle) {
                *count -= 1;
                if *count == 0 {
                    weight -= weight_of(&matches[first]);
                }
            }
            first += 1;
        }
        best = best.max(weight);
    }
    best
}

/// Returns how well a term tells the candidates apart, of which `with_term` have
/// it: its idf among them, against that of a term that only one has; at most 1.
pub(crate) fn telling(with_term: u64, candidates: u64) -> f32 {
    // Of one candidate there is nothing to tell apart.
    let most = idf(1, candidates).max(f32::MIN_POSITIVE);
    1.0 - LOCAL + LOCAL * (idf(with_term.max(1), candidates) / most)
}

/// Returns how much a term tells: the logarithm of how rare it is, as in BM25
/// (Robertson and Zaragoza 2009), never below 0.
pub(crate) fn idf(with_term: u64, all: u64) -> f32 {
    let with_term = with_term.min(all) as f32;
    (1.0 + (all as f32 - with_term + 0.5) / (with_term + 0.5)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores a text for two words of one weight, of which the fields may have some.
    fn scored(text: &str, in_fields: InFields) -> f32 {
        let mut needles = Needles::default();
        let mut terms = Vec::new();
        for word in ["ceasefire", "talks"] {
            let needle = needles.add_terms([word.to_owned()], 1.0);
            let (names, characters) = (Vec::new(), Vec::new());
            terms.push(Ranked { needle, names, characters, weight: 1.0, family: 0.0, origin: Origin::Typed, shown: 0 });
        }
        let found = needles.find(text);
        let evidence = Evidence { matches: &found.matches, length: 1.0, in_fields, ..Evidence::default() };
        score(&needles, &terms, &evidence).total()
    }

    #[test]
    fn all_terms_beat_one_repeated() {
        let none = InFields::default;
        assert!(scored("ceasefire talks", none()) > scored("ceasefire ceasefire ceasefire ceasefire", none()));
        assert!(scored("talks", none()) > scored("war", none()));
    }

    #[test]
    fn an_absent_term_is_present_by_its_characters() {
        let term = Ranked {
            needle: 0,
            names: Vec::new(),
            characters: vec!['征', '地'],
            weight: 1.0,
            family: 0.0,
            origin: Origin::Typed,
            shown: 0,
        };
        for (characters, expected) in [(&['土', '地', '征'][..], 1.0), (&['地'], 0.5), (&['停', '火'], 0.0), (&[], 0.0)]
        {
            let mut characters = characters.to_vec();
            characters.sort_unstable();
            assert_eq!(part_present(&term, &characters), expected);
        }
        let word = Ranked { characters: Vec::new(), ..term };
        assert_eq!(part_present(&word, &['地']), 0.0);
    }

    #[test]
    fn a_term_may_be_in_a_field() {
        let mut title = InFields::default();
        title.add(0, 0);
        assert!(scored("talks", title) > scored("talks", InFields::default()));
        assert!(scored("talks", title) > scored("ceasefire", title));
        title.add(0, 1);
        assert!(scored("", title) > 0.0);
    }

    #[test]
    fn what_few_candidates_have_tells_more() {
        assert_eq!(telling(1, 50), 1.0);
        assert_eq!([telling(0, 50), telling(1, 1), telling(0, 0)], [1.0; 3]);
        assert!(telling(5, 50) > telling(40, 50) && telling(50, 50) >= 1.0 - LOCAL);
    }

    #[test]
    fn passages_beside_support_each_other() {
        let all = [(1, 5, 4.0), (1, 6, 10.0), (1, 9, 50.0), (2, 5, 90.0)];
        assert_eq!(all.each_ref().map(|passage| support(passage, &all)), [1.0, 5.0, 1.0, 0.0]);
    }
}
