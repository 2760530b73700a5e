//! Giving a text to the clipboard of the terminal, over any distance (OSC 52).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Some terminals take no longer sequence.
const MOST_BYTES: usize = 74_000;

/// Returns the sequence that gives the terminal a text; none if the text is too long for some.
pub(super) fn sequence(text: &str) -> Option<String> {
    let encoded = STANDARD.encode(text);
    (encoded.len() <= MOST_BYTES).then(|| format!("\x1b]52;c;{encoded}\x07"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_any_script() {
        assert_eq!(sequence("停火 мир").as_deref(), Some("\x1b]52;c;5YGc54GrINC80LjRgA==\x07"));
        assert_eq!(sequence(&"x".repeat(100_000)), None);
    }
}
