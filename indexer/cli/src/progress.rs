//! The progress bar: files, bytes a second, time left. Shown on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use svod_indexer::Progress;

use super::interrupt;

/// A bar on standard error. Nothing is drawn before there is something to read, nor if standard error is not a
/// terminal.
#[derive(Default)]
pub(super) struct Bar {
    bar: Option<ProgressBar>,
    files: u64,
    files_done: u64,
}

/// No bar.
pub(super) struct Silent;

impl Progress for Silent {
    fn is_interrupted(&mut self) -> bool {
        interrupt::is_interrupted()
    }
}

impl Bar {
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn say(&self, message: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_message(message);
        }
    }
}

impl Progress for Bar {
    fn found(&mut self, files: u64, bytes: u64) {
        self.files = files;
        let template = "{bar:30} {bytes} of {total_bytes}  {binary_bytes_per_sec}  {msg}  {eta} left";
        let style = ProgressStyle::with_template(template).expect("the template is well formed");
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr()).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        self.bar = Some(bar);
    }

    fn done(&mut self, bytes: u64) {
        self.files_done += 1;
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}/{} files", self.files_done, self.files));
            bar.inc(bytes);
        }
    }

    fn committing(&mut self) {
        self.say("writing the index");
    }

    fn merging(&mut self) {
        self.say("merging segments");
    }

    fn is_interrupted(&mut self) -> bool {
        let is_interrupted = interrupt::is_interrupted();
        if is_interrupted {
            self.say("interrupted: keeping what is done (Ctrl-C again ends at once)");
        }
        is_interrupted
    }
}
