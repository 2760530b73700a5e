//! Waiting for a folder to change.
//!
//! Editors save in many ways: over the file, through a temporary one, by
//! removing and renaming. So an event only says that it is worth a look; what
//! changed, the look finds out. Events that come close together are one.
//!
//! The system tells of the folder that was there when the watch began. When
//! another takes its place, the watch begins anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};

use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::interrupt;

/// A look waits until nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(400);
/// It does not wait longer than this: something may happen all the time.
const LONGEST: Duration = Duration::from_secs(5);
/// How often an interruption, and another folder in the place of the one watched, are looked for.
const TICK: Duration = Duration::from_millis(100);
/// How often the folder is looked at where the system does not tell of changes.
pub(super) const INTERVAL: Duration = Duration::from_secs(10);

/// Tells when a folder has changed.
pub(super) struct Watch {
    folder: PathBuf,
    index: PathBuf,
    /// Which folder is watched; none if there is none in its place.
    watched: Option<Identity>,
    events: Receiver<notify::Result<Event>>,
    /// None where the system does not tell.
    watcher: Option<RecommendedWatcher>,
}

/// Tells a folder from one that takes its place. Systems give the number of a file that is gone to the next.
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
    /// Begins to watch; says why the system does not tell of changes, if so.
    pub(super) fn new(folder: &Path, index: &Path) -> (Watch, Option<String>) {
        let watched = Identity::of(folder);
        let (sender, events) = channel();
        // What a link leads to has a path of its own, if it lies in the folder.
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

    /// Waits until the folder has changed and is quiet, or until it is time to look again all the same. Returns false
    /// when it was interrupted.
    pub(super) fn wait(&mut self, again: Option<Duration>) -> bool {
        let began = Instant::now();
        // When the first and the last of the events came.
        let mut seen: Option<(Instant, Instant)> = None;
        while !interrupt::is_interrupted() {
            if self.hears() | self.begins_anew() {
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

    /// Returns whether something happened in the folder; waits a moment for it.
    fn hears(&mut self) -> bool {
        match self.events.recv_timeout(TICK) {
            Ok(event) => self.is_of_folder(&event),
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(TICK);
                false
            }
        }
    }

    /// Returns whether another folder, or none, took the place of the one watched; it is watched from now on.
    fn begins_anew(&mut self) -> bool {
        if Identity::of(&self.folder) == self.watched {
            return false;
        }
        (*self, _) = Watch::new(&self.folder, &self.index);
        true
    }

    fn is_of_folder(&mut self, event: &notify::Result<Event>) -> bool {
        // Events were lost: look.
        let Ok(event) = event else { return true };
        let is_watched = |path: &PathBuf| self.watched.as_ref().is_some_and(|watched| *path == watched.real);
        if matches!(event.kind, EventKind::Remove(_)) && event.paths.iter().any(is_watched) {
            self.watched = None;
        }
        !event.kind.is_access()
            && (event.paths.is_empty() || event.paths.iter().any(|path| !path.starts_with(&self.index)))
    }
}
