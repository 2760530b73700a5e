//! A file with a checksum (CRC-32) for each piece of 16 KB at its end.
//!
//! A piece is compared when it is read for the first time, and noted. Tantivy
//! sees neither the checksums nor a byte that was not compared.

use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tantivy::HasLen;
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{AntiCallToken, FileHandle, OwnedBytes, TerminatingWrite};

use super::catalogue::Catalogue;

/// One stored record takes about half as much: smaller pieces would cost more than they save.
const PIECE_BYTES: usize = 16 << 10;
const SUM_BYTES: usize = size_of::<u32>();

/// Of a dictionary of terms more than this is not read for one word: its ends are compared.
const LARGEST_DICTIONARY_BYTES: usize = 256 << 10;
const DICTIONARY: &str = "term";

/// What a file must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u32)", into = "(u64, u32)")]
pub(super) struct FileSum {
    /// Its length without the checksums at its end.
    pub(super) bytes: u64,
    /// The checksum of those.
    pub(super) sum: u32,
}

impl From<(u64, u32)> for FileSum {
    fn from((bytes, sum): (u64, u32)) -> FileSum {
        FileSum { bytes, sum }
    }
}

impl From<FileSum> for (u64, u32) {
    fn from(FileSum { bytes, sum }: FileSum) -> (u64, u32) {
        (bytes, sum)
    }
}

/// Why a file is not used.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fault {
    /// It is not there.
    Missing,
    /// The commit does not name it.
    Unknown,
    /// It is not the file that was written under its name, or it is cut off.
    Other,
    /// Bytes of it have changed.
    Changed,
    /// It cannot be read.
    Unreadable(io::Error),
}

impl Fault {
    /// Returns what is wrong with the file, to be said after its name.
    pub fn what(&self) -> &'static str {
        match self {
            Fault::Missing => "is missing",
            Fault::Unknown => "is not a file of the last commit",
            Fault::Other => "is cut off, its end is damaged, or it is another file",
            Fault::Changed => "does not have the checksum that it was written with",
            Fault::Unreadable(_) => "cannot be read",
        }
    }

    /// Returns the error for a reader of the file.
    pub fn into_error(self, name: &Path) -> io::Error {
        match self {
            Fault::Unreadable(error) => error,
            damage => io::Error::new(io::ErrorKind::InvalidData, format!("`{}` {}", name.display(), damage.what())),
        }
    }
}

impl From<OpenReadError> for Fault {
    fn from(error: OpenReadError) -> Fault {
        match error {
            OpenReadError::FileDoesNotExist(_) => Fault::Missing,
            OpenReadError::IoError { io_error, .. } => {
                Fault::Unreadable(io::Error::new(io_error.kind(), io_error.to_string()))
            }
            OpenReadError::IncompatibleIndex(_) => Fault::Other,
        }
    }
}

/// How much of what is read in one go is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    All,
    Ends,
}

/// A file that is compared with its checksums while it is read.
#[derive(Debug)]
pub(super) struct CheckedFile {
    name: PathBuf,
    file: Arc<dyn FileHandle>,
    bytes: usize,
    sums: OwnedBytes,
    /// Of each piece whether it was compared.
    compared: Vec<AtomicBool>,
    is_dictionary: bool,
}

impl CheckedFile {
    pub(super) fn open(name: &Path, file: Arc<dyn FileHandle>, expected: FileSum) -> Result<CheckedFile, Fault> {
        let bytes = usize::try_from(expected.bytes).map_err(|_| Fault::Other)?;
        let pieces = bytes.div_ceil(PIECE_BYTES);
        if bytes.checked_add(pieces * SUM_BYTES) != Some(file.len()) {
            return Err(Fault::Other);
        }
        let sums = file.read_bytes(bytes..file.len()).map_err(Fault::Unreadable)?;
        if crc32fast::hash(&sums) != expected.sum {
            return Err(Fault::Other);
        }
        let compared = std::iter::repeat_with(AtomicBool::default).take(pieces).collect();
        let is_dictionary = name.extension().is_some_and(|extension| extension == DICTIONARY);
        Ok(CheckedFile { name: name.to_owned(), file, bytes, sums, compared, is_dictionary })
    }

    /// Compares all of it, and returns how many bytes were read.
    pub(super) fn check_all(&self) -> Result<u64, Fault> {
        self.check(0..self.bytes, Care::All)?;
        Ok(self.file.len() as u64)
    }

    fn check(&self, range: Range<usize>, care: Care) -> Result<(), Fault> {
        let (first, end) = (range.start / PIECE_BYTES, range.end.div_ceil(PIECE_BYTES));
        match care {
            Care::All => (first..end).try_for_each(|piece| self.check_piece(piece)),
            Care::Ends => [first, end - 1].into_iter().try_for_each(|piece| self.check_piece(piece)),
        }
    }

    fn check_piece(&self, piece: usize) -> Result<(), Fault> {
        if self.compared[piece].load(Ordering::Relaxed) {
            return Ok(());
        }
        let start = piece * PIECE_BYTES;
        let bytes = self.file.read_bytes(start..self.bytes.min(start + PIECE_BYTES)).map_err(Fault::Unreadable)?;
        let sum = self.sums[piece * SUM_BYTES..].first_chunk().map(|sum| u32::from_le_bytes(*sum));
        if sum != Some(crc32fast::hash(&bytes)) {
            return Err(Fault::Changed);
        }
        self.compared[piece].store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl HasLen for CheckedFile {
    fn len(&self) -> usize {
        self.bytes
    }
}

impl FileHandle for CheckedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.bytes {
            return Err(Fault::Other.into_error(&self.name));
        }
        let care = if self.is_dictionary && range.len() > LARGEST_DICTIONARY_BYTES { Care::Ends } else { Care::All };
        self.check(range.clone(), care).map_err(|fault| fault.into_error(&self.name))?;
        self.file.read_bytes(range)
    }
}

type OpenFile = Box<dyn TerminatingWrite + Send + Sync>;

/// Writes a file, and the checksums of its pieces at its end.
pub(super) struct SealingWriter {
    name: String,
    /// `None` once it is written.
    file: Option<OpenFile>,
    bytes: u64,
    piece: crc32fast::Hasher,
    piece_bytes: usize,
    sums: Vec<u8>,
    known: Arc<RwLock<Catalogue>>,
}

impl SealingWriter {
    pub(super) fn new(name: &Path, file: OpenFile, known: Arc<RwLock<Catalogue>>) -> SealingWriter {
        let name = name.to_string_lossy().into_owned();
        let piece = crc32fast::Hasher::new();
        SealingWriter { name, file: Some(file), bytes: 0, piece, piece_bytes: 0, sums: Vec::new(), known }
    }

    fn file(&mut self) -> io::Result<&mut OpenFile> {
        self.file.as_mut().ok_or_else(|| io::Error::other("the file is closed"))
    }

    fn note(&mut self, mut written: &[u8]) {
        self.bytes += written.len() as u64;
        while !written.is_empty() {
            let (here, rest) = written.split_at(written.len().min(PIECE_BYTES - self.piece_bytes));
            self.piece.update(here);
            self.piece_bytes += here.len();
            written = rest;
            if self.piece_bytes == PIECE_BYTES {
                self.end_piece();
            }
        }
    }

    fn end_piece(&mut self) {
        let piece = std::mem::take(&mut self.piece);
        self.sums.extend_from_slice(&piece.finalize().to_le_bytes());
        self.piece_bytes = 0;
    }
}

impl Write for SealingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file()?.write(bytes)?;
        self.note(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}

impl TerminatingWrite for SealingWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        if self.piece_bytes > 0 {
            self.end_piece();
        }
        let sums = std::mem::take(&mut self.sums);
        self.file()?.write_all(&sums)?;
        if let Some(file) = self.file.take() {
            file.terminate()?;
        }
        let sum = FileSum { bytes: self.bytes, sum: crc32fast::hash(&sums) };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(std::mem::take(&mut self.name), sum);
        Ok(())
    }
}
