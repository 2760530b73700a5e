//! Tests with a terminal emulator: frames drawn one after another, each as the difference to the previous one, show the
//! same as the last frame drawn alone, for any texts.

use std::cell::RefCell;
use std::io::{self, Write};
use std::num::NonZero;
use std::rc::Rc;

use proptest::prelude::*;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use svod_query::{Hit, Request};
use svod_render::Paint;

use crate::screen::places::Places;
use crate::screen::state::{Effect, Event, Reply, State};
use crate::screen::terminal::draw_frame;
use crate::screen::test_hits::{answer, hit, snippet};

/// A terminal emulator.
#[derive(Clone)]
struct Shown(Rc<RefCell<vt100::Parser>>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The emulator ignores U+FFFD, which terminals show.
        let text = String::from_utf8_lossy(bytes).replace(char::REPLACEMENT_CHARACTER, "?");
        self.0.borrow_mut().process(text.as_bytes());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Drawn {
    terminal: Terminal<CrosstermBackend<Shown>>,
    shown: Shown,
}

impl Drawn {
    fn new(columns: u16, rows: u16) -> Drawn {
        let some = |cells| NonZero::new(cells).unwrap();
        let shown = Shown(Rc::new(RefCell::new(vt100::Parser::new(some(rows), some(columns), 0))));
        let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
        let backend = CrosstermBackend::new(shown.clone());
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        Drawn { terminal, shown }
    }

    /// Draws a state and returns a description of each cell.
    fn draw(&mut self, state: &mut State) -> Vec<String> {
        draw_frame(&mut self.terminal, state).unwrap();
        let parser = self.shown.0.borrow();
        let (rows, columns) = parser.screen().size();
        let places = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        places.map(|(row, column)| looks(parser.screen().cell(row, column).unwrap())).collect()
    }
}

/// Returns a description of a cell. The text colour of a blank does not count, and a cell never written is a blank.
fn looks(cell: &vt100::Cell) -> String {
    let ground = (cell.bgcolor(), cell.underline(), cell.inverse());
    match cell.contents() {
        "" | " " => format!("a blank on {ground:?}"),
        text => format!("{text} {:?} on {ground:?}", (cell.fgcolor(), cell.bold(), cell.dim())),
    }
}

/// A screen, and the search of which the answer is awaited.
struct Used {
    state: State,
    question: Option<Box<crate::screen::state::Question>>,
}

/// Something that happens.
#[derive(Debug, Clone)]
enum Step {
    Press(KeyCode),
    Type(String),
    Answer(Vec<String>),
    Read(String),
    Slow,
    Say(String),
}

impl Used {
    fn new(columns: u16, rows: u16) -> Used {
        let mut used = Used { state: State::new(Request::new(""), Paint::Colour, Places::default()), question: None };
        used.happens(Event::Resized(columns, rows));
        used
    }

    fn happens(&mut self, event: Event) {
        for effect in self.state.update(event) {
            if let Effect::Search(question) = effect {
                self.question = Some(question);
            }
        }
    }

    fn takes(&mut self, step: Step) {
        match step {
            Step::Press(code) => self.happens(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))),
            Step::Type(text) => self.happens(Event::Paste(text)),
            Step::Answer(texts) => {
                let Some(question) = self.question.take() else { return };
                let hits = (1..).zip(texts).map(|(number, text)| saying(number, &text)).collect();
                let reply = Reply { asked: question.asked, query: question.request.query, answer: answer(hits) };
                self.happens(Event::Answered(Box::new(reply)));
            }
            Step::Read(text) => self.happens(Event::Read(Box::new(saying(1, &text)))),
            Step::Slow => self.happens(Event::Slow),
            Step::Say(text) => self.happens(Event::Said(text)),
        }
    }
}

/// Returns a hit with this text, of which the first half is highlighted.
fn saying(number: u64, text: &str) -> Hit {
    let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    let highlights: Vec<_> = std::iter::once(0..middle).collect();
    let mut hit = hit(number, &format!("zh/{}.md", number / 2));
    hit.title = text.chars().rev().collect();
    hit.text = text.to_owned();
    hit.highlights = highlights.clone();
    hit.snippet = snippet(text, highlights);
    hit
}

/// Text in three languages, with characters whose width terminals and libraries measure differently.
fn foreign() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "停火协议。",
        "«В порту — г",
        "и в руб. г",
        "пошлины ",
        "e\u{301}te\u{301} ",
        "cease\u{ad}fire ",
        "宁可多等几天，",
        "“软的太软”…",
        "й\u{306}ё ",
        "👨\u{200d}👩\u{200d}👧",
        "☎\u{fe0f}",
        "1\u{fe0f}\u{20e3}",
        "🇷🇺🇨🇳",
        "👍🏽",
        "한\u{1112}\u{1161}\u{11ab}",
        "का\u{94d}ष",
        "لا سلام ",
        "\u{200b}\u{feff}\u{2060}",
        "\u{202e}abc\u{2028}",
        "\u{9b}2J\x1b[H",
        "a\tb\r\n",
        "・…—～",
        "ไม่\u{e33}",
        "\u{301}",
        " ",
    ]);
    prop::collection::vec(words, 1..40).prop_map(|words| words.concat())
}

fn step() -> impl Strategy<Value = Step> {
    let keys = [
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::PageDown,
        KeyCode::Tab,
        KeyCode::Esc,
        KeyCode::Backspace,
        KeyCode::F(1),
        KeyCode::F(6),
        KeyCode::F(7),
        KeyCode::F(8),
    ];
    prop_oneof![
        4 => prop::sample::select(keys.to_vec()).prop_map(Step::Press),
        2 => foreign().prop_map(Step::Type),
        4 => prop::collection::vec(foreign(), 0..5).prop_map(Step::Answer),
        1 => foreign().prop_map(Step::Read),
        1 => Just(Step::Slow),
        1 => foreign().prop_map(Step::Say),
    ]
}

proptest! {
    #[test]
    fn what_changed_is_all_that_has_to_be_drawn(
        size in prop::sample::select(vec![(120u16, 40u16), (80, 30), (61, 20), (33, 9)]),
        steps in prop::collection::vec(step(), 1..12),
    ) {
        let (columns, rows) = size;
        let (mut used, mut drawn) = (Used::new(columns, rows), Drawn::new(columns, rows));
        used.takes(Step::Type("停火".to_owned()));
        for step in steps {
            used.takes(step.clone());
            let shown = drawn.draw(&mut used.state);
            let afresh = Drawn::new(columns, rows).draw(&mut used.state);
            for (at, (shown, afresh)) in shown.iter().zip(&afresh).enumerate() {
                let place = (at / usize::from(columns), at % usize::from(columns));
                prop_assert_eq!(shown, afresh, "row and column {:?} after {:?}", place, step);
            }
        }
    }
}
