//! Ctrl-C: the first ends the run in good order, the second at once.
//!
//! At once is safe too: the index is one of its commits at any moment.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Listens from now on; to the signals that end a program, too.
pub(super) fn listen(code: u8) {
    // A second program in this process leaves it to the first.
    let _ = ctrlc::set_handler(move || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(code.into());
        }
    });
}

pub(super) fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
