//! How a writer begins: with what is there, anew, or in memory.

use std::path::Path;

use svod_store::schema::Memory;

use super::options::WriterOptions;
use super::place::Place;
use super::register::Register;
use super::round::{Gathered, Limits};
use super::{Counts, Writer};
use crate::build::allowance::Allowance;
use crate::build::work_queue;
use crate::error::IndexError;

/// The least and the most bytes of texts that wait to be indexed.
const LEAST_ROUND_BYTES: usize = 256 << 10;
const LARGEST_ROUND_BYTES: usize = 8 << 20;
/// The part of the memory that waiting texts take.
const ROUND_SHARE: usize = 32;

impl Writer {
    /// Opens the index in a folder, making the folder if there is none.
    ///
    /// The folder is the home of the index alone; only its owner can read it,
    /// for it holds the full text. Others can search the index meanwhile, but
    /// not write it: until the writer is dropped they get
    /// [`IndexError::Locked`].
    ///
    /// Reads what the index knows of each article: some tens of milliseconds
    /// for 100,000 of them. Removes what writers that were killed left behind.
    ///
    /// # Errors
    /// If the folder holds something else ([`IndexError::ForeignFolder`]) or the
    /// index of a folder ([`IndexError::OtherRoot`]), if another writer has it,
    /// or if it cannot be read or written. An index that is damaged or of
    /// another version is refused and left as it is: there are no files to make
    /// it from again. One of an earlier version is taken over by
    /// [`Writer::upgrade`]; whoever has the texts makes it anew with
    /// [`Writer::create`].
    pub fn open(path: impl AsRef<Path>) -> Result<Writer, IndexError> {
        Writer::open_with(path, &WriterOptions::default())
    }

    /// Opens the index in a folder as [`Writer::open`] does, with options.
    ///
    /// # Errors
    /// As [`Writer::open`].
    pub fn open_with(path: impl AsRef<Path>, options: &WriterOptions) -> Result<Writer, IndexError> {
        Writer::new(Place::folder(path.as_ref())?, options).go_on()
    }

    /// Begins an index anew, whatever one of texts the folder holds now.
    ///
    /// The old index can be searched until the first commit, which takes its
    /// place at once. If there is none, the old one stays.
    ///
    /// # Errors
    /// As [`Writer::open`], but for an index that is damaged or of another
    /// version: it is replaced.
    pub fn create(path: impl AsRef<Path>) -> Result<Writer, IndexError> {
        Writer::create_with(path, &WriterOptions::default())
    }

    /// Begins an index anew as [`Writer::create`] does, with options.
    ///
    /// # Errors
    /// As [`Writer::create`].
    pub fn create_with(path: impl AsRef<Path>, options: &WriterOptions) -> Result<Writer, IndexError> {
        Ok(Writer::new(Place::folder(path.as_ref())?, options))
    }

    /// Opens the index in memory, which may be empty.
    ///
    /// All is as on disk, but the index is gone with the last clone of the
    /// [`Memory`]. It takes about as much memory as it would take on disk,
    /// and while segments are merged up to twice that.
    ///
    /// # Errors
    /// If another writer has it: [`IndexError::Locked`], with an empty path.
    pub fn in_memory(memory: &Memory) -> Result<Writer, IndexError> {
        Writer::in_memory_with(memory, &WriterOptions::default())
    }

    /// Opens the index in memory as [`Writer::in_memory`] does, with options.
    ///
    /// # Errors
    /// As [`Writer::in_memory`].
    pub fn in_memory_with(memory: &Memory, options: &WriterOptions) -> Result<Writer, IndexError> {
        let mut writer = Writer::new(Place::memory(memory)?, options);
        // The index itself is in this process, and no writing makes it smaller.
        writer.limits.allowance = writer.limits.allowance.of_segments_alone();
        writer.go_on()
    }

    pub(super) fn new(place: Place, options: &WriterOptions) -> Writer {
        let threads = work_queue::threads(options.threads);
        let round_bytes = (options.memory_bytes / ROUND_SHARE).clamp(LEAST_ROUND_BYTES, LARGEST_ROUND_BYTES);
        let allowance = Allowance::of(options.memory_bytes.saturating_sub(round_bytes), threads);
        Writer {
            place,
            target: None,
            last: None,
            register: Register::default(),
            gathered: Gathered::default(),
            limits: Limits { threads, allowance },
            round_bytes: round_bytes as u64,
            memory_bytes: options.memory_bytes as u64,
        }
    }

    /// Goes on with the last commit, if there is one.
    pub(super) fn go_on(mut self) -> Result<Writer, IndexError> {
        if let Some((target, catalog)) = self.place.last_commit()? {
            let register = Register::of(&catalog);
            self.register = register.map_err(|unusable| unusable.into_error(self.place.path()))?;
            self.last = Some(Counts { articles: self.register.len() as u64, passages: catalog.passages() });
            self.target = Some(target);
        }
        Ok(self)
    }
}
