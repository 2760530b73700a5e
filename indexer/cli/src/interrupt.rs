//! Ctrl-C: the first ends the run after a last commit, the second at once.
//!
//! Ending at once is safe too: the index is one of its commits at any moment.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Installs the handler, for Ctrl-C and the signals that end a program. A second Ctrl-C exits with `code`.
pub(super) fn listen(code: u8) {
    // Fails if `run` was called before in this process; the first handler serves both.
    let _ = ctrlc::set_handler(move || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(code.into());
        }
    });
}

pub(super) fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
