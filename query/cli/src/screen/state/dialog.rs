//! Dialogs over the screen, which take the keys: the help, the name of a file, a question.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::{Effect, State};
use crate::screen::dossier;
use crate::screen::keys::{self, Command, Focus, HELP, Step, latin};
use crate::screen::line::Line;

/// An open dialog.
#[derive(Debug)]
pub(in crate::screen) enum Dialog {
    /// The list of keys, with its first line that is shown.
    Help(usize),
    /// The name of the file to write the marked passages to.
    Name(Line),
    /// The question whether to leave, although marked passages would be lost.
    Leaving,
}

/// What to do after the dossier is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Stay,
    Leave,
}

impl State {
    /// Handles a key in a dialog, which was taken from the state and is put back if it stays open.
    pub(super) fn answer_dialog(&mut self, dialog: Dialog, key: KeyEvent, effects: &mut Vec<Effect>) {
        let command = keys::command(key, Focus::Query);
        match dialog {
            Dialog::Help(line) => self.answer_help(line, command, effects),
            Dialog::Name(name) => self.answer_name(name, command, effects),
            Dialog::Leaving => self.answer_leaving(key, command, effects),
        }
    }

    fn answer_help(&mut self, line: usize, command: Option<Command>, effects: &mut Vec<Effect>) {
        let line = match command {
            Some(Command::Select(Step::Up)) => line.saturating_sub(1),
            Some(Command::Select(Step::Down)) => line + 1,
            Some(Command::Select(Step::PageUp)) => 0,
            Some(Command::Select(Step::PageDown)) => HELP.len(),
            Some(Command::Leave) => return self.leave(effects),
            _ => return,
        };
        self.dialog = Some(Dialog::Help(line));
    }

    fn answer_name(&mut self, mut name: Line, command: Option<Command>, effects: &mut Vec<Effect>) {
        match command {
            Some(Command::Back | Command::Leave) => return,
            Some(Command::Open) if !name.text().trim().is_empty() => {
                let text = dossier::text(&self.marks, &self.places);
                effects.push(Effect::Write { name: name.text().trim().to_owned(), text });
                return;
            }
            Some(Command::Edit(edit)) => drop(name.edit(edit)),
            _ => {}
        }
        self.dialog = Some(Dialog::Name(name));
    }

    fn answer_leaving(&mut self, key: KeyEvent, command: Option<Command>, effects: &mut Vec<Effect>) {
        match (key.code, command) {
            (_, Some(Command::Back)) => {}
            (_, Some(Command::Leave)) => effects.push(Effect::Leave),
            (_, Some(Command::Open | Command::WriteDossier)) => self.write_dossier(After::Leave, effects),
            (KeyCode::Char(c), _) => match latin(c).to_ascii_lowercase() {
                'w' | 'y' => self.write_dossier(After::Leave, effects),
                'n' | 'l' | 'q' => effects.push(Effect::Leave),
                _ => self.dialog = Some(Dialog::Leaving),
            },
            _ => self.dialog = Some(Dialog::Leaving),
        }
    }
}
