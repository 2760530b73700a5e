//! Repairs text made of pairs of bytes in which one byte was lost.
//!
//! All pairs behind the gap are shifted by a byte. Most shifted pairs are valid,
//! so that the damage shows only as an odd byte at the end. The repair drops the
//! byte that leaves the most plausible pairs. A second lost byte in the same row
//! goes unnoticed, because the number of bytes is even again.

/// A byte lost in the middle is assumed only if it explains the row better, by this many bits, than one lost at the
/// end.
pub(super) const DOUBT_BITS: usize = 20;

/// How a row with an odd number of bytes ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// Other text follows it.
    Closed,
    /// The file ends with it, so probably its last byte was lost.
    CutShort,
}

/// Returns the index of the byte that is best left out of an odd number of bytes. `bits` weighs a pair.
pub(super) fn likeliest_loss(bytes: &[u8], row: Row, bits: impl Fn([u8; 2]) -> usize) -> usize {
    let bits = |pair: &[u8; 2]| bits(*pair).cast_signed();
    let (left, _) = bytes.as_chunks::<2>();
    let (right, _) = bytes.get(1..).unwrap_or_default().as_chunks::<2>();
    // At first the gap is before all pairs; then it moves back pair by pair.
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
