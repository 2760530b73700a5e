//! Sources that are read beside the others, because another program reads them.
//!
//! It may take a minute over one file, or hang. Each is given a moment; if it takes longer, the thread goes on with other
//! sources and comes back to it when it is done. Only a few may be under way, and later ones of their kind wait until the
//! rest is read: a source that hangs costs its own time, and not that of the others.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::thread::Scope;
use std::time::Duration;

/// Most are read sooner.
const PATIENCE: Duration = Duration::from_millis(500);

/// The sources that may be under way for each thread.
const MOST_UNDER_WAY: usize = 4;

/// The sources `S` of a thread that are read beside the others, each into a `T`.
pub(crate) struct Slow<S, T> {
    under_way: VecDeque<(S, Receiver<T>)>,
    waiting: VecDeque<S>,
}

impl<S, T> Default for Slow<S, T> {
    fn default() -> Slow<S, T> {
        Slow { under_way: VecDeque::new(), waiting: VecDeque::new() }
    }
}

impl<S: Copy, T> Slow<S, T> {
    /// Reads a source if not too many are under way, and returns it if that takes but a moment.
    pub(crate) fn read<'scope>(
        &mut self,
        scope: &'scope Scope<'scope, '_>,
        source: S,
        read: impl FnOnce(S) -> T + Send + 'scope,
    ) -> Option<(S, T)>
    where
        S: Send + 'scope,
        T: Send + 'scope,
    {
        if self.under_way.len() >= MOST_UNDER_WAY {
            self.waiting.push_back(source);
            return None;
        }
        let (sender, receiver) = channel();
        // Nobody waits for it only if the run failed.
        scope.spawn(move || drop(sender.send(read(source))));
        match receiver.recv_timeout(PATIENCE) {
            Ok(outcome) => return Some((source, outcome)),
            Err(RecvTimeoutError::Timeout) => self.under_way.push_back((source, receiver)),
            // A panic, which the scope passes on.
            Err(RecvTimeoutError::Disconnected) => {}
        }
        None
    }

    /// Returns one that is done.
    pub(crate) fn done(&mut self) -> Option<(S, T)> {
        for at in 0..self.under_way.len() {
            match self.under_way[at].1.try_recv() {
                Ok(outcome) => return self.under_way.remove(at).map(|(source, _)| (source, outcome)),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
        }
        None
    }

    /// Returns one that can be begun now.
    pub(crate) fn next(&mut self) -> Option<S> {
        if self.under_way.len() < MOST_UNDER_WAY { self.waiting.pop_front() } else { None }
    }

    /// Waits a moment for the first. Nothing if it takes longer.
    pub(crate) fn wait(&mut self) -> Option<(S, T)> {
        let (source, receiver) = self.under_way.front()?;
        match receiver.recv_timeout(PATIENCE) {
            Ok(outcome) => {
                let source = *source;
                self.under_way.pop_front();
                Some((source, outcome))
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.under_way.pop_front();
                None
            }
        }
    }

    /// Returns whether none is under way or waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.under_way.is_empty() && self.waiting.is_empty()
    }
}
