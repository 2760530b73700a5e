use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Modifier;
use svod_query::Request;
use svod_render::Paint;

use super::*;
use crate::screen::places::Places;
use crate::screen::state::{Effect, Event, Reply};
use crate::screen::test_hits::{answer, hit, neighbour};

/// Draws a state and returns its lines.
fn drawn(state: &mut State, columns: u16, rows: u16) -> Vec<String> {
    let buffer = buffer(state, columns, rows);
    let cells = (0..rows).map(|y| (0..columns).map(move |x| (x, y)));
    cells.map(|row| shown(row.map(|place| buffer[place].symbol()))).collect()
}

fn buffer(state: &mut State, columns: u16, rows: u16) -> ratatui::buffer::Buffer {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    state.update(Event::Resized(columns, rows));
    terminal.draw(|frame| draw(frame, state)).unwrap();
    terminal.backend().buffer().clone()
}

/// Joins the symbols of a row, without the cell behind a wide character.
fn shown<'s>(symbols: impl Iterator<Item = &'s str>) -> String {
    let (mut row, mut hidden) = (String::new(), 0);
    for symbol in symbols {
        if hidden == 0 {
            row.push_str(symbol);
            hidden = unicode_width::UnicodeWidthStr::width(symbol);
        }
        hidden = hidden.saturating_sub(1);
    }
    row.trim_end().to_owned()
}

fn press(state: &mut State, code: KeyCode) {
    state.update(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
}

/// Returns a screen with hits in two articles.
fn found(paint: Paint) -> State {
    let mut state = State::new(Request::new(""), paint, Places::default());
    state.update(Event::Resized(120, 40));
    let effects = state.update(Event::Paste("停火 мир".to_owned()));
    let Some(Effect::Search(question)) = effects.into_iter().next() else { panic!("nothing is asked") };
    let mut evil = hit(3, "ru/\x07.md");
    evil.title = "a\x1b[31m\u{202e}b\nc".to_owned();
    let answer = answer(vec![hit(1, "zh/a.md"), hit(2, "zh/a.md"), evil]);
    state.update(Event::Answered(Box::new(Reply { asked: question.asked, query: String::new(), answer })));
    let mut read = hit(1, "zh/a.md");
    read.before = vec![neighbour("之前的一段")];
    read.after = vec![neighbour("следующий абзац")];
    state.update(Event::Read(Box::new(read)));
    state
}

#[test]
fn list_and_passage_stand_side_by_side() {
    let lines = drawn(&mut found(Paint::Plain), 100, 14);
    let expected = [
        "› 停火 мир",
        // The new size needs another search, so the screen is waiting.
        "─ 1 of 3 … ─────────────────────────────────────────────────────────────────────────────────────────",
        "Статья zh/a.md                       2024-05 │ Статья zh/a.md",
        "▌  10 停火协议 о перемирии and a ceasefire   │ /library/zh/a.md:10  p. 7",
        "   10 停火协议 о перемирии and a ceasefire   │ 王明, И. Иванов · 2024-05",
        "a�[31m�b c                           2024-05 │   之前的一段",
        "   10 停火协议 о перемирии and a ceasefire   │",
        "                                             │ ▌ 停火协议 о перемирии and a ceasefire",
        "                                             │",
        "                                             │   следующий абзац",
        "                                             │",
        "                                             │",
        "                                             │",
        "                          F1 keys · Enter open · Tab read · F6 mark · F2 F3 F4 filter · Esc leave",
    ];
    assert_eq!(lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>()[..13], expected[..13]);
    assert_eq!(lines[13].trim(), expected[13].trim());
}

#[test]
fn a_narrow_screen_shows_one_at_a_time() {
    let mut state = found(Paint::Plain);
    let lines = drawn(&mut state, 40, 10);
    assert_eq!(lines[3], "▌  10 停火协议 о перемирии and a");
    press(&mut state, KeyCode::Tab);
    let lines = drawn(&mut state, 40, 10);
    assert!(lines.iter().any(|line| line.starts_with("▌ 停火协议")), "{lines:#?}");
}

#[test]
fn nothing_of_a_document_steers_the_terminal() {
    let mut state = found(Paint::Colour);
    for (columns, rows) in [(120, 40), (80, 30), (40, 10)] {
        press(&mut state, KeyCode::Down);
        let all = drawn(&mut state, columns, rows).concat();
        assert!(!all.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{all:?}");
    }
}

#[test]
fn without_colours_what_was_found_is_underlined() {
    let buffer = buffer(&mut found(Paint::Plain), 120, 40);
    let underlined: String = buffer
        .content()
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        .map(|cell| cell.symbol().trim())
        .collect();
    assert_eq!(underlined, "停火".repeat(4));
    let is_coloured = |cell: &ratatui::buffer::Cell| {
        cell.fg != ratatui::style::Color::Reset || cell.bg != ratatui::style::Color::Reset
    };
    assert!(!buffer.content().iter().any(is_coloured));
}

#[test]
fn no_size_is_too_small() {
    let keys = [KeyCode::Null, KeyCode::Tab, KeyCode::F(1), KeyCode::Esc, KeyCode::F(6), KeyCode::F(7), KeyCode::Esc];
    for columns in [1, 2, 3, 5, 8, 13, 20, 40, 59, 60, 100, 101] {
        for rows in [1, 2, 3, 4, 5, 10, 16, 21, 40] {
            let mut state = found(Paint::Colour);
            for key in keys {
                press(&mut state, key);
                drawn(&mut state, columns, rows);
            }
            state.update(Event::FreeName("停火.md".to_owned()));
            drawn(&mut state, columns, rows);
        }
    }
}

#[test]
fn a_long_query_is_seen_where_the_cursor_is() {
    let mut state = found(Paint::Plain);
    state.update(Event::Paste(" 和平与发展的关系 и о мире".repeat(3)));
    let line = &drawn(&mut state, 24, 6)[0];
    assert!(line.ends_with("и о мире"), "{line}");
}
