//! A list of passages, grouped by article, of which one is chosen.

use std::ops::Range;

use svod_query::{Hit, PassageId};

use super::keys::Step;

/// A list of passages.
#[derive(Debug, Default)]
pub(super) struct Listing {
    hits: Vec<Hit>,
    selected: usize,
    /// The first passage that is shown; drawing keeps the chosen one visible.
    pub(super) top: usize,
}

impl Listing {
    /// Returns a list in the order of `hits`, with each passage moved behind the first one of its article. The first
    /// passage is chosen.
    pub(super) fn new(hits: Vec<Hit>) -> Listing {
        let mut listing = Listing::default();
        for hit in hits {
            listing.add(hit);
        }
        listing
    }

    /// Adds a passage behind those of its article and returns its index.
    pub(super) fn add(&mut self, hit: Hit) -> usize {
        let place = self.hits.iter().rposition(|known| known.path == hit.path).map_or(self.hits.len(), |at| at + 1);
        self.hits.insert(place, hit);
        place
    }

    /// Removes a passage and returns its former index.
    pub(super) fn remove(&mut self, id: PassageId) -> Option<usize> {
        let place = self.position(id)?;
        self.hits.remove(place);
        self.selected = self.selected.min(self.hits.len().saturating_sub(1));
        Some(place)
    }

    pub(super) fn hits(&self) -> &[Hit] {
        &self.hits
    }

    pub(super) fn position(&self, id: PassageId) -> Option<usize> {
        self.hits.iter().position(|hit| hit.id == id)
    }

    pub(super) fn selected(&self) -> usize {
        self.selected
    }

    pub(super) fn hit(&self) -> Option<&Hit> {
        self.hits.get(self.selected)
    }

    /// Chooses a passage, or the first one if it is not in the list.
    pub(super) fn choose(&mut self, id: PassageId) {
        self.selected = self.position(id).unwrap_or(0);
    }

    /// Moves the choice. `page` is the number of passages on a page.
    pub(super) fn step(&mut self, step: Step, page: usize) {
        let last = self.hits.len().saturating_sub(1);
        self.selected = match step {
            Step::Up => self.selected.saturating_sub(1),
            Step::Down => (self.selected + 1).min(last),
            Step::PageUp => self.selected.saturating_sub(page.max(1)),
            Step::PageDown => (self.selected + page.max(1)).min(last),
            Step::First => 0,
            Step::Last => last,
        };
    }

    /// Returns the range of passages of each article.
    pub(super) fn articles(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.hits.chunk_by(|a, b| a.path == b.path).map(move |hits| {
            start += hits.len();
            start - hits.len()..start
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::test_hits::hit;

    #[test]
    fn the_passages_of_an_article_stand_together() {
        let mut listing =
            Listing::new(vec![hit(1, "zh/a.md"), hit(2, "ru/b.md"), hit(3, "zh/a.md"), hit(4, "en/c.md")]);
        let ids: Vec<String> = listing.hits().iter().map(|hit| hit.id.to_string()).collect();
        assert_eq!(ids, [1, 3, 2, 4].map(|number| hit(number, "").id.to_string()));
        assert_eq!(listing.articles().collect::<Vec<_>>(), [0..2, 2..3, 3..4]);
        listing.step(Step::Last, 2);
        assert_eq!(listing.remove(hit(4, "").id), Some(3));
        assert_eq!(listing.hit().map(|hit| hit.id), Some(hit(2, "").id), "the choice stays in the list");
    }

    #[test]
    fn the_choice_stays_in_the_list() {
        let mut listing = Listing::default();
        for step in [Step::Up, Step::Down, Step::PageUp, Step::PageDown, Step::First, Step::Last] {
            listing.step(step, 0);
            assert!(listing.hit().is_none() && listing.selected() == 0);
        }
        let mut listing = Listing::new((0..9).map(|number| hit(number, "a.md")).collect());
        for (step, expected) in
            [(Step::PageDown, 4), (Step::Down, 5), (Step::PageDown, 8), (Step::Down, 8), (Step::PageUp, 4)]
        {
            listing.step(step, 4);
            assert_eq!(listing.selected(), expected, "{step:?}");
        }
    }
}
