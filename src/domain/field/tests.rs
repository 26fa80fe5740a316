use super::*;
use crate::domain::organization::{CrawlPlan, Organization, numeric_hut_id};
use crate::text::slug::slug_of;
use proptest::prelude::*;

fn organizations() -> Organizations {
    let organization = |slug| Organization {
        slug,
        name: slug,
        website: "",
        crawl_plan: CrawlPlan::Ids,
        parse_hut_id: numeric_hut_id,
        booking_link: |_| None,
    };
    ["hrs", "huetten-holiday"].into_iter().map(organization).collect()
}

fn set(field: Field, text: &str) -> Result<String, String> {
    let mut hut = HutFields::new("a", "A");
    field.set(&mut hut, text, &organizations()).map(|()| field.text(&hut))
}

#[test]
fn a_displayed_value_can_be_set() {
    for (field, text) in [
        (Field::Slug, "franz-senn-huette-2"),
        (Field::Slug, "Rif_Boe"),
        (Field::Name, "Franz-Senn-Hütte, \"Stubai\""),
        (Field::Country, "AT"),
        (Field::Latitude, "47.084612"),
        (Field::Longitude, "-0.1"),
        (Field::Elevation, "2147"),
        (Field::HutTypeOpen, "hut"),
        (Field::HutTypeClosed, ""),
        (Field::CapacityOpen, "0"),
        (Field::CapacityClosed, "32767"),
        (Field::IsActive, "false"),
        (Field::IsPublic, "false"),
        (Field::BookingRef, "huetten-holiday"),
    ] {
        assert_eq!(set(field, text), Ok(text.to_owned()), "{field}");
    }
}

#[test]
fn a_name_is_normalized() {
    assert_eq!(set(Field::Name, "Hu\u{308}tte"), Ok("Hütte".to_owned()));
    assert_eq!(set(Field::Name, "A\nB\u{1b}[31m"), Ok("A B [31m".to_owned()));
    assert!(set(Field::Name, &"x".repeat(201)).unwrap_err().contains("200"));
}

#[test]
fn an_error_quotes_the_invalid_text() {
    assert_eq!(set(Field::IsActive, "").unwrap_err(), "is_active \"\" must be true or false");
    assert_eq!(
        set(Field::BookingRef, "dav").unwrap_err(),
        "unknown booking_ref \"dav\"; expected one of: hrs, huetten-holiday"
    );
    assert!(set(Field::Latitude, "NaN").is_err() && set(Field::Latitude, "inf").is_err());
    assert!(set(Field::Country, "CHE").unwrap_err().contains("\"CHE\""));
}

proptest! {
    #[test]
    fn a_slug_of_a_name_is_valid(name in ".{0,120}") {
        let slug = slug_of(&name);
        if !slug.is_empty() {
            let mut hut = HutFields::new("", "");
            prop_assert_eq!(Field::Slug.set(&mut hut, &slug, &organizations()), Ok(()));
        }
    }
}
