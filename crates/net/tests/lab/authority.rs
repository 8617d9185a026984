//! An authority for tests: certificates and keys as PEM files, and the clients that trust them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use sockeye_net::{
    Authorities, ClientAuth, ClientTls, ClientTrust, Conversation, DialError, Identity, ServerTls,
    Target, TlsConfig, TlsVersion, dial,
};
use sockeye_wire::FrameLimits;
use sockeye_wire::handshake::{ClientRequest, fresh_key};
use tempfile::TempDir;

use super::PATIENCE;

pub(crate) struct Authority {
    folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Authorities are told apart by their names.
        let name = folder.path().to_string_lossy().into_owned();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let issuer = CertifiedIssuer::self_signed(params, key).unwrap();
        let authority = Self { folder, issuer };
        authority.write("ca.pem", "CERTIFICATE", authority.issuer.der());
        authority
    }

    /// The PEM file of its own certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.path("ca.pem")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, label: &str, der: &[u8]) {
        let text = STANDARD.encode(der);
        let text = format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n");
        std::fs::write(self.path(name), text).unwrap();
    }

    /// A certificate for `name`, valid until `year`, and its key: `name.pem` and `name.key`.
    pub(crate) fn issue(&self, name: &str, year: i32) -> (PathBuf, PathBuf) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let files = [format!("{name}.pem"), format!("{name}.key")];
        self.write(&files[0], "CERTIFICATE", certificate.der());
        self.write(&files[1], "PRIVATE KEY", &key.serialize_der());
        (self.path(&files[0]), self.path(&files[1]))
    }

    pub(crate) fn identity(&self, name: &str) -> Identity {
        let (certificate, key) = self.issue(name, 3000);
        Identity::read(&certificate, &key).unwrap()
    }

    pub(crate) fn authorities(&self) -> Authorities {
        Authorities::read(&self.file()).unwrap()
    }

    /// A server for `localhost` that wants this of its clients.
    pub(crate) fn server(&self, clients: &ClientAuth) -> ServerTls {
        ServerTls::new(self.config(clients))
    }

    pub(crate) fn config(&self, clients: &ClientAuth) -> TlsConfig {
        TlsConfig::new(&self.identity("localhost"), clients, TlsVersion::Tls12).unwrap()
    }

    /// A client that trusts it, and shows `identity` if asked.
    pub(crate) fn client(&self, identity: Option<Identity>) -> ClientTls {
        trusting(&self.file(), identity)
    }
}

fn trusting(file: &Path, identity: Option<Identity>) -> ClientTls {
    let trust = ClientTrust {
        authorities: Some(file.to_owned()),
        identity,
        ..ClientTrust::default()
    };
    ClientTls::new(&trust).unwrap()
}

/// Opens a link over TLS to `host`, wherever that is.
pub(crate) async fn dial_tls(
    host: &str,
    address: SocketAddr,
    tls: &ClientTls,
) -> Result<Conversation, DialError> {
    let headers = http::HeaderMap::new();
    let request = ClientRequest::new(host, "/", &headers, &[], fresh_key()).unwrap();
    let target = Target::new(host, address.port())
        .over(Some(tls.clone()))
        .at(address);
    let limits = FrameLimits {
        frame_bytes: 64 << 20,
        message_bytes: 64 << 20,
        ..FrameLimits::default()
    };
    dial(&target, &request, limits, PATIENCE).await
}
