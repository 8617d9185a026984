//! An authority for tests: its own certificate, and those that it issues, as PEM.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Authorities are told apart by their names.
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("randomness");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    /// Its certificate.
    pub(crate) fn pem(&self) -> String {
        pem("CERTIFICATE", self.0.der())
    }

    /// A certificate for `name` and a key that is there, as PEM of PKCS#8.
    pub(crate) fn issue_for(&self, name: &str, key: &str) -> String {
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let letters: String = key.lines().filter(|line| !line.starts_with("--")).collect();
        let der = STANDARD.decode(letters).expect("base64");
        let key = KeyPair::try_from(der).expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        pem("CERTIFICATE", certificate.der())
    }

    /// A certificate for `name`, and its key.
    pub(crate) fn issue(&self, name: &str) -> (String, String) {
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let key = KeyPair::generate().expect("randomness");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        let key = pem("PRIVATE KEY", &key.serialize_der());
        (pem("CERTIFICATE", certificate.der()), key)
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}
