//! Finds out what changed in a folder since it was indexed, and plans what is to be done.
//!
//! A source is unchanged if the rules that it was read by, its size and its state in the file system are
//! (`reading::file_state` says what that proves), or else if its content is. The rules hold the version of svod: another
//! may read better. A source that is gone was moved if another path has the same
//! content now.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use svod_store::layout::{path_bytes, path_from_bytes};
use svod_store::schema::{ArticleKey, ArticleName, ContentHash, FileState, Outcome, RecordKey, StoredArticle};
use svod_text::article::date_of_name;

use crate::home::catalog::{Catalog, Entry, Unusable};
use crate::reading;
use crate::reading::file_state::{Inodes, is_same};
use crate::reading::rules::Rules;
use crate::reading::skip_reason::SkipReason;
use crate::reading::source::Source;
use crate::report::{Change, ChangeKind, Skipped};
use crate::survey::discover;

/// What is to be done to bring an index up to date.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The sources to be read, in the order of their paths.
    pub(crate) reads: Vec<PlannedRead>,
    /// The sources of which only the article record changes.
    pub(crate) renewals: Vec<Renewal>,
    /// The articles of sources that are gone.
    pub(crate) removals: Vec<ArticleKey>,
    /// The changes for the report, in the order of the paths.
    pub(crate) changes: Vec<Change>,
    /// The number of unchanged sources.
    pub(crate) unchanged: u64,
    /// The unchanged sources that were skipped before.
    pub(crate) skipped: Vec<Skipped>,
}

/// A source to be read.
#[derive(Debug)]
pub(crate) struct PlannedRead {
    pub(crate) source: Source,
    pub(crate) key: ArticleKey,
    pub(crate) name: ArticleName,
    pub(crate) stamp: u64,
    /// The article that it replaces, if any.
    pub(crate) replaces: Option<ArticleKey>,
}

/// A source with unchanged content, but a new path or new times.
#[derive(Debug)]
pub(crate) struct Renewal {
    pub(crate) source: Source,
    /// The key of the record that it replaces.
    pub(crate) key: RecordKey,
    pub(crate) hash: Option<ContentHash>,
    pub(crate) length: Option<u64>,
    pub(crate) stamp: u64,
    pub(crate) stored: StoredArticle,
}

impl Renewal {
    fn of(source: Source, entry: &Entry, stamp: u64, stored: StoredArticle) -> Renewal {
        Renewal { source, key: entry.key, hash: entry.hash, length: entry.length, stamp, stored }
    }
}

impl Plan {
    /// Returns the size in bytes of all sources to be read.
    pub(crate) fn bytes(&self) -> u64 {
        self.reads.iter().map(|read| read.source.bytes).sum()
    }

    /// Returns whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.reads.is_empty() && self.renewals.is_empty() && self.removals.is_empty()
    }
}

/// Plans an index that is made from scratch.
pub(crate) fn plan_all(found: Vec<Source>, rules: &Rules) -> Plan {
    let mut planner = Planner::new(None, rules);
    for source in found {
        planner.add(source);
    }
    planner.plan
}

/// Compares the sources found with the articles of the index, and plans an update.
pub(crate) fn plan(root: &Path, found: &[Source], catalog: &Catalog, rules: &Rules) -> Result<Plan, Unusable> {
    let known: Vec<Option<&Entry>> =
        found.iter().map(|source| catalog.entries.get(&path_bytes(&source.path))).collect();
    let both = found.iter().zip(&known).filter_map(|(source, entry)| Some((entry.as_ref()?.state, source.state)));
    let mut planner = Planner::new(Some(catalog), rules);
    planner.inodes = Inodes::of(both);
    let mut gone: HashSet<&[u8]> = catalog.entries.keys().map(Vec::as_slice).collect();
    let mut new = Vec::new();
    for (source, entry) in found.iter().zip(known) {
        match entry {
            Some(entry) => {
                gone.remove(path_bytes(&source.path).as_slice());
                planner.compare(root, source.clone(), *entry)?;
            }
            None => new.push(source.clone()),
        }
    }
    let mut gone: Vec<&[u8]> = gone.into_iter().collect();
    gone.sort_unstable();
    let mut vanished = Vanished::new(catalog, gone);
    for source in new {
        match vanished.take(root, &source, rules) {
            Some((state, path, entry)) => planner.move_here(Source { state, ..source }, path, entry)?,
            None => planner.add(source),
        }
    }
    for (path, entry) in vanished.rest() {
        planner.plan.removals.push(entry.key.article);
        planner.report(path, ChangeKind::Removed);
    }
    planner.plan.changes.sort_by_cached_key(|change| path_bytes(&change.path));
    planner.plan.reads.sort_by_cached_key(|read| path_bytes(&read.source.path));
    Ok(planner.plan)
}

struct Planner<'p> {
    catalog: Option<&'p Catalog>,
    rules: &'p Rules,
    plan: Plan,
    next_key: u32,
    names: HashSet<ArticleName>,
    inodes: Inodes,
}

impl<'p> Planner<'p> {
    fn new(catalog: Option<&'p Catalog>, rules: &'p Rules) -> Planner<'p> {
        let known = || catalog.into_iter().flat_map(|catalog| catalog.entries.values());
        Planner {
            catalog,
            rules,
            plan: Plan::default(),
            next_key: known().map(|entry| entry.key.article.0 + 1).max().unwrap_or(0),
            names: known().map(|entry| entry.name).collect(),
            inodes: Inodes::Kept,
        }
    }

    fn report(&mut self, path: PathBuf, kind: ChangeKind) {
        self.plan.changes.push(Change { path, kind });
    }

    /// Plans a source that is not in the index.
    fn add(&mut self, source: Source) {
        let mut name = ArticleName::of_path(&path_bytes(&source.path));
        while !self.names.insert(name) {
            name = name.next();
        }
        self.report(source.path.clone(), ChangeKind::Added);
        let stamp = self.rules.stamp(&source);
        self.read(source, name, stamp, None);
    }

    /// Plans to read a source, under a new key: the old records are deleted by the old key in the same commit.
    fn read(&mut self, source: Source, name: ArticleName, stamp: u64, replaces: Option<ArticleKey>) {
        let key = ArticleKey(self.next_key);
        self.next_key += 1;
        self.plan.reads.push(PlannedRead { source, key, name, stamp, replaces });
    }

    /// Plans a source whose path is in the index.
    fn compare(&mut self, root: &Path, source: Source, entry: Entry) -> Result<(), Unusable> {
        let mut stamp = self.rules.stamp(&source);
        if entry.stamp == self.rules.stamp_of_refused(stamp) {
            stamp = entry.stamp;
        }
        if entry.stamp != stamp || entry.bytes != source.bytes {
            self.replace(source, entry, stamp);
            return Ok(());
        }
        if is_same(entry.state, source.state, self.inodes) {
            return self.keep(source, &entry);
        }
        match reading::look_at(root, &source, self.rules) {
            Ok(seen) if entry.hash.is_some() && entry.hash == seen.hash => match seen.state {
                proves_nothing if proves_nothing == FileState::default() => self.keep(source, &entry),
                state => self.renew(Source { state, ..source }, &entry, stamp),
            },
            // An earlier run could not read it either.
            Err(_) if entry.hash.is_none() => self.keep(source, &entry),
            _ => {
                self.replace(source, entry, stamp);
                Ok(())
            }
        }
    }

    fn keep(&mut self, source: Source, entry: &Entry) -> Result<(), Unusable> {
        self.plan.unchanged += 1;
        if let Some(catalog) = self.catalog.filter(|_| entry.is_skipped) {
            let reason = SkipReason::AsBefore(catalog.skip_reason(entry)?);
            self.plan.skipped.push(Skipped { path: source.path, reason });
        }
        Ok(())
    }

    fn replace(&mut self, source: Source, entry: Entry, stamp: u64) {
        self.report(source.path.clone(), ChangeKind::Changed);
        self.read(source, entry.name, stamp, Some(entry.key.article));
    }

    /// Plans a source with unchanged content but a new state: the record gets the state, so that the next run need not
    /// read the content.
    fn renew(&mut self, source: Source, entry: &Entry, stamp: u64) -> Result<(), Unusable> {
        if let Some(catalog) = self.catalog {
            let stored = catalog.stored(entry)?;
            if let Outcome::Skipped(reason) = &stored.outcome {
                let reason = SkipReason::AsBefore(reason.clone());
                self.plan.skipped.push(Skipped { path: source.path.clone(), reason });
            }
            self.plan.unchanged += 1;
            self.plan.renewals.push(Renewal::of(source, entry, stamp, stored));
        }
        Ok(())
    }

    /// Plans a source that was moved.
    fn move_here(&mut self, source: Source, from: PathBuf, entry: Entry) -> Result<(), Unusable> {
        let Some(catalog) = self.catalog else { return Ok(()) };
        let stored = catalog.stored(&entry)?;
        let stamp = self.rules.stamp(&source);
        let title = stored.metadata.title.as_deref();
        self.report(source.path.clone(), ChangeKind::Moved { from: from.clone() });
        let [old, new] = [&from, &source.path].map(|path| reading::title_of_file(path));
        let is_named_by_file = title == Some(old.as_str());
        if (is_named_by_file && old != new) || date_of_name(&old) != date_of_name(&new) {
            // Title and date are stored with every passage, so the passages are made again; they keep their ids.
            self.read(source, entry.name, stamp, Some(entry.key.article));
        } else {
            self.plan.renewals.push(Renewal::of(source, &entry, stamp, stored));
        }
        Ok(())
    }
}

/// Sources with equal content give the same passages.
#[derive(PartialEq, Eq, Hash)]
struct Content {
    bytes: u64,
    hash: ContentHash,
    stamp: u64,
}

/// Articles whose sources are no longer at their paths.
struct Vanished<'c> {
    by_content: HashMap<Content, Vec<(&'c [u8], Entry)>>,
    sizes: HashSet<u64>,
    others: Vec<(&'c [u8], Entry)>,
}

impl<'c> Vanished<'c> {
    fn new(catalog: &'c Catalog, paths: Vec<&'c [u8]>) -> Vanished<'c> {
        let mut vanished = Vanished { by_content: HashMap::new(), sizes: HashSet::new(), others: Vec::new() };
        // In reverse, because `take` takes the last of equal ones.
        for (path, entry) in paths.into_iter().rev().filter_map(|path| Some((path, *catalog.entries.get(path)?))) {
            match entry.hash.filter(|_| !entry.is_skipped) {
                Some(hash) => {
                    vanished.sizes.insert(entry.bytes);
                    let content = Content { bytes: entry.bytes, hash, stamp: entry.stamp };
                    vanished.by_content.entry(content).or_default().push((path, entry));
                }
                None => vanished.others.push((path, entry)),
            }
        }
        vanished
    }

    /// Takes an article with the content of a new source that would be read in the same way.
    fn take(&mut self, root: &Path, source: &Source, rules: &Rules) -> Option<(FileState, PathBuf, Entry)> {
        if !self.sizes.contains(&source.bytes) {
            return None;
        }
        let seen = reading::look_at(root, source, rules).ok()?;
        let content = Content { bytes: source.bytes, hash: seen.hash?, stamp: rules.stamp(source) };
        let same = self.by_content.get_mut(&content)?;
        let at = same.iter().rposition(|(path, _)| {
            let path = path_from_bytes(path);
            discover::format_of(&path) == Some(source.format)
        })?;
        let (path, entry) = same.remove(at);
        Some((seen.state, path_from_bytes(path), entry))
    }

    fn rest(self) -> impl Iterator<Item = (PathBuf, Entry)> {
        let rest = self.by_content.into_values().flatten().chain(self.others);
        rest.map(|(path, entry)| (path_from_bytes(path), entry))
    }
}
