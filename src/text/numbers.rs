//! Numbers in the language of their reader, by the rules of [CLDR]: `1,234.5`, `1.234,5`. Pure.
//!
//! [CLDR]: https://cldr.unicode.org

use std::sync::LazyLock;

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;

use super::language::Language;

static FORMATTERS: LazyLock<[Option<DecimalFormatter>; Language::ALL.len()]> =
    LazyLock::new(|| Language::ALL.map(formatter));

fn formatter(language: Language) -> Option<DecimalFormatter> {
    let locale: Locale = language.code().parse().ok()?;
    DecimalFormatter::try_new(locale.into(), Default::default()).ok()
}

/// A number, rounded to some digits after the decimal point.
#[must_use]
pub fn decimal(language: Language, value: f64, digits: usize) -> String {
    let plain = format!("{value:.digits$}");
    // An infinite number has no digits.
    match (&FORMATTERS[language as usize], plain.parse::<Decimal>()) {
        (Some(formatter), Ok(decimal)) => formatter.format(&decimal).to_string(),
        _ => plain,
    }
}

/// A number with the digits that it has.
#[must_use]
pub fn number(language: Language, value: f64) -> String {
    let digits = value.to_string().split_once('.').map_or(0, |(_, digits)| digits.len());
    decimal(language, value, digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        let numbers = |value, digits| Language::ALL.map(|it| decimal(it, value, digits));
        assert_eq!(numbers(12.34, 1), ["12.3", "12,3", "12,3", "12,3", "12,3"]);
        assert_eq!(
            numbers(1_234_567.0, 0),
            ["1,234,567", "1.234.567", "1\u{202f}234\u{202f}567", "1.234.567", "1.234.567"]
        );
        assert_eq!(numbers(f64::INFINITY, 0), ["inf"; 5]);
        assert_eq!(number(Language::German, 0.5), "0,5");
        assert_eq!(number(Language::German, -2.0), "-2");
    }
}
