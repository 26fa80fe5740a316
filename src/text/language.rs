//! The languages in which the program speaks to readers. Pure.

use std::fmt;
use std::str::FromStr;

use chrono::Locale;

/// A language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    German,
    French,
    Italian,
    Slovene,
}

impl Language {
    pub const ALL: [Self; 5] =
        [Self::English, Self::German, Self::French, Self::Italian, Self::Slovene];

    /// The code of ISO 639-1, such as `de`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Italian => "it",
            Self::Slovene => "sl",
        }
    }

    /// Its name in itself, such as `Deutsch`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Italian => "Italiano",
            Self::Slovene => "Slovenščina",
        }
    }

    /// Its names of weekdays and months.
    #[must_use]
    pub fn locale(self) -> Locale {
        match self {
            Self::English => Locale::en_GB,
            Self::German => Locale::de_DE,
            Self::French => Locale::fr_FR,
            Self::Italian => Locale::it_IT,
            Self::Slovene => Locale::sl_SI,
        }
    }

    /// Its texts, in the format of Fluent.
    pub(super) fn texts(self) -> &'static str {
        match self {
            Self::English => include_str!("languages/en.ftl"),
            Self::German => include_str!("languages/de.ftl"),
            Self::French => include_str!("languages/fr.ftl"),
            Self::Italian => include_str!("languages/it.ftl"),
            Self::Slovene => include_str!("languages/sl.ftl"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|language| language.code() == code).ok_or_else(|| {
            let codes = Self::ALL.map(Self::code).join(", ");
            format!("expected one of {codes}, got {code:?}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_named_by_its_code() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
        }
        let error = "Deutsch".parse::<Language>().unwrap_err();
        assert_eq!(error, "expected one of en, de, fr, it, sl, got \"Deutsch\"");
    }
}
