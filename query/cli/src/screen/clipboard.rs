//! Copies text to the clipboard of the terminal, also over SSH (OSC 52).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The longest sequence that all terminals accept.
const MOST_BYTES: usize = 74_000;

/// Returns the sequence that copies a text; `None` if it would be too long for some terminals.
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
