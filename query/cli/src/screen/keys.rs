//! The command of each key.
//!
//! Letters are typed into the query, so commands are function keys and letters
//! with Alt; while the passage has the focus, letters are commands without Alt. On
//! a Russian layout a letter stands for the Latin letter on its key.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::filters::Dimension;
use super::line::{Age, Edit, Reach};

/// The part of the screen that keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    /// The query and the list.
    Query,
    /// The passage.
    Passage,
}

/// A movement in the list or in the passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
}

/// A command of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Edit(Edit),
    History(Age),
    Select(Step),
    Scroll(Step),
    FocusPassage,
    FocusQuery,
    Open,
    /// Sets a filter to its next or previous value.
    Filter(Dimension, Turn),
    ThisArticle,
    ClearFilters,
    Order,
    Mark,
    ShowMarked,
    WriteDossier,
    CopyPassage,
    CopyCitation,
    Help,
    /// Closes the innermost open part, or leaves the program if none is open.
    Back,
    Leave,
    Suspend,
    /// Draws the whole screen again, in case the terminal shows something else.
    Redraw,
}

/// The direction through the values of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Next,
    Previous,
}

/// The keys and their meanings, as the help shows them; an empty key marks a heading.
pub(super) const HELP: &[(&str, &str)] = &[
    ("", "The query"),
    ("type, paste", "search; each key changes what is found"),
    ("← → Home End", "move; with Ctrl by words (or Alt-B Alt-F)"),
    ("Ctrl-W Alt-D", "delete the word before, behind"),
    ("Ctrl-U Ctrl-K", "cut up to here, from here; Ctrl-Y puts it back"),
    ("Ctrl-P Ctrl-N", "earlier and later queries of this session"),
    ("", "What was found"),
    ("↑ ↓ PgUp PgDn", "choose a passage"),
    ("Enter", "open it in your editor ($VISUAL, $EDITOR), at its line"),
    ("Tab →", "read the passage; Tab or ← goes back"),
    ("Shift-↑ Shift-↓", "scroll the passage from here"),
    ("F2  Alt-L", "language: next; with Shift the one before"),
    ("F3  Alt-Y", "year"),
    ("F4  Alt-K", "kind: body, heading, note, table …"),
    ("F5  Alt-A", "only this article, all its passages"),
    ("Alt-S", "order: best, newest, oldest, by path"),
    ("Alt-X", "no filters"),
    ("", "What to keep"),
    ("F6  Alt-M", "mark the passage, or take the mark away"),
    ("F7  Alt-V", "show the marked passages"),
    ("F8  Alt-W", "write the marked passages to a file"),
    ("F9  Alt-C", "copy the passage with its citation"),
    ("Alt-R", "copy the citation alone (reference)"),
    ("", "In the passage"),
    ("↑ ↓ j k Space b", "scroll; g G to its ends; n p next, previous passage"),
    ("m c r o", "mark, copy, copy the citation, open"),
    ("", "Leaving"),
    ("Esc Ctrl-C Ctrl-Q", "leave; Esc closes first what is open"),
    ("Ctrl-Z", "suspend; fg comes back"),
];

/// Returns the command of a key.
pub(super) fn command(key: KeyEvent, focus: Focus) -> Option<Command> {
    let has = |modifier| key.modifiers.contains(modifier);
    match key.code {
        KeyCode::Char(c) if has(KeyModifiers::CONTROL) => with_control(latin(c), has(KeyModifiers::ALT)),
        KeyCode::Char(c) if has(KeyModifiers::ALT) => with_alt(latin(c)),
        KeyCode::Char(c) if focus == Focus::Passage => in_passage(latin(c)),
        KeyCode::Char(c) => Some(Command::Edit(Edit::Insert(c))),
        KeyCode::F(number) => function(number, has(KeyModifiers::SHIFT)),
        KeyCode::Enter => Some(Command::Open),
        KeyCode::Esc => Some(Command::Back),
        KeyCode::Tab | KeyCode::BackTab => Some(match focus {
            Focus::Query => Command::FocusPassage,
            Focus::Passage => Command::FocusQuery,
        }),
        code => moving(code, key.modifiers, focus),
    }
}

fn with_control(c: char, has_alt: bool) -> Option<Command> {
    Some(match c {
        _ if has_alt => return None,
        'a' => Command::Edit(Edit::Move(Reach::Start)),
        'e' => Command::Edit(Edit::Move(Reach::End)),
        'b' => Command::Edit(Edit::Move(Reach::Left)),
        'f' => Command::Edit(Edit::Move(Reach::Right)),
        'd' => Command::Edit(Edit::Delete(Reach::Right)),
        'h' => Command::Edit(Edit::Delete(Reach::Left)),
        'w' => Command::Edit(Edit::Cut(Reach::BlankLeft)),
        'u' => Command::Edit(Edit::Cut(Reach::Start)),
        'k' => Command::Edit(Edit::Cut(Reach::End)),
        'y' => Command::Edit(Edit::Paste),
        'p' => Command::History(Age::Older),
        'n' => Command::History(Age::Newer),
        'j' | 'm' => Command::Open,
        'l' => Command::Redraw,
        'c' | 'q' => Command::Leave,
        'z' => Command::Suspend,
        _ => return None,
    })
}

fn with_alt(c: char) -> Option<Command> {
    let turn = if c.is_uppercase() { Turn::Previous } else { Turn::Next };
    Some(match c.to_ascii_lowercase() {
        'b' => Command::Edit(Edit::Move(Reach::WordLeft)),
        'f' => Command::Edit(Edit::Move(Reach::WordRight)),
        'd' => Command::Edit(Edit::Delete(Reach::WordRight)),
        'l' => Command::Filter(Dimension::Language, turn),
        'y' => Command::Filter(Dimension::Year, turn),
        'k' => Command::Filter(Dimension::Kind, turn),
        'a' => Command::ThisArticle,
        'x' => Command::ClearFilters,
        's' => Command::Order,
        'm' => Command::Mark,
        'v' => Command::ShowMarked,
        'w' => Command::WriteDossier,
        'c' => Command::CopyPassage,
        'r' => Command::CopyCitation,
        'o' => Command::Open,
        _ => return None,
    })
}

fn in_passage(c: char) -> Option<Command> {
    Some(match c {
        'j' => Command::Scroll(Step::Down),
        'k' => Command::Scroll(Step::Up),
        ' ' => Command::Scroll(Step::PageDown),
        'b' => Command::Scroll(Step::PageUp),
        'g' => Command::Scroll(Step::First),
        'G' => Command::Scroll(Step::Last),
        'n' => Command::Select(Step::Down),
        'p' => Command::Select(Step::Up),
        'm' => Command::Mark,
        'c' => Command::CopyPassage,
        'r' => Command::CopyCitation,
        'o' => Command::Open,
        'q' | '/' => Command::FocusQuery,
        '?' => Command::Help,
        _ => return None,
    })
}

fn function(number: u8, has_shift: bool) -> Option<Command> {
    // Terminals of the xterm family report Shift-F2 as F14.
    let (number, turn) = match number {
        13..=16 => (number - 12, Turn::Previous),
        _ if has_shift => (number, Turn::Previous),
        _ => (number, Turn::Next),
    };
    Some(match number {
        1 => Command::Help,
        2 => Command::Filter(Dimension::Language, turn),
        3 => Command::Filter(Dimension::Year, turn),
        4 => Command::Filter(Dimension::Kind, turn),
        5 => Command::ThisArticle,
        6 => Command::Mark,
        7 => Command::ShowMarked,
        8 => Command::WriteDossier,
        9 => Command::CopyPassage,
        _ => return None,
    })
}

fn moving(code: KeyCode, modifiers: KeyModifiers, focus: Focus) -> Option<Command> {
    let by_words = modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let step = match code {
        KeyCode::Up => Step::Up,
        KeyCode::Down => Step::Down,
        KeyCode::PageUp => Step::PageUp,
        KeyCode::PageDown => Step::PageDown,
        KeyCode::Home if focus == Focus::Passage || by_words => Step::First,
        KeyCode::End if focus == Focus::Passage || by_words => Step::Last,
        KeyCode::Left | KeyCode::Backspace if focus == Focus::Passage => return Some(Command::FocusQuery),
        _ if focus == Focus::Passage => return None,
        _ => return editing(code, by_words).map(Command::Edit),
    };
    let scrolls = focus == Focus::Passage || !modifiers.is_empty() && !matches!(step, Step::First | Step::Last);
    Some(if scrolls { Command::Scroll(step) } else { Command::Select(step) })
}

fn editing(code: KeyCode, by_words: bool) -> Option<Edit> {
    Some(match (code, by_words) {
        (KeyCode::Left, false) => Edit::Move(Reach::Left),
        (KeyCode::Left, true) => Edit::Move(Reach::WordLeft),
        (KeyCode::Right, false) => Edit::Move(Reach::Right),
        (KeyCode::Right, true) => Edit::Move(Reach::WordRight),
        (KeyCode::Home, _) => Edit::Move(Reach::Start),
        (KeyCode::End, _) => Edit::Move(Reach::End),
        (KeyCode::Backspace, false) => Edit::Delete(Reach::Left),
        (KeyCode::Backspace, true) => Edit::Cut(Reach::WordLeft),
        (KeyCode::Delete, false) => Edit::Delete(Reach::Right),
        (KeyCode::Delete, true) => Edit::Delete(Reach::WordRight),
        _ => return None,
    })
}

/// Returns the Latin letter on the key of a Russian letter; other characters stay as they are.
pub(super) fn latin(c: char) -> char {
    const RUSSIAN: &str = "йцукенгшщзфывапролдячсмить";
    const LATIN: &str = "qwertyuiopasdfghjklzxcvbnm";
    let lower = c.to_lowercase().next().unwrap_or(c);
    let Some(place) = RUSSIAN.chars().position(|russian| russian == lower) else { return c };
    let found = LATIN.chars().nth(place).unwrap_or(c);
    if c.is_uppercase() { found.to_ascii_uppercase() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: KeyCode, modifiers: KeyModifiers, focus: Focus, expected: Option<Command>) {
        assert_eq!(command(KeyEvent::new(code, modifiers), focus), expected, "{code:?} {modifiers:?} {focus:?}");
    }

    #[test]
    fn letters_are_typed_and_commands_have_alt() {
        let none = KeyModifiers::NONE;
        for c in ['停', 'м', 'q', '?', '/'] {
            check(KeyCode::Char(c), none, Focus::Query, Some(Command::Edit(Edit::Insert(c))));
        }
        check(KeyCode::Char('m'), none, Focus::Passage, Some(Command::Mark));
        check(KeyCode::Char('m'), KeyModifiers::ALT, Focus::Query, Some(Command::Mark));
        check(KeyCode::Char('停'), none, Focus::Passage, None);
        check(KeyCode::Char('q'), KeyModifiers::CONTROL, Focus::Passage, Some(Command::Leave));
    }

    #[test]
    fn a_russian_layout_has_the_same_commands() {
        check(KeyCode::Char('ь'), KeyModifiers::ALT, Focus::Query, Some(Command::Mark));
        check(KeyCode::Char('с'), KeyModifiers::CONTROL, Focus::Query, Some(Command::Leave));
        check(KeyCode::Char('П'), KeyModifiers::NONE, Focus::Passage, Some(Command::Scroll(Step::Last)));
        let previous = Command::Filter(Dimension::Language, Turn::Previous);
        check(KeyCode::Char('Д'), KeyModifiers::ALT | KeyModifiers::SHIFT, Focus::Query, Some(previous));
    }

    #[test]
    fn arrows_choose_and_with_shift_scroll() {
        check(KeyCode::Down, KeyModifiers::NONE, Focus::Query, Some(Command::Select(Step::Down)));
        check(KeyCode::Down, KeyModifiers::SHIFT, Focus::Query, Some(Command::Scroll(Step::Down)));
        check(KeyCode::Down, KeyModifiers::NONE, Focus::Passage, Some(Command::Scroll(Step::Down)));
        check(
            KeyCode::F(14),
            KeyModifiers::NONE,
            Focus::Query,
            Some(Command::Filter(Dimension::Language, Turn::Previous)),
        );
    }
}
