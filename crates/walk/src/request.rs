//! A request passes through here: its text comes in, its members go out, each as JSON that nobody has looked into yet.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use crate::lenient;
use crate::limits::REQUEST_MEMBERS;

/// Which member names the command, and with it the family of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Since 3.4.
    Command,
    /// Before.
    Type,
}

impl Key {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Type => "type",
        }
    }
}

/// One request.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    members: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Request<'a> {
    /// Reads strict JSON, and what the reference takes for JSON if it is none.
    ///
    /// # Errors
    ///
    /// What is wrong and where, as the reference words it.
    pub(crate) fn read(text: &'a str) -> Result<Self, String> {
        let mut strict = serde_json::Deserializer::from_str(text);
        if let Ok(members) = strict.deserialize_map(Members)
            && strict.end().is_ok()
        {
            return Ok(Self { members });
        }
        let members = lenient::read(text)?.into_iter();
        let members = members.map(|(name, value)| (name.into(), value.to_string().into()));
        Ok(Self {
            members: members.collect(),
        })
    }

    /// The JSON of a member; none if it is missing.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        let mut members = self.members.iter();
        let found = members.find(|(found, _)| found == name);
        found.map(|(_, raw)| &**raw)
    }

    /// Whether there is such a member.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The command and the member that names it.
    pub(crate) fn head(&self) -> Option<(Key, Cow<'_, str>)> {
        let [command, legacy] = [Key::Command, Key::Type].map(|key| {
            let name = self.raw(key.name()).and_then(text_of)?;
            Some((key, name))
        });
        if self.has(Key::Command.name()) {
            return command;
        }
        legacy
    }

    /// A member that must be a text.
    ///
    /// # Errors
    ///
    /// It is missing or something else, in the words of the reference.
    pub(crate) fn text(&self, name: &str) -> Result<Cow<'_, str>, String> {
        let raw = self.member(name)?;
        text_of(raw).ok_or_else(|| wrong_kind(name, raw, "string"))
    }

    /// A member that must be an object, as its JSON.
    ///
    /// # Errors
    ///
    /// As [`Self::text`].
    pub(crate) fn object(&self, name: &str) -> Result<&str, String> {
        let raw = self.member(name)?;
        if raw.starts_with('{') {
            return Ok(raw);
        }
        Err(wrong_kind(name, raw, "JSONObject"))
    }

    /// A member that must be an array, as its JSON.
    ///
    /// # Errors
    ///
    /// As [`Self::text`].
    pub(crate) fn array(&self, name: &str) -> Result<&str, String> {
        let raw = self.member(name)?;
        if raw.starts_with('[') {
            return Ok(raw);
        }
        Err(wrong_kind(name, raw, "JSONArray"))
    }

    /// A member that, if it is there and not null, must be a whole number of 64 bits, with or without quotes.
    ///
    /// # Errors
    ///
    /// It is something else.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, String> {
        let Some(raw) = self.raw(name).filter(|raw| *raw != "null") else {
            return Ok(None);
        };
        let digits = text_of(raw).unwrap_or(Cow::Borrowed(raw));
        let number = digits.trim().parse();
        number.map(Some).map_err(|_| {
            format!("`{name}` must be a whole number of 64 bits, it is {raw}: write digits")
        })
    }

    /// A member that, if it is there and not null, must be a text.
    ///
    /// # Errors
    ///
    /// It is something else.
    pub(crate) fn maybe_text(&self, name: &str) -> Result<Option<Cow<'_, str>>, String> {
        match self.raw(name) {
            None | Some("null") => Ok(None),
            Some(_) => self.text(name).map(Some),
        }
    }

    fn member(&self, name: &str) -> Result<&str, String> {
        let raw = self.raw(name);
        raw.ok_or_else(|| format!("JSONObject[\"{name}\"] not found."))
    }
}

/// The text that a piece of JSON is, if it is one.
pub(crate) fn text_of(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str::<String>(raw).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

fn wrong_kind(name: &str, raw: &str, wanted: &str) -> String {
    let class = match serde_json::from_str(raw) {
        Ok(Value::String(text)) => format!("java.lang.String : {text}"),
        Ok(Value::Bool(truth)) => format!("java.lang.Boolean : {truth}"),
        Ok(Value::Number(number)) => format!("{} : {number}", class_of(&number)),
        Ok(Value::Object(_)) => "org.json.JSONObject".to_owned(),
        Ok(Value::Array(_)) => "org.json.JSONArray".to_owned(),
        Ok(Value::Null) | Err(_) => "org.json.JSONObject$Null : null".to_owned(),
    };
    format!("JSONObject[\"{name}\"] is not a {wanted} (class {class}).")
}

fn class_of(number: &Number) -> &'static str {
    match number.as_i64() {
        Some(whole) if i32::try_from(whole).is_ok() => "java.lang.Integer",
        Some(_) => "java.lang.Long",
        None if number.is_u64() => "java.math.BigInteger",
        None => "java.math.BigDecimal",
    }
}

/// The members of an object without looking into them. A name that comes twice is for the other reader, which says so.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(Cow<'de, str>, Cow<'de, str>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Self::Value = Vec::with_capacity(2);
        while let Some(Name(name)) = map.next_key()? {
            let value: &RawValue = map.next_value()?;
            let is_known = members.iter().any(|(known, _)| *known == name);
            if is_known || members.len() >= REQUEST_MEMBERS {
                return Err(A::Error::custom("not for this reader"));
            }
            members.push((name, Cow::Borrowed(value.get())));
        }
        Ok(members)
    }
}

/// The name of a member, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Name<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(name))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(name.to_owned()))
            }
        }
        deserializer.deserialize_str(Text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_readers_give_the_same_members() {
        for text in [
            r#"{"command":"getNext","x":{"y":[1,2]}}"#,
            "{ command: getNext, x:{y:[1,2]}} and more",
        ] {
            let request = Request::read(text).expect(text);
            assert_eq!(request.head(), Some((Key::Command, "getNext".into())));
            assert_eq!(request.object("x"), Ok(r#"{"y":[1,2]}"#));
        }
    }

    #[test]
    fn what_is_missing_or_of_another_kind_is_told_as_the_reference_does() {
        let request = Request::read(r#"{"gw":"x","action":7,"n":null}"#).expect("JSON");
        let said = r#"JSONObject["gw"] is not a JSONObject (class java.lang.String : x)."#;
        assert_eq!(request.object("gw"), Err(said.to_owned()));
        let said = r#"JSONObject["action"] is not a string (class java.lang.Integer : 7)."#;
        assert_eq!(request.text("action").expect_err("a number"), said);
        let said = r#"JSONObject["graphml"] not found."#;
        assert_eq!(request.text("graphml").expect_err("missing"), said);
        assert_eq!(request.head(), None);
    }
}
