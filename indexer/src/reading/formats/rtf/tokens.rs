//! The tokens of RTF: groups, control words, and the bytes between them.
//!
//! Knows what a control word looks like and none of their meanings, but for
//! `\bin`, whose bytes are no tokens. Any bytes are tokens; O(length).

/// The longest name of a control word. Word's own have up to 32 letters.
const LONGEST_NAME: usize = 64;

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'b> {
    /// `{`.
    Open,
    /// `}`.
    Close,
    /// A control word, such as `\par` or `\fs24`.
    Word(&'b str, Option<i32>),
    /// A backslash with a sign that is no letter, such as `\~`.
    Symbol(u8),
    /// `\'e4`: a byte of text.
    Byte(u8),
    /// Bytes of text as they stand, without line ends.
    Text(&'b [u8]),
    /// The bytes of a `\bin`: a picture or an object.
    Binary,
}

/// The tokens of a document, in order.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'b> {
    rest: &'b [u8],
}

impl<'b> Tokens<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Tokens<'b> {
        Tokens { rest: bytes }
    }

    /// Takes bytes off the front.
    fn take(&mut self, length: usize) -> &'b [u8] {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// Reads what follows a backslash.
    fn control(&mut self) -> Option<Token<'b>> {
        match *self.rest {
            [] => None,
            [b'\'', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                self.take(3);
                Some(Token::Byte(hex(high) << 4 | hex(low)))
            }
            [first, ..] if first.is_ascii_alphabetic() => Some(self.word()),
            [sign, ..] => {
                self.take(1);
                Some(Token::Symbol(sign))
            }
        }
    }

    fn word(&mut self) -> Token<'b> {
        let letters = self.rest.iter().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let name = std::str::from_utf8(self.take(letters)).unwrap_or_default();
        let number = self.number();
        if self.rest.first() == Some(&b' ') {
            self.take(1);
        }
        if name == "bin" {
            self.take(number.unwrap_or(0).max(0) as usize);
            return Token::Binary;
        }
        Token::Word(name, number)
    }

    /// Reads the number of a control word. One that is too large counts as the largest.
    fn number(&mut self) -> Option<i32> {
        let is_negative = matches!(*self.rest, [b'-', digit, ..] if digit.is_ascii_digit());
        if is_negative {
            self.take(1);
        }
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let append = |value: i32, digit: &u8| value.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
        let value = self.take(digits).iter().fold(0, append);
        Some(if is_negative { -value } else { value })
    }
}

impl<'b> Iterator for Tokens<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Token<'b>> {
        loop {
            match *self.rest.first()? {
                b'{' => {
                    self.take(1);
                    return Some(Token::Open);
                }
                b'}' => {
                    self.take(1);
                    return Some(Token::Close);
                }
                b'\\' => {
                    self.take(1);
                    return self.control();
                }
                b'\r' | b'\n' | 0 => {
                    self.take(1);
                }
                _ => {
                    let is_text = |byte: &&u8| !matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0);
                    let length = self.rest.iter().take_while(is_text).count();
                    return Some(Token::Text(self.take(length)));
                }
            }
        }
    }
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a').wrapping_add(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Token::{Binary, Byte, Close, Open, Symbol, Text, Word};

    #[test]
    fn tokens_are_cut_as_word_cuts_them() {
        for (source, expected) in [
            ("{\\rtf1 a}", &[Open, Word("rtf", Some(1)), Text(b"a"), Close][..]),
            ("\\b0\\i  x\r\ny", &[Word("b", Some(0)), Word("i", None), Text(b" x"), Text(b"y")]),
            ("\\'e4\\'G0\\~\\{", &[Byte(0xe4), Symbol(b'\''), Text(b"G0"), Symbol(b'~'), Symbol(b'{')]),
            ("\\u-3?", &[Word("u", Some(-3)), Text(b"?")]),
            ("\\li-x", &[Word("li", None), Text(b"-x")]),
            ("\\bin3 }}}z", &[Binary, Text(b"z")]),
            ("\\bin99999999999 }", &[Binary]),
            ("\\", &[]),
            ("\\\n", &[Symbol(b'\n')]),
        ] {
            assert_eq!(Tokens::of(source.as_bytes()).collect::<Vec<_>>(), expected, "{source:?}");
        }
    }
}
