//! IBM855: the Cyrillic of DOS before code page 866, and longer in Bulgaria and Serbia. Not in the WHATWG standard.

/// The characters of the bytes from 0x80 on, as IBM published them.
const UPPER_HALF: &str = "\
    ђЂѓЃёЁєЄѕЅіІїЇјЈљЉњЊћЋќЌўЎџЏюЮъЪ\
    аАбБцЦдДеЕфФгГ«»░▒▓│┤хХиИ╣║╗╝йЙ┐\
    └┴┬├─┼кК╚╔╩╦╠═╬¤лЛмМнНоОп┘┌█▄Пя▀\
    ЯрРсСтТуУжЖвВьЬ№\u{ad}ыЫзЗшШэЭщЩчЧ§■\u{a0}";

/// Decodes bytes; each is a character.
pub(super) fn decode(bytes: &[u8]) -> String {
    let upper: Vec<char> = UPPER_HALF.chars().collect();
    let character = |&byte: &u8| match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(at) => upper.get(usize::from(at)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    bytes.iter().map(character).collect()
}

/// Encodes a text; `None` if it has a character that IBM855 lacks.
#[cfg(test)]
pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    let upper = |character| UPPER_HALF.chars().position(|own| own == character).map(|at| at as u8 | 0x80);
    text.chars().map(|c| if c.is_ascii() { Some(c as u8) } else { upper(c) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_character_of_its_own() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = decode(&bytes);
        assert!(!text.contains(char::REPLACEMENT_CHARACTER));
        assert_eq!(encode(&text), Some(bytes));
        assert_eq!(decode(b"\xe2\xf1\xd4"), "Рын");
    }
}
