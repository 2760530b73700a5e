//! Reading that ends with its run: nobody waits for a large file after an interruption.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::discover::Source;
use crate::formats::Format;
use crate::options::Progress;
use crate::reading::{self, Seen, Understood};
use crate::report::SkipReason;
use crate::rules::Rules;

/// Smaller files are read before anybody could lose patience.
const LEAST_BYTES: u64 = 256 << 10;

/// How often an interruption is looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// Reads and understands a source as [`reading::understand`] does. Nothing if the run is interrupted meanwhile.
///
/// What may take long is read by a thread of its own. After an interruption nobody listens to it any more: it
/// ends with the process, or when it is done.
pub(crate) fn understand(
    root: &Path,
    source: &Source,
    rules: &Rules,
    progress: &dyn Progress,
) -> Option<(Seen, Result<Understood, SkipReason>)> {
    // The other program that reads PDF files hears of interruptions itself.
    if source.bytes < LEAST_BYTES || source.format == Format::Pdf {
        return Some(reading::understand(root, source, rules));
    }
    let (sender, receiver) = channel();
    let own = (root.to_owned(), source.clone(), rules.clone());
    // Who gave up does not listen.
    let read = move || drop(sender.send(reading::understand(&own.0, &own.1, &own.2)));
    if thread::Builder::new().name("reading".to_owned()).spawn(read).is_err() {
        return Some(reading::understand(root, source, rules));
    }
    loop {
        match receiver.recv_timeout(PAUSE) {
            Ok(understood) => return Some(understood),
            Err(RecvTimeoutError::Timeout) if progress.is_interrupted() => return None,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Some((Seen::nothing(source), Err(SkipReason::Panicked))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{Ending, Options, index_folder};

    /// Interrupts a run while it reads.
    struct WhileReading(AtomicUsize);

    impl Progress for WhileReading {
        fn is_interrupted(&self) -> bool {
            self.0.fetch_add(1, Ordering::Relaxed) > 0
        }
    }

    #[test]
    fn a_large_file_is_given_up_and_read_by_the_next_run() {
        for times in [300_000, 3_000_000] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("a.md"), "停火 мир\n\n".repeat(times)).unwrap();
            let run = |progress: &dyn Progress| index_folder(folder.path(), &Options::default(), progress).unwrap();
            let report = run(&WhileReading(AtomicUsize::new(0)));
            assert_eq!((report.ending, report.articles), (Ending::Interrupted(1), 0));
            if times == 300_000 {
                let report = run(&());
                assert_eq!((report.ending, report.articles), (Ending::UpToDate, 1));
            }
        }
    }
}
