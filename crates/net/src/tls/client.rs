//! The client's end of TLS: whom it trusts, what it shows, and a handshake with a server.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, UnbufferedClientConnection, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tokio::net::TcpStream;

use super::channel::Channel;
use super::pem::TlsError;
use super::server::TlsVersions;
use super::session::Session;
use super::{ALPN, Identity, authorities, provider};

/// Whom a client trusts and what it shows.
#[derive(Clone, Debug, Default)]
pub struct ClientTrust {
    /// A PEM file with authorities that are trusted beside those of the system.
    pub authorities: Option<PathBuf>,
    /// A folder of such files.
    pub authority_folder: Option<PathBuf>,
    /// Which versions are spoken.
    pub versions: TlsVersions,
    /// Whether any certificate will do, of whomever and for whatever name.
    pub insecure: bool,
    /// What the server gets to see if it asks.
    pub identity: Option<Identity>,
}

/// How a client speaks TLS. Made once, cheap to clone.
#[derive(Clone, Debug)]
pub struct ClientTls(Arc<ClientConfig>);

impl ClientTls {
    /// Reads the authorities of the system, which takes milliseconds, and what `trust` names.
    ///
    /// What the system has and cannot be read is left out. Errors name the file of `trust`.
    pub fn new(trust: &ClientTrust) -> Result<Self, TlsError> {
        Self::build(trust, false)
    }

    /// As [`Self::new`], and the certificate may be for any name: whoever has one of a trusted authority is
    /// believed to be the server.
    pub fn for_any_name(trust: &ClientTrust) -> Result<Self, TlsError> {
        Self::build(trust, true)
    }

    fn build(trust: &ClientTrust, is_for_any_name: bool) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        if !trust.insecure {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        authorities::add(
            &mut roots,
            trust.authorities.as_deref(),
            trust.authority_folder.as_deref(),
        )?;
        let provider = provider();
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder
            .with_protocol_versions(trust.versions.supported())
            .expect("the provider speaks both versions");
        let builder = if trust.insecure {
            let verifier = Arc::new(AnyServer(provider));
            builder
                .dangerous()
                .with_custom_certificate_verifier(verifier)
        } else if is_for_any_name && !roots.is_empty() {
            let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .expect("there are authorities, and no lists of revoked certificates");
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyName(inner)))
        } else {
            builder.with_root_certificates(roots)
        };
        let mut config = match &trust.identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let certified = SingleCertAndKey::from(Arc::clone(&identity.0));
                builder.with_client_cert_resolver(Arc::new(certified))
            }
        };
        config.alpn_protocols = vec![ALPN.to_vec()];
        // Connections are few and long: nothing is kept for the next one.
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }
}

/// Shakes hands with the server at the other end of `socket`, which must be `host`.
pub(crate) async fn start_client(
    tls: &ClientTls,
    host: &str,
    socket: &TcpStream,
) -> io::Result<Channel> {
    let name = ServerName::try_from(host.to_owned());
    let name = name.map_err(|_| io::Error::other("no certificate can be for this name"))?;
    let session = UnbufferedClientConnection::new(Arc::clone(&tls.0), name);
    let session = session.map_err(io::Error::other)?;
    let mut channel = Channel::new(Session::Client(session));
    channel.handshake(socket).await?;
    Ok(channel)
}

/// Why TLS with a server failed, in words for its user.
pub(crate) fn in_words(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    let Some(error) = inner else {
        return error.to_string();
    };
    match error {
        Error::InvalidCertificate(reason) => match reason {
            CertificateError::UnknownIssuer => {
                "its certificate is of nobody who is trusted here".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name".to_owned()
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired".to_owned()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet".to_owned()
            }
            other => format!("its certificate cannot be trusted: {other}"),
        },
        Error::InvalidMessage(_) => "what it says is not TLS".to_owned(),
        Error::AlertReceived(alert) => format!("it refused with the alert {alert:?}"),
        other => other.to_string(),
    }
}

/// Trusts any server. The handshake still proves that the server holds the key it shows.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Any server with a certificate of a trusted authority is right, whatever its name.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.0
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // The name is looked at last: everything else is right.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
