//! Finds the hut that a person means: by its slug, or by a part of its slug or name. Pure.

use crate::query::hut_filter::HutFilter;
use crate::text::slug::{find_typed, slug_of};
use crate::text::suggest::suggest;
use crate::text::visible::visible;

/// The most huts that an error lists.
const MAX_LISTED: usize = 10;

/// A hut by its slug and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedHut {
    pub slug: String,
    pub name: String,
}

/// Why a text names no hut, or not only one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOneHut {
    #[error(
        "there is no hut with the slug {0:?}, because there are no huts yet: `hut-availability huts discover` finds \
         the huts of the booking sites"
    )]
    NoHuts(String),
    #[error("there is no hut with the slug {typed:?}: {}`hut-availability huts list` lists all huts", did_you_mean(.similar))]
    None { typed: String, similar: Vec<String> },
    #[error("{typed:?} is a part of the name of {count} huts; give the slug of one of them:{}", listed(.huts, *.count))]
    Several { typed: String, count: usize, huts: Vec<NamedHut> },
}

fn did_you_mean(similar: &[String]) -> String {
    match similar {
        [] => String::new(),
        similar => format!("did you mean {}? ", similar.join(", ")),
    }
}

fn listed(huts: &[NamedHut], count: usize) -> String {
    let line = |hut: &NamedHut| format!("\n  {} ({})", visible(&hut.slug), visible(&hut.name));
    let lines: String = huts.iter().map(line).collect();
    match count - huts.len() {
        0 => lines,
        more => format!("{lines}\n  and {more} more"),
    }
}

/// The hut with this slug, or else the only hut with this name, or else the only one whose slug or name contains the
/// text. Accents and case do not matter.
///
/// # Errors
/// There is no such hut, or there are several.
pub fn find_by_name<'a>(huts: &'a [NamedHut], typed: &str) -> Result<&'a NamedHut, NotOneHut> {
    let typed = typed.trim();
    if let Some(hut) = find_typed(huts, |hut| &hut.slug, typed) {
        return Ok(hut);
    }
    let spellings = |text: &str| [slug_of(text), slug::slugify(text)];
    let wanted = spellings(typed);
    let is_named = |hut: &&NamedHut| {
        spellings(&hut.name).iter().any(|name| !name.is_empty() && wanted.contains(name))
    };
    let named: Vec<_> = huts.iter().filter(is_named).collect();
    let found = if named.is_empty() { with_part(huts, typed) } else { named };
    match found[..] {
        [hut] => Ok(hut),
        [] => Err(no_such_hut(huts, typed)),
        _ => {
            let mut listed: Vec<NamedHut> = found.iter().copied().cloned().collect();
            listed.sort_by(|a, b| a.slug.cmp(&b.slug));
            listed.truncate(MAX_LISTED);
            Err(NotOneHut::Several { typed: typed.to_owned(), count: found.len(), huts: listed })
        }
    }
}

/// The huts whose slug or name contains the text.
fn with_part<'a>(huts: &'a [NamedHut], text: &str) -> Vec<&'a NamedHut> {
    let filter = HutFilter::new(Some(text), None);
    huts.iter().filter(|hut| filter.matches(&hut.slug, &hut.name, None)).collect()
}

/// The error for a slug that no hut has. It suggests the hut of that name, or those with similar slugs.
#[must_use]
pub fn no_such_hut(huts: &[NamedHut], typed: &str) -> NotOneHut {
    if huts.is_empty() {
        return NotOneHut::NoHuts(typed.to_owned());
    }
    let similar = match with_part(huts, typed)[..] {
        [hut] => vec![hut.slug.as_str()],
        _ => suggest(typed, huts.iter().map(|hut| hut.slug.as_str())),
    };
    let similar = similar.into_iter().map(str::to_owned).collect();
    NotOneHut::None { typed: typed.to_owned(), similar }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn huts() -> Vec<NamedHut> {
        [
            ("konkordiahuette", "Konkordiahütte SAC"),
            ("bluemlisalp", "Blüemlisalphütte"),
            ("watzmannhaus", "Watzmannhaus"),
            ("watzmannhaus-winterraum", "Watzmannhaus Winterraum"),
            ("sac-1", "Hörnlihütte"),
        ]
        .map(|(slug, name)| NamedHut { slug: slug.into(), name: name.into() })
        .into()
    }

    fn found(typed: &str) -> Result<String, String> {
        let found = find_by_name(&huts(), typed).map(|hut| hut.slug.clone());
        found.map_err(|error| error.to_string())
    }

    #[test]
    fn a_hut_is_found_by_a_part_of_its_name_or_slug() {
        for typed in ["konkordia", "KONKORDIAHÜTTE", "Konkordiahutte", "kordia", "konkordiahuette"]
        {
            assert_eq!(found(typed).as_deref(), Ok("konkordiahuette"), "{typed}");
        }
        for typed in ["hörnli", "Hornlihutte", "hoernli", "SAC-1"] {
            assert_eq!(found(typed).as_deref(), Ok("sac-1"), "{typed}");
        }
        assert_eq!(found("watzmannhaus").as_deref(), Ok("watzmannhaus"), "the slug comes first");
        assert_eq!(found(" Watzmannhaus Winterraum ").as_deref(), Ok("watzmannhaus-winterraum"));
    }

    #[test]
    fn several_huts_are_listed_with_their_slugs() {
        insta::assert_snapshot!(found("watzmann").unwrap_err(), @r#"
        "watzmann" is a part of the name of 2 huts; give the slug of one of them:
          watzmannhaus (Watzmannhaus)
          watzmannhaus-winterraum (Watzmannhaus Winterraum)
        "#);
        let many: Vec<NamedHut> = (1..=12)
            .map(|number| NamedHut { slug: format!("hut-{number}"), name: "Hut".into() })
            .collect();
        let error = find_by_name(&many, "hut").unwrap_err().to_string();
        assert!(error.starts_with("\"hut\" is a part of the name of 12 huts"), "{error}");
        assert!(error.ends_with("\n  and 2 more"), "{error}");
    }

    #[test]
    fn a_text_that_names_no_hut_has_suggestions() {
        let error = found("watzmanhaus").unwrap_err();
        assert_eq!(
            error,
            "there is no hut with the slug \"watzmanhaus\": did you mean watzmannhaus, watzmannhaus-winterraum? \
             `hut-availability huts list` lists all huts"
        );
        for typed in ["", "?", "nobody"] {
            assert!(found(typed).unwrap_err().contains("lists all huts"), "{typed}");
        }
        let error = no_such_hut(&huts(), "hörnli").to_string();
        assert!(error.contains("did you mean sac-1?"), "{error}");
        assert!(find_by_name(&[], "x").unwrap_err().to_string().contains("no huts yet"));
    }
}
