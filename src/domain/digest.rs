//! Pure: digests of values. They are stored and compared.

use chrono::{Datelike, NaiveDate};
use ring::digest::{Context, SHA256};

/// Bytes of a digest. With 16, two contents of the same hut never share a digest.
const DIGEST_BYTES: usize = 16;

/// A digest of a sequence of values. It is stored, so every version must compute the same one.
pub struct Digest(Context);

impl Default for Digest {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl Digest {
    /// Adds a text and its end, so that `ab, c` differs from `a, bc`.
    pub fn text(&mut self, text: &str) {
        self.0.update(text.as_bytes());
        // This byte never occurs in UTF-8.
        self.0.update(&[0xff]);
    }

    pub(crate) fn day(&mut self, date: NaiveDate) {
        self.0.update(&date.num_days_from_ce().to_le_bytes());
    }

    pub(crate) fn number(&mut self, number: i16) {
        self.0.update(&number.to_le_bytes());
    }

    /// The digest, in hexadecimal digits.
    #[must_use]
    pub fn finish(self) -> String {
        let bytes = self.0.finish();
        bytes.as_ref()[..DIGEST_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The digest of bytes, in hexadecimal digits: 128 bits, so that two texts never share one by chance.
#[must_use]
pub fn hex_digest(bytes: &[u8]) -> String {
    let mut digest = Digest::default();
    digest.0.update(bytes);
    digest.finish()
}
