//! What a run read, counted while it goes on.

use std::collections::BTreeMap;
use std::path::Path;

use svod_text::language::Language;

use crate::reading::Understood;
use crate::reading::skip_reason::SkipReason;
use crate::report::{ReadAs, Repaired, Report, Skipped};

/// What was counted so far.
#[derive(Default)]
pub(crate) struct Tally {
    bytes: u64,
    languages: BTreeMap<Language, u64>,
    readings: BTreeMap<(String, Option<String>), u64>,
    repaired: Vec<Repaired>,
    skipped: Vec<Skipped>,
}

impl Tally {
    pub(crate) fn count(&mut self, path: &Path, understood: &Understood, bytes: u64) {
        let Understood { article, reading, remarks, .. } = understood;
        self.bytes += bytes;
        for passage in &article.passages {
            *self.languages.entry(passage.language).or_default() += 1;
        }
        *self.readings.entry((reading.format.clone(), reading.encoding.clone())).or_default() += 1;
        let damaged = match reading.repaired {
            0 => None,
            1 => Some("1 damaged place".to_owned()),
            places => Some(format!("{places} damaged places")),
        };
        let remarks: Vec<String> = damaged.into_iter().chain(remarks.iter().cloned()).collect();
        if !remarks.is_empty() {
            self.repaired.push(Repaired { path: path.to_owned(), remarks });
        }
    }

    pub(crate) fn skip(&mut self, path: &Path, reason: SkipReason) {
        self.skipped.push(Skipped { path: path.to_owned(), reason });
    }

    /// Writes what was counted into a report.
    pub(crate) fn tell(self, report: &mut Report) {
        report.read_bytes = self.bytes;
        let readings = self.readings.into_iter();
        report.readings = readings.map(|((format, encoding), files)| ReadAs { format, encoding, files }).collect();
        report.readings.sort_by_key(|read| std::cmp::Reverse(read.files));
        report.languages = self.languages.into_iter().collect();
        report.languages.sort_by_key(|&(_, passages)| std::cmp::Reverse(passages));
        report.repaired = self.repaired;
        report.skipped.extend(self.skipped);
    }
}
