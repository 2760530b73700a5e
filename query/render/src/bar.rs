//! Bars of block characters, to an eighth of a column.

/// The blocks by their width in eighths of a column.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Returns a bar that is to `columns` as `part` is to `most`. What is not nothing is seen.
pub(super) fn bar(part: f64, most: f64, columns: usize) -> String {
    if part <= 0.0 || most <= 0.0 {
        return String::new();
    }
    let eighths = ((part / most).min(1.0) * columns as f64 * 8.0).round().max(1.0) as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn bars() {
        for (part, most, columns, expected) in [
            (10.0, 10.0, 4, "████"),
            (5.0, 10.0, 3, "█▌"),
            (1.0, 10_000.0, 8, "▏"),
            (0.0, 10.0, 8, ""),
            (0.0, 0.0, 8, ""),
            (20.0, 10.0, 2, "██"),
        ] {
            assert_eq!(bar(part, most, columns), expected, "{part} of {most}");
        }
    }

    proptest! {
        #[test]
        fn no_bar_is_too_wide(part in 0.0..1e9f64, most in 0.0..1e9f64, columns in 1usize..200) {
            prop_assert!(bar(part, most, columns).width() <= columns);
        }
    }
}
