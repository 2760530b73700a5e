//! Words of a shape: `санкци*`, `*威慑`, `Zelensk?y`.

/// The shape of a folded word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Letter(char),
    One,
    Any,
}

impl Shape {
    pub(crate) fn push_letters(&mut self, letters: &str) {
        self.parts.extend(letters.chars().map(Part::Letter));
    }

    pub(crate) fn push_one(&mut self) {
        self.parts.push(Part::One);
    }

    pub(crate) fn push_any(&mut self) {
        if self.parts.last() != Some(&Part::Any) {
            self.parts.push(Part::Any);
        }
    }

    /// Returns the letters that every word of this shape begins with.
    pub(crate) fn beginning(&self) -> String {
        let letter = |part: &Part| if let Part::Letter(letter) = part { Some(*letter) } else { None };
        self.parts.iter().map_while(letter).collect()
    }

    /// Returns whether a folded word has this shape.
    ///
    /// Takes the shortest stretch for each star and goes back to the last star
    /// where that fails: at most as many steps as word times shape.
    pub(crate) fn matches(&self, word: &str) -> bool {
        let mut rest = word.chars();
        let mut at = 0;
        let mut last_star: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            let before = rest.clone();
            match (self.parts.get(at), rest.next()) {
                (None, None) => return true,
                (Some(Part::Any), _) => {
                    at += 1;
                    last_star = Some((at, before.clone()));
                    rest = before;
                }
                (Some(Part::One), Some(_)) => at += 1,
                (Some(Part::Letter(letter)), Some(c)) if *letter == c => at += 1,
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

    fn shape(text: &str) -> Shape {
        let mut shape = Shape::default();
        for c in text.chars() {
            match c {
                '*' => shape.push_any(),
                '?' => shape.push_one(),
                _ => shape.push_letters(&c.to_string()),
            }
        }
        shape
    }

    /// The judge: every way that a star can be taken.
    fn matches_slowly(shape: &[char], word: &[char]) -> bool {
        match (shape, word) {
            ([], []) => true,
            (['*', rest @ ..], _) => (0..=word.len()).any(|taken| matches_slowly(rest, &word[taken..])),
            (['?', rest @ ..], [_, after @ ..]) => matches_slowly(rest, after),
            ([letter, rest @ ..], [first, after @ ..]) => letter == first && matches_slowly(rest, after),
            _ => false,
        }
    }

    #[test]
    fn words_of_a_shape() {
        for (text, word, expected) in [
            ("санкци*", "санкции", true),
            ("санкци*", "санкц", false),
            ("*сотруднич*", "сотрудничество", true),
            ("zelensk?y", "zelenskyy", true),
            ("zelensk?y", "zelensky", false),
            ("*", "", true),
            ("a*b*c", "aXbXbc", true),
        ] {
            assert_eq!(shape(text).matches(word), expected, "{text} {word}");
        }
        assert_eq!(shape("санк*и").beginning(), "санк");
        assert_eq!(shape("*и").beginning(), "");
    }

    proptest! {
        #[test]
        fn as_every_way_to_take_the_stars(text in "[ab*?]{0,7}", word in "[ab]{0,8}") {
            let (chars, letters): (Vec<char>, Vec<char>) = (text.chars().collect(), word.chars().collect());
            prop_assert_eq!(shape(&text).matches(&word), matches_slowly(&chars, &letters));
        }
    }
}
