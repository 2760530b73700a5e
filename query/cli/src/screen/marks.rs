//! The marked passages. They stay while queries come and go.

use std::collections::HashMap;

use svod_query::{Hit, PassageId};

use super::listing::Listing;

/// What was marked, and by which query it was found.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) listing: Listing,
    queries: HashMap<PassageId, String>,
    is_written: bool,
}

impl Marks {
    /// Marks a passage, or takes its mark away.
    pub(super) fn turn(&mut self, hit: Hit, query: String) {
        self.is_written = false;
        if self.queries.remove(&hit.id).is_some() {
            self.listing.remove(hit.id);
        } else {
            self.queries.insert(hit.id, query);
            self.listing.add(hit);
        }
    }

    pub(super) fn has(&self, id: PassageId) -> bool {
        self.queries.contains_key(&id)
    }

    /// Returns the query that a passage was found by.
    pub(super) fn query(&self, id: PassageId) -> &str {
        self.queries.get(&id).map_or("", String::as_str)
    }

    /// Returns whether there is something that would be lost.
    pub(super) fn is_unwritten(&self) -> bool {
        !self.is_written && !self.listing.hits().is_empty()
    }

    pub(super) fn set_written(&mut self) {
        self.is_written = true;
    }
}
