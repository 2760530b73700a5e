//! A byte lost in text made of pairs.
//!
//! All pairs behind the place are shifted, and most shifted pairs are valid:
//! the damage shows, if at all, as an odd byte at the end. So the byte is
//! dropped whose loss leaves the most plausible pairs. One in an odd number: a
//! second lost byte in the same row goes unseen.

/// A byte lost in the middle must explain the row better than one lost at its end by this many bits.
pub(super) const DOUBT_BITS: usize = 20;

/// Where a row with an odd byte may have lost one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// Something follows that is no part of it.
    Closed,
    /// The file ends here, so probably the end of the row is what is missing.
    CutShort,
}

/// Returns the place, in an odd number of bytes, of the one that is best left out; takes the bits of a pair.
pub(super) fn likeliest_loss(bytes: &[u8], row: Row, bits: impl Fn([u8; 2]) -> usize) -> usize {
    let bits = |pair: &[u8; 2]| bits(*pair).cast_signed();
    let (left, _) = bytes.as_chunks::<2>();
    let (right, _) = bytes.get(1..).unwrap_or_default().as_chunks::<2>();
    // All pairs are on the right at first; then one after the other changes sides.
    let mut total: isize = right.iter().map(bits).sum();
    let mut best = (total, 0);
    for (index, (left, right)) in left.iter().zip(right).enumerate() {
        total += bits(left) - bits(right);
        if total <= best.0 {
            best = (total, 2 * (index + 1));
        }
    }
    if row == Row::CutShort && total <= best.0 + DOUBT_BITS.cast_signed() {
        bytes.len().saturating_sub(1)
    } else {
        best.1
    }
}
