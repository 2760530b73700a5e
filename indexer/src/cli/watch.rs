//! Waiting for a folder to change.
//!
//! Editors save in many ways: over the file, through a temporary one, by
//! removing and renaming. So an event only says that it is worth a look; what
//! changed, the look finds out. Events that come close together are one.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::interrupt;

/// A look waits until nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(400);
/// It does not wait longer than this: something may happen all the time.
const LONGEST: Duration = Duration::from_secs(5);
/// How often an interruption is looked for.
const TICK: Duration = Duration::from_millis(100);
/// How often the folder is looked at where the system does not tell of changes.
const INTERVAL: Duration = Duration::from_secs(10);

/// Tells when a folder has changed.
pub(super) struct Watch {
    events: Receiver<notify::Result<Event>>,
    /// None where the system does not tell.
    _watcher: Option<RecommendedWatcher>,
    index: std::path::PathBuf,
}

impl Watch {
    /// Begins to watch; says why the system does not tell of changes, if so.
    pub(super) fn new(folder: &Path, index: &Path) -> (Watch, Option<String>) {
        let (sender, events) = channel();
        let begun = notify::recommended_watcher(sender).and_then(|mut watcher| {
            watcher.watch(folder, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        let why = begun.as_ref().err().map(ToString::to_string);
        (Watch { events, _watcher: begun.ok(), index: index.to_owned() }, why)
    }

    /// Waits until the folder has changed and is quiet. Returns false when it was interrupted.
    pub(super) fn wait(&self) -> bool {
        let began = Instant::now();
        // When the first and the last of the events came.
        let mut seen: Option<(Instant, Instant)> = None;
        while !interrupt::is_interrupted() {
            match self.events.recv_timeout(TICK) {
                Ok(event) if self.is_of_folder(&event) => {
                    let now = Instant::now();
                    seen = Some((seen.map_or(now, |(first, _)| first), now));
                }
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    std::thread::sleep(TICK);
                    if began.elapsed() >= INTERVAL {
                        return true;
                    }
                }
            }
            if seen.is_some_and(|(first, last)| last.elapsed() >= QUIET || first.elapsed() >= LONGEST) {
                return true;
            }
        }
        false
    }

    fn is_of_folder(&self, event: &notify::Result<Event>) -> bool {
        match event {
            Ok(event) => {
                !event.kind.is_access()
                    && (event.paths.is_empty() || event.paths.iter().any(|path| !path.starts_with(&self.index)))
            }
            // Events were lost: look.
            Err(_) => true,
        }
    }
}
