//! Without the feature `archives` there are no members.

use std::fs::File;

use crate::reading::skip_reason::SkipReason;

/// A document inside an archive.
#[derive(Debug, Clone)]
pub(crate) enum Member {}

impl Member {
    pub(crate) fn unpack(&self, _: &File, _: u64) -> Result<Vec<u8>, SkipReason> {
        match *self {}
    }
}
