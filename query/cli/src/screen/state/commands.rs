//! Carries out commands.

use svod_query::Hit;

use super::dialog::After;
use super::{Dialog, Drawn, Effect, State, View};
use crate::screen::citation;
use crate::screen::filters::Filters;
use crate::screen::keys::{Command, Focus, Step};
use crate::screen::line::{Edit, Reach};

impl State {
    pub(super) fn carry_out(&mut self, command: Command, effects: &mut Vec<Effect>) {
        match command {
            // To the right of the end of the query there is only the passage.
            Command::Edit(Edit::Move(Reach::Right)) if self.query.is_at_end() => self.focus_passage(),
            Command::Edit(edit) => self.edit(edit, effects),
            Command::History(age) => {
                if let Some(query) = self.history.go(age, self.query.text()) {
                    self.query.set(&query);
                    self.ask_anew(effects);
                }
            }
            Command::Select(step) => self.select(step, effects),
            Command::Scroll(step) => self.scroll(step),
            Command::FocusPassage => self.focus_passage(),
            Command::FocusQuery => self.focus = Focus::Query,
            Command::Open => self.open(effects),
            Command::Filter(dimension, turn) => self.turn_filter(dimension, turn, effects),
            Command::ThisArticle => {
                let path = self.listing().hit().map(|hit| hit.path.clone());
                self.filter(effects, |filters, _| match path {
                    Some(path) => filters.toggle_article(&path),
                    None => *filters = Filters::default(),
                });
            }
            Command::ClearFilters => self.filter(effects, |filters, _| *filters = Filters::default()),
            Command::Order => self.next_order(effects),
            Command::Mark => self.mark(),
            Command::ShowMarked => self.show_marked(),
            Command::WriteDossier => self.write_dossier(After::Stay, effects),
            Command::CopyPassage => self.copy(citation::quotation, "the passage", effects),
            Command::CopyCitation => self.copy(citation::citation, "the citation", effects),
            Command::Help => self.dialog = Some(Dialog::Help(0)),
            Command::Back => self.back(effects),
            Command::Leave => self.leave(effects),
            Command::Suspend => effects.push(Effect::Suspend),
            Command::Redraw => effects.push(Effect::Redraw),
        }
    }

    fn select(&mut self, step: Step, effects: &mut Vec<Effect>) {
        self.remember();
        let page = self.drawn.list_page;
        self.listing_mut().step(step, page);
        self.scroll = None;
        self.ask_for_more(effects);
    }

    fn scroll(&mut self, step: Step) {
        let Drawn { passage_page, scroll_range: (first, last), scroll, .. } = self.drawn;
        let page = isize::try_from(passage_page.saturating_sub(1)).unwrap_or(1).max(1);
        let next = match step {
            Step::Up => scroll - 1,
            Step::Down => scroll + 1,
            Step::PageUp => scroll - page,
            Step::PageDown => scroll + page,
            Step::First => first,
            Step::Last => last,
        };
        self.scroll = Some(next.clamp(first, last.max(first)));
    }

    fn focus_passage(&mut self) {
        if self.listing().hit().is_some() {
            self.remember();
            self.focus = Focus::Passage;
        }
    }

    fn open(&mut self, effects: &mut Vec<Effect>) {
        self.remember();
        let Some(hit) = self.listing().hit() else { return };
        match hit.file() {
            Some(path) => effects.push(Effect::Open { path, line: first_line(hit) }),
            None => self.message = Some("this text is in no file".to_owned()),
        }
    }

    /// Closes the innermost open part: the passage, then the marked passages, then the screen.
    fn back(&mut self, effects: &mut Vec<Effect>) {
        if self.focus == Focus::Passage {
            self.focus = Focus::Query;
        } else if self.view == View::Marked {
            self.show_marked();
        } else {
            self.leave(effects);
        }
    }

    pub(super) fn leave(&mut self, effects: &mut Vec<Effect>) {
        if self.marks.is_unwritten() {
            self.dialog = Some(Dialog::Leaving);
        } else {
            effects.push(Effect::Leave);
        }
    }
}

/// Returns the source line of the first highlight.
pub(super) fn first_line(hit: &Hit) -> Option<u32> {
    let found = hit.highlights.first().map_or(0, |range| range.start);
    let piece = hit.pieces.iter().rfind(|piece| piece.text <= found).map(|piece| piece.line);
    piece.or(hit.lines.as_ref().map(|lines| *lines.start()))
}
