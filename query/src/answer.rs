//! What searching gives back: plain values, which know nothing of how they are made.

pub(crate) mod article;
pub(crate) mod concordance;
pub(crate) mod counts;
pub(crate) mod explanation;
pub(crate) mod hit;
pub(crate) mod snippet;
pub(crate) mod status;
pub(crate) mod timeline;
pub(crate) mod warning;
