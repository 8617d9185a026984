//! Keys that want a password: PKCS#8 encrypted with PBES2 (RFC 5958 section 3, RFC 8018 section 6.2), as OpenSSL writes them.

use std::num::NonZeroU32;

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm as Cipher, DecryptionContext, PaddedBlockDecryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2::{
    Algorithm, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA384, PBKDF2_HMAC_SHA512, derive,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::pem::TlsFlaw;

const START: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";

/// The most rounds that a password is stirred: a second or two. A file that wants more is refused.
const MOST_ROUNDS: u64 = 10_000_000;

// Object identifiers, as DER has them: RFC 8018 appendix A and B, and NIST's for AES.
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
const HMAC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2];
const AES: &[u8] = &[0x60, 0x86, 0x48, 1, 101, 3, 4, 1];

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// The longest key of AES, in bytes.
const MOST_KEY_BYTES: usize = 32;

/// Opens the encrypted key in a text of PEM.
pub(super) fn open(text: &[u8], password: &str) -> Result<PrivateKeyDer<'static>, TlsFlaw> {
    let text = String::from_utf8_lossy(text);
    let inside = text
        .split_once(START)
        .and_then(|(_, rest)| Some(rest.split_once(END)?.0));
    // The older way has a header that names its cipher, and stirs with MD5.
    let letters: String = inside
        .ok_or(TlsFlaw::OtherCipher)?
        .split_ascii_whitespace()
        .collect();
    let der = STANDARD
        .decode(letters)
        .map_err(|_| TlsFlaw::Broken("a section is not base64".to_owned()))?;
    let locked = Locked::read(&der).ok_or(TlsFlaw::OtherCipher)?;
    let key = locked.open(password).ok_or(TlsFlaw::WrongPassword)?;
    Ok(PrivatePkcs8KeyDer::from(key).into())
}

/// A key and how it was encrypted.
struct Locked<'d> {
    stir: Algorithm,
    salt: &'d [u8],
    rounds: NonZeroU32,
    cipher: &'static Cipher,
    key_bytes: usize,
    start: [u8; 16],
    bytes: &'d [u8],
}

impl<'d> Locked<'d> {
    /// None: it is of another kind, or no DER.
    fn read(der: &'d [u8]) -> Option<Self> {
        let mut outer = Der(Der(der).take(SEQUENCE)?);
        let mut scheme = Der(outer.take(SEQUENCE)?);
        let bytes = outer.take(OCTETS)?;
        if scheme.take(OBJECT)? != PBES2 {
            return None;
        }
        let mut both = Der(scheme.take(SEQUENCE)?);
        let mut derivation = Der(both.take(SEQUENCE)?);
        if derivation.take(OBJECT)? != PBKDF2 {
            return None;
        }
        let mut stirring = Der(derivation.take(SEQUENCE)?);
        let salt = stirring.take(OCTETS)?;
        let rounds = number(stirring.take(INTEGER)?).filter(|rounds| *rounds <= MOST_ROUNDS)?;
        // The length of the key may be said; the cipher says it, too.
        let _ = stirring.take(INTEGER);
        let stir = match stirring.take(SEQUENCE) {
            None => PBKDF2_HMAC_SHA1,
            Some(function) => hash(Der(function).take(OBJECT)?)?,
        };
        let mut encryption = Der(both.take(SEQUENCE)?);
        let (cipher, key_bytes) = cipher(encryption.take(OBJECT)?)?;
        Some(Self {
            stir,
            salt,
            rounds: NonZeroU32::new(u32::try_from(rounds).ok()?)?,
            cipher,
            key_bytes,
            start: encryption.take(OCTETS)?.try_into().ok()?,
            bytes,
        })
    }

    /// The key as PKCS#8; none if the password is another one.
    fn open(&self, password: &str) -> Option<Vec<u8>> {
        let mut key = [0; MOST_KEY_BYTES];
        let key = key.get_mut(..self.key_bytes)?;
        derive(self.stir, self.rounds, self.salt, password.as_bytes(), key);
        let key = UnboundCipherKey::new(self.cipher, key).ok()?;
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
        let mut bytes = self.bytes.to_vec();
        let context = DecryptionContext::Iv128(FixedLength::from(self.start));
        let plain = key.decrypt(&mut bytes, context).ok()?;
        // A wrong password may leave a padding that looks right, but no sequence that fills its place.
        let is_key = Der(plain)
            .take(SEQUENCE)
            .is_some_and(|inside| inside.len() + 8 > plain.len());
        is_key.then(|| plain.to_vec())
    }
}

fn hash(object: &[u8]) -> Option<Algorithm> {
    Some(match object.strip_prefix(HMAC)? {
        [7] => PBKDF2_HMAC_SHA1,
        [9] => PBKDF2_HMAC_SHA256,
        [10] => PBKDF2_HMAC_SHA384,
        [11] => PBKDF2_HMAC_SHA512,
        _ => return None,
    })
}

/// AES in the mode CBC, and the bytes of its key.
fn cipher(object: &[u8]) -> Option<(&'static Cipher, usize)> {
    Some(match object.strip_prefix(AES)? {
        [2] => (&AES_128, 16),
        [22] => (&AES_192, 24),
        [42] => (&AES_256, 32),
        _ => return None,
    })
}

/// The rest of a text of DER: a tag, a length, and so many bytes, one after the other (X.690).
struct Der<'d>(&'d [u8]);

impl<'d> Der<'d> {
    /// The bytes of the next value, if it has this tag.
    fn take(&mut self, tag: u8) -> Option<&'d [u8]> {
        let (&first, rest) = self.0.split_first()?;
        let (&short, rest) = rest.split_first()?;
        if first != tag {
            return None;
        }
        let (length, rest) = if short < 0x80 {
            (usize::from(short), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(short - 0x80))?;
            (usize::try_from(number(digits)?).ok()?, rest)
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(value)
    }
}

/// A number of at most seven bytes, the first being the most significant.
fn number(bytes: &[u8]) -> Option<u64> {
    (bytes.len() < 8).then(|| {
        bytes
            .iter()
            .fold(0, |number, &byte| number << 8 | u64::from(byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_cut_anywhere_are_refused_and_nothing_else() {
        let text = include_str!("../../tests/keys/aes256.pem");
        assert!(open(text.as_bytes(), "secret word").is_ok());
        assert_eq!(
            open(text.as_bytes(), "another").unwrap_err(),
            TlsFlaw::WrongPassword
        );
        let inside = text.split_once(START).unwrap().1.split_once(END).unwrap().0;
        let der = STANDARD
            .decode(inside.split_ascii_whitespace().collect::<String>())
            .unwrap();
        for length in 0..der.len() {
            assert!(Locked::read(&der[..length]).is_none(), "{length}");
        }
    }
}
