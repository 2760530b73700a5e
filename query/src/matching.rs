//! Finding again, in the stored text of a passage, what a query asks for.

pub(crate) mod needles;
pub(crate) mod phrase;
pub(crate) mod snippet;
pub(crate) mod wildcard;
