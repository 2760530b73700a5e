//! Reading that can be interrupted: after an interruption a run does not wait for a large file.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::reading::formats::Format;
use crate::reading::memory::Account;
use crate::reading::rules::Rules;
use crate::reading::skip_reason::SkipReason;
use crate::reading::source::Source;
use crate::reading::{self, Attempt, Bounds, Seen};

/// Smaller files are read so quickly that they need no thread of their own.
const LEAST_BYTES: u64 = 256 << 10;

/// The interval of checks for an interruption.
const PAUSE: Duration = Duration::from_millis(50);

/// Reads a source like [`reading::understand`], but returns at once when the run is interrupted.
///
/// A file that may take long is read by a thread of its own. After an interruption its result is dropped; the thread
/// ends when it is done, or with the process.
pub(crate) fn understand(
    root: &Path,
    source: &Source,
    rules: &Rules,
    account: &Arc<Account>,
    is_interrupted: &dyn Fn() -> bool,
) -> Attempt {
    let here = || reading::understand(root, source, rules, Bounds { memory: account.open(), is_interrupted });
    // The code that runs `pdftotext` checks for interruptions itself.
    if source.bytes < LEAST_BYTES || source.format == Format::Pdf {
        return here();
    }
    let (sender, receiver) = channel();
    let own = (root.to_owned(), source.clone(), rules.clone());
    let memory = account.open();
    let read = move || {
        let bounds = Bounds { memory, is_interrupted: &|| false };
        // Sending fails after an interruption, when the receiver is gone.
        drop(sender.send(reading::understand(&own.0, &own.1, &own.2, bounds)));
    };
    if thread::Builder::new().name("reading".to_owned()).spawn(read).is_err() {
        return here();
    }
    let reason = loop {
        match receiver.recv_timeout(PAUSE) {
            Ok(attempt) => return attempt,
            Err(RecvTimeoutError::Timeout) if is_interrupted() => break SkipReason::Interrupted,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break SkipReason::Panicked,
        }
    };
    (Seen::nothing(source), Err(reason))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::progress::Progress;
    use crate::{Ending, Options, index_folder};

    /// Interrupts a run when it has asked for the given number of times.
    struct After(usize);

    impl Progress for After {
        fn is_interrupted(&mut self) -> bool {
            let is_over = self.0 == 0;
            self.0 = self.0.saturating_sub(1);
            is_over
        }
    }

    #[test]
    fn a_large_file_is_given_up_and_read_by_the_next_run() {
        for times in [300_000, 3_000_000] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("a.md"), "停火 мир\n\n".repeat(times)).unwrap();
            let run = |progress: &mut dyn Progress| index_folder(folder.path(), &Options::default(), progress).unwrap();
            let report = run(&mut After(1));
            assert_eq!((report.ending, report.articles), (Ending::Interrupted(1), 0));
            if times == 300_000 {
                let report = run(&mut ());
                assert_eq!((report.ending, report.articles), (Ending::UpToDate, 1));
            }
        }
    }
    #[test]
    fn a_large_article_is_given_up_while_it_is_added() {
        let folder = tempfile::tempdir().unwrap();
        let paragraph = "The ceasefire held through the night. ".repeat(3) + "\n\n";
        fs::write(folder.path().join("a.md"), paragraph.repeat(40_000)).unwrap();
        fs::write(folder.path().join("b.md"), "停火").unwrap();
        let options = Options::default().memory_bytes(0).threads(1);
        let run = |progress: &mut dyn Progress| index_folder(folder.path(), &options, progress).unwrap();
        // Reading takes fewer checks than that, and gives more passages.
        let report = run(&mut After(10_000));
        assert_eq!((report.ending, report.articles), (Ending::Interrupted(2), 0));
        let report = run(&mut ());
        assert_eq!((report.ending, report.articles, report.passages), (Ending::UpToDate, 2, 40_001));
    }
}
