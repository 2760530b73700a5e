//! Waits for a folder to change.
//!
//! Editors save in many ways: over the file, through a temporary one, by removing
//! and renaming. So an event only means that an update is worthwhile; the update
//! finds out what changed. Events in quick succession count as one.
//!
//! The system reports events of the folder that existed when the watch began. If
//! another folder takes its place, the watch is started again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};

use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::interrupt;

/// The time without events after which an update begins.
const QUIET: Duration = Duration::from_millis(400);
/// The time after which an update begins even if events keep coming.
const LONGEST: Duration = Duration::from_secs(5);
/// The interval of checks for an interruption, and for another folder in place of the watched one.
const TICK: Duration = Duration::from_millis(100);
/// The interval of updates if the system does not report changes.
pub(super) const INTERVAL: Duration = Duration::from_secs(10);

/// A watch on a folder.
pub(super) struct Watch {
    folder: PathBuf,
    index: PathBuf,
    /// The watched folder; `None` if there is no folder at the path.
    watched: Option<Identity>,
    events: Receiver<notify::Result<Event>>,
    /// `None` if the system does not report changes.
    watcher: Option<RecommendedWatcher>,
}

/// Distinguishes a folder from another that takes its place. The inode alone is not enough: systems reuse it.
#[derive(PartialEq, Eq)]
struct Identity {
    real: PathBuf,
    inode: u64,
    created: Option<SystemTime>,
}

impl Identity {
    fn of(folder: &Path) -> Option<Identity> {
        let real = folder.canonicalize().ok()?;
        let metadata = fs::metadata(&real).ok()?;
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Some(Identity { real, inode, created: metadata.created().ok() })
    }
}

impl Watch {
    /// Begins to watch. Also returns the reason if the system does not report changes.
    pub(super) fn new(folder: &Path, index: &Path) -> (Watch, Option<String>) {
        let watched = Identity::of(folder);
        let (sender, events) = channel();
        // The target of a link, if it lies in the folder, is watched by its own path.
        let config = Config::default().with_follow_symlinks(false);
        let real = watched.as_ref().map_or(folder, |watched| &watched.real);
        let begun = RecommendedWatcher::new(sender, config).and_then(|mut watcher| {
            watcher.watch(real, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        let why = begun.as_ref().err().map(ToString::to_string);
        let (folder, index) = (folder.to_owned(), index.to_owned());
        (Watch { folder, index, watched, events, watcher: begun.ok() }, why)
    }

    /// Waits until the folder has changed and is quiet, or until the time `again` has passed. Returns `false` if it was
    /// interrupted.
    pub(super) fn wait(&mut self, again: Option<Duration>) -> bool {
        let began = Instant::now();
        // The times of the first and the last event.
        let mut seen: Option<(Instant, Instant)> = None;
        while !interrupt::is_interrupted() {
            if self.has_event() | self.restarts() {
                let now = Instant::now();
                seen = Some((seen.map_or(now, |(first, _)| first), now));
            }
            let again = again.or(self.watcher.is_none().then_some(INTERVAL));
            if seen.is_some_and(|(first, last)| last.elapsed() >= QUIET || first.elapsed() >= LONGEST)
                || again.is_some_and(|again| began.elapsed() >= again)
            {
                return true;
            }
        }
        false
    }

    /// Waits a moment for an event, and returns whether something happened in the folder.
    fn has_event(&mut self) -> bool {
        match self.events.recv_timeout(TICK) {
            Ok(event) => self.is_of_folder(&event),
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(TICK);
                false
            }
        }
    }

    /// Starts the watch again if another folder, or none, took the place of the watched one; returns whether it did.
    fn restarts(&mut self) -> bool {
        if Identity::of(&self.folder) == self.watched {
            return false;
        }
        (*self, _) = Watch::new(&self.folder, &self.index);
        true
    }

    fn is_of_folder(&mut self, event: &notify::Result<Event>) -> bool {
        // Events were lost, so anything may have changed.
        let Ok(event) = event else { return true };
        let is_watched = |path: &PathBuf| self.watched.as_ref().is_some_and(|watched| *path == watched.real);
        if matches!(event.kind, EventKind::Remove(_)) && event.paths.iter().any(is_watched) {
            self.watched = None;
        }
        !event.kind.is_access()
            && (event.paths.is_empty() || event.paths.iter().any(|path| !path.starts_with(&self.index)))
    }
}
