//! The generation that is written to, and when readers see it.

use svod_store::generation::Generation;
use svod_store::schema::{self, Fields};
use svod_store::sealed::Sealed;
use tantivy::Index;

use crate::error::IndexError;
use crate::home::Lock;
use crate::home::catalog::Catalog;
use crate::home::committer::Step;
use crate::home::live_files::LiveFiles;

/// The generation that is written to.
pub(crate) struct OpenGeneration {
    pub(crate) number: u64,
    pub(crate) index: Index,
    pub(crate) fields: Fields,
    /// The commit from which readers see it; `None` for the current generation.
    published_from: Option<Step>,
}

impl OpenGeneration {
    /// Goes on with the current generation, after removing what stopped runs left in it.
    pub(crate) fn current(lock: &Lock, number: u64, catalog: Catalog) -> Result<OpenGeneration, IndexError> {
        let generation = OpenGeneration::of(number, &catalog);
        lock.tidy()?;
        generation.clean_up(lock);
        Ok(generation)
    }

    /// Returns the generation whose catalogue this is.
    pub(crate) fn of(number: u64, catalog: &Catalog) -> OpenGeneration {
        OpenGeneration { number, index: catalog.index.clone(), fields: catalog.fields, published_from: None }
    }

    /// Returns a generation that was just begun.
    pub(crate) fn begun(number: u64, index: Index, published_from: Option<Step>) -> OpenGeneration {
        let fields = schema::attach(&index).expect("an index just made is of this version");
        OpenGeneration { number, index, fields, published_from }
    }

    /// Begins a new generation.
    pub(crate) fn new(lock: &Lock, published_from: Step) -> Result<OpenGeneration, IndexError> {
        let number = lock.begin()?;
        let path = lock.home().generation(number);
        let folder = Generation::open(&path).map_err(|error| IndexError::engine(error.into()))?;
        let folder = Sealed::open(folder).map_err(|source| IndexError::Read { path, source })?;
        let index = Index::create(folder, schema::schema(), schema::settings()).map_err(IndexError::engine)?;
        Ok(OpenGeneration::begun(number, index, Some(published_from)))
    }

    /// Returns whether nothing of it is to be seen before it is whole.
    pub(crate) fn is_all_or_nothing(&self) -> bool {
        self.published_from == Some(Step::Last)
    }

    /// Lets readers see what was committed.
    pub(crate) fn publish(&self, lock: &Lock, step: Step) -> Result<(), IndexError> {
        let is_due = step == Step::Last || self.published_from == Some(Step::OnTheWay);
        if self.published_from.is_some() && is_due && !lock.home().is_published(self.number) {
            lock.publish(self.number)?;
        }
        Ok(())
    }

    /// Removes what no commit has.
    pub(crate) fn clean_up(&self, lock: &Lock) {
        if !lock.home().is_published(self.number) {
            lock.abandon(self.number);
            return;
        }
        if let Ok(live_files) = LiveFiles::of(&self.index) {
            lock.sweep(self.number, &live_files);
        }
    }
}
