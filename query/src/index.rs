//! An opened index: what is read of it, at one commit, and whether it is whole.

pub(crate) mod directory;
pub(crate) mod integrity;
pub(crate) mod open;
pub(crate) mod path_order;
pub(crate) mod state;
pub(crate) mod statistics;
