//! Wildcards: `санкци*`, `*威慑`, `Zelensk?y`.

/// A wildcard: letters, `?` for one letter and `*` for any number of them. It matches folded words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Wildcard {
    symbols: Vec<Symbol>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Symbol {
    Letter(char),
    One,
    Any,
}

impl Wildcard {
    pub(crate) fn push_letters(&mut self, letters: &str) {
        self.symbols.extend(letters.chars().map(Symbol::Letter));
    }

    pub(crate) fn push_one(&mut self) {
        self.symbols.push(Symbol::One);
    }

    pub(crate) fn push_any(&mut self) {
        if self.symbols.last() != Some(&Symbol::Any) {
            self.symbols.push(Symbol::Any);
        }
    }

    /// Returns the letters that every word that matches begins with.
    pub(crate) fn beginning(&self) -> String {
        let letter = |symbol: &Symbol| if let Symbol::Letter(letter) = symbol { Some(*letter) } else { None };
        self.symbols.iter().map_while(letter).collect()
    }

    /// Returns whether a folded word matches.
    ///
    /// Takes the shortest stretch for each star and goes back to the last star
    /// where that fails: at most as many steps as word length times wildcard length.
    pub(crate) fn matches(&self, word: &str) -> bool {
        let mut rest = word.chars();
        let mut at = 0;
        let mut last_star: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            let before = rest.clone();
            match (self.symbols.get(at), rest.next()) {
                (None, None) => return true,
                (Some(Symbol::Any), _) => {
                    at += 1;
                    last_star = Some((at, before.clone()));
                    rest = before;
                }
                (Some(Symbol::One), Some(_)) => at += 1,
                (Some(Symbol::Letter(letter)), Some(c)) if *letter == c => at += 1,
                _ => {
                    let Some((after_star, from)) = &mut last_star else { return false };
                    if from.next().is_none() {
                        return false;
                    }
                    (at, rest) = (*after_star, from.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wildcard(text: &str) -> Wildcard {
        let mut wildcard = Wildcard::default();
        for c in text.chars() {
            match c {
                '*' => wildcard.push_any(),
                '?' => wildcard.push_one(),
                _ => wildcard.push_letters(&c.to_string()),
            }
        }
        wildcard
    }

    /// The judge: every way that a star can be taken.
    fn matches_slowly(wildcard: &[char], word: &[char]) -> bool {
        match (wildcard, word) {
            ([], []) => true,
            (['*', rest @ ..], _) => (0..=word.len()).any(|taken| matches_slowly(rest, &word[taken..])),
            (['?', rest @ ..], [_, after @ ..]) => matches_slowly(rest, after),
            ([letter, rest @ ..], [first, after @ ..]) => letter == first && matches_slowly(rest, after),
            _ => false,
        }
    }

    #[test]
    fn words_that_match() {
        for (text, word, expected) in [
            ("санкци*", "санкции", true),
            ("санкци*", "санкц", false),
            ("*сотруднич*", "сотрудничество", true),
            ("zelensk?y", "zelenskyy", true),
            ("zelensk?y", "zelensky", false),
            ("*", "", true),
            ("a*b*c", "aXbXbc", true),
        ] {
            assert_eq!(wildcard(text).matches(word), expected, "{text} {word}");
        }
        assert_eq!(wildcard("санк*и").beginning(), "санк");
        assert_eq!(wildcard("*и").beginning(), "");
    }

    proptest! {
        #[test]
        fn as_every_way_to_take_the_stars(text in "[ab*?]{0,7}", word in "[ab]{0,8}") {
            let (chars, letters): (Vec<char>, Vec<char>) = (text.chars().collect(), word.chars().collect());
            prop_assert_eq!(wildcard(&text).matches(&word), matches_slowly(&chars, &letters));
        }
    }
}
