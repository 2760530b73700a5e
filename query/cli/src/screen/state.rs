//! The state of the screen, and how each event changes it. Pure: it neither reads
//! keys nor draws nor searches, but returns the effects to be carried out.

mod asking;
mod commands;
mod dialog;
mod keeping;

use std::path::PathBuf;
use std::time::Duration;

use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use svod_query::{Hit, PassageId, Request, Sort};
use svod_render::Paint;

pub(super) use self::asking::{Answered, LIST_MARGIN, Question, Reply, SNIPPET_INDENT, SNIPPET_LINES, Years};
use self::dialog::After;
pub(super) use self::dialog::Dialog;
use super::filters::{Catalogue, Filters};
use super::keys::{self, Focus, Turn};
use super::line::{Edit, History, Line, Reach};
use super::listing::Listing;
use super::marks::Marks;
use super::panes::Panes;
use super::places::Places;
use super::theme::Theme;

/// An event that the state reacts to.
#[derive(Debug)]
pub(super) enum Event {
    Key(KeyEvent),
    Paste(String),
    /// The terminal has this number of columns and of rows.
    Resized(u16, u16),
    Answered(Box<Reply>),
    /// A passage with its notes and neighbours.
    Read(Box<Hit>),
    Catalogue(Catalogue),
    /// The years found for [`Effect::FindYears`].
    Years(Years, Turn),
    /// The index has changed on disk.
    Changed,
    /// A search takes so long that the screen should show it.
    Slow,
    /// The name of a file that does not exist yet.
    FreeName(String),
    Written(PathBuf),
    NotWritten(String),
    /// A message to show.
    Said(String),
}

/// An effect to be carried out.
#[derive(Debug)]
pub(super) enum Effect {
    Search(Box<Question>),
    Read(PassageId),
    /// Finds the years in which a request has passages, to set the filter to the next one.
    FindYears(Box<Request>, Turn),
    Open {
        path: PathBuf,
        line: Option<u32>,
    },
    /// Copies a text to the clipboard of the terminal.
    Copy(String),
    FindFreeName,
    Write {
        name: String,
        text: String,
    },
    Suspend,
    Redraw,
    Leave,
}

/// Which list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Found,
    Marked,
}

/// Measures of the last drawing, which the next keys need.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Drawn {
    /// The number of passages on a page of the list.
    pub(super) list_page: usize,
    /// The number of rows on a page of the passage.
    pub(super) passage_page: usize,
    /// The smallest and largest value of `scroll`.
    pub(super) scroll_range: (isize, isize),
    /// The first row shown, counted from the beginning of the passage.
    pub(super) scroll: isize,
}

/// The state of the screen.
#[derive(Debug)]
pub(super) struct State {
    pub(super) query: Line,
    history: History,
    pub(super) filters: Filters,
    pub(super) order: Sort,
    pub(super) focus: Focus,
    pub(super) view: View,
    pub(super) dialog: Option<Dialog>,
    pub(super) message: Option<String>,
    pub(super) catalogue: Option<Catalogue>,
    /// The years that were found last.
    years: Option<Years>,
    pub(super) found: Listing,
    pub(super) answered: Option<Answered>,
    pub(super) marks: Marks,
    /// The first row of the passage to show; `None` until it is scrolled.
    pub(super) scroll: Option<isize>,
    pub(super) drawn: Drawn,
    pub(super) places: Places,
    pub(super) is_slow: bool,
    pub(super) theme: Theme,
    /// The last passage that was read with its notes and neighbours.
    read: Option<Box<Hit>>,
    /// The passage that was last asked for.
    reading: Option<PassageId>,
    /// The template of all requests.
    template: Request,
    asked: asking::Asked,
    limit: usize,
    area: Rect,
    /// What to do after the dossier is written.
    after: After,
}

impl State {
    pub(super) fn new(template: Request, paint: Paint, places: Places) -> State {
        State {
            query: Line::default(),
            history: History::default(),
            filters: Filters::default(),
            order: template.sort,
            focus: Focus::Query,
            view: View::Found,
            dialog: None,
            message: None,
            catalogue: None,
            years: None,
            found: Listing::default(),
            answered: None,
            marks: Marks::default(),
            scroll: None,
            drawn: Drawn::default(),
            places,
            is_slow: false,
            theme: Theme(paint),
            read: None,
            reading: None,
            template,
            asked: asking::Asked::default(),
            limit: 1,
            area: Rect::default(),
            after: After::Stay,
        }
    }

    /// Handles an event, and returns the effects to be carried out.
    pub(super) fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Key(key) => self.key(key, &mut effects),
            Event::Paste(text) => self.paste(&text, &mut effects),
            Event::Resized(columns, rows) => self.resize(columns, rows, &mut effects),
            Event::Answered(reply) => self.take(*reply),
            Event::Read(hit) => {
                self.read = Some(hit);
                // By now the list was drawn, and may have room for more passages.
                self.ask_for_more(&mut effects);
            }
            Event::Catalogue(catalogue) => self.catalogue = Some(catalogue),
            Event::Years(years, turn) => self.take_years(years, turn, &mut effects),
            Event::Changed => {
                self.years = None;
                self.read = None;
                self.reading = None;
                self.ask(&mut effects);
            }
            Event::Slow => self.is_slow = self.is_waiting(),
            Event::FreeName(name) => self.dialog = Some(Dialog::Name(Line::new(name))),
            Event::Written(path) => self.written(&path, &mut effects),
            Event::NotWritten(why) => {
                self.message = Some(why);
                effects.push(Effect::FindFreeName);
            }
            Event::Said(message) => self.message = Some(message),
        }
        self.read_chosen(&mut effects);
        effects
    }

    /// Returns the list that is shown.
    pub(super) fn listing(&self) -> &Listing {
        match self.view {
            View::Found => &self.found,
            View::Marked => &self.marks.listing,
        }
    }

    pub(super) fn listing_mut(&mut self) -> &mut Listing {
        match self.view {
            View::Found => &mut self.found,
            View::Marked => &mut self.marks.listing,
        }
    }

    /// Returns the chosen passage with its notes and neighbours, if it has been read.
    pub(super) fn surroundings(&self) -> Option<&Hit> {
        let chosen = self.listing().hit()?;
        self.read.as_deref().filter(|read| read.id == chosen.id)
    }

    /// Returns the columns and rows of the terminal.
    pub(super) fn size(&self) -> (u16, u16) {
        (self.area.width, self.area.height)
    }

    pub(super) fn panes(&self) -> Panes {
        Panes::of(self.area, self.focus)
    }

    fn key(&mut self, key: KeyEvent, effects: &mut Vec<Effect>) {
        self.message = None;
        match self.dialog.take() {
            Some(dialog) => self.answer_dialog(dialog, key, effects),
            None => {
                if let Some(command) = keys::command(key, self.focus) {
                    self.carry_out(command, effects);
                }
            }
        }
    }

    fn paste(&mut self, text: &str, effects: &mut Vec<Effect>) {
        match &mut self.dialog {
            Some(Dialog::Name(name)) => name.insert(text),
            Some(_) => {}
            None => {
                self.query.insert(text);
                self.edited(effects);
            }
        }
    }

    fn edit(&mut self, edit: Edit, effects: &mut Vec<Effect>) {
        if edit == Edit::Cut(Reach::Start) {
            self.remember();
        }
        if self.query.edit(edit) {
            self.edited(effects);
        }
    }

    fn edited(&mut self, effects: &mut Vec<Effect>) {
        self.history.leave();
        self.focus = Focus::Query;
        self.view = View::Found;
        self.ask_anew(effects);
    }

    /// Adds the query to the history, because its hits were used.
    fn remember(&mut self) {
        self.history.remember(self.query.text());
    }

    fn resize(&mut self, columns: u16, rows: u16, effects: &mut Vec<Effect>) {
        let before = self.snippet_columns();
        self.area = Rect::new(0, 0, columns, rows);
        self.scroll = None;
        if self.snippet_columns() != before {
            self.ask(effects);
        }
    }

    /// Asks for the chosen passage with its notes and neighbours, unless it was asked for last.
    fn read_chosen(&mut self, effects: &mut Vec<Effect>) {
        let chosen = self.listing().hit().map(|hit| hit.id);
        if let Some(id) = chosen.filter(|&id| self.reading != Some(id)) {
            self.reading = Some(id);
            effects.push(Effect::Read(id));
        }
    }
}

/// Returns a time for display.
pub(super) fn milliseconds(elapsed: Duration) -> String {
    format!("{:.1} ms", elapsed.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests;
