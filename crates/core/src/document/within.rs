//! A stretch of a decoded text passes through here and comes out as the place in the file it was written at.

use std::ops::Range;

use crate::Place;

impl Place {
    /// Where the bytes `range` of `decoded`, the text written at this place, stand in the file.
    ///
    /// Exact for plain, quoted and block texts of YAML and strings of EDN, escapes and folded lines
    /// included. Where what is written cannot be followed to `decoded`, the whole place.
    #[must_use]
    pub fn within(&self, decoded: &str, range: Range<usize>) -> Self {
        let Some(pieces) = follow(self.raw(), decoded) else {
            return self.clone();
        };
        let base = self.span().start;
        let start = pieces.written_at(range.start);
        let end = if range.end > range.start {
            pieces.written_before(range.end)
        } else {
            start
        };
        Self::new(self.source(), base + start..base + end.max(start))
    }
}

/// Which decoded bytes came from which written ones, in order and without gaps in the decoded text.
struct Pieces(Vec<Piece>);

struct Piece {
    decoded: Range<usize>,
    written: Range<usize>,
}

impl Piece {
    /// Whether every decoded byte stands for itself; otherwise all of it stands for all of it.
    fn is_exact(&self) -> bool {
        self.decoded.len() == self.written.len()
    }
}

impl Pieces {
    /// The first written byte of the decoded byte `offset`.
    fn written_at(&self, offset: usize) -> usize {
        let Some(piece) = self.0.iter().find(|piece| offset < piece.decoded.end) else {
            return self.end();
        };
        if piece.is_exact() {
            piece.written.start + offset.saturating_sub(piece.decoded.start)
        } else {
            piece.written.start
        }
    }

    /// The byte after the last written one of the decoded byte before `offset`.
    fn written_before(&self, offset: usize) -> usize {
        let Some(piece) = self.0.iter().find(|piece| offset <= piece.decoded.end) else {
            return self.end();
        };
        if piece.is_exact() {
            piece.written.start + offset.saturating_sub(piece.decoded.start)
        } else {
            piece.written.end
        }
    }

    fn end(&self) -> usize {
        self.0.last().map_or(0, |piece| piece.written.end)
    }
}

/// Reads `written` as whatever notation it begins like; none if that does not give `decoded`.
fn follow(written: &str, decoded: &str) -> Option<Pieces> {
    let mut walk = Walk {
        written,
        decoded,
        at: 0,
        out: 0,
        pieces: Vec::new(),
    };
    let followed = match written.chars().next() {
        Some(quote @ ('"' | '\'')) => walk.inside(1, written.len().checked_sub(1)?, quote),
        Some('|') => walk.block(false),
        Some('>') => walk.block(true),
        _ => walk.inside(0, written.len(), '\0'),
    };
    followed.then_some(())?;
    Some(Pieces(walk.pieces))
}

/// Both texts, and how far they have been found to agree.
struct Walk<'t> {
    written: &'t str,
    decoded: &'t str,
    at: usize,
    out: usize,
    pieces: Vec<Piece>,
}

impl Walk<'_> {
    /// Plain and quoted text between `from` and `to`; `quote` is `\0` for plain text.
    fn inside(&mut self, from: usize, to: usize, quote: char) -> bool {
        self.at = from;
        while self.at < to {
            let Some(rest) = self.written.get(self.at..to) else {
                return false;
            };
            let stepped = match quote {
                '"' if rest.starts_with('\\') => self.escape(rest),
                '\'' if rest.starts_with("''") => self.give(2, 1, '\''),
                _ if fold(rest).is_some() => self.folded(rest),
                _ => self.same(rest),
            };
            if !stepped {
                return false;
            }
        }
        self.out == self.decoded.len()
    }

    /// One character that stands for itself.
    fn same(&mut self, rest: &str) -> bool {
        rest.chars()
            .next()
            .is_some_and(|letter| self.give(letter.len_utf8(), letter.len_utf8(), letter))
    }

    /// `written` bytes that stand for one character, if that is what was decoded.
    fn give(&mut self, written: usize, decoded: usize, letter: char) -> bool {
        let agrees = self.rest().starts_with(letter);
        if agrees {
            self.piece(written, decoded);
        }
        agrees
    }

    /// A backslash and what follows it: one character, or nothing before a line break.
    fn escape(&mut self, rest: &str) -> bool {
        let Some(sign) = rest.chars().nth(1) else {
            return false;
        };
        let length = match sign {
            'x' => 4,
            'u' if is_high_surrogate(rest) => 12,
            'u' => 6,
            'U' => 10,
            '\n' | '\r' => {
                let blank = rest.trim_start_matches('\\').trim_start();
                self.piece(rest.len() - blank.len(), 0);
                return true;
            }
            _ => 1 + sign.len_utf8(),
        };
        let Some(letter) = self.rest().chars().next() else {
            return false;
        };
        let fits = rest.is_char_boundary(length);
        if fits {
            self.piece(length, letter.len_utf8());
        }
        fits
    }

    /// White space with line breaks in it: kept as it is (EDN), or a blank, or line breaks less one.
    fn folded(&mut self, rest: &str) -> bool {
        let Some((length, breaks)) = fold(rest) else {
            return false;
        };
        let kept = rest.get(..length).unwrap_or_default();
        let decoded = if self.rest().starts_with(kept) {
            length
        } else if breaks > 1 {
            breaks - 1
        } else {
            1
        };
        let agrees = self
            .rest()
            .get(..decoded)
            .is_some_and(|text| text.trim().is_empty());
        if agrees {
            self.piece(length, decoded);
        }
        agrees
    }

    /// A block text: the header's line, then lines that are indented more than they decode to.
    fn block(&mut self, folds: bool) -> bool {
        let Some(header) = self.written.find('\n') else {
            return false;
        };
        self.at = header + 1;
        while self.at < self.written.len() {
            let rest = self.written.get(self.at..).unwrap_or_default();
            let line = rest.split('\n').next().unwrap_or_default();
            let next = self.at + line.len() + 1;
            if !self.block_line(line.trim_end_matches('\r'), folds) {
                return false;
            }
            self.at = next.min(self.written.len());
        }
        // The line breaks at the end belong to the last line.
        let left = self.rest();
        let only_breaks = left.trim_start_matches('\n').is_empty();
        self.piece(0, left.len());
        only_breaks
    }

    /// One line: what is left of it without its indentation is the next decoded text.
    fn block_line(&mut self, line: &str, folds: bool) -> bool {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if content.is_empty() && !self.rest().starts_with(' ') {
            return folds || self.out == self.decoded.len() || self.give(0, 1, '\n');
        }
        if folds {
            self.skip_fold();
        }
        let decoded_indent = self.rest().len() - self.rest().trim_start_matches(' ').len();
        let Some(hidden) = indent.checked_sub(decoded_indent) else {
            return false;
        };
        let visible = line.get(hidden..).unwrap_or_default();
        if !self.rest().starts_with(visible) {
            return false;
        }
        self.at += hidden;
        self.piece(visible.len(), visible.len());
        folds || self.out == self.decoded.len() || self.give(0, 1, '\n')
    }

    /// Between two lines of a folded text: line breaks, or one blank.
    fn skip_fold(&mut self) {
        if self.out == 0 {
            return;
        }
        let breaks = self.rest().len() - self.rest().trim_start_matches('\n').len();
        let is_blank = breaks == 0 && self.rest().starts_with(' ');
        self.piece(0, breaks + usize::from(is_blank));
    }

    fn rest(&self) -> &str {
        self.decoded.get(self.out..).unwrap_or_default()
    }

    /// Notes that the next `written` bytes stand for the next `decoded` ones.
    fn piece(&mut self, written: usize, decoded: usize) {
        let piece = Piece {
            decoded: self.out..self.out + decoded,
            written: self.at..self.at + written,
        };
        self.at += written;
        self.out += decoded;
        match self.pieces.last_mut() {
            Some(last)
                if last.is_exact()
                    && piece.is_exact()
                    && last.written.end == piece.written.start =>
            {
                last.decoded.end = piece.decoded.end;
                last.written.end = piece.written.end;
            }
            _ => self.pieces.push(piece),
        }
    }
}

/// Length and number of line breaks of the white space `rest` starts with, if it breaks the line.
fn fold(rest: &str) -> Option<(usize, usize)> {
    let length = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let breaks = rest.get(..length)?.matches('\n').count();
    (breaks > 0).then_some((length, breaks))
}

/// Whether `rest` starts with the first half of a pair such as `\ud83d\ude00`.
fn is_high_surrogate(rest: &str) -> bool {
    let half = rest
        .get(2..6)
        .and_then(|digits| u16::from_str_radix(digits, 16).ok());
    half.is_some_and(|half| (0xd800..0xdc00).contains(&half)) && rest.get(6..8) == Some("\\u")
}
