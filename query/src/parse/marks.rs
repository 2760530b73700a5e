//! Signs, as keyboards of all three languages type them: “ ” „ « » 「 」 『 』 ＂ （ ） ： ～ ＊.

/// `*`, in any width.
pub(crate) fn is_star(c: char) -> bool {
    matches!(c, '*' | '＊')
}

pub(super) fn is_tilde(c: char) -> bool {
    matches!(c, '~' | '～')
}

pub(super) fn is_opening_parenthesis(c: char) -> bool {
    matches!(c, '(' | '（')
}

pub(super) fn is_closing_parenthesis(c: char) -> bool {
    matches!(c, ')' | '）')
}

fn is_parenthesis(c: char) -> bool {
    is_opening_parenthesis(c) || is_closing_parenthesis(c)
}

/// Returns the marks that can end a quotation that begins with `opening`.
pub(super) fn closing_mark(opening: char) -> Option<&'static [char]> {
    match opening {
        '"' | '＂' => Some(&['"', '＂']),
        '“' | '”' | '„' => Some(&['”', '“', '"']),
        '«' => Some(&['»']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

/// Returns whether a word ends before this character.
pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || closing_mark(c).is_some() || is_parenthesis(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_all_keyboards() {
        for (opening, closing) in
            [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('「', '」'), ('『', '』'), ('＂', '＂')]
        {
            assert!(closing_mark(opening).unwrap_or_default().contains(&closing), "{opening} {closing}");
        }
        assert!(
            ['(', '（'].into_iter().all(is_opening_parenthesis) && [')', '）'].into_iter().all(is_closing_parenthesis)
        );
        assert!(['*', '＊'].into_iter().all(is_star) && ['~', '～'].into_iter().all(is_tilde));
        for c in ['停', 'м', 'w', '5', '-', '»', '!'] {
            assert!(!ends_word(c) && !is_star(c) && !is_tilde(c), "{c}");
        }
    }
}
