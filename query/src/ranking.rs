//! Scores: every weight, with its reason, and the fields beside the text that count.

pub(crate) mod in_fields;
pub(crate) mod rank;
