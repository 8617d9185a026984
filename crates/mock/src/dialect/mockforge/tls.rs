//! `tls:`, from its keys and the files they name to what the listener offers.

use std::path::PathBuf;

use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, quoted};
use sockeye_net::{Authorities, ClientAuth, Identity, TlsError, TlsFile, TlsFlaw, TlsVersion};

use crate::beside::folder_of;
use crate::dialect::Reading;
use crate::tls::TlsSettings;

/// Where the manual explains it.
const PAGE: &str = "docs/tls.md";

/// Whether clients show a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Off,
    Optional,
    Required,
}

const CLIENT_AUTH: [(&str, Ask); 3] = [
    ("off", Ask::Off),
    ("optional", Ask::Optional),
    ("required", Ask::Required),
];

const VERSIONS: [(&str, TlsVersion); 2] = [("1.2", TlsVersion::Tls12), ("1.3", TlsVersion::Tls13)];

/// A file that a key names.
struct Named<'n> {
    node: &'n Node,
    path: PathBuf,
}

/// The files of the section.
struct Files<'n> {
    certificate: Option<Named<'n>>,
    key: Option<Named<'n>>,
    authorities: Option<Named<'n>>,
}

/// Which keys of a pair are there, whatever their values.
struct Pair {
    has_certificate: bool,
    has_key: bool,
}

/// Reads the section; none if it is off.
pub(super) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<TlsSettings> {
    let mut fields = reading.fields(node, "`tls`")?;
    let enabled = reading.bool(&mut fields, "enabled").unwrap_or(true);
    let own = fields.take("self_signed");
    let own = own.and_then(|node| Some((node, node.as_bool("`self_signed`", reading.mistakes)?)));
    let pair = Pair {
        has_certificate: fields.has("cert_path"),
        has_key: fields.has("key_path"),
    };
    let files = Files {
        certificate: reading.pem(&mut fields, "cert_path"),
        key: reading.pem(&mut fields, "key_path"),
        authorities: reading.pem(&mut fields, "ca_path"),
    };
    let ask = fields.take_entry("client_auth");
    let ask = ask.and_then(|(key, node)| {
        let ask = node.as_choice("`client_auth`", &CLIENT_AUTH, reading.mistakes)?;
        Some((key, ask))
    });
    let lowest = fields.take("min_version");
    let lowest = lowest.and_then(|node| reading.version(node));
    let enabled = enabled || reading.overrides.tls;
    check_pair(&files, &pair, own, enabled, &mut fields, reading);
    let is_asked = ask.is_some_and(|(_, ask)| ask != Ask::Off);
    if let (Some((key, _)), true, None) = (&ask, is_asked, &files.authorities) {
        let mistake = Mistake::at(&key.place, "`client_auth` needs `ca_path`")
            .label("`ca_path` is missing")
            .remedy("add `ca_path`, a PEM file with the authorities that clients' certificates come from");
        fields.miss("ca_path", mistake.page(PAGE));
    }
    if let (Some(named), false) = (&files.authorities, is_asked) {
        let mistake = Mistake::at(
            &named.node.place,
            "`ca_path` is not used: clients are not asked",
        );
        let remedy = "add `client_auth: required` or `client_auth: optional`";
        reading.mistake(mistake.remedy(remedy).page(PAGE).warning());
    }
    reading.finish(fields);
    enabled.then(|| TlsSettings {
        identity: reading.identity(&files),
        clients: reading.client_auth(&files, ask.map_or(Ask::Off, |(_, ask)| ask)),
        lowest: lowest.unwrap_or_default(),
    })
}

/// Certificate and key come together, or neither does and one is made.
fn check_pair(
    files: &Files<'_>,
    pair: &Pair,
    own: Option<(&Node, bool)>,
    enabled: bool,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) {
    let first = files.certificate.as_ref().or(files.key.as_ref());
    if let (Some((node, true)), Some(named)) = (own, first) {
        let text = "`self_signed: true` and a certificate of your own exclude each other";
        let mistake = Mistake::at(&node.place, text)
            .label("this one")
            .also(&named.node.place, "and this one")
            .remedy("remove `self_signed`, or `cert_path` and `key_path`");
        return reading.mistake(mistake.page(PAGE));
    }
    let must_have = enabled && matches!(own, Some((_, false)));
    let remedy = |key: &str| match own {
        Some(_) => format!("add `{key}`, a PEM file, or write `self_signed: true`"),
        None => format!("add `{key}`, a PEM file, or name neither file and a certificate is made"),
    };
    let mut need = |key: &'static str, is_there: bool, other_is_there: bool| {
        if !is_there && (other_is_there || must_have) {
            let mistake = Mistake::at(fields.place(), format!("`tls` needs `{key}`"))
                .label(format!("`{key}` is missing"))
                .remedy(remedy(key));
            fields.miss(key, mistake.page(PAGE));
        }
    };
    need("cert_path", pair.has_certificate, pair.has_key);
    need("key_path", pair.has_key, pair.has_certificate);
}

impl Reading<'_> {
    /// A file, from the folder of the file that names it.
    fn pem<'n>(&mut self, fields: &mut Fields<'n>, key: &'static str) -> Option<Named<'n>> {
        let node = fields.take(key)?;
        let written = node.as_text(&quoted(key), self.mistakes)?;
        if written.trim().is_empty() {
            let text = format!("`{key}` must name a file, but is empty");
            let remedy = format!("write the path of a PEM file, or remove `{key}`");
            self.mistake(Mistake::at(&node.place, text).remedy(remedy).page(PAGE));
            return None;
        }
        let path = folder_of(&node.place).join(written);
        // A renewed certificate is a reload.
        self.note_file(path.clone());
        Some(Named { node, path })
    }

    /// A version, also as a number: few think of the quotes.
    fn version(&mut self, node: &Node) -> Option<TlsVersion> {
        let written = node.to_json().to_string();
        let written = written.trim_matches('"');
        let known = VERSIONS.iter().find(|(word, _)| *word == written);
        if known.is_none() {
            let text = format!(
                "`min_version` must be `1.2` or `1.3`, not {}",
                quoted(written)
            );
            self.mistake(Mistake::at(&node.place, text).page(PAGE));
        }
        known.map(|(_, version)| *version)
    }

    fn identity(&mut self, files: &Files<'_>) -> Option<Identity> {
        let certificate = files.certificate.as_ref()?;
        let key = files.key.as_ref()?;
        match Identity::read(&certificate.path, &key.path) {
            Ok(identity) => Some(identity),
            Err(error) => {
                self.tls_mistake(files, &error);
                None
            }
        }
    }

    fn client_auth(&mut self, files: &Files<'_>, ask: Ask) -> ClientAuth {
        let Some(named) = files.authorities.as_ref().filter(|_| ask != Ask::Off) else {
            return ClientAuth::Off;
        };
        match Authorities::read(&named.path) {
            Ok(authorities) if ask == Ask::Required => ClientAuth::Required(authorities),
            Ok(authorities) => ClientAuth::Optional(authorities),
            Err(error) => {
                self.tls_mistake(files, &error);
                ClientAuth::Off
            }
        }
    }

    /// Tells a mistake in a file where that file is named.
    fn tls_mistake(&mut self, files: &Files<'_>, error: &TlsError) {
        let named = match error.file {
            TlsFile::Certificate => &files.certificate,
            TlsFile::Key => &files.key,
            TlsFile::Authorities => &files.authorities,
        };
        let Some(Named { node, .. }) = named else {
            return;
        };
        let name = |node: &Node| quoted(node.text().unwrap_or_default());
        let mistake = match (&error.flaw, &files.certificate) {
            (TlsFlaw::OtherKey(_), Some(Named { node: own, .. })) => {
                let text = "does not hold the key of the certificate in";
                let text = format!("{} {text} {}", name(node), name(own));
                Mistake::at(&node.place, text).also(&own.place, "the certificate")
            }
            (flaw, _) => Mistake::at(&node.place, format!("{}{flaw}", name(node))),
        };
        let mistake = mistake.remedy(error.flaw.remedy()).page(PAGE);
        // Who only looks at a file may not have what lies beside it on the server.
        let is_absent = matches!(error.flaw, TlsFlaw::Unreadable(_)) && !self.serving;
        self.mistake(if is_absent {
            mistake.warning()
        } else {
            mistake
        });
    }
}
