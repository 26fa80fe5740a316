//! Pure: digests of values, which are stored and compared.

use chrono::{Datelike, NaiveDate};
use ring::digest::{Context, SHA256};

/// Bytes of a digest: two contents of the same hut never share one.
const DIGEST_BYTES: usize = 16;

/// A digest of values, one after another, which is the same for the same values for ever: it is stored.
pub struct Digest(Context);

impl Default for Digest {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl Digest {
    /// Takes in a text, of which the end is part, too.
    pub fn text(&mut self, text: &str) {
        self.0.update(text.as_bytes());
        // In no UTF-8.
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
