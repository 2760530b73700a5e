//! Compound files: the container of Word 97 and its contemporaries, a small file system of sectors.
//!
//! Reads the streams of the top level, those of embedded objects not. Nothing
//! that the file states is believed: a chain of sectors ends where the file does,
//! or after as many sectors as the file has, so that a ring ends too.

/// The signature of a compound file.
const SIGNATURE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The length of the header up to the numbers of its sectors of the table.
const TABLE_IN_HEADER: usize = 76;
/// The number of sectors of the table that the header names.
const NAMED_IN_HEADER: usize = 109;

/// The number of a sector that ends a chain, and all numbers above it.
const LAST: u32 = 0xffff_fffa;

/// The length of an entry of the directory.
const ENTRY_BYTES: usize = 128;

/// A compound file.
#[derive(Debug)]
pub(super) struct Compound<'b> {
    sectors: Sectors<'b>,
    /// For each sector, the next one in its chain.
    next: Vec<u32>,
    next_small: Vec<u32>,
    small: Vec<u8>,
    small_sector_bytes: usize,
    most_small_bytes: u64,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Sectors<'b> {
    bytes: &'b [u8],
    sector_bytes: usize,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    first: u32,
    length: u64,
}

const STREAM: u8 = 2;
const ROOT: u8 = 5;

impl<'b> Compound<'b> {
    /// Opens a compound file; `None` if it is none, or has no directory.
    pub(super) fn open(bytes: &'b [u8]) -> Option<Compound<'b>> {
        if !bytes.starts_with(SIGNATURE) {
            return None;
        }
        let shift = |at: usize| u16_at(bytes, at).filter(|shift| (6..=16).contains(shift));
        let sectors = Sectors { bytes, sector_bytes: 1 << shift(30)? };
        let small_sector_bytes = 1 << shift(32)?;
        let next = sectors.table()?;
        let directory = sectors.chain(&next, u32_at(bytes, 48)?, u64::MAX);
        let entries: Vec<Entry> = directory.chunks_exact(ENTRY_BYTES).filter_map(Entry::read).collect();
        let root = entries.iter().find(|entry| entry.kind == ROOT)?;
        let small = sectors.chain(&next, root.first, root.length);
        let next_small = numbers(&sectors.chain(&next, u32_at(bytes, 60)?, u64::MAX));
        let most_small_bytes = u64::from(u32_at(bytes, 56)?);
        Some(Compound { sectors, next, next_small, small, small_sector_bytes, most_small_bytes, entries })
    }

    /// Returns a stream of the top level, as far as the file has it.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let is_named = |entry: &&Entry| entry.kind == STREAM && entry.name.eq_ignore_ascii_case(name);
        let at_top = self.top().into_iter().filter_map(|at| self.entries.get(at)).find(is_named);
        // In a damaged directory the tree may be lost.
        let entry = at_top.or_else(|| self.entries.iter().find(is_named))?;
        if entry.length >= self.most_small_bytes {
            return Some(self.sectors.chain(&self.next, entry.first, entry.length));
        }
        let small = Sectors { bytes: &self.small, sector_bytes: self.small_sector_bytes };
        Some(small.chain_from(&self.next_small, entry.first, entry.length, 0))
    }

    /// Returns the indexes of the entries of the top level.
    fn top(&self) -> Vec<usize> {
        let mut is_seen = vec![false; self.entries.len()];
        let mut found = Vec::new();
        let mut open: Vec<u32> =
            self.entries.iter().filter(|entry| entry.kind == ROOT).map(|root| root.child).collect();
        while let Some(at) = open.pop() {
            let at = at as usize;
            let Some(entry) = self.entries.get(at).filter(|_| !std::mem::replace(&mut is_seen[at], true)) else {
                continue;
            };
            found.push(at);
            open.extend([entry.left, entry.right]);
        }
        found
    }
}

impl Sectors<'_> {
    /// Reads the table of sectors.
    fn table(self) -> Option<Vec<u32>> {
        let most = self.count();
        let named = self.bytes.get(TABLE_IN_HEADER..).unwrap_or_default();
        let mut table: Vec<u32> = numbers(named).into_iter().take(NAMED_IN_HEADER).filter(|&at| at < LAST).collect();
        let mut more = u32_at(self.bytes, 68)?;
        let in_sector = self.sector_bytes / 4 - 1;
        for _ in 0..most {
            let sector = numbers(self.sector(more, 1));
            let Some(&next) = sector.get(in_sector) else { break };
            table.extend(sector.iter().take(in_sector).filter(|&&at| at < LAST));
            more = next;
        }
        // Each sector of the table tells of many sectors; more than there are, are none.
        table.truncate(most / (self.sector_bytes / 4) + 1);
        let mut next = Vec::new();
        for at in table {
            let mut sector = numbers(self.sector(at, 1));
            sector.resize(self.sector_bytes / 4, u32::MAX);
            next.extend(sector);
        }
        Some(next)
    }

    /// Returns the number of sectors, a cut one included.
    fn count(self) -> usize {
        self.bytes.len() / self.sector_bytes + 1
    }

    /// Returns a sector; `header` is the number of sectors before the first.
    fn sector(&self, at: u32, header: usize) -> &[u8] {
        let start = (at as usize).saturating_add(header).saturating_mul(self.sector_bytes);
        let end = start.saturating_add(self.sector_bytes).min(self.bytes.len());
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Returns the bytes of a chain of sectors, up to a length.
    fn chain(&self, next: &[u32], first: u32, length: u64) -> Vec<u8> {
        self.chain_from(next, first, length, 1)
    }

    fn chain_from(&self, next: &[u32], first: u32, length: u64, header: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut at = first;
        for _ in 0..self.count() {
            let sector = self.sector(at, header);
            if at >= LAST || sector.is_empty() || bytes.len() as u64 >= length {
                break;
            }
            bytes.extend_from_slice(sector);
            at = next.get(at as usize).copied().unwrap_or(u32::MAX);
        }
        bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        bytes
    }
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Entry> {
        let name_bytes = usize::from(u16_at(bytes, 64)?).saturating_sub(2);
        let units = bytes.get(..name_bytes.min(62))?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        Some(Entry {
            name: char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
            kind: *bytes.get(66)?,
            left: u32_at(bytes, 68)?,
            right: u32_at(bytes, 72)?,
            child: u32_at(bytes, 76)?,
            first: u32_at(bytes, 116)?,
            // The upper half is noise in files of small sectors.
            length: u64::from(u32_at(bytes, 120)?),
        })
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

/// Returns a number of two bytes.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Returns a number of four bytes.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Compound files for tests.
#[cfg(test)]
pub(super) mod made {
    use super::{ENTRY_BYTES, ROOT, SIGNATURE, STREAM};

    const SECTOR: usize = 512;

    /// Returns a compound file of streams. None of them is kept among the small ones.
    pub(in crate::reading::formats) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut sectors: Vec<u8> = Vec::new();
        let mut next: Vec<u32> = Vec::new();
        let mut append = |bytes: &[u8]| {
            let first = next.len() as u32;
            for (at, chunk) in bytes.chunks(SECTOR).enumerate() {
                sectors.extend_from_slice(chunk);
                sectors.resize(sectors.len().next_multiple_of(SECTOR), 0);
                let is_last = (at + 1) * SECTOR >= bytes.len();
                next.push(if is_last { 0xffff_fffe } else { next.len() as u32 + 1 });
            }
            first
        };
        let mut directory = entry("Root Entry", ROOT, [u32::MAX, u32::MAX, 1], 0xffff_fffe, 0);
        for (at, (name, bytes)) in streams.iter().enumerate() {
            let right = if at + 1 < streams.len() { at as u32 + 2 } else { u32::MAX };
            directory.extend(entry(name, STREAM, [u32::MAX, right, u32::MAX], append(bytes), bytes.len() as u32));
        }
        let directory_at = append(&directory);
        let table_sectors = next.len() / (SECTOR / 4) + 1;
        let table_at = next.len() as u32;
        next.resize(next.len() + table_sectors, 0xffff_fffd);
        let mut header = vec![0; 44];
        header[..8].copy_from_slice(SIGNATURE);
        header[30] = 9;
        header[32] = 6;
        for number in [table_sectors as u32, directory_at, 0, 0, 0xffff_fffe, 0, 0xffff_fffe, 0] {
            header.extend(number.to_le_bytes());
        }
        header.extend((0..table_sectors as u32).flat_map(|at| (table_at + at).to_le_bytes()));
        header.resize(SECTOR, 0xff);
        header.extend(&sectors);
        let mut table: Vec<u8> = next.iter().flat_map(|number| number.to_le_bytes()).collect();
        table.resize(table_sectors * SECTOR, 0xff);
        header.extend(table);
        header
    }

    fn entry(name: &str, kind: u8, [left, right, child]: [u32; 3], first: u32, length: u32) -> Vec<u8> {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let name_bytes = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(name_bytes.to_le_bytes());
        entry.extend([kind, 1]);
        for number in [left, right, child] {
            entry.extend(number.to_le_bytes());
        }
        entry.resize(116, 0);
        entry.extend(first.to_le_bytes());
        entry.extend(length.to_le_bytes());
        entry.resize(ENTRY_BYTES, 0);
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::made::compound;
    use super::*;

    #[test]
    fn streams_are_put_together_from_their_sectors() {
        let long: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let file = compound(&[("WordDocument", &long), ("1Table", b"table")]);
        let opened = Compound::open(&file).unwrap();
        assert_eq!(opened.stream("WordDocument").unwrap(), long);
        assert_eq!(opened.stream("1table").unwrap(), b"table");
        assert!(opened.stream("2Table").is_none());
    }

    #[test]
    fn a_damaged_file_is_read_as_far_as_it_goes() {
        let long = vec![7; 100_000];
        let file = compound(&[("WordDocument", &long)]);
        for length in (0..file.len()).step_by(997) {
            if let Some(opened) = Compound::open(&file[..length]) {
                assert!(opened.stream("WordDocument").is_none_or(|stream| stream.len() <= long.len()));
            }
        }
        // A ring of sectors.
        let mut ring = file.clone();
        let table = ring.windows(8).position(|window| window == [1, 0, 0, 0, 2, 0, 0, 0]).unwrap();
        ring[table + 4..table + 8].copy_from_slice(&[0, 0, 0, 0]);
        assert!(Compound::open(&ring).unwrap().stream("WordDocument").unwrap().len() <= long.len());
        assert!(Compound::open(b"PK\x03\x04").is_none());
    }
}
