//! How what was added becomes a commit, or is dropped.

use std::time::Instant;

use svod_store::layout::FolderRules;

use super::options::Committed;
use super::round::{Gathered, Then};
use super::{Counts, Writer, begun};
use crate::error::IndexError;
use crate::home::HomeState;
use crate::home::committer::{Committer, Step};
use crate::home::merge::{self, Aim};
use crate::progress::{Progress, Shared};
use crate::report::Ending;

impl Writer {
    /// Commits all that was added and removed: searches opened or reloaded from now on see it, all at once.
    ///
    /// See [`Writer::commit_with`].
    ///
    /// # Errors
    /// As [`Writer::commit_with`].
    pub fn commit(&mut self) -> Result<Committed, IndexError> {
        self.commit_with(&mut ())
    }

    /// Commits all that was added and removed, and tells how it goes on.
    ///
    /// Afterwards it survives a power cut. What waits is indexed on all cores
    /// first; the commit itself takes some tens of milliseconds and waits for the disk.
    /// Segments that have become many are merged. Where nothing was added or
    /// removed, nothing is written, but for the first commit of a new index:
    /// it makes an index that can be opened, even of no texts.
    ///
    /// `progress` hears the number and size of the texts that still waited, and
    /// can end it with [`Progress::is_interrupted`]. Ended before the commit
    /// itself, nothing is committed and nothing lost: the index is as it was,
    /// and what was added waits on ([`Ending::Interrupted`]). Ended after it, all
    /// is committed and merging is left for another time.
    ///
    /// # Errors
    /// If the index cannot be written: a full disk, for example. Then the
    /// index is its last commit, what was added and removed since is dropped,
    /// and the writer can go on from there. If segments cannot be merged, it is
    /// no error: see [`Committed::unmerged`].
    pub fn commit_with(&mut self, progress: &mut dyn Progress) -> Result<Committed, IndexError> {
        let started = Instant::now();
        let before = self.place.state();
        let done = self.try_commit(&Shared::new(progress));
        if done.is_err() {
            self.recover(&before);
        }
        let (ending, unmerged) = done?;
        let Counts { articles, passages } = self.last.unwrap_or_default();
        Ok(Committed { ending, articles, passages, unmerged, elapsed: started.elapsed() })
    }

    fn try_commit(&mut self, progress: &Shared<'_>) -> Result<(Ending, Option<IndexError>), IndexError> {
        self.gathered.drop_dead();
        let (texts, bytes) = self.gathered.waiting();
        progress.found(texts, bytes);
        self.index(Then::Close, progress)?;
        if !self.gathered.is_closed() || progress.is_interrupted() {
            return Ok((Ending::Interrupted(self.gathered.waiting().0), None));
        }
        if self.gathered.is_empty() && self.last.is_some() {
            return Ok((Ending::Unchanged, None));
        }
        progress.committing();
        let target = begun(&mut self.target, &self.place)?;
        // No folder is read by any rules.
        let rules = FolderRules::default();
        let mut committer = Committer::open(&target.index, target.fields, &rules)?;
        for segment in self.gathered.written.drain(..) {
            committer.add(segment)?;
        }
        // After the segments: some of them hold articles that were replaced again.
        for &article in &self.gathered.dead {
            committer.remove(article);
        }
        committer.commit(Step::Last)?;
        self.place.publish(target)?;
        self.register.keep();
        self.gathered = Gathered::default();
        let articles = self.register.len() as u64;
        let last = self.last.insert(Counts { articles, passages: 0 });
        last.passages = self.place.records(target)?.saturating_sub(articles);
        let merged = merge::merge(self.place.path(), &target.index, &mut committer, Aim::FewSegments, progress);
        Ok((Ending::UpToDate, merged.and_then(|()| committer.close()).err()))
    }

    /// Goes on after a commit that failed, with what is there now.
    fn recover(&mut self, before: &HomeState) {
        if self.last.is_some() && self.place.state() != *before {
            // It failed when all was done.
            self.register.keep();
        }
        self.rollback();
    }

    /// Drops all that was added and removed since the last commit, and goes on from there.
    ///
    /// Dropping the writer does the same.
    pub fn rollback(&mut self) {
        // First what holds files, then the files.
        self.gathered = Gathered::default();
        self.register.undo();
        if let Some(target) = &self.target {
            self.place.clean_up(target);
        }
        if self.last.is_none() {
            self.target = None;
        }
    }
}

impl Drop for Writer {
    /// Removes what was not committed.
    fn drop(&mut self) {
        self.rollback();
    }
}
