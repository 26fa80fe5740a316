//! Texts in the language of their reader, from the files in `languages/`, which have the format of [Fluent].
//!
//! [Fluent]: https://projectfluent.org

use std::sync::LazyLock;

pub use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use intl_memoizer::Memoizable;
use intl_memoizer::concurrent::IntlLangMemoizer;
use unic_langid::LanguageIdentifier;

use super::language::Language;
use super::numbers;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; Language::ALL.len()]> =
    LazyLock::new(|| Language::ALL.map(bundle));

/// A text in a language. A text that the language lacks is taken from English.
///
/// The arguments become part of the text as they are: clean those that come from other sources.
#[must_use]
pub fn translate(language: Language, id: &str, args: &[(&str, FluentValue)]) -> String {
    let args: FluentArgs = args.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut languages = [language, Language::default()].into_iter();
    let text = languages.find_map(|language| format(&BUNDLES[language as usize], id, &args));
    debug_assert!(text.is_some(), "no text {id} in {language}");
    text.unwrap_or_else(|| id.to_owned())
}

fn format(bundle: &Bundle, id: &str, args: &FluentArgs) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
    debug_assert!(errors.is_empty(), "{id}: {errors:?}");
    Some(text)
}

/// The tests parse all files, so that a file with an error cannot be released.
fn bundle(language: Language) -> Bundle {
    let id: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // The marks around arguments are for texts that mix directions of writing, and show as boxes in some clients.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(format_number));
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(language.texts().to_owned());
    let added = bundle.add_resource(resource);
    debug_assert!(added.is_ok(), "{language}.ftl: {added:?}");
    bundle
}

/// The language of a bundle, as a formatter of its numbers gets it.
struct NumberLanguage(Language);

impl Memoizable for NumberLanguage {
    type Args = ();
    type Error = String;

    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, String> {
        language.language.as_str().parse().map(Self)
    }
}

fn format_number(value: &FluentValue, memoizer: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let format = |language: &NumberLanguage| numbers::number(language.0, number.value);
    memoizer.with_try_get((), format).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Arguments that only some languages need: Italian elides articles before 8 and 11.
    const OPTIONAL: [&str; 3] = ["day", "from-day", "to-day"];

    #[test]
    fn each_file_is_valid() {
        for language in Language::ALL {
            let parsed = FluentResource::try_new(language.texts().to_owned());
            assert!(parsed.is_ok(), "{language}.ftl: {:?}", parsed.err().map(|(_, errors)| errors));
        }
    }

    #[test]
    fn each_language_has_each_text_with_the_same_arguments() {
        let english = arguments(Language::English);
        for language in Language::ALL {
            let texts = arguments(language);
            assert!(texts.keys().eq(english.keys()), "{language}: {:?}", texts.keys());
            for (id, arguments) in texts {
                let expected: BTreeSet<&str> = english[id].clone();
                let missing: Vec<_> = expected.difference(&arguments).collect();
                let more = arguments.difference(&expected);
                let more: Vec<_> = more.filter(|name| !OPTIONAL.contains(name)).collect();
                assert!(
                    missing.is_empty() && more.is_empty(),
                    "{language}, {id}: {missing:?} {more:?}"
                );
            }
        }
    }

    #[test]
    fn plural_forms_are_those_of_the_language() {
        let more = |language, count: u32| {
            translate(language, "more", &[("count", count.into()), ("what", "stay".into())])
        };
        let texts =
            Language::ALL.map(|language| [1, 2, 1_000_000].map(|count| more(language, count)));
        assert_eq!(
            texts,
            [
                ["… and 1 more.", "… and 2 more.", "… and 1,000,000 more."],
                ["… und 1 weiterer.", "… und 2 weitere.", "… und 1.000.000 weitere."],
                ["… et 1 autre.", "… et 2 autres.", "… et 1\u{202f}000\u{202f}000 autres."],
                ["… e 1 altro.", "… e altri 2.", "… e altri 1.000.000."],
                ["… in še 1.", "… in še 2.", "… in še 1.000.000."],
            ]
        );
    }

    /// The texts of a file, each with its arguments.
    fn arguments(language: Language) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
        let mut texts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut id = "";
        for line in language.texts().lines().filter(|line| !line.starts_with('#')) {
            if let Some((start, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                assert!(
                    texts.insert(start, BTreeSet::new()).is_none(),
                    "{language}: twice {start}"
                );
                id = start;
            }
            let names = line.split('$').skip(1);
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let names = names.filter_map(|rest| rest.split(|c| !is_part(c)).next());
            texts.entry(id).or_default().extend(names);
        }
        texts.retain(|id, _| !id.is_empty());
        texts
    }
}
