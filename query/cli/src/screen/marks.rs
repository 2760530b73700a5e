//! The marked passages, which are kept from query to query.

use std::collections::HashMap;

use svod_query::{Hit, PassageId};

use super::listing::Listing;

/// The marked passages, each with the query that found it.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) listing: Listing,
    queries: HashMap<PassageId, String>,
    is_written: bool,
}

impl Marks {
    /// Marks a passage, or removes its mark.
    pub(super) fn toggle(&mut self, hit: Hit, query: String) {
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

    /// Returns the query that found a passage.
    pub(super) fn query(&self, id: PassageId) -> &str {
        self.queries.get(&id).map_or("", String::as_str)
    }

    /// Returns whether there are marks that are not written to a file.
    pub(super) fn is_unwritten(&self) -> bool {
        !self.is_written && !self.listing.hits().is_empty()
    }

    pub(super) fn set_written(&mut self) {
        self.is_written = true;
    }
}
