use super::*;

/// Parses each text with the given date as today.
fn parse_on<const N: usize>(today: &str, texts: [&str; N]) -> [String; N] {
    let today = today.parse().unwrap();
    texts.map(|text| parse(text, today).unwrap().to_string())
}

#[test]
fn every_form_of_a_date_gives_the_same_day() {
    let forms = ["2026-01-15", "26-01-15", "15.01.2026", "15.01.26", "2026/01/15", "26/01/15"];
    assert_eq!(parse_on("2025-12-31", forms), ["2026-01-15"; 6]);
    assert_eq!(parse_on("2025-12-31", ["5.1.2026", " 2026-1-5 "]), ["2026-01-05"; 2]);
}

#[test]
fn now_and_today_are_today() {
    assert_eq!(parse_on("2026-02-28", ["now", "today", "TODAY"]), ["2026-02-28"; 3]);
    assert_eq!(parse_on("2028-02-29", ["now"]), ["2028-02-29"]);
}

#[test]
fn weekend_is_the_coming_saturday() {
    // A Friday, a Saturday and a Sunday.
    assert_eq!(parse_on("2026-11-20", ["weekend"]), ["2026-11-21"]);
    assert_eq!(parse_on("2026-11-21", ["weekend"]), ["2026-11-21"]);
    assert_eq!(parse_on("2026-11-22", ["Weekend"]), ["2026-11-28"]);
    // Across the end of a year, and around 29 February.
    assert_eq!(parse_on("2026-12-27", ["weekend"]), ["2027-01-02"]);
    assert_eq!(parse_on("2027-12-31", ["weekend"]), ["2028-01-01"]);
    assert_eq!(parse_on("2028-02-28", ["weekend"]), ["2028-03-04"]);
    assert_eq!(parse_on("2032-02-28", ["weekend"]), ["2032-02-28"]);
    assert_eq!(parse_on("2032-02-29", ["weekend"]), ["2032-03-06"]);
    assert_eq!(parse_on("2027-02-28", ["weekend"]), ["2027-03-06"]);
}

#[test]
fn a_day_that_the_calendar_does_not_have_is_refused() {
    assert_eq!(parse_on("2026-01-01", ["29.02.28", "2028-02-29", "28/02/29"]), ["2028-02-29"; 3]);
    assert_eq!(parse_on("2026-01-01", ["31.12.26", "01.01.27"]), ["2026-12-31", "2027-01-01"]);
    for text in ["29.02.2027", "2027-02-29", "31.11.26", "2026-13-01", "2026-00-10", "0.1.26"] {
        let error = parse(text, NaiveDate::MIN).unwrap_err().to_string();
        let expected = format!(
            "expected a date such as 2026-07-18, got {text:?}, a day that the calendar does not have; \
             accepted forms: now, "
        );
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn days_are_named_in_the_languages_of_the_alps() {
    // A Saturday.
    let today = "2026-11-28";
    let tomorrow = ["tomorrow", "morgen", "Demain", "domani", "jutri"];
    assert_eq!(parse_on(today, tomorrow), ["2026-11-29"; 5]);
    let today_words = ["heute", "aujourd'hui", "aujourd’hui", "oggi", "danes", "tonight"];
    assert_eq!(parse_on(today, today_words), ["2026-11-28"; 6]);
    let next = ["übermorgen", "uebermorgen", "après-demain", "apres demain", "dopodomani"];
    assert_eq!(parse_on(today, next), ["2026-11-30"; 5]);
    let weekend = ["Wochenende", "week-end", "WEEKEND", "fine settimana", "vikend"];
    assert_eq!(parse_on("2026-11-29", weekend), ["2026-12-05"; 5]);
}

#[test]
fn a_weekday_is_the_coming_one() {
    let saturday = ["saturday", "Sat", "Samstag", "Sa", "Sa.", "samedi", "sam.", "sabato"];
    assert_eq!(parse_on("2026-11-28", saturday), ["2026-11-28"; 8]);
    assert_eq!(parse_on("2026-11-29", saturday), ["2026-12-05"; 8]);
    assert_eq!(
        parse_on("2026-11-28", ["Freitag", "vendredi", "So", "dim."]),
        ["2026-12-04", "2026-12-04", "2026-11-29", "2026-11-29"]
    );
}

#[test]
fn a_day_without_a_year_is_the_next_one() {
    let forms = [
        "18.7.",
        "18.7",
        "18. 7.",
        "18.07.",
        "18. Juli",
        "18 July",
        "18 juillet",
        "July 18",
        "the 18th of July",
        "18 luglio",
        "18. julija",
        "18/7",
        "7/18",
        "18. Jul.",
    ];
    assert_eq!(parse_on("2026-11-28", forms), ["2027-07-18"; 14]);
    assert_eq!(parse_on("2026-07-18", forms), ["2026-07-18"; 14]);
    assert_eq!(parse_on("2026-11-28", ["29.2.", "29 février"]), ["2028-02-29"; 2]);
    assert_eq!(parse_on("2026-11-28", ["le 1er août", "1º agosto"]), ["2027-08-01"; 2]);
    assert_eq!(parse_on("2026-11-28", ["7/7", "mar 18"]), ["2027-07-07", "2027-03-18"]);
}

#[test]
fn a_day_may_have_its_year_and_its_weekday() {
    let forms = [
        "18.7.2026",
        "18. 7. 2026",
        "18.7.26",
        "18. Juli 2026",
        "18 July 2026",
        "July 18, 2026",
        "18 juillet 2026",
        "18/7/2026",
        "Sat 18 Jul 2026",
        "Samstag, den 18. Juli 2026",
        "samedi 18 juillet 2026",
        "Sa, 18.07.2026",
    ];
    assert_eq!(parse_on("2020-01-01", forms), ["2026-07-18"; 12]);
    assert_eq!(forms.map(|text| parse_absolute(text).unwrap().to_string()), ["2026-07-18"; 12]);
}

#[test]
fn a_date_that_may_be_two_days_is_refused() {
    let error = |text: &str| {
        let error = parse(text, "2026-11-28".parse().unwrap()).unwrap_err().to_string();
        error.split("; accepted forms").next().unwrap().to_owned()
    };
    insta::assert_snapshot!(error("7/8"), @r#"expected a date such as 2026-07-18, got "7/8", which may mean 7.8. or 8.7.: write 7.8. or 8.7."#);
    insta::assert_snapshot!(error("7/8/2026"), @r#"expected a date such as 2026-07-18, got "7/8/2026", which may mean 7.8.2026 or 8.7.2026: write 7.8.2026 or 8.7.2026"#);
    insta::assert_snapshot!(error("Sonntag, 18. Juli 2026"), @r#"expected a date such as 2026-07-18, got "Sonntag, 18. Juli 2026", but 2026-07-18 is a Saturday"#);
    insta::assert_snapshot!(error("30. Februar"), @r#"expected a date such as 2026-07-18, got "30. Februar", a day that the calendar does not have"#);
}

#[test]
fn an_absolute_date_has_a_year() {
    for text in ["today", "weekend", "Samstag", "18.7.", "18. Juli"] {
        assert!(parse_absolute(text).is_err(), "{text}");
    }
    assert_eq!(parse_absolute("2026-07-18").unwrap().to_string(), "2026-07-18");
}

#[test]
fn a_text_that_is_not_a_date_is_quoted_in_the_error() {
    let texts = [
        "",
        "someday",
        "15-01",
        "18",
        "July",
        "18 jui",
        "32/13/2026 x",
        "18 July 2026 2026",
        "天",
        "2026-01-15-1",
        "026-1-15",
        "2026.01.15x",
        "+26-01-15",
        "１-1-1",
    ];
    for text in texts {
        let error = InvalidDate { text: text.into(), why: Why::NotADate };
        assert_eq!(parse(text, NaiveDate::MIN), Err(error));
    }
}
