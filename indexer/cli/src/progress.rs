//! The progress bar: files, bytes a second, time left. Shown on a terminal only.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use svod_indexer::Progress;

use super::interrupt;

/// A bar on standard error. Nothing is drawn before there is something to read, nor if standard error is not a
/// terminal.
pub(super) struct Bar {
    bar: OnceLock<ProgressBar>,
    files: AtomicU64,
    files_done: AtomicU64,
}

/// No bar.
pub(super) struct Silent;

impl Progress for Silent {
    fn is_interrupted(&self) -> bool {
        interrupt::is_interrupted()
    }
}

impl Bar {
    pub(super) fn new() -> Bar {
        Bar { bar: OnceLock::new(), files: AtomicU64::new(0), files_done: AtomicU64::new(0) }
    }

    pub(super) fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    fn say(&self, message: &'static str) {
        if let Some(bar) = self.bar.get() {
            bar.set_message(message);
        }
    }
}

impl Progress for Bar {
    fn found(&self, files: u64, bytes: u64) {
        self.files.store(files, Ordering::Relaxed);
        let template = "{bar:30} {bytes} of {total_bytes}  {binary_bytes_per_sec}  {msg}  {eta} left";
        let style = ProgressStyle::with_template(template).expect("the template is well formed");
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr()).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        let _ = self.bar.set(bar);
    }

    fn done(&self, bytes: u64) {
        let files_done = self.files_done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = self.bar.get() {
            bar.set_message(format!("{files_done}/{} files", self.files.load(Ordering::Relaxed)));
            bar.inc(bytes);
        }
    }

    fn committing(&self) {
        self.say("writing the index");
    }

    fn merging(&self) {
        self.say("merging segments");
    }

    fn is_interrupted(&self) -> bool {
        let is_interrupted = interrupt::is_interrupted();
        if is_interrupted {
            self.say("interrupted: keeping what is done (Ctrl-C again ends at once)");
        }
        is_interrupted
    }
}
