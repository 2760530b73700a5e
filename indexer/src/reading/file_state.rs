//! The state of a file in its file system (times and inode), and whether it proves that the file is unchanged.
//!
//! Programs can set the modification time, and a file that is renamed keeps its own; only the system sets the change
//! time. So a file is unchanged if both times and its inode are. A file is not read within the clock tick in which it
//! was changed, because a second change in the same tick could not be seen.
//!
//! If the system has no change time, or counts times in seconds, a recent time proves nothing.

use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use svod_store::schema::FileState;

/// Twice the longest tick of kernel clocks for file times, in nanoseconds.
const TICK: u64 = 20_000_000;
/// The tick of file systems that count in units of one or two seconds, in nanoseconds.
const COARSE_TICK: u64 = 2_000_000_000;
/// A time that is a multiple of this comes from such a file system, but for a chance of one in a million.
const FINE: u64 = 1_000_000;

/// Whether inodes can be compared between runs. Some network mounts assign new ones whenever they are mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inodes {
    /// Most files have the same inode as before.
    Kept,
    /// Most files have another inode.
    Renewed,
}

impl Inodes {
    /// Decides by pairs of the state of a file in the index and now.
    pub(crate) fn of(states: impl Iterator<Item = (FileState, FileState)>) -> Inodes {
        let both = states.filter(|(before, now)| before.inode != 0 && now.inode != 0);
        let (known, same) =
            both.fold((0_u64, 0_u64), |(known, same), (a, b)| (known + 1, same + u64::from(a.inode == b.inode)));
        if same * 2 < known { Inodes::Renewed } else { Inodes::Kept }
    }
}

/// Returns the state of a file from its metadata.
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

/// Returns whether two states prove that a file is unchanged.
pub(crate) fn is_same(before: FileState, now: FileState, inodes: Inodes) -> bool {
    let is_known = before != FileState::default();
    let has_same_times = (before.modified, before.changed) == (now.modified, now.changed);
    is_known && has_same_times && (inodes == Inodes::Renewed || before.inode == now.inode)
}

/// Returns whether any change of a file that is read from `now` on would give it another state.
fn is_trusted(state: FileState, now: u64) -> bool {
    let last = last_change(state);
    last != 0 && last.saturating_add(tick(state)) <= now
}

/// Returns the state of a file that is about to be read, or the default state if it could not prove that the file is
/// unchanged. If the file was changed within the last tick, waits for its end.
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
            // A clock of seconds, or no change time.
            (state(NOON, NOON), 1_000_000_000, false),
            (state(NOON, NOON), 2_000_000_000, true),
            (state(NOON, 0), 1_000_000_000, false),
            (state(NOON, 0), 2_000_000_000, true),
            // A fine clock: the modification time, which programs can set, does not count.
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
