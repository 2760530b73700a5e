//! The layout of the screen.

use ratatui::layout::Rect;

use super::keys::Focus;

/// The number of columns from which the passage is beside the list.
const BESIDE_COLUMNS: u16 = 100;
/// The number of columns from which, on a narrower screen, the passage can be below the list.
const BELOW_COLUMNS: u16 = 60;
/// The number of rows that this needs.
const BELOW_ROWS: u16 = 16;

/// The areas of the screen; one that is not shown is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Panes {
    pub(super) query: Rect,
    /// The line below the query, with the number of hits and the filters.
    pub(super) rule: Rect,
    pub(super) list: Rect,
    /// The line between list and passage.
    pub(super) border: Rect,
    pub(super) passage: Rect,
    pub(super) status: Rect,
    /// The width of the list when it is shown.
    pub(super) list_columns: u16,
}

impl Panes {
    /// Divides the screen. If there is no room for both list and passage, only the one with the focus is shown.
    pub(super) fn of(area: Rect, focus: Focus) -> Panes {
        let row = |y: u16| Rect { y: area.y + y, height: u16::from(y < area.height), ..area };
        let top = area.height.min(2);
        let bottom = u16::from(area.height > 3);
        let middle = Rect { y: area.y + top, height: area.height - top - bottom, ..area };
        let (list, border, passage) = divide(middle, focus);
        let status = if bottom > 0 { row(area.height - 1) } else { Rect { height: 0, ..area } };
        let list_columns = if area.width >= BESIDE_COLUMNS { beside(area.width) } else { area.width };
        Panes { query: row(0), rule: row(1), list, border, passage, status, list_columns }
    }
}

/// Returns the width of the list with the passage beside it.
fn beside(columns: u16) -> u16 {
    (columns * 9 / 20).min(90)
}

fn divide(middle: Rect, focus: Focus) -> (Rect, Rect, Rect) {
    let none = Rect { width: 0, height: 0, ..middle };
    if middle.width >= BESIDE_COLUMNS {
        let width = beside(middle.width);
        let border = Rect { x: middle.x + width, width: 1, ..middle };
        let passage = Rect { x: border.x + 2, width: middle.width - width - 2, ..middle };
        (Rect { width, ..middle }, border, passage)
    } else if middle.width >= BELOW_COLUMNS && middle.height >= BELOW_ROWS {
        let height = middle.height * 9 / 20;
        let border = Rect { y: middle.y + height, height: 1, ..middle };
        let passage = Rect { y: border.y + 1, height: middle.height - height - 1, ..middle };
        (Rect { height, ..middle }, border, passage)
    } else if focus == Focus::Query {
        (middle, none, none)
    } else {
        (none, none, middle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_lies_outside_the_screen_or_over_another() {
        for columns in [0, 1, 2, 39, 40, 59, 60, 80, 99, 100, 120, 240] {
            for rows in [0, 1, 2, 3, 4, 5, 10, 18, 19, 24, 40] {
                for focus in [Focus::Query, Focus::Passage] {
                    let area = Rect::new(0, 0, columns, rows);
                    let panes = Panes::of(area, focus);
                    let parts = [panes.query, panes.rule, panes.list, panes.border, panes.passage, panes.status];
                    for (at, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
                        assert_eq!(part.intersection(area), *part, "{columns}x{rows} {panes:?}");
                        for other in parts[at + 1..].iter().filter(|other| !other.is_empty()) {
                            assert!(!part.intersects(*other), "{columns}x{rows} {panes:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_passage_stands_beside_below_or_instead() {
        let panes = |columns, rows, focus| Panes::of(Rect::new(0, 0, columns, rows), focus);
        assert_eq!(panes(120, 40, Focus::Query).passage, Rect::new(56, 2, 64, 37));
        assert_eq!(panes(80, 24, Focus::Query).passage, Rect::new(0, 12, 80, 11));
        assert!(panes(40, 10, Focus::Query).passage.is_empty());
        assert_eq!(panes(40, 10, Focus::Passage).passage, Rect::new(0, 2, 40, 7));
    }
}
