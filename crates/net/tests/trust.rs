//! What files of TLS are taken: keys with a password, folders of authorities.

use std::path::{Path, PathBuf};

use sockeye_net::{Authorities, ClientTls, ClientTrust, Identity, TlsFlaw};

use crate::lab::Authority;

fn key(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/keys")
        .join(name)
}

/// What is wrong with a key, other than that it is of another certificate.
fn flaw(certificate: &Path, name: &str, password: Option<&str>) -> Option<TlsFlaw> {
    let error = Identity::read_with(certificate, &key(name), password).unwrap_err();
    (!matches!(error.flaw, TlsFlaw::OtherKey(_))).then_some(error.flaw)
}

#[test]
fn a_key_with_a_password_is_opened() {
    let authority = Authority::new();
    let (certificate, _) = authority.issue("localhost", 3000);
    let word = Some("secret word");
    for name in [
        "aes128.pem",
        "aes192.pem",
        "aes256.pem",
        "sha1.pem",
        "sha512.pem",
        "plain.pem",
    ] {
        assert_eq!(flaw(&certificate, name, word), None, "{name}");
    }
    for name in ["des3.pem", "scrypt.pem", "old.pem"] {
        assert_eq!(
            flaw(&certificate, name, word),
            Some(TlsFlaw::OtherCipher),
            "{name}"
        );
    }
    let wrong = Some(TlsFlaw::WrongPassword);
    assert_eq!(flaw(&certificate, "aes256.pem", Some("another")), wrong);
    assert_eq!(
        flaw(&certificate, "aes256.pem", None),
        Some(TlsFlaw::Encrypted)
    );
}

#[test]
fn a_folder_of_authorities_is_read_for_what_is_in_it() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let trust = || ClientTrust {
        authority_folder: Some(folder.path().to_owned()),
        ..ClientTrust::default()
    };
    std::fs::write(folder.path().join("README"), "no certificate").unwrap();
    let error = ClientTls::new(&trust()).unwrap_err();
    assert_eq!(error.flaw, TlsFlaw::EmptyFolder);
    std::fs::copy(authority.file(), folder.path().join("ca.crt")).unwrap();
    ClientTls::new(&trust()).unwrap();
    Authorities::gather(None, Some(folder.path())).unwrap();
    let missing = folder.path().join("none");
    let error = Authorities::gather(None, Some(&missing)).unwrap_err();
    assert!(matches!(error.flaw, TlsFlaw::Unreadable(_)), "{error}");
}
