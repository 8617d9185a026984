//! Plugins that are named as addresses pass through here: `websocket://host:port/uri`.

use sockeye_core::{Mistake, Place, quoted};

use crate::plan::{Property, Section};

/// A section from the name of its plugin, which may be an address, and its properties. Host and port
/// that are written count more than those of the address; the path of the address more than `uri`.
pub(super) fn section(
    name: &str,
    place: Place,
    properties: Vec<Property>,
    is_input: bool,
) -> Result<Section, Mistake> {
    let Some((plugin, rest)) = name.split_once("://") else {
        let mut section = Section::new(name.to_ascii_lowercase(), place);
        section.properties = properties;
        return Ok(section);
    };
    let address = Address::parse(rest, &place)?;
    let host_key = if is_input { "listen" } else { "host" };
    let mut section = Section::new(plugin.to_ascii_lowercase(), place);
    section.properties = properties;
    let found = [
        (host_key, address.host, false),
        ("port", address.port, false),
        ("uri", address.uri, true),
    ];
    for (key, value, is_stronger) in found {
        if let Some(value) = value {
            take(&mut section, key, value, is_stronger);
        }
    }
    Ok(section)
}

fn take(section: &mut Section, key: &str, value: &str, is_stronger: bool) {
    if section.get(key).is_some() && !is_stronger {
        return;
    }
    section.properties.retain(|property| property.key != key);
    section.properties.push(Property {
        key: key.to_owned(),
        value: value.to_owned(),
        place: section.place.clone(),
        key_place: section.place.clone(),
    });
}

struct Address<'t> {
    host: Option<&'t str>,
    port: Option<&'t str>,
    uri: Option<&'t str>,
}

impl<'t> Address<'t> {
    /// `host`, `host:port`, `[v6]:port`, each with a path behind it or without.
    fn parse(rest: &'t str, place: &Place) -> Result<Self, Mistake> {
        let path = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, uri) = rest.split_at(path);
        let (host, port) = if let Some(inside) = authority.strip_prefix('[') {
            let (host, behind) = inside
                .split_once(']')
                .ok_or_else(|| wrong(place, rest, "close the bracket: `[::1]:9000`"))?;
            (host, behind.strip_prefix(':'))
        } else {
            match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            }
        };
        if let Some(port) = port
            && port.parse::<u16>().is_err()
        {
            let remedy = "write a number from 0 to 65535 behind the colon; an address of IPv6 takes brackets: `[::1]:9000`";
            return Err(wrong(place, rest, remedy));
        }
        Ok(Self {
            host: Some(host).filter(|host| !host.is_empty()),
            port,
            uri: Some(uri).filter(|uri| !uri.is_empty()),
        })
    }
}

fn wrong(place: &Place, rest: &str, remedy: &str) -> Mistake {
    Mistake::at(place, format!("{} is no address", quoted(rest)))
        .label("expected `host:port/path`")
        .remedy(remedy)
}
