//! LTSV: `label:value`, tabs between.

use super::Pairs;

/// Appends the pairs; says whether there was any.
pub(super) fn read(text: &[u8], pairs: &mut Pairs<'_>) -> bool {
    let line = text
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .next()
        .unwrap_or_default();
    for field in line.split(|byte| *byte == b'\t') {
        let Some(colon) = field.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (label, value) = (&field[..colon], &field[colon + 1..]);
        if !label.is_empty() {
            pairs.add(label, value);
        }
    }
    pairs.parsed.pairs > 0 || pairs.parsed.time.is_some()
}
