//! What a run tells while it goes on, and how it is ended.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, TryLockError};

use crate::unpoisoned::lock as lock_of;

/// Hears how a run goes on, and can end it. `()` hears nothing.
///
/// The threads of a run call it one at a time, so it needs no locks or atomics of its own. A call should be short: the
/// thread that makes it waits.
///
/// ```no_run
/// use svod_indexer::{Options, Progress, index_folder};
///
/// struct Bytes(u64);
///
/// impl Progress for Bytes {
///     fn done(&mut self, bytes: u64) {
///         self.0 += bytes;
///     }
/// }
///
/// let mut read = Bytes(0);
/// index_folder("articles", &Options::default(), &mut read)?;
/// println!("{} bytes read", read.0);
/// # Ok::<(), svod_indexer::IndexError>(())
/// ```
pub trait Progress: Send {
    /// What is to be read is known: the number and size of the files.
    fn found(&mut self, files: u64, bytes: u64) {
        let _ = (files, bytes);
    }
    /// One source of this size is done.
    fn done(&mut self, bytes: u64) {
        let _ = bytes;
    }
    /// All sources are done; the index is being written out.
    fn committing(&mut self) {}
    /// Segments are being merged.
    fn merging(&mut self) {}
    /// Whether the run is to end, keeping what is done. A large source that is being read is given up, and read by
    /// the next run; asked often.
    fn is_interrupted(&mut self) -> bool {
        false
    }
}

/// Hears nothing.
impl Progress for () {}

/// A progress that the threads of a run share.
pub(crate) struct Shared<'p> {
    progress: Mutex<&'p mut dyn Progress>,
    /// The last answer.
    is_interrupted: AtomicBool,
}

impl<'p> Shared<'p> {
    pub(crate) fn new(progress: &'p mut dyn Progress) -> Shared<'p> {
        Shared { progress: Mutex::new(progress), is_interrupted: AtomicBool::new(false) }
    }

    pub(crate) fn found(&self, files: u64, bytes: u64) {
        lock_of(&self.progress).found(files, bytes);
    }

    pub(crate) fn done(&self, bytes: u64) {
        lock_of(&self.progress).done(bytes);
    }

    pub(crate) fn committing(&self) {
        lock_of(&self.progress).committing();
    }

    pub(crate) fn merging(&self) {
        lock_of(&self.progress).merging();
    }

    /// Returns whether the run is to end. Waits for no other thread: while one tells something, the last answer holds.
    pub(crate) fn is_interrupted(&self) -> bool {
        let mut progress = match self.progress.try_lock() {
            Ok(progress) => progress,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return self.is_interrupted.load(Ordering::Relaxed),
        };
        let is_interrupted = progress.is_interrupted();
        self.is_interrupted.store(is_interrupted, Ordering::Relaxed);
        is_interrupted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Heard {
        files: u64,
        bytes: u64,
        is_over: bool,
    }

    impl Progress for Heard {
        fn done(&mut self, bytes: u64) {
            (self.files, self.bytes) = (self.files + 1, self.bytes + bytes);
        }

        fn is_interrupted(&mut self) -> bool {
            self.is_over
        }
    }

    #[test]
    fn threads_tell_one_at_a_time() {
        let mut heard = Heard::default();
        let shared = Shared::new(&mut heard);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1000).for_each(|bytes| shared.done(bytes)));
            }
        });
        assert_eq!((heard.files, heard.bytes), (4000, 4 * 999 * 500));
    }

    #[test]
    fn nobody_waits_to_ask() {
        let mut heard = Heard { is_over: true, ..Heard::default() };
        let shared = Shared::new(&mut heard);
        for expected in [false, true] {
            let telling = lock_of(&shared.progress);
            assert_eq!(shared.is_interrupted(), expected, "the last answer");
            drop(telling);
            assert!(shared.is_interrupted());
        }
    }
}
