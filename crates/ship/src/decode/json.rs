//! Records as objects of JSON, in an array or one after the other.

use super::{Decoded, Format, Manner, Oddity, Record};
use crate::json::{Reader, Rules};
use crate::record::{Reader as Packed, Token};

/// Reads objects one by one.
struct Objects<'m, 'd> {
    message: &'m [u8],
    reader: Reader<'m>,
    manner: Manner,
    decoded: &'d mut Decoded,
    body: Vec<u8>,
}

impl<'m, 'd> Objects<'m, 'd> {
    fn new(message: &'m [u8], manner: Manner, decoded: &'d mut Decoded) -> Result<Self, String> {
        if std::str::from_utf8(message).is_err() {
            decoded.odd(Oddity::NotUtf8, manner)?;
        }
        let rules = match manner {
            Manner::Strict => Rules::STRICT,
            Manner::Lenient => Rules::SENT,
        };
        Ok(Self {
            message,
            reader: Reader::new(message, rules),
            manner,
            decoded,
            body: Vec::new(),
        })
    }

    fn next(&mut self, each: &mut dyn FnMut(Record<'_>)) -> Result<(), String> {
        self.reader.has_more();
        let at = self.reader.at();
        self.body.clear();
        let read = self.reader.value(&mut self.body);
        read.map_err(|fault| format!("{fault}, in the record at byte {at}"))?;
        match Packed::new(&self.body).token() {
            Ok(Token::Map(_)) => each(Record::of_body(&self.body)),
            Ok(other) => {
                return Err(format!(
                    "{} where an object should be, at byte {at}",
                    other.name()
                ));
            }
            Err(fault) => return Err(fault.to_string()),
        }
        for liberty in self.reader.liberties() {
            self.decoded.odd(Oddity::Json(liberty), self.manner)?;
        }
        Ok(())
    }
}

/// `[{},{}]`
pub(super) fn read_array(
    message: &[u8],
    manner: Manner,
    decoded: &mut Decoded,
    each: &mut dyn FnMut(Record<'_>),
) -> Result<(), String> {
    let mut objects = Objects::new(message, manner, decoded)?;
    objects.reader.has_more();
    objects.reader.advance();
    if objects.reader.peek() == Some(b']') {
        objects.reader.advance();
    } else {
        loop {
            objects.next(each)?;
            let at = objects.reader.at();
            match objects.reader.peek() {
                Some(b',') => objects.reader.advance(),
                Some(b']') => {
                    objects.reader.advance();
                    break;
                }
                Some(_) => return Err(format!("`,` or `]` should stand at byte {at}")),
                None => return Err("the text ends in the middle of the array".to_owned()),
            }
        }
    }
    if objects.reader.has_more() {
        return Err(format!(
            "something follows the array, at byte {}",
            objects.reader.at()
        ));
    }
    Ok(())
}

/// `{}{}`, with or without line breaks between; which of both decides what the format is.
pub(super) fn read_objects(
    message: &[u8],
    manner: Manner,
    decoded: &mut Decoded,
    each: &mut dyn FnMut(Record<'_>),
) -> Result<(), String> {
    let is_gelf = decoded.format == Some(Format::Gelf);
    let mut has_lines = false;
    let mut objects = Objects::new(message, manner, decoded)?;
    loop {
        let read = objects.next(each);
        has_lines |= objects.message.get(objects.reader.at()) == Some(&b'\n');
        if !is_gelf && !has_lines {
            objects.decoded.format = Some(Format::JsonStream);
        } else if !is_gelf {
            objects.decoded.format = Some(Format::JsonLines);
        }
        read?;
        if !objects.reader.has_more() {
            return Ok(());
        }
    }
}
