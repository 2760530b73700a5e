//! Marks passages, writes them to a file, and copies one.

use std::path::Path;

use svod_query::{Hit, printable};

use super::dialog::After;
use super::{Effect, State, View};

impl State {
    pub(super) fn mark(&mut self) {
        self.remember();
        let Some(hit) = self.listing().hit().cloned() else { return };
        let query = (self.filters.prefix() + self.query.text()).trim().to_owned();
        self.marks.toggle(hit, query);
        if self.view == View::Marked && self.marks.listing.hits().is_empty() {
            self.view = View::Found;
        }
    }

    /// Switches between the marked passages and the hits.
    pub(super) fn show_marked(&mut self) {
        self.scroll = None;
        self.view = match self.view {
            View::Marked => View::Found,
            View::Found if self.marks.listing.hits().is_empty() => {
                self.message = Some("nothing is marked yet: F6 or Alt-M marks a passage".to_owned());
                View::Found
            }
            View::Found => View::Marked,
        };
    }

    /// Begins to write the dossier: asks for the name of the file.
    pub(super) fn write_dossier(&mut self, after: After, effects: &mut Vec<Effect>) {
        if self.marks.listing.hits().is_empty() {
            self.message = Some("nothing is marked yet: F6 or Alt-M marks a passage".to_owned());
            return;
        }
        self.after = after;
        effects.push(Effect::FindFreeName);
    }

    pub(super) fn written(&mut self, path: &Path, effects: &mut Vec<Effect>) {
        self.marks.set_written();
        let passages = match self.marks.listing.hits().len() {
            1 => "1 passage".to_owned(),
            count => format!("{count} passages"),
        };
        self.message = Some(format!("{passages} written to {}", printable(&path.to_string_lossy())));
        if self.after == After::Leave {
            effects.push(Effect::Leave);
        }
    }

    pub(super) fn copy(&mut self, text: fn(&Hit, &str) -> String, what: &str, effects: &mut Vec<Effect>) {
        self.remember();
        let Some(hit) = self.listing().hit() else { return };
        effects.push(Effect::Copy(text(hit, &self.places.shown(hit))));
        self.message = Some(format!("{what} was given to the terminal's clipboard (if it takes OSC 52)"));
    }
}
