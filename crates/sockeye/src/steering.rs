//! Letters that steer a terminal or a reader instead of being read: they are escaped wherever peers' text is shown.

/// Whether a letter does something to a terminal, or to the order in which others are read.
pub(crate) fn is_steering(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(letter, '\u{e0000}'..='\u{e007f}')
}
