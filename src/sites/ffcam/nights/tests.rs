use super::*;
use crate::domain::failure::ErrorKind;
use crate::domain::hut::HutTypes;
use crate::domain::state::{ReservationStatus, State};

const STRUCTURE: &str = "BK_STRUCTURE:29";

fn dates() -> RangeInclusive<NaiveDate> {
    "2026-07-01".parse().unwrap()..="2027-06-30".parse().unwrap()
}

/// A page for the structure with these lines.
fn page(lines: &str) -> String {
    format!("<html>\n<script>\nBK.structure = \"{STRUCTURE}\";\n{lines}\n</script>\n</html>")
}

fn read_lines(lines: &str) -> Result<Nights, SourceError> {
    parse(page(lines).as_bytes(), STRUCTURE, &dates())
}

fn error(lines: &str) -> String {
    read_lines(lines).unwrap_err().to_string()
}

/// The states of the nights of a hut with 40 places, as text: `2026-07-01 3/40 possible`.
fn states(lines: &str) -> Vec<String> {
    let types = HutTypes { capacity_open: Some(40), ..HutTypes::default() };
    let state = |day: &SiteDay| {
        let State { free, total, reservation_status, .. } =
            day.state(&types, &mut Adjustments::default());
        let number = |places: Option<i16>| places.map_or("-".into(), |places| places.to_string());
        let status = match reservation_status {
            ReservationStatus::Possible => "possible",
            ReservationStatus::NotPossible => "not possible",
            _ => "unknown",
        };
        format!("{} {}/{} {status}", day.date, number(free), number(total))
    };
    read_lines(lines).unwrap().days.iter().map(state).collect()
}

#[test]
fn a_night_has_the_free_places_of_the_page_and_its_stock_or_the_hut_s_capacity() {
    let free = r#"BK.globalAvailability = {"2026-06-30":9,"2026-07-01":3,"2026-07-02":0,"2026-07-03":-4,"2026-07-04":null};"#;
    let without_totals = [
        "2026-07-01 3/40 possible",
        "2026-07-02 0/40 not possible",
        "2026-07-03 0/40 not possible",
        "2026-07-04 -/40 unknown",
    ];
    assert_eq!(states(free), without_totals);
    for unpublished in
        ["[]", "{}", "null", "false", "7", "[1]", r#"{"2026-07-01":null,"2026-07-02":""}"#]
    {
        assert_eq!(
            states(&format!("{free}\nBK.globalStock = {unpublished};")),
            without_totals,
            "{unpublished}"
        );
    }
    let stock = r#"BK.globalStock = {"2026-07-01":"66","2026-07-02":66.0};"#;
    assert_eq!(
        states(&format!("{free}\n{stock}"))[..2],
        ["2026-07-01 3/66 possible", "2026-07-02 0/66 not possible"]
    );
}

#[test]
fn another_word_than_open_closes_a_night_and_is_counted() {
    let free = r#"BK.globalAvailability = {"2026-07-01":3,"2026-07-02":3,"2026-07-03":3,"2026-07-04":3,"2026-07-05":3};"#;
    let calendar = r#"BK.openingCalendar = {"2026-07-01":"OPEN","2026-07-02":"WORKS","2026-07-03":null,"2026-07-04":1};"#;
    assert_eq!(
        states(&format!("{free}\n{calendar}")),
        [
            "2026-07-01 3/40 possible",
            "2026-07-02 0/0 not possible",
            "2026-07-03 3/40 possible",
            "2026-07-04 3/40 possible"
        ],
        "the last night is not in the calendar, so it is not listed"
    );
    let unknown = read_lines(&format!("{free}\n{calendar}")).unwrap().unknown_values;
    let unknown: Vec<_> =
        unknown.iter().map(|unknown| format!("{} {}", unknown.field, unknown.value)).collect();
    assert_eq!(unknown, ["openingCalendar 1", "openingCalendar WORKS"]);
    assert_eq!(states(&format!("{free}\nBK.openingCalendar = [];")), [""; 0], "an empty calendar");
    for none in ["null", "0", "\"\""] {
        assert_eq!(states(&format!("{free}\nBK.openingCalendar = {none};")).len(), 5, "{none}");
    }
}

#[test]
fn a_structure_that_shows_no_numbers_has_nights_that_are_possible_or_not() {
    let free = r#"BK.globalAvailability = {"2026-07-01":3,"2026-07-02":0,"2026-07-03":null};"#;
    let list = |shown: &str| {
        format!(r#"BK.structuresList = {{"{STRUCTURE}":{{"showAvailable":{shown}}}}};"#)
    };
    let hidden =
        ["2026-07-01 -/40 possible", "2026-07-02 0/40 not possible", "2026-07-03 -/40 unknown"];
    for shown in ["\"2\"", "0", "false", "[]"] {
        assert_eq!(states(&format!("{free}\n{}", list(shown))), hidden, "{shown}");
    }
    assert_eq!(states(&format!("{free}\nBK.showAvailable = false;")), hidden);
    for shown in ["\"1\"", "1", "true", "null"] {
        assert_eq!(
            states(&format!("{free}\n{}", list(shown)))[0],
            "2026-07-01 3/40 possible",
            "{shown}"
        );
    }
    assert_eq!(states(&format!("{free}\nBK.showAvailable = true;"))[0], "2026-07-01 3/40 possible");
}

#[test]
fn nights_outside_what_is_sold_are_not_listed_and_not_asked_for() {
    let free = r#"BK.globalAvailability = {"2026-07-01":3,"2026-07-02":3,"2026-07-03":3};"#;
    let list = |min: &str, max: &str| {
        let list = format!(
            r#"{{"{STRUCTURE}":{{"minDate":"{min}","maxDate":"{max}"}},"BK_STRUCTURE:1":7}}"#
        );
        read_lines(&format!("{free}\nBK.structuresList = {list};")).unwrap()
    };
    let read = list("2026-07-02", "2026-07-02");
    assert_eq!(
        read.days.iter().map(|day| day.date.to_string()).collect::<Vec<_>>(),
        ["2026-07-02"]
    );
    assert_eq!(read.next, None);
    assert_eq!(list("2026-07-02", "2026-09-02").next, "2026-08-01".parse().ok());
    assert_eq!(list("2027-05-20", "").next, "2027-05-20".parse().ok());
    assert_eq!(list("x", "2025-07-02").adjustments.count, 1);
    for absurd in ["7", "[1]", "{\"BK_STRUCTURE:29\":[]}", "[]"] {
        let read = read_lines(&format!("{free}\nBK.structuresList = {absurd};")).unwrap();
        assert_eq!((read.days.len(), read.next), (3, "2026-08-01".parse().ok()), "{absurd}");
    }
}

#[test]
fn a_page_for_another_structure_or_for_none_is_malformed() {
    let free = "BK.globalAvailability = {\"2026-07-01\":3};";
    for (answered, message) in [
        (
            "BK.structure = \"BK_STRUCTURE:30\";",
            "at BK.structure: \"BK_STRUCTURE:30\" in place of the requested structure \"BK_STRUCTURE:29\"; ",
        ),
        ("BK.structure = null;", "at BK.structure: null in place of the requested"),
        (
            "BK.structure = [\"BK_STRUCTURE:29\"];",
            "at BK.structure: [\"BK_STRUCTURE:29\"] in place of",
        ),
        ("", "at BK.structure: null in place of the requested"),
        ("BK.structure = f();", "at BK.structure: expected ident"),
    ] {
        let body = format!("<html>\n{answered}\n{free}\n</script>");
        let error = parse(body.as_bytes(), STRUCTURE, &dates()).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
        assert_eq!(error.kind(), ErrorKind::Malformed);
    }
}

#[test]
fn a_page_without_numbers_is_malformed_and_an_error_names_the_night() {
    for none in [
        "",
        "BK.globalAvailability = null;",
        "BK.globalAvailability = 7;",
        "BK.globalAvailability = [3];",
    ] {
        assert!(
            error(none).starts_with("at BK.globalAvailability: expected the free places"),
            "{none}"
        );
    }
    for (value, message) in [
        (
            r#"{"2026-07-01":"x"}"#,
            "at BK.globalAvailability.2026-07-01: invalid type: string \"x\", expected a whole number",
        ),
        (
            r#"{"2026-07-01":1.5}"#,
            "at BK.globalAvailability.2026-07-01: invalid type: floating point",
        ),
        (r#"{"2026-07-01":1e999}"#, "at BK.globalAvailability.2026-07-01: number out of range"),
        (r#"{"2026-07-01":NaN}"#, "at BK.globalAvailability.2026-07-01: expected value"),
        (r#"{"2026-07-01":{}}"#, "at BK.globalAvailability.2026-07-01: invalid type: map"),
        (r#"{"2026-07-01":1"#, "at BK.globalAvailability: EOF while parsing an object"),
        (r#"{"1.7.2026":1}"#, "at BK.globalAvailability: no key is a date: \"1.7.2026\" is not"),
    ] {
        let error = error(&format!("BK.globalAvailability = {value};"));
        assert!(error.starts_with(message), "{error}");
    }
    let stock = error("BK.globalAvailability = {};\nBK.globalStock = {\"2026-07-01\":true};");
    assert!(stock.starts_with("at BK.globalStock.2026-07-01: invalid type: boolean"), "{stock}");
    assert!(read_lines("BK.globalAvailability = [];").unwrap().days.is_empty());
}

#[test]
fn absurd_numbers_and_keys_do_not_affect_other_nights() {
    let free = r#"BK.globalAvailability = {"2026-07-01":99999999999999999999,"2026-07-02":1,"2026-07-02":2,"x":9,"2026-02-30":9};"#;
    assert_eq!(states(free), ["2026-07-01 32767/32767 possible", "2026-07-02 2/40 possible"]);
    assert_eq!(read_lines(free).unwrap().adjustments.count, 3);
    let many: Vec<String> = (0..=4000).map(|key| format!("\"{key}\":1")).collect();
    assert!(
        error(&format!("BK.globalAvailability = {{{}}};", many.join(",")))
            .contains("more than 4000 nights")
    );
}

#[test]
fn each_night_of_a_check_is_taken_from_one_answer() {
    let free = r#"BK.globalAvailability = {"2026-07-01":1,"2026-08-31":1,"2026-09-01":1};"#;
    let read = read_lines(free).unwrap();
    let days: Vec<_> = read.days.iter().map(|day| day.date.to_string()).collect();
    assert_eq!((days, read.next), (vec!["2026-07-01".to_owned()], "2026-08-01".parse().ok()));
}
