//! What files say about TLS, of outputs that connect and of inputs that listen, passes through here and becomes settings.

use std::io;
use std::path::Path;

use sockeye_core::Mistake;
use sockeye_net::{
    Authorities, ClientAuth, ClientTls, ClientTrust, Identity, ServerTls, TlsConfig, TlsError,
    TlsFile, TlsFlaw, TlsVersion, TlsVersions,
};

use crate::properties::{Key, Kind, Properties};

/// The versions that the reference knows. The old ones are not spoken.
const VERSIONS: Kind = Kind::Choice(&["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);

/// The keys that both ends have.
pub(crate) const KEYS: &[Key] = &[
    Key::new("tls", Kind::Bool, Some("off"), "whether TLS is spoken"),
    Key::new(
        "tls.verify",
        Kind::Bool,
        Some("on"),
        "whether the other side's certificate is checked",
    ),
    Key::new("tls.ca_file", Kind::Text, None, "PEM file with authorities"),
    Key::new(
        "tls.ca_path",
        Kind::Text,
        None,
        "folder of such files; what is no certificate in it is left out",
    ),
    Key::new(
        "tls.crt_file",
        Kind::Text,
        None,
        "PEM file with a certificate to show",
    ),
    Key::new("tls.key_file", Kind::Text, None, "PEM file with its key"),
    Key::new(
        "tls.key_passwd",
        Kind::Text,
        None,
        "the password of the key, if it is encrypted",
    ),
    Key::new(
        "tls.min_version",
        VERSIONS,
        None,
        "oldest version that is spoken; none before TLSv1.2 is",
    ),
    Key::new(
        "tls.max_version",
        VERSIONS,
        None,
        "newest version that is spoken",
    ),
    Key::new(
        "tls.debug",
        Kind::Unused("the log says what is wrong"),
        None,
        "accepted",
    ),
    Key::new(
        "tls.ciphers",
        Kind::Unused("the safe ones are spoken"),
        None,
        "accepted",
    ),
];

/// The keys of a side that connects.
pub(crate) const CLIENT_KEYS: &[Key] = &[
    Key::new(
        "tls.verify_hostname",
        Kind::Bool,
        Some("on"),
        "whether the certificate has to be for `host`, or for `tls.vhost`",
    ),
    Key::new(
        "tls.vhost",
        Kind::Text,
        None,
        "name that the certificate is for, if it is not `host`",
    ),
];

/// The keys of a side that listens.
pub(crate) const SERVER_KEYS: &[Key] = &[
    Key::new(
        "tls.verify_client_cert",
        Kind::Bool,
        Some("off"),
        "whether senders must show a certificate of the authorities",
    ),
    Key::new(
        "tls.verify_hostname",
        Kind::Unused("senders have no name to check"),
        None,
        "accepted",
    ),
    Key::new(
        "tls.vhost",
        Kind::Unused("there is one certificate"),
        None,
        "accepted",
    ),
];

/// How an output speaks TLS, if it does.
pub(crate) fn client(properties: &Properties<'_>) -> Result<Option<ClientTls>, Mistake> {
    if !properties.flag("tls") {
        return Ok(None);
    }
    let trust = ClientTrust {
        authorities: properties.text("tls.ca_file").map(Into::into),
        authority_folder: properties.text("tls.ca_path").map(Into::into),
        versions: versions(properties)?,
        insecure: !properties.flag("tls.verify"),
        identity: identity(properties)?,
    };
    let tls = if properties.flag("tls.verify_hostname") {
        ClientTls::new(&trust)
    } else {
        ClientTls::for_any_name(&trust)
    };
    tls.map(Some).map_err(|error| of_file(properties, &error))
}

/// How an input that listens speaks TLS, if it does.
pub(crate) fn server(properties: &Properties<'_>) -> Result<Option<ServerTls>, Mistake> {
    if !properties.flag("tls") {
        return Ok(None);
    }
    let Some(identity) = identity(properties)? else {
        let message = "who listens with TLS has to show a certificate";
        let mistake = properties.mistake("tls", message).label("no certificate");
        return Err(mistake.remedy("add `tls.crt_file` and `tls.key_file`"));
    };
    let config = TlsConfig::for_senders(&identity, &clients(properties)?, versions(properties)?);
    let config = config.map_err(|error: io::Error| {
        let mistake = properties.mistake("tls", format!("TLS cannot be spoken: {error}"));
        mistake.remedy("look at the authorities' certificates")
    })?;
    Ok(Some(ServerTls::new(config)))
}

/// What senders have to show.
fn clients(properties: &Properties<'_>) -> Result<ClientAuth, Mistake> {
    let is_needed = properties.flag("tls.verify_client_cert");
    let (file, folder) = (
        properties.text("tls.ca_file").map(Path::new),
        properties.text("tls.ca_path").map(Path::new),
    );
    if file.is_none() && folder.is_none() {
        if !is_needed {
            return Ok(ClientAuth::Off);
        }
        let message = "certificates of senders need authorities to be checked by";
        let mistake = properties.mistake("tls.verify_client_cert", message);
        return Err(mistake.remedy("add `tls.ca_file` or `tls.ca_path`"));
    }
    let authorities = Authorities::gather(file, folder);
    let authorities = authorities.map_err(|error| of_file(properties, &error))?;
    Ok(if is_needed {
        ClientAuth::Required(authorities)
    } else if properties.flag("tls.verify") {
        ClientAuth::Optional(authorities)
    } else {
        ClientAuth::Off
    })
}

fn identity(properties: &Properties<'_>) -> Result<Option<Identity>, Mistake> {
    let certificate = properties.text("tls.crt_file");
    match (certificate, properties.text("tls.key_file")) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => {
            let password = properties.text("tls.key_passwd");
            let identity = Identity::read_with(certificate.as_ref(), key.as_ref(), password);
            identity
                .map(Some)
                .map_err(|error| of_file(properties, &error))
        }
        (Some(_), None) => {
            let message = "a certificate needs its key";
            let mistake = properties.mistake("tls.crt_file", message);
            Err(mistake.remedy("add `tls.key_file`"))
        }
        (None, Some(_)) => {
            let message = "a key needs its certificate";
            let mistake = properties.mistake("tls.key_file", message);
            Err(mistake.remedy("add `tls.crt_file`"))
        }
    }
}

/// A file that cannot be used is a mistake at the key that names it.
fn of_file(properties: &Properties<'_>, error: &TlsError) -> Mistake {
    let is_file = properties.text("tls.ca_file").map(Path::new) == Some(error.path.as_path());
    let key = match error.file {
        TlsFile::Certificate => "tls.crt_file",
        TlsFile::Key => "tls.key_file",
        TlsFile::Authorities if is_file => "tls.ca_file",
        TlsFile::Authorities => "tls.ca_path",
    };
    let remedy = match error.flaw {
        TlsFlaw::Encrypted => "add `tls.key_passwd` with its password",
        _ => error.flaw.remedy(),
    };
    properties.mistake(key, error.to_string()).remedy(remedy)
}

fn versions(properties: &Properties<'_>) -> Result<TlsVersions, Mistake> {
    let newest_only = properties.choice("tls.min_version") == Some("TLSv1.3");
    match properties.choice("tls.max_version") {
        None | Some("TLSv1.3") if newest_only => Ok(TlsVersions::Only(TlsVersion::Tls13)),
        None | Some("TLSv1.3") => Ok(TlsVersions::Both),
        Some("TLSv1.2") if newest_only => {
            let message = "no version of TLS is left between `tls.min_version` and this";
            let mistake = properties.mistake("tls.max_version", message);
            Err(mistake.remedy("write `TLSv1.3`, or lower `tls.min_version`"))
        }
        Some("TLSv1.2") => Ok(TlsVersions::Only(TlsVersion::Tls12)),
        Some(_) => {
            let message = "versions of TLS before 1.2 are not safe and not spoken";
            let mistake = properties.mistake("tls.max_version", message);
            Err(mistake.remedy("write `TLSv1.2` or `TLSv1.3`"))
        }
    }
}
