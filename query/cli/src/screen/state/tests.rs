use std::path::Path;

use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use svod_query::{Language, Piece};

use super::*;
use crate::screen::test_hits::{answer, hit};

/// A screen under test, and the effects of its last event.
struct Tried {
    state: State,
    effects: Vec<Effect>,
}

impl Tried {
    fn new() -> Tried {
        let places = Places { library: "/library".to_owned(), here: None };
        let mut tried = Tried { state: State::new(Request::new(""), Paint::Plain, places), effects: Vec::new() };
        tried.happens(Event::Resized(120, 40));
        let languages = vec![(Language::Russian, 3), (Language::Chinese, 1)];
        tried.happens(Event::Catalogue(Catalogue { articles: 4, passages: 40, languages, years: vec![2025, 2024] }));
        tried
    }

    fn happens(&mut self, event: Event) -> &mut Tried {
        self.effects = self.state.update(event);
        self
    }

    fn presses(&mut self, code: KeyCode) -> &mut Tried {
        self.happens(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))
    }

    fn holds(&mut self, modifiers: KeyModifiers, c: char) -> &mut Tried {
        self.happens(Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers)))
    }

    fn types(&mut self, text: &str) -> &mut Tried {
        for c in text.chars() {
            self.presses(KeyCode::Char(c));
        }
        self
    }

    /// Returns the question among the last effects.
    fn question(&self) -> Option<&Question> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Search(question) => Some(&**question),
            _ => None,
        })
    }

    fn query(&self) -> &str {
        self.question().map_or("", |question| &question.request.query)
    }

    /// Answers the last question with hits of these numbers.
    fn finds(&mut self, numbers: impl IntoIterator<Item = u64>) -> &mut Tried {
        let hits = numbers.into_iter().map(|number| hit(number, &format!("zh/{}.md", number / 10)));
        let query = self.state.filters.prefix() + self.state.query.text();
        let reply = Reply { asked: self.state.asked, query, answer: answer(hits.collect()) };
        self.happens(Event::Answered(Box::new(reply)))
    }

    fn is_left(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::Leave))
    }
}

#[test]
fn each_key_asks_and_the_newest_answer_counts() {
    let mut tried = Tried::new();
    tried.types("停");
    let early = tried.state.asked;
    tried.types("火");
    assert_eq!(tried.query(), "停火");
    assert!(tried.state.is_waiting());
    tried.finds([1, 2]);
    assert!(!tried.state.is_waiting());
    let late = Reply { asked: early, query: "停".to_owned(), answer: answer(vec![hit(9, "late.md")]) };
    tried.happens(Event::Answered(Box::new(late)));
    assert_eq!(tried.state.found.hits().len(), 2, "an answer that comes too late is dropped");
    tried.presses(KeyCode::Backspace).presses(KeyCode::Backspace);
    assert!(tried.question().is_none() && tried.state.found.hits().is_empty(), "nothing is asked for nothing");
    tried.finds([3]);
    assert!(tried.state.found.hits().is_empty());
}

#[test]
fn an_answer_to_an_earlier_query_does_not_choose_for_the_next() {
    let mut tried = Tried::new();
    tried.types("停");
    let early = tried.state.asked;
    tried.types("火");
    let reply = Reply { asked: early, query: "停".to_owned(), answer: answer(vec![hit(9, "a.md")]) };
    tried.happens(Event::Answered(Box::new(reply)));
    assert_eq!(tried.state.found.hits().len(), 1, "better than nothing while the next is awaited");
    tried.finds([1, 2, 9]);
    assert_eq!(tried.state.found.selected(), 0);
}

#[test]
fn pasted_text_is_typed_on_one_line() {
    let mut tried = Tried::new();
    tried.happens(Event::Paste("мир\r\nи война\n".to_owned()));
    assert_eq!(tried.query(), "мир и война");
    assert!(tried.state.dialog.is_none());
}

#[test]
fn filters_stand_before_the_query_and_can_be_seen() {
    let mut tried = Tried::new();
    tried.presses(KeyCode::F(3)).types("\"мир").presses(KeyCode::F(2));
    assert_eq!(tried.query(), "lang:ru date:2025 \"мир");
    tried.presses(KeyCode::F(4));
    assert_eq!(tried.state.filters.typed(), ["lang:ru", "date:2025", "kind:body"]);
    tried.finds([11, 12]).presses(KeyCode::F(5));
    assert_eq!(tried.query(), "lang:ru date:2025 kind:body path:\"zh/1.md\" \"мир");
    assert!(tried.question().unwrap().request.per_article.is_none());
    tried.holds(KeyModifiers::ALT, 'x');
    assert_eq!(tried.query(), "\"мир");
}

#[test]
fn the_year_turns_through_those_that_have_passages() {
    let mut tried = Tried::new();
    tried.types("мир").presses(KeyCode::F(3));
    let asked = tried.effects.iter().find_map(|effect| match effect {
        Effect::FindYears(request, turn) => Some((request.query.clone(), *turn)),
        _ => None,
    });
    let (query, turn) = asked.expect("years are asked for");
    assert_eq!(query, "мир");
    let late = Years { query: "ми".to_owned(), years: vec![1999] };
    assert_eq!(tried.happens(Event::Years(late, turn)).state.filters.typed(), [""; 0]);
    let years = Years { query, years: vec![2021, 2018] };
    assert_eq!(tried.happens(Event::Years(years, turn)).query(), "date:2021 мир");
    assert_eq!(tried.presses(KeyCode::F(3)).query(), "date:2018 мир", "they are known now");
    assert_eq!(tried.presses(KeyCode::F(3)).query(), "мир");
    tried.types("а").presses(KeyCode::F(3));
    assert!(tried.effects.iter().any(|effect| matches!(effect, Effect::FindYears(..))), "another query, other years");
}

#[test]
fn the_chosen_passage_is_read_and_kept_when_the_index_changes() {
    let mut tried = Tried::new();
    tried.types("停火").finds([1, 2, 3]);
    assert!(matches!(tried.effects[..], [Effect::Read(id)] if id == hit(1, "").id));
    tried.presses(KeyCode::Down);
    assert!(matches!(tried.effects[..], [Effect::Read(id)] if id == hit(2, "").id));
    tried.happens(Event::Read(Box::new(hit(2, "zh/0.md"))));
    assert!(tried.state.surroundings().is_some());
    tried.happens(Event::Changed);
    assert_eq!(tried.query(), "停火");
    tried.finds([3, 1, 2]);
    assert_eq!(tried.state.found.hit().map(|hit| hit.id), Some(hit(2, "").id));
    tried.types("!").finds([3, 1, 2]);
    assert_eq!(tried.state.found.selected(), 0, "another query begins at the top");
}

#[test]
fn the_end_of_the_list_asks_for_more() {
    let mut tried = Tried::new();
    let first = tried.state.first_hits() as u64;
    tried.types("мир").finds(0..first);
    tried.presses(KeyCode::Down);
    assert!(tried.question().is_none(), "there are no more");
    tried.state.answered.as_mut().unwrap().total = svod_query::Total::AtLeast(900);
    tried.happens(Event::Key(KeyEvent::new(KeyCode::End, KeyModifiers::CONTROL)));
    assert_eq!(tried.question().unwrap().request.limit.unwrap().get() as u64, first * 4);
}

#[test]
fn a_passage_is_opened_at_the_line_of_what_was_found() {
    let mut tried = Tried::new();
    tried.types("мир").finds([1]);
    let piece = |text, line| Piece { text, source: 0, length: 9, line };
    let mut found = hit(1, "zh/0.md");
    (found.pieces, found.highlights) =
        (vec![piece(0, 10), piece(9, 11), piece(18, 12)], std::iter::once(12..15).collect());
    assert_eq!(commands::first_line(&found), Some(11));
    tried.presses(KeyCode::Enter);
    assert!(
        matches!(&tried.effects[..], [Effect::Open { path, line: Some(10) }] if path == Path::new("/library/zh/0.md"))
    );
}

#[test]
fn marks_stay_and_are_asked_about_before_they_are_lost() {
    let mut tried = Tried::new();
    tried.types("мир").finds([1, 2]).presses(KeyCode::F(6)).presses(KeyCode::Down).presses(KeyCode::F(6));
    tried.types(" война").finds([7]).presses(KeyCode::Esc);
    assert!(!tried.is_left());
    assert!(matches!(tried.state.dialog, Some(Dialog::Leaving)));
    tried.presses(KeyCode::Char('ц'));
    assert!(matches!(tried.effects[..], [Effect::FindFreeName]), "w on a Russian keyboard");
    tried.happens(Event::FreeName("svod-dossier.md".to_owned())).presses(KeyCode::Enter);
    let [Effect::Write { name, text }] = &tried.effects[..] else { panic!("{:?}", tried.effects) };
    assert!(name == "svod-dossier.md" && text.contains("Query: мир\n"), "{text}");
    tried.happens(Event::NotWritten("it exists".to_owned()));
    assert!(!tried.is_left() && tried.state.marks.is_unwritten());
    tried.happens(Event::Written(PathBuf::from("svod-dossier-2.md")));
    assert!(tried.is_left());
}

#[test]
fn marked_passages_are_a_list_of_their_own() {
    let mut tried = Tried::new();
    tried.types("мир").finds([1, 2]).presses(KeyCode::F(7));
    assert!(tried.state.view == View::Found && tried.state.message.is_some());
    tried.presses(KeyCode::F(6)).types("x").finds([5]).presses(KeyCode::F(7));
    assert_eq!(tried.state.listing().hit().map(|hit| hit.id), Some(hit(1, "").id));
    tried.presses(KeyCode::F(6));
    assert_eq!(tried.state.view, View::Found, "the last mark is taken away");
    tried.presses(KeyCode::Esc);
    assert!(tried.is_left(), "nothing would be lost");
}

#[test]
fn escape_closes_what_is_open_first() {
    let mut tried = Tried::new();
    tried.types("мир").finds([1]).presses(KeyCode::Tab);
    assert_eq!(tried.state.focus, Focus::Passage);
    tried.types("?");
    assert!(matches!(tried.state.dialog, Some(Dialog::Help(0))));
    tried.presses(KeyCode::Esc);
    assert!(tried.state.dialog.is_none() && tried.state.focus == Focus::Passage);
    tried.presses(KeyCode::Esc);
    assert!(tried.state.focus == Focus::Query && !tried.is_left());
    tried.presses(KeyCode::Esc);
    assert!(tried.is_left());
}

#[test]
fn earlier_queries_come_back() {
    let mut tried = Tried::new();
    tried.types("мир").finds([1, 2]).presses(KeyCode::Down).holds(KeyModifiers::CONTROL, 'u').types("停火");
    tried.holds(KeyModifiers::CONTROL, 'p');
    assert_eq!(tried.query(), "мир");
    tried.holds(KeyModifiers::CONTROL, 'n');
    assert_eq!(tried.query(), "停火");
}

#[test]
fn what_is_copied_names_its_place() {
    let mut tried = Tried::new();
    tried.types("мир").finds([1]).presses(KeyCode::F(9));
    let [Effect::Copy(text)] = &tried.effects[..] else { panic!("{:?}", tried.effects) };
    assert!(text.starts_with("停火协议") && text.ends_with("/library/zh/0.md:10\n"), "{text}");
}
