//! Turned pages: text that is written upwards or downwards on a page.
//!
//! If most words of a page are, as for wide tables, the page is turned, so that
//! its lines are lines again.

use super::words::{Area, Page};

/// Words of fewer characters do not tell a direction.
const LEAST_CHARACTERS: usize = 3;

/// Turns a page upright if most of its words are written upwards or downwards.
pub(super) fn upright(page: Page) -> Page {
    let (mut turned, mut level, mut upwards, mut downwards) = (0, 0, 0, 0);
    let mut last: Option<Area> = None;
    for word in &page.words {
        let text = page.text(word);
        if text.chars().take(LEAST_CHARACTERS).count() < LEAST_CHARACTERS {
            continue;
        }
        if word.area.height() <= 2.0 * word.area.width() {
            level += 1;
            continue;
        }
        turned += 1;
        // Words of one line share their place across the page.
        if let Some(last) = last.replace(word.area)
            && last.left.max(word.area.left) < last.right.min(word.area.right)
        {
            upwards += usize::from(word.area.bottom <= last.top);
            downwards += usize::from(word.area.top >= last.bottom);
        }
    }
    let direction = if upwards > downwards { Direction::Upwards } else { Direction::Downwards };
    if turned <= level { page } else { turn(&page, direction) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Upwards,
    Downwards,
}

fn turn(page: &Page, direction: Direction) -> Page {
    let mut upright = Page::new(page.height, page.width);
    for word in &page.words {
        let area = word.area;
        let area = match direction {
            Direction::Upwards => Area {
                left: page.height - area.bottom,
                top: area.left,
                right: page.height - area.top,
                bottom: area.right,
            },
            Direction::Downwards => Area {
                left: area.top,
                top: page.width - area.right,
                right: area.bottom,
                bottom: page.width - area.left,
            },
        };
        upright.push(area, page.text(word));
    }
    upright
}

#[cfg(test)]
mod tests {
    use super::super::lines::{lines_of, tests::boxed};
    use super::*;

    #[test]
    fn pages_are_turned_to_their_text() {
        let mut page = Page::new(800.0, 600.0);
        for (text, left, top) in
            [("Портовые", 50.0, 50.0), ("сборы", 92.5, 50.0), ("на", 50.0, 64.0), ("севере", 62.5, 64.0)]
        {
            let (area, text) = boxed(text, left, top, 10.0);
            page.push(area, &text);
        }
        let expected: Vec<String> = lines_of(&page).into_iter().map(|line| line.text).collect();
        assert_eq!(expected, ["Портовые сборы", "на севере"]);
        let downwards = turn(&page, Direction::Upwards);
        let upwards = turn(&page, Direction::Downwards);
        for turned in [upwards, downwards] {
            let upright = upright(turned);
            assert_eq!(upright.width, 800.0);
            assert_eq!(lines_of(&upright).into_iter().map(|line| line.text).collect::<Vec<_>>(), expected);
        }
        assert_eq!(upright(page.clone()), page);
    }
}
