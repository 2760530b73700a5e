//! Stands in for the founder's file until it is merged.

use std::fmt::Write as _;
use std::path::Path;

/// Returns a path as it stands in an address (RFC 3986): all bytes but unreserved ones and `/` by their numbers.
pub(crate) fn encoded(path: &Path) -> String {
    let mut encoded = String::new();
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => encoded.push(byte.into()),
            _ => write!(encoded, "%{byte:02X}").expect("a string can be written to"),
        }
    }
    encoded
}
