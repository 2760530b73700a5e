//! What a file system says of a file, and what that proves.
//!
//! Programs may set the modification time, and a file that takes the name of another brings its own; the change time
//! only the system sets. So a file is as it was if both are, and its number. A file is not read within the tick of the
//! clock in which it was changed: what changed it again in that tick would not be seen.
//!
//! Where the system tells no change time, and where it counts in seconds, a time proves nothing while it is fresh.

use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use svod_store::schema::FileState;

/// Twice the tick in which the slowest clocks of kernels count the times of files, in nanoseconds.
const TICK: u64 = 20_000_000;
/// Some file systems count in seconds, or in two.
const COARSE_TICK: u64 = 2_000_000_000;
/// A time that is a multiple of it comes from such a system, or by a chance of one in a million.
const FINE: u64 = 1_000_000;

/// Whether the numbers of files mean anything. Some network mounts give new ones whenever they are mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inodes {
    /// Most files have the number that they had.
    Kept,
    /// Most have another.
    Renewed,
}

impl Inodes {
    /// Judges by what was known of files, and what is true of them now.
    pub(crate) fn of(states: impl Iterator<Item = (FileState, FileState)>) -> Inodes {
        let both = states.filter(|(before, now)| before.inode != 0 && now.inode != 0);
        let (known, same) =
            both.fold((0_u64, 0_u64), |(known, same), (a, b)| (known + 1, same + u64::from(a.inode == b.inode)));
        if same * 2 < known { Inodes::Renewed } else { Inodes::Kept }
    }
}

/// Returns what the file system says of a file.
pub(crate) fn state_of(metadata: &Metadata) -> FileState {
    let since_1970 = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = since_1970.map_or(0, nanoseconds);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let part = |number: i64| u64::try_from(number).unwrap_or(0);
        let changed = part(metadata.ctime()).saturating_mul(1_000_000_000).saturating_add(part(metadata.ctime_nsec()));
        FileState { modified, changed, inode: metadata.ino() }
    }
    #[cfg(not(unix))]
    FileState { modified, ..FileState::default() }
}

/// Returns whether a file is as it was.
pub(crate) fn is_same(before: FileState, now: FileState, inodes: Inodes) -> bool {
    let is_known = before != FileState::default();
    let has_same_times = (before.modified, before.changed) == (now.modified, now.changed);
    is_known && has_same_times && (inodes == Inodes::Renewed || before.inode == now.inode)
}

/// Returns whether a state proves, for a file read from `now` on, that it has not changed since.
fn is_trusted(state: FileState, now: u64) -> bool {
    let last = last_change(state);
    last != 0 && last.saturating_add(tick(state)) <= now
}

/// Returns the state of a file that is to be read, or, if that proves nothing, none. If the file was changed in this very
/// tick, waits until it is over.
pub(crate) fn settled(state: FileState) -> FileState {
    let wait = last_change(state).saturating_add(TICK).saturating_sub(now());
    if tick(state) == TICK && wait <= TICK {
        std::thread::sleep(Duration::from_nanos(wait));
    }
    if is_trusted(state, now()) { state } else { FileState::default() }
}

/// Returns the time in nanoseconds since 1970.
fn now() -> u64 {
    nanoseconds(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn nanoseconds(since_1970: Duration) -> u64 {
    u64::try_from(since_1970.as_nanos()).unwrap_or(u64::MAX)
}

fn last_change(state: FileState) -> u64 {
    if state.changed == 0 { state.modified } else { state.changed }
}

fn tick(state: FileState) -> u64 {
    if state.changed.is_multiple_of(FINE) { COARSE_TICK } else { TICK }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u64 = 1_700_000_000_000_000_000;

    fn state(modified: u64, changed: u64) -> FileState {
        FileState { modified, changed, inode: 7 }
    }

    #[test]
    fn what_times_prove() {
        for (state, age, expected) in [
            // A clock of seconds, or none for changes.
            (state(NOON, NOON), 1_000_000_000, false),
            (state(NOON, NOON), 2_000_000_000, true),
            (state(NOON, 0), 1_000_000_000, false),
            (state(NOON, 0), 2_000_000_000, true),
            // A fine clock: what programs set does not count.
            (state(NOON, NOON + 1), 10_000_000, false),
            (state(NOON, NOON + 1), 21_000_000, true),
            (state(u64::MAX, NOON + 1), 21_000_000, true),
            (state(0, NOON + 1), 21_000_000, true),
            (FileState::default(), 2_000_000_000, false),
        ] {
            assert_eq!(is_trusted(state, NOON + age), expected, "{state:?} {age}");
        }
    }

    #[test]
    fn numbers_of_files_mean_something_where_most_stayed() {
        let states = |same: u64, other: u64| {
            let at = |inode| FileState { inode, ..state(NOON, NOON) };
            (1..=same).map(move |number| (at(number), at(number))).chain((1..=other).map(move |n| (at(n), at(n + 1))))
        };
        let (before, after) = (state(NOON, NOON), FileState { inode: 8, ..state(NOON, NOON) });
        for (same, other, expected) in [(0, 0, Inodes::Kept), (2, 2, Inodes::Kept), (1, 2, Inodes::Renewed)] {
            let inodes = Inodes::of(states(same, other));
            assert_eq!(inodes, expected, "{same} {other}");
            assert_eq!(is_same(before, after, inodes), expected == Inodes::Renewed);
        }
        assert!(!is_same(before, state(NOON, NOON + 1), Inodes::Renewed));
        assert!(!is_same(FileState::default(), FileState::default(), Inodes::Kept));
    }
}
