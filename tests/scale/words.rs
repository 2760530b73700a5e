//! Queries made of the words of a folder, the same in every run.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use svod_text::analysis::{Scan, Script};

/// The number of files from which words are taken.
const FILES: usize = 300;
/// The number of characters of a Chinese word.
const HAN_WORD: usize = 3;

/// The words of a folder.
pub(crate) struct Words {
    lines: Vec<String>,
    /// One of the files.
    pub(crate) file: PathBuf,
    random: u64,
}

impl Words {
    pub(crate) fn read(folder: &Path) -> Result<Words, Box<dyn Error>> {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        let mut lines = Vec::new();
        let mut file = None;
        for path in files.iter().step_by(files.len().div_ceil(FILES)) {
            if let Ok(text) = fs::read_to_string(path) {
                file = Some(path.clone());
                lines.extend(text.lines().filter(|line| line.chars().count() > 60).map(str::to_owned));
            }
        }
        Ok(Words { lines, file: file.ok_or("a folder without texts")?, random: 4 })
    }

    /// Returns `count` words, each from another place.
    pub(crate) fn some(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn word(&mut self) -> String {
        loop {
            let line = self.below(self.lines.len());
            let scan = Scan::new(&self.lines[line]);
            let units = scan.units().len().saturating_sub(HAN_WORD);
            let at = self.below(units);
            let length = if scan.units()[at].script == Script::Han { HAN_WORD } else { 1 };
            let is_word = (at..at + length).all(|unit| scan.units()[unit].script == scan.units()[at].script);
            let word = if length == 1 { scan.folded(at) } else { scan.folded_run(at..at + length) };
            if is_word && word.chars().count() >= HAN_WORD {
                return word.to_owned();
            }
        }
    }

    /// Returns a random number below `end` (xorshift, Marsaglia 2003).
    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % end.max(1) as u64) as usize
    }
}
