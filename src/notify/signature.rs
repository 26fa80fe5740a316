//! Signatures of webhooks, by the [Standard Webhooks] specification. Pure.
//!
//! [Standard Webhooks]: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

const PREFIX: &str = "whsec_";

/// The lengths of a key in bytes, by the specification.
const KEY_LEN: std::ops::RangeInclusive<usize> = 24..=64;

/// A symmetric key, which the receiver has too.
#[derive(Clone)]
pub struct SigningKey(hmac::Key);

impl FromStr for SigningKey {
    type Err = String;

    /// Parses `whsec_` and a key in Base64. The errors do not quote it.
    fn from_str(text: &str) -> Result<Self, String> {
        let example = "make one with: echo whsec_$(openssl rand -base64 32)";
        let Some(key) = text.trim().strip_prefix(PREFIX) else {
            return Err(format!("must begin with {PREFIX}; {example}"));
        };
        let key = STANDARD
            .decode(key)
            .map_err(|_| format!("must be Base64 after {PREFIX}; {example}"))?;
        if !KEY_LEN.contains(&key.len()) {
            let (min, max, len) = (KEY_LEN.start(), KEY_LEN.end(), key.len());
            return Err(format!(
                "has a key of {len} bytes, must be {min} to {max} bytes; {example}"
            ));
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// The header `webhook-signature`: one signature for each key, so that a receiver may have either while a key is
/// replaced. `timestamp` is the header `webhook-timestamp`, in seconds since 1970.
#[must_use]
pub fn sign(keys: &[SigningKey], id: &str, timestamp: i64, body: &[u8]) -> String {
    let content = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    let signature =
        |SigningKey(key): &SigningKey| format!("v1,{}", STANDARD.encode(hmac::sign(key, &content)));
    keys.iter().map(signature).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn the_signature_is_that_of_the_specifications_example() {
        let keys = [SECRET.parse().unwrap()];
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signed = sign(&keys, id, 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_key_signs() {
        let other = format!("{PREFIX}{}", STANDARD.encode([7; 32]));
        let keys: Vec<SigningKey> = [SECRET, &other].map(|key| key.parse().unwrap()).into();
        let [one, other] = [&keys[..1], &keys[1..]].map(|keys| sign(keys, "a", 1, b"{}"));
        assert_eq!(sign(&keys, "a", 1, b"{}"), format!("{one} {other}"));
    }

    #[test]
    fn invalid_keys_are_refused_without_being_quoted() {
        let error = |text: &str| text.parse::<SigningKey>().unwrap_err();
        assert!(error("hunter2").starts_with("must begin with whsec_; make one with"));
        assert!(error("whsec_hunter2!").starts_with("must be Base64 after whsec_"));
        assert!(error("whsec_aHVudGVyMg==").contains("a key of 7 bytes, must be 24 to 64 bytes"));
        for text in ["hunter2", "whsec_hunter2!", "whsec_aHVudGVyMg=="] {
            assert!(!error(text).contains("hunter2") && !error(text).contains("aHVu"));
        }
        assert_eq!(format!("{:?}", SECRET.parse::<SigningKey>().unwrap()), "[hidden]");
    }
}
