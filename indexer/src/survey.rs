//! A survey of a folder and its index: finds the files, compares them with the index, and plans what is to be done.
//! Writes nothing.

pub(crate) mod changes;
pub(crate) mod discover;

use std::collections::HashSet;
use std::path::Path;

use svod_store::layout::{self, FolderRules};
use svod_store::sealed;

use crate::error::IndexError;
use crate::home::catalog::{Catalog, Unusable};
use crate::home::live_files::LiveFiles;
use crate::home::{Home, HomeState, size};
use crate::options::Options;
use crate::reading::bibliography::Bibliography;
use crate::reading::rules::Rules;
use crate::reading::skip_reason::SkipReason;
use crate::report::{Change, ChangeKind, Ending, Report, Skipped, Unmatched};
use crate::survey::changes::Plan;

/// The result of a survey.
pub(crate) struct Survey {
    /// The state of the index at the time of the survey.
    pub(crate) state: HomeState,
    /// The articles of the index; `None` if it is to be rebuilt.
    pub(crate) catalog: Option<Catalog>,
    /// Why the index cannot be brought up to date, if so.
    pub(crate) unusable: Option<Unusable>,
    pub(crate) rules: Rules,
    pub(crate) plan: Plan,
    /// Documents that are not read, links that are not followed, and folders that could not be walked.
    pub(crate) skipped: Vec<Skipped>,
}

impl Survey {
    /// Surveys a folder and the index of it.
    pub(crate) fn take(root: &Path, home: &Home, options: &Options) -> Result<Survey, IndexError> {
        let state = home.state();
        let mut rules = Rules::of(options, remembered(home, &state, options)?)?;
        // An index that is rebuilt on request may be damaged, so only its rules are read.
        let known = state.generation.filter(|_| !options.rebuild);
        let (catalog, unusable) = match known.map(|number| Catalog::read(&home.generation(number))) {
            Some(Ok(catalog)) => (Some(catalog), None),
            Some(Err(unusable)) => (None, Some(unusable)),
            None => (None, None),
        };
        let fault = state.generation.map_or(Ok(None), |number| home.fault(number))?;
        let found = discover::discover(root, home.path(), &rules)?;
        if let Some(file) = rules.folder.metadata.as_deref().map(Path::new) {
            let paths = found.sources.iter().map(|source| source.path.as_path());
            let read = Bibliography::read(file, root, paths);
            let wrong = |fault| IndexError::Bibliography { path: file.to_owned(), fault };
            rules.set_bibliography(read.map_err(wrong)?);
        }
        let (catalog, unusable, plan) = match catalog.filter(|_| fault.is_none()) {
            None => (None, fault.or(unusable), changes::plan_all(found.sources, &rules)),
            Some(catalog) => match changes::plan(root, &found.sources, &catalog, &rules) {
                Ok(plan) => (Some(catalog), unusable, plan),
                Err(unusable) => (None, Some(unusable), changes::plan_all(found.sources, &rules)),
            },
        };
        let leaving = leaving(&found.skipped, &plan.changes);
        let skipped = found.skipped.into_iter().chain(leaving).collect();
        Ok(Survey { state, catalog, unusable, rules, plan, skipped })
    }

    /// Returns whether there is nothing to write, and stopped runs have left nothing to remove.
    pub(crate) fn is_up_to_date(&self, home: &Home, options: &Options) -> bool {
        let (Some(catalog), Some(number)) = (&self.catalog, self.state.generation) else { return false };
        self.plan.is_empty()
            && catalog.note.is_finished
            && catalog.note.rules == self.rules.folder
            && (!options.optimize || catalog.is_optimal())
            && LiveFiles::of(&catalog.index).is_ok_and(|live_files| home.leftovers(number, &live_files).is_empty())
    }

    /// Returns the report of a run that writes nothing.
    pub(crate) fn report(self, home: &Home) -> Report {
        let mut report =
            Report { ending: Ending::Unchanged, ..begin_report(home, self.unusable, self.rules.folder.clone()) };
        if let Some(catalog) = &self.catalog {
            count(&mut report, catalog);
            report.unmatched = unmatched(&self.rules, catalog);
        }
        report.index_bytes = self.state.generation.map_or(0, |number| size(&home.generation(number)));
        report.changes = self.plan.changes;
        report.unchanged = self.plan.unchanged;
        report.skipped = self.skipped;
        report.skipped.extend(self.plan.skipped);
        report.sort();
        report
    }
}

/// Returns the rules stored with the last commit of an index; `None` if there is no index.
///
/// If they cannot be read, the run stops: without them, excluded files would be indexed.
fn remembered(home: &Home, state: &HomeState, options: &Options) -> Result<Option<FolderRules>, IndexError> {
    let is_none =
        state.generation.is_none() && (!home.path().join(layout::POINTER).exists() || home.is_without_index()?);
    let is_needed = !options.forget_rules && options.include.is_empty() && options.exclude.is_empty();
    match state.commit.as_deref().and_then(sealed::note_of) {
        Some(note) => Ok(Some(note.rules)),
        None if is_none || !is_needed => Ok(None),
        None => Err(IndexError::LostRules(home.path().to_owned())),
    }
}

/// Returns the articles that leave the index because a link or folder was skipped, although their files still exist.
fn leaving(skipped: &[Skipped], changes: &[Change]) -> Vec<Skipped> {
    let skipped: HashSet<&Path> = skipped.iter().map(|skipped| &*skipped.path).collect();
    let removed = changes.iter().filter(|change| change.kind == ChangeKind::Removed);
    let leaving = removed.filter_map(|Change { path, .. }| {
        let with = path.ancestors().skip(1).find(|above| skipped.contains(above))?;
        Some(Skipped { path: path.clone(), reason: SkipReason::LeftWith(with.to_owned()) })
    });
    leaving.collect()
}

/// Begins the report of a run.
pub(crate) fn begin_report(home: &Home, unusable: Option<Unusable>, rules: FolderRules) -> Report {
    Report { index: home.path().to_owned(), unusable, rules, ..Report::default() }
}

/// Returns the entries of the owner's bibliography that belong to no article.
pub(crate) fn unmatched(rules: &Rules, catalog: &Catalog) -> Vec<Unmatched> {
    let Some(bibliography) = rules.bibliography() else { return Vec::new() };
    // The articles are looked through only for entries that a DOI may tie to one.
    let articles = catalog.entries.values().filter(|entry| bibliography.has_rest() && !entry.is_skipped);
    let dois: Vec<String> = articles.filter_map(|entry| catalog.stored(entry).ok()?.metadata.appeared.doi).collect();
    let unmatched = bibliography.unmatched(dois.iter().map(String::as_str)).into_iter();
    unmatched.map(|entry| Unmatched { label: entry.label.clone(), line: entry.line }).collect()
}

/// Sets the numbers of articles, bytes and passages in a report.
pub(crate) fn count(report: &mut Report, catalog: &Catalog) {
    (report.articles, report.bytes) = catalog.articles();
    report.passages = catalog.passages();
}
