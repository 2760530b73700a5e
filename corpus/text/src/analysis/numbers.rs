//! Numbers and designations: `F-35`, `COVID-19`, `2.0`, `10,000`.
//!
//! Their parts are units like any other; quotations compare those. For best
//! match the whole compound has one form beside them, so that `F-35` finds
//! `F35`, 10,000 finds 10000, and 2.0 never finds 20.

use super::scan::{Glue, Scan, Script};

/// Compounds of more parts are dates, addresses or lists, not one designation.
const MOST_PARTS: usize = 4;
const LONGEST_PART: usize = 8;

/// Appends the joined form of the compound that begins at a unit and returns the
/// number of its units. If no compound begins there, appends nothing and returns
/// `None`.
pub(super) fn push_compound(scan: &Scan, at: usize, out: &mut String) -> Option<usize> {
    if scan.is_han(at) || is_joined(scan, at) {
        return None;
    }
    let count = 1 + (at + 1..scan.units().len()).take_while(|&next| is_joined(scan, next)).count();
    if !(2..=MOST_PARTS).contains(&count) {
        return None;
    }
    let written = out.len();
    let whole = if (at..at + count).all(|i| scan.units()[i].script == Script::Digits) {
        push_number(scan, at, count, out)
    } else {
        push_designation(scan, at, count, out)
    };
    if whole.is_none() {
        out.truncate(written);
    }
    whole
}

fn is_joined(scan: &Scan, at: usize) -> bool {
    let glued = scan.units().get(at).is_some_and(|unit| matches!(unit.glue, Glue::Hyphen | Glue::Point | Glue::Comma));
    glued && at > 0 && !scan.is_han(at) && !scan.is_han(at - 1)
}

/// Appends a number: `2.0` and `2,5` get a point, `10,000` loses its comma; `15-20` is not a number.
fn push_number(scan: &Scan, at: usize, count: usize, out: &mut String) -> Option<usize> {
    out.push_str(scan.folded(at));
    for next in at + 1..at + count {
        let part = scan.folded(next);
        match scan.units()[next].glue {
            Glue::Comma if part.len() == 3 => {}
            Glue::Point | Glue::Comma => out.push('.'),
            _ => return None,
        }
        out.push_str(part);
    }
    Some(count)
}

/// Appends a designation, `F-35` or `COVID-19`: letters and digits, joined by hyphens only.
fn push_designation(scan: &Scan, at: usize, count: usize, out: &mut String) -> Option<usize> {
    let (mut has_letters, mut has_digits) = (false, false);
    for part in at..at + count {
        let text = scan.folded(part);
        if (part > at && scan.units()[part].glue != Glue::Hyphen) || text.chars().count() > LONGEST_PART {
            return None;
        }
        has_digits |= text.bytes().any(|b| b.is_ascii_digit());
        has_letters |= text.chars().any(char::is_alphabetic);
        out.push_str(text);
    }
    (has_letters && has_digits).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_the_whole() {
        for (text, expected) in [
            ("F-35", "f35"),
            ("Ｆ－３５战机", "f35"),
            ("COVID-19", "covid19"),
            ("Су-27", "су27"),
            ("2.0版", "2.0"),
            ("2,5 %", "2.5"),
            ("10,000", "10000"),
            ("1,234.5", "1234.5"),
            ("15-20", ""),
            ("2025-04-11", ""),
            ("well-known", ""),
            ("Ростов-на-Дону", ""),
            ("U.S.", ""),
            ("3, 4", ""),
            ("停火-2", ""),
            ("192.168.0.1.5", ""),
        ] {
            let mut form = String::new();
            push_compound(&Scan::new(text), 0, &mut form);
            assert_eq!(form, expected, "{text}");
        }
    }

    #[test]
    fn only_the_first_part_begins_it() {
        let scan = Scan::new("the F-35 jet");
        let found: Vec<_> = (0..4).map(|at| scan.compound_at(at)).collect();
        assert_eq!(found, [None, Some(("f35".to_owned(), 2)), None, None]);
    }
}
