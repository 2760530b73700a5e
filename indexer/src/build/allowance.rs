//! How much memory the segments of a run may take.
//!
//! What segments say they take leaves out what the allocator keeps for itself between large blocks that come and go: up
//! to a fifth more after some hundreds of megabytes of text. So the system is asked, where it tells.

use std::fs;

use crate::reading::memory::FIXED_BYTES;

/// The memory that a run may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// A segment takes no more than this.
    pub(crate) segment_bytes: usize,
    /// If the whole program takes more than this, large segments are written out.
    most_bytes: usize,
}

/// What writing segments out takes for a while.
const CLOSING_BYTES: usize = 36 << 20;
/// Below this a segment holds so little that there would be too many.
pub(crate) const LEAST_SEGMENT_BYTES: usize = 15 << 20;

impl Allowance {
    /// Divides the memory of a run among its threads.
    pub(crate) fn of(run_bytes: usize, threads: usize) -> Allowance {
        Allowance {
            segment_bytes: (run_bytes.saturating_sub(FIXED_BYTES) / threads).max(LEAST_SEGMENT_BYTES),
            most_bytes: run_bytes.saturating_sub(CLOSING_BYTES),
        }
    }

    /// Ignores the process's RSS and counts segments only. For embedders whose own heap would otherwise force early flushes.
    pub(crate) fn of_segments_alone(self) -> Allowance {
        Allowance { most_bytes: usize::MAX, ..self }
    }

    /// Returns whether a segment of this size is to be written out.
    pub(crate) fn is_full(&self, segment_bytes: usize) -> bool {
        let is_large = segment_bytes >= (self.segment_bytes / 2).max(LEAST_SEGMENT_BYTES);
        segment_bytes >= self.segment_bytes
            || (is_large && anonymous_bytes().is_some_and(|bytes| bytes > self.most_bytes))
    }
}

/// Returns how much memory of its own the process takes; `None` where the system does not tell. Takes some microseconds.
fn anonymous_bytes() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_bounded() {
        let memory = Allowance::of(256 << 20, 2);
        assert!(memory.is_full(memory.segment_bytes) && !memory.is_full(1 << 20));
        assert_eq!(Allowance::of(0, 8).segment_bytes, LEAST_SEGMENT_BYTES);
        // Whatever is allowed is less than this program takes already.
        let short = Allowance { segment_bytes: 100 << 20, most_bytes: 1 };
        assert_eq!(short.is_full(60 << 20), cfg!(target_os = "linux"));
        assert!(!short.is_full(40 << 20), "small segments are kept");
    }
}
