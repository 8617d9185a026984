//! Where the reader of a request is passes through here, as the reference tells it.

/// A place, counted in UTF-16 units as the reference does.
#[derive(Clone, Copy, Default)]
pub(super) struct Position {
    index: usize,
    /// One less than the number that is told.
    column: usize,
    /// One less than the number that is told.
    line: usize,
    /// Whether the last character began a line: its column is told as 0.
    fresh: bool,
    after_return: bool,
}

impl Position {
    /// Goes behind a character.
    pub(super) fn pass(&mut self, next: char) {
        let before = self.after_return;
        self.index += next.len_utf16();
        self.after_return = next == '\r';
        if next == '\r' || next == '\n' {
            self.line += usize::from(!(next == '\n' && before));
            self.column = 0;
            self.fresh = true;
        } else {
            self.column += next.len_utf16();
        }
    }

    /// A message with the place behind it.
    pub(super) fn said(&self, message: &str) -> String {
        let column = self.column + usize::from(!self.fresh);
        let (index, line) = (self.index, self.line + 1);
        format!("{message} at {index} [character {column} line {line}]")
    }
}
