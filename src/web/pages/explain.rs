//! Explains what is wrong with a request in the language of the visitor. Pure functions.

use axum::http::{StatusCode, Uri};

use super::format;
use super::params::Params;
use crate::text::language::Language;
use crate::text::texts::Texts;
use crate::web::problem::Problem;

/// What is wrong with a request. In English it is the detail of the problem. The other languages quote the value of
/// the parameter, and say what its field takes.
#[must_use]
pub fn explain(t: Texts, address: &str, problem: &Problem) -> String {
    if t.language == Language::English {
        return problem.detail.clone();
    }
    let Some(parameter) = problem.parameter.as_deref() else {
        return t.get(match problem.status {
            StatusCode::NOT_FOUND => "problem-not-found",
            StatusCode::SERVICE_UNAVAILABLE => "problem-unavailable",
            _ => "problem-other",
        });
    };
    let hint = t.get(hint(parameter));
    let params = address.parse::<Uri>().ok().and_then(|uri| Params::of(&uri).ok());
    match params.map(|params| params.list(parameter)).filter(|value| !value.is_empty()) {
        Some(value) => {
            let value = format::text(&value);
            t.with("problem-value", "value", value).and("hint", hint).to_string()
        }
        None => hint,
    }
}

/// The text that says what the field of a parameter takes.
fn hint(parameter: &str) -> &'static str {
    match parameter {
        "from" | "to" | "date" | "night" | "show" => "hint-date",
        "nights" | "places" | "min_free" | "day" => "hint-number",
        "hut" => "hint-hut",
        "near" | "km" => "hint-place",
        "elevation" => "hint-range",
        "stage" => "hint-stage",
        "after" | "before" => "hint-cursor",
        "days" | "occupancy" | "reservation" | "hut_type" | "sort" | "dir" | "weekday" | "ask" => {
            "hint-choice"
        }
        _ => "hint-other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(language: Language, address: &str, problem: &Problem) -> String {
        explain(Texts::new(language), address, problem)
    }

    #[test]
    fn a_problem_quotes_the_value_in_each_language() {
        let detail = "from: expected a date such as 2026-07-18, got \"bald\"";
        let problem = Problem::bad_parameter("from", detail);
        assert_eq!(explained(Language::English, "/stays?from=bald", &problem), detail);
        for language in Language::ALL {
            let text = explained(language, "/stays?from=bald", &problem);
            assert!(text.contains("bald") && text.contains("2026-07-18"), "{text}");
        }
        let in_path = explained(Language::German, "/huts/a/2026-02-31", &problem);
        assert!(in_path.starts_with("Erwartet wird ein Datum"), "{in_path}");
    }

    #[test]
    fn other_problems_are_explained_by_their_status() {
        let texts = [404, 500, 503].map(|status| {
            let status = StatusCode::from_u16(status).unwrap();
            explained(Language::Slovene, "/", &Problem::new(status, "detail"))
        });
        assert_eq!(texts[0], "Te strani ni.");
        assert!(texts[1] != texts[2] && texts.iter().all(|text| text != "detail"));
    }
}
