//! How much a search may do: one budget for all of it, from the first word that is looked up to the last hit that is read.
//!
//! Steps are counted, a step about a nanosecond of a common server, so that a
//! query that asks for too much is cut short at the same place each time. The
//! clock is the last resort, for slow machines and cold disks; it is looked at
//! every million steps. Without a deadline only memory is bounded.
//!
//! What is cut short finds less and never something false: who excludes with a
//! part of what is to be excluded must let nothing through.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::answer::hit::Cut;
use crate::request::{Cancel, Request};

/// A term of the dictionary that streams by, and is compared.
pub(crate) const STREAMED: u64 = 40;
/// A word of a wildcard that is kept.
pub(crate) const KEPT: u64 = 400;
/// A term that is looked up in the dictionary.
pub(crate) const LOOKED_UP: u64 = 1_000;
/// A word that is cut to its form.
pub(crate) const STEMMED: u64 = 500;
/// A word whose typing errors are looked for, beside what streams by.
pub(crate) const MISSPELT: u64 = 500_000;
/// A posting that is read.
pub(crate) const POSTING: u64 = 10;
/// A position that is read and compared.
pub(crate) const POSITION: u64 = 25;
/// A passage whose column is looked at.
pub(crate) const COLUMN: u64 = 8;
/// A record that is read and looked through.
pub(crate) const RECORD: u64 = 40_000;

/// The steps of each second that is allowed. What ranks is planned with a quarter of them, what decides with
/// another, so that neither leaves the other or the reading without any.
const STEPS_A_SECOND: u64 = 600_000_000;
/// The number of steps between two looks at the clock.
const BETWEEN_LOOKS: u64 = 1_000_000;
/// How long the programs take for the best matches, unless something else is asked for: a [`Request::deadline`] for people
/// who wait at a screen.
pub const PATIENCE: Duration = Duration::from_secs(1);
/// Lists of one search hold no more than this at a time.
const MOST_BYTES: u64 = 256 << 20;

/// What is left for a search. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Purse>);

#[derive(Debug)]
struct Purse {
    spent: AtomicU64,
    /// What may be spent in all until what is at work is cut short.
    most: AtomicU64,
    /// What may be spent when nothing is left to be planned.
    most_in_all: u64,
    /// The number of spent steps at which the clock is looked at next.
    next_look: AtomicU64,
    held: AtomicU64,
    ends: Option<Instant>,
    cancel: Option<Cancel>,
    is_stopped: AtomicBool,
    cut: OnceLock<Cut>,
}

impl Budget {
    /// Returns the budget of a search that begins now.
    pub(crate) fn of(request: &Request) -> Budget {
        Budget::new(request.deadline, request.cancel.clone())
    }

    /// Returns a budget that bounds memory alone.
    pub(crate) fn for_all() -> Budget {
        Budget::new(None, None)
    }

    /// Returns a budget of `steps` steps, without a clock.
    #[cfg(test)]
    fn of_steps(steps: u64) -> Budget {
        let mut budget = Budget::for_all();
        if let Some(purse) = Arc::get_mut(&mut budget.0) {
            (purse.most, purse.most_in_all) = (AtomicU64::new(steps / 4), steps);
        }
        budget
    }

    fn new(deadline: Option<Duration>, cancel: Option<Cancel>) -> Budget {
        let steps = |time: Duration| time.as_nanos().saturating_mul(STEPS_A_SECOND.into()) / 1_000_000_000;
        let most = deadline.map_or(u64::MAX, |time| u64::try_from(steps(time)).unwrap_or(u64::MAX));
        Budget(Arc::new(Purse {
            spent: AtomicU64::new(0),
            most: AtomicU64::new(most / 4),
            most_in_all: most,
            next_look: AtomicU64::new(0),
            held: AtomicU64::new(0),
            ends: deadline.and_then(|time| Instant::now().checked_add(time)),
            cancel,
            is_stopped: AtomicBool::new(false),
            cut: OnceLock::new(),
        }))
    }

    /// Takes `steps` steps, and returns whether any are left. If not, what is at work ends with what it has.
    pub(crate) fn spend(&self, steps: u64) -> bool {
        let purse = &*self.0;
        let spent = purse.spent.fetch_add(steps, Relaxed).saturating_add(steps);
        if spent > purse.most.load(Relaxed) {
            self.stop(Cut::Work);
        } else if spent >= purse.next_look.load(Relaxed) {
            purse.next_look.store(spent.saturating_add(BETWEEN_LOOKS), Relaxed);
            self.look();
        }
        !self.is_stopped()
    }

    /// Ends what is at work if the time is up or nobody waits for it.
    fn look(&self) {
        if self.0.cancel.as_ref().is_some_and(Cancel::is_cancelled) {
            self.stop(Cut::Cancelled);
        } else if self.0.ends.is_some_and(|ends| Instant::now() >= ends) {
            self.stop(Cut::Deadline);
        }
    }

    fn stop(&self, cut: Cut) {
        self.0.cut.get_or_init(|| cut);
        self.0.is_stopped.store(true, Relaxed);
    }

    /// Says that something was left out because its lists would be too long, and goes on.
    pub(crate) fn leave_out(&self) {
        self.0.cut.get_or_init(|| Cut::Memory);
    }

    /// Returns whether what is at work is to end.
    pub(crate) fn is_stopped(&self) -> bool {
        self.0.is_stopped.load(Relaxed)
    }

    /// Returns whether the time is up or nobody waits: what was found may still be read while steps are all that is spent.
    pub(crate) fn is_over(&self) -> bool {
        if self.0.ends.is_some() || self.0.cancel.is_some() {
            self.look();
        }
        matches!(self.cut(), Some(Cut::Deadline | Cut::Cancelled))
    }

    /// Returns why not all was done, if so.
    pub(crate) fn cut(&self) -> Option<Cut> {
        self.0.cut.get().copied()
    }

    /// Allows this number of quarters of all steps, counted from the beginning, and at least one more step: the next stage works with what there is so far.
    pub(crate) fn allow(&self, quarters: u64) {
        let purse = &*self.0;
        let (quarter, spent) = (purse.most_in_all / 4, purse.spent.load(Relaxed));
        purse.most.store((quarter * quarters).max(spent.saturating_add(quarter)), Relaxed);
        purse.is_stopped.store(false, Relaxed);
        self.look();
    }

    /// Holds terms until the search ends: a query can ask for all words many times over.
    pub(crate) fn keep<'t>(&self, terms: impl IntoIterator<Item = &'t String>) {
        let bytes: usize = terms.into_iter().map(|term| term.len() + size_of::<String>()).sum();
        let mut holding = self.holding();
        holding.add::<u8>(bytes);
        holding.bytes = 0;
    }

    /// Returns a count of what a list holds.
    pub(crate) fn holding(&self) -> Holding<'_> {
        Holding { budget: self, bytes: 0 }
    }
}

/// What a list holds, until it is dropped.
pub(crate) struct Holding<'b> {
    budget: &'b Budget,
    bytes: u64,
}

impl<'b> Holding<'b> {
    /// Returns the budget that it is of.
    pub(crate) fn budget(&self) -> &'b Budget {
        self.budget
    }

    /// Adds `count` values of a size, and returns whether there is room for them.
    pub(crate) fn add<T>(&mut self, count: usize) -> bool {
        let bytes = (count * size_of::<T>()) as u64;
        self.bytes += bytes;
        let has_room = self.budget.0.held.fetch_add(bytes, Relaxed) + bytes <= MOST_BYTES;
        if !has_room {
            self.budget.stop(Cut::Memory);
        }
        has_room
    }
}

impl Holding<'_> {
    /// Holds room for `count` values of a size, if it does not yet.
    pub(crate) fn at_least<T>(&mut self, count: usize) {
        let held = usize::try_from(self.bytes).unwrap_or(usize::MAX) / size_of::<T>();
        self.add::<T>(count.saturating_sub(held));
    }
}

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        self.budget.0.held.fetch_sub(self.bytes, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::test_index::TestIndex;
    use crate::{Answer, Index, PassageId, Sort, Total};

    #[test]
    fn each_part_of_a_search_has_steps_of_its_own() {
        let budget = Budget::of_steps(400);
        assert!(budget.spend(100));
        assert!(!budget.spend(1));
        assert_eq!(budget.cut(), Some(Cut::Work));
        for quarters in [2, 4] {
            budget.allow(quarters);
            assert!(budget.spend(98));
        }
        assert!(budget.spend(103));
        assert!(!budget.spend(1));
        assert_eq!(budget.cut(), Some(Cut::Work), "it stays said");
    }

    #[test]
    fn without_a_deadline_only_memory_is_bounded() {
        let budget = Budget::for_all();
        assert!(budget.spend(u64::MAX / 8));
        budget.allow(4);
        {
            let mut holding = budget.holding();
            assert!(holding.add::<u64>(1 << 20));
        }
        let mut holding = budget.holding();
        assert!(holding.add::<u64>((MOST_BYTES / 8) as usize));
        assert!(!holding.add::<u64>(1));
        assert_eq!(budget.cut(), Some(Cut::Memory));
    }

    /// Articles in three languages with many words each.
    fn index() -> (TestIndex, Index) {
        let mut made = TestIndex::new();
        let letters = ["а", "б", "в", "и", "о", "закон", "e", "the", "of", "国", "的", "法", "停火", "中"];
        for key in 1..60_usize {
            let word = |at: usize| letters[(key * 7 + at * at + at / 5) % letters.len()];
            let words =
                (0..300).map(|at| format!("{}{}{}", word(at), if at % 3 == 0 { " " } else { "" }, word(at + key)));
            let text: Vec<String> = words.collect();
            let paragraphs: Vec<String> = text.chunks(60).map(|words| words.join(" ")).collect();
            made.add(key as u32, &format!("{}/{key}.md", key % 5), &paragraphs.join("\n\n"));
        }
        made.commit();
        let index = Index::open(made.path()).unwrap();
        (made, index)
    }

    /// Kinds of queries that ask for much, with and without something excluded.
    fn kinds() -> Vec<String> {
        let each = |make: &dyn Fn(&str) -> String| {
            let parts: Vec<String> =
                ["а", "б", "в", "и", "о", "e", "国", "法", "中", "th"].into_iter().map(make).collect();
            parts
        };
        let mut kinds = vec!["\"国*的*法*中\"".to_owned(), "\"the of а закон\"~40".to_owned(), "закон".to_owned()];
        for sign in ["", "+", "-"] {
            kinds.push(format!("закон {}", each(&|letter| format!("{sign}*{letter}*")).join(" ")));
            kinds.push(format!("закон {}", each(&|letter| format!("{sign}\"{letter} закон\"")).join(" ")));
            kinds.push(format!("закон {}", each(&|letter| format!("{sign}path:{letter}")).join(" ")));
            kinds.push(format!("закон {}", each(&|letter| format!("{sign}title:*{letter}*")).join(" ")));
            kinds.push(format!("закон {}", each(&|letter| format!("{sign}{letter}закон~2")).join(" ")));
            kinds.push(format!("the {}", each(&|letter| format!("{sign}(*{letter} AND NOT {letter}*)")).join(" ")));
            kinds.push(format!("停火 {sign}({})", each(&|letter| format!("\"{letter} *а*\"~9")).join(" OR ")));
            kinds.push(format!("停火 {}", each(&|letter| format!("{sign}date:{}..", 1000 + letter.len())).join(" ")));
        }
        kinds
    }

    fn ids(answer: &Answer) -> BTreeSet<PassageId> {
        answer.hits.iter().map(|hit| hit.id).collect()
    }

    #[test]
    fn what_is_cut_is_a_part_of_the_whole_and_the_same_each_time() {
        let (_made, index) = index();
        let mut cuts = 0;
        for query in kinds() {
            for sort in [Sort::Path, Sort::Score] {
                let mut request = Request::new(&query);
                (request.limit, request.sort) = (None, sort);
                let whole = index.search(&request).unwrap();
                assert_eq!(whole.cut, None, "{query}");
                for steps in [0, 10, 100, 1_000, 10_000].map(|thousands| thousands * 1_000) {
                    let search = || index.search_within(&request, &Budget::of_steps(steps)).unwrap();
                    let answer = search();
                    assert!(ids(&answer).is_subset(&ids(&whole)), "{query} {steps}: found something else");
                    assert_eq!(ids(&search()), ids(&answer), "{query} {steps}: not the same twice");
                    cuts += usize::from(answer.cut.is_some());
                    match answer.cut {
                        None => assert_eq!((ids(&answer), answer.total), (ids(&whole), whole.total), "{query} {steps}"),
                        Some(_) => {
                            assert!(matches!(answer.total, Total::AtLeast(count) if count <= whole.total.count()));
                            assert!(!answer.warnings.is_empty(), "{query} {steps}");
                        }
                    }
                }
            }
        }
        assert!(cuts > 50, "{cuts}");
    }

    #[test]
    fn hits_are_read_when_they_are_asked_for() {
        let (_made, index) = index();
        let cancel = Cancel::new();
        let mut request = Request::new("закон");
        (request.limit, request.cancel) = (None, Some(cancel.clone()));
        let all = index.search(&request).unwrap().hits.len();
        let mut hits = index.hits(&request).unwrap();
        let first = hits.by_ref().take(20).count();
        cancel.cancel();
        let rest = hits.by_ref().count();
        assert!((first, rest) == (20, 0) && all > 40, "{first} {rest} {all}");
        assert_eq!((hits.answer().cut, hits.answer().total), (Some(Cut::Cancelled), Total::AtLeast(all as u64)));
    }

    #[test]
    fn a_cancelled_search_ends() {
        let cancel = Cancel::new();
        let budget = Budget::new(None, Some(cancel.clone()));
        assert!(budget.spend(1));
        cancel.cancel();
        assert!(!budget.spend(BETWEEN_LOOKS + 1));
        assert_eq!(budget.cut(), Some(Cut::Cancelled));
        budget.allow(4);
        assert!(budget.is_stopped());
    }

    #[test]
    fn a_deadline_that_passed_ends_a_search() {
        let budget = Budget::new(Some(Duration::ZERO), None);
        assert!(!budget.spend(0));
        assert_eq!(budget.cut(), Some(Cut::Deadline));
    }
}
