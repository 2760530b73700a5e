//! How mails carry bytes in seven bits.

/// Decodes base64. Signs that are none of its own are passed over, as the standard has it.
pub(super) fn base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for &sign in text {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// Decodes quoted-printable. An `=` that stands for nothing is kept.
pub(super) fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = match *after {
            _ if *first != b'=' => {
                bytes.push(*first);
                after
            }
            [high, low, ref after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let hex = [high, low];
                let digits = std::str::from_utf8(&hex).unwrap_or("20");
                bytes.push(u8::from_str_radix(digits, 16).unwrap_or(b' '));
                after
            }
            _ => {
                let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                match &after[blanks..] {
                    [b'\r', b'\n', after @ ..] | [b'\n', after @ ..] => after,
                    [] => &[],
                    _ => {
                        bytes.push(b'=');
                        after
                    }
                }
            }
        };
    }
    bytes
}

/// Decodes UTF-7, in which Outlook of the nineties wrote: letters beyond ASCII stand as UTF-16 in base64 between `+` and
/// `-`.
pub(super) fn utf7(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('+') {
        decoded.push_str(before);
        let length =
            after.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count();
        let (written, after) = after.split_at(length);
        let units = base64(written.as_bytes());
        let units = units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        decoded.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        if length == 0 {
            decoded.push('+');
        }
        rest = after.strip_prefix('-').unwrap_or(after);
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_comes_back() {
        for (text, expected) in
            [("=E6=B8=AF a=\r\nb=3D=  \nc", "港 ab=c"), ("a = b =x\r\n=", "a = b =x\r\n"), ("=d0=9F", "П")]
        {
            assert_eq!(String::from_utf8(quoted_printable(text.as_bytes())).unwrap(), expected, "{text:?}");
        }
        for (text, expected) in
            [("5riv\r\n5Y+j", "港口"), ("YQ==", "a"), ("YWI=\r\nYw==", "abc"), ("!Y Q", "a"), ("", "")]
        {
            assert_eq!(String::from_utf8(base64(text.as_bytes())).unwrap(), expected, "{text:?}");
        }
        for (text, expected) in
            [("Fr+APY-sche", "Frösche"), ("+bi9T4w", "港口"), ("1 +- 2", "1 + 2"), ("a+b", "a"), ("+", "+")]
        {
            assert_eq!(utf7(text), expected, "{text}");
        }
        // One long line of `=` and blanks must not be looked through again and again.
        let line = "=".to_owned() + &" ".repeat(1 << 20);
        assert_eq!(quoted_printable(line.as_bytes()), b"");
    }
}
