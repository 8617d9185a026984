//! What flags say becomes sections and properties here: each belongs to the plugin that was named last.

use sockeye_core::{Mistake, Place, quoted};

use super::{Action, Argument, Go, Kind, Request};
use crate::config::draft::{Draft, Sort, key};
use crate::plan::Property;

impl Request {
    pub(super) fn stop(&mut self, action: Action) -> Go {
        self.action = action;
        Go::Stop
    }

    /// About the plugin that was named last, if one was.
    pub(super) fn help(&mut self, all: Action, one: fn(Kind, String) -> Action) -> Go {
        let last = self.drafts.last().and_then(|draft| {
            let kind = match draft.sort {
                Sort::Input => Kind::Input,
                Sort::Filter => Kind::Filter,
                Sort::Output => Kind::Output,
                Sort::Service | Sort::Parser => return None,
            };
            let name = &draft.properties.first()?.value;
            let name = name
                .split_once("://")
                .map_or(name.as_str(), |(plugin, _)| plugin);
            Some(one(kind, name.to_ascii_lowercase()))
        });
        self.stop(last.unwrap_or(all))
    }

    pub(super) fn open(&mut self, sort: Sort, name: &str, place: Place) {
        let mut draft = Draft::new(sort, place.clone());
        draft.properties.push(property("name", name, place));
        self.drafts.push(draft);
    }

    pub(super) fn set(&mut self, key: &str, value: &str, place: Place) {
        self.service.push(property(key, value, place));
    }

    /// One step up from what was asked for before.
    pub(super) fn louder(&mut self, place: Place) {
        let before = self
            .service
            .iter()
            .rev()
            .find(|property| property.key == "log_level");
        let level = match before.map(|property| property.value.as_str()) {
            None => "debug",
            Some(_) => "trace",
        };
        self.set("log_level", level, place);
    }

    /// `key=value` for the plugin that was named last.
    pub(super) fn property(
        &mut self,
        flag: &Argument<'_>,
        word: &str,
        place: &Place,
    ) -> Result<(), Mistake> {
        let Some((name, value)) = word.split_once('=') else {
            let message = format!("{} is no property", quoted(word));
            return Err(Mistake::at(place, message)
                .label("expected `key=value`")
                .remedy("put a `=` between key and value"));
        };
        let start = place.span().start;
        let key_place = Place::new(place.source(), start..start + name.len());
        let value_place = Place::new(place.source(), start + name.len() + 1..place.span().end);
        let draft = self.last(flag)?;
        draft.properties.push(Property {
            key: key(name.trim()),
            value: value.trim().to_owned(),
            place: value_place,
            key_place,
        });
        Ok(())
    }

    pub(super) fn matching(
        &mut self,
        flag: &Argument<'_>,
        word: &str,
        place: Place,
    ) -> Result<(), Mistake> {
        if self.last(flag)?.sort == Sort::Input {
            let message = format!("{} behind an input", quoted(flag.text));
            return Err(Mistake::at(&flag.place(), message)
                .label("inputs match nothing")
                .remedy("write it behind `-o` or `-F`; an input takes `-t`"));
        }
        self.give_last(flag, "match", word, place)
    }

    pub(super) fn give_last(
        &mut self,
        flag: &Argument<'_>,
        key: &str,
        word: &str,
        place: Place,
    ) -> Result<(), Mistake> {
        let draft = self.last(flag)?;
        draft.properties.push(property(key, word, place));
        Ok(())
    }

    pub(super) fn last(&mut self, flag: &Argument<'_>) -> Result<&mut Draft, Mistake> {
        self.drafts.last_mut().ok_or_else(|| {
            Mistake::at(
                &flag.place(),
                format!("{} before any plugin", quoted(flag.text)),
            )
            .label("belongs to nothing")
            .remedy("write `-i`, `-F` or `-o` with a plugin in front of it")
        })
    }
}

fn property(key: &str, value: &str, place: Place) -> Property {
    Property {
        key: key.to_owned(),
        value: value.to_owned(),
        key_place: place.clone(),
        place,
    }
}
