//! Whole documents of each format, and damaged ones by the thousand.

// The lint does not see that helpers of tests are test code.
#![allow(clippy::unwrap_used)]

mod documents;
mod linear;
mod mutations;
pub(crate) mod samples;

/// The readers, without a limit of memory.
macro_rules! unbounded {
    ($format:ident) => {
        mod $format {
            use crate::reading::formats::{Converted, FormatError};
            use crate::reading::memory::Account;
            use crate::reading::skip_reason::SkipReason;

            pub(super) fn read(bytes: &[u8]) -> Result<Converted, FormatError> {
                crate::reading::formats::$format::read(bytes, &mut Account::of(usize::MAX).open()).map_err(|reason| {
                    match reason {
                        SkipReason::Document(error) => error,
                        other => panic!("{other}"),
                    }
                })
            }
        }
    };
}
unbounded!(docx);
unbounded!(epub);
unbounded!(fb2);
unbounded!(odf);
unbounded!(pptx);
unbounded!(xlsx);
unbounded!(rtf);
