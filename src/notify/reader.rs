//! Who reads the messages of a channel.

use chrono_tz::Tz;

use crate::text::language::Language;

/// The language of the messages of a channel, and the time zone of their times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    pub language: Language,
    pub timezone: Tz,
}

impl Default for Reader {
    fn default() -> Self {
        Self { language: Language::default(), timezone: Tz::Europe__Zurich }
    }
}
