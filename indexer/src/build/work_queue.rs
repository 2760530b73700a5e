//! Work divided among threads.
//!
//! Each thread has neighbours: they share language and words, and segments
//! that share few words with each other are smaller together. One that is done
//! with its own takes from the largest share that is left.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::unpoisoned::lock;

/// More segments than this many threads would leave slow searching down.
const MOST_THREADS: usize = 8;

/// For each thread the items that nobody has taken yet, by their places.
pub(crate) struct WorkQueue(Mutex<Vec<Range<usize>>>);

impl WorkQueue {
    /// Divides items of these sizes into neighbourhoods of about the same size.
    pub(crate) fn of(sizes: impl ExactSizeIterator<Item = u64> + Clone, threads: usize) -> WorkQueue {
        let (total, count): (u64, usize) = (sizes.clone().sum(), sizes.len());
        let mut sizes = sizes;
        let mut shares = vec![0..0; threads];
        let (mut start, mut bytes) = (0, 0);
        for (share, range) in shares.iter_mut().enumerate() {
            let until = total * (share as u64 + 1) / threads as u64;
            let mut end = start;
            while end < count && (bytes < until || share + 1 == threads) {
                bytes += sizes.next().unwrap_or_default();
                end += 1;
            }
            *range = start..end;
            start = end;
        }
        WorkQueue(Mutex::new(shares))
    }

    /// Takes the next item of a thread's own share, else the last of the largest.
    pub(crate) fn take(&self, thread: usize) -> Option<usize> {
        let mut shares = lock(&self.0);
        match shares[thread].next() {
            Some(next) => Some(next),
            None => shares.iter_mut().max_by_key(|share| share.len())?.next_back(),
        }
    }

    /// Returns what nobody has taken.
    pub(crate) fn rest(self) -> Vec<Range<usize>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the thread count: `wished`, else one per core, at most `MOST_THREADS`.
pub(crate) fn threads(wished: Option<NonZeroUsize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    wished.map_or_else(cores, NonZeroUsize::get).min(MOST_THREADS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_taken_once() {
        for (sizes, threads) in [(vec![], 2), (vec![7], 3), (vec![1, 1, 1, 900, 1], 2), (vec![0, 0, 0], 2)] {
            let shares = WorkQueue::of(sizes.iter().copied(), threads);
            let mut taken: Vec<usize> = std::iter::from_fn(|| shares.take(threads - 1)).collect();
            taken.sort_unstable();
            assert_eq!(taken, (0..sizes.len()).collect::<Vec<_>>(), "{sizes:?}");
            assert!(shares.rest().iter().all(Range::is_empty));
        }
    }

    #[test]
    fn shares_are_of_like_size() {
        let shares = WorkQueue::of([5, 5, 5, 5, 10, 10].into_iter(), 2);
        assert_eq!((shares.take(0), shares.take(1)), (Some(0), Some(4)));
        assert_eq!(shares.rest(), [1..4, 5..6]);
    }
}
