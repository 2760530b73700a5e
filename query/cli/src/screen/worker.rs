//! Searches and reads the index in other threads, so that typing never waits.
//!
//! There is room for one task of each kind: a newer task replaces one that has not
//! begun. There are two threads, so that a slow search does not delay the next
//! one; the late answer to the slow search is dropped.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use svod_query::{By, Count, Group, Index, PassageId, QueryError, Request};

use super::filters::Catalogue;
use super::keys::Turn;
use super::state::{Event, Question, Reply, Years};

const THREADS: usize = 2;
/// The number of neighbours that are read before and after a passage.
const AROUND: usize = 3;

/// The worker threads, and their reports.
pub(super) struct Workers {
    desk: Arc<Desk>,
    reports: Receiver<Event>,
}

/// The tasks, shared with the threads.
#[derive(Default)]
struct Desk {
    tasks: Mutex<Tasks>,
    /// Notified of each new task.
    bell: Condvar,
    /// The number of tasks that are begun but not reported yet.
    at_work: AtomicUsize,
}

#[derive(Default)]
struct Tasks {
    search: Option<Question>,
    read: Option<PassageId>,
    years: Option<(Box<Request>, Turn)>,
    /// Whether to check if the index has changed.
    look: bool,
    catalogue: bool,
    is_closed: bool,
}

enum Task {
    Search(Box<Question>),
    Read(PassageId),
    Years(Box<Request>, Turn),
    Look,
    Catalogue,
}

impl Workers {
    pub(super) fn start(index: &Index) -> Workers {
        let (sender, reports) = mpsc::channel();
        let desk = Arc::<Desk>::default();
        for _ in 0..THREADS {
            let (desk, sender, index) = (Arc::clone(&desk), sender.clone(), index.clone());
            thread::spawn(move || work(&desk, &index, &sender));
        }
        let workers = Workers { desk, reports };
        workers.leave(|tasks| tasks.catalogue = true);
        workers
    }

    pub(super) fn search(&self, question: Question) {
        self.leave(|tasks| tasks.search = Some(question));
    }

    pub(super) fn read(&self, id: PassageId) {
        self.leave(|tasks| tasks.read = Some(id));
    }

    pub(super) fn find_years(&self, request: Box<Request>, turn: Turn) {
        self.leave(|tasks| tasks.years = Some((request, turn)));
    }

    /// Checks whether the index has changed on disk.
    pub(super) fn look(&self) {
        self.leave(|tasks| tasks.look = true);
    }

    /// Returns whether a task is waiting or not yet reported.
    pub(super) fn is_busy(&self) -> bool {
        let tasks = self.desk.tasks();
        tasks.has_any() || self.desk.at_work.load(Ordering::Relaxed) > 0
    }

    /// Returns the next report, if it comes within `patience`.
    pub(super) fn report(&self, patience: Duration) -> Option<Event> {
        self.reports.recv_timeout(patience).ok()
    }

    fn leave(&self, task: impl FnOnce(&mut Tasks)) {
        task(&mut self.desk.tasks());
        self.desk.bell.notify_one();
    }
}

impl Drop for Workers {
    /// Makes the threads end after their current tasks, without waiting for them.
    fn drop(&mut self) {
        self.desk.tasks().is_closed = true;
        self.desk.bell.notify_all();
    }
}

impl Desk {
    fn tasks(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a task; `None` after the workers were dropped.
    fn next(&self) -> Option<Task> {
        let is_idle = |tasks: &mut Tasks| !tasks.is_closed && !tasks.has_any();
        let mut tasks = self.bell.wait_while(self.tasks(), is_idle).unwrap_or_else(PoisonError::into_inner);
        if tasks.is_closed {
            return None;
        }
        self.at_work.fetch_add(1, Ordering::Relaxed);
        tasks.take()
    }
}

impl Tasks {
    fn has_any(&self) -> bool {
        self.search.is_some() || self.read.is_some() || self.years.is_some() || self.look || self.catalogue
    }

    /// Takes the most urgent task.
    fn take(&mut self) -> Option<Task> {
        if let Some(question) = self.search.take() {
            return Some(Task::Search(Box::new(question)));
        }
        if let Some(id) = self.read.take() {
            return Some(Task::Read(id));
        }
        if let Some((request, turn)) = self.years.take() {
            return Some(Task::Years(request, turn));
        }
        if std::mem::take(&mut self.look) {
            return Some(Task::Look);
        }
        std::mem::take(&mut self.catalogue).then_some(Task::Catalogue)
    }
}

fn work(desk: &Desk, index: &Index, reports: &Sender<Event>) {
    while let Some(task) = desk.next() {
        let report = carry_out(task, index).unwrap_or_else(|error| Some(Event::Said(message(&error))));
        // Sending fails after the screen has ended.
        let is_sent = report.is_none_or(|report| reports.send(report).is_ok());
        desk.at_work.fetch_sub(1, Ordering::Relaxed);
        if !is_sent {
            break;
        }
    }
}

fn carry_out(task: Task, index: &Index) -> Result<Option<Event>, QueryError> {
    Ok(match task {
        Task::Search(question) => {
            let Question { asked, request, is_open } = *question;
            let answer = if is_open { index.search_as_typed(&request)? } else { index.search(&request)? };
            Some(Event::Answered(Box::new(Reply { asked, query: request.query, answer })))
        }
        Task::Read(id) => index.show(id, AROUND)?.map(|shown| Event::Read(Box::new(shown.hit))),
        Task::Years(request, turn) => {
            let counts = index.count(&request, By::Year)?;
            let year = |count: &Count| if let Group::Year(year) = count.group { Some(year.into()) } else { None };
            let years = counts.groups.iter().rev().filter_map(year).collect();
            Some(Event::Years(Years { query: request.query, years }, turn))
        }
        Task::Look => index.reload()?.then_some(Event::Changed),
        Task::Catalogue => Some(Event::Catalogue(Catalogue::of(&index.articles()?))),
    })
}

/// Returns an error with its causes.
fn message(error: &dyn std::error::Error) -> String {
    let mut message = format!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(&format!(": {error}"));
        cause = error.source();
    }
    svod_query::printable(&message).into_owned()
}
