//! Parses `get-cabins`: the pages that list all huts of huetten-holiday.com.

use reqwest::Url;
use serde_json::Value;

use super::address::BASE_URL;
use crate::domain::geo::{Place, read_elevation};
use crate::domain::organization::numeric_hut_id;
use crate::sites::error::SourceError;
use crate::sites::json;
use crate::sites::listing::{Listing, SiteHut, Unreadable};
use crate::sites::payload::malformed;
use crate::sites::site_hut::{Fields, is_test_entry};

/// The most pages, and the most cabins of a page. Larger numbers are mistakes: the real list has about a
/// dozen pages of 15 cabins.
const MAX_PAGES: u64 = 10_000;
const MAX_CABINS: usize = 1000;

/// Reads page `number` of the list. A page after the last one is empty.
///
/// # Errors
/// `Malformed` if the body is not a page, has no number of pages, or lists no hut. An empty list is no
/// proof that the site has removed all huts.
pub fn read(body: &[u8], number: u32) -> Result<Listing, SourceError> {
    let page: Value = json::tree(body).map_err(|error| malformed(".", error, body))?;
    let Some(cabins) = page["data"].as_array() else {
        return Err(malformed("data", "expected an array of cabins", body));
    };
    if cabins.len() > MAX_CABINS {
        return Err(malformed(
            "data",
            format!("{} cabins on one page are too many", cabins.len()),
            body,
        ));
    }
    if whole_number(&page["current_page"]).is_some_and(|current| current != u64::from(number)) {
        let current = &page["current_page"];
        return Err(malformed(
            "current_page",
            format!("page {current} in place of the requested page {number}"),
            body,
        ));
    }
    let last_page = whole_number(&page["last_page"]).filter(|last| (1..=MAX_PAGES).contains(last));
    let Some(last_page) = last_page.and_then(|last| u32::try_from(last).ok()) else {
        return Err(malformed("last_page", "the number of pages is missing or invalid", body));
    };
    let mut listing = Listing { last_step: Some(last_page), ..Listing::default() };
    for cabin in cabins {
        add(&mut listing, cabin);
    }
    if number <= last_page
        && listing.huts.is_empty()
        && listing.gone.is_empty()
        && listing.test_entries.is_empty()
    {
        return Err(malformed("data", "no cabin of this page can be read", body));
    }
    Ok(listing)
}

/// A whole number from 0 on, written as a number or as text.
fn whole_number(value: &Value) -> Option<u64> {
    let float = || value.as_f64().filter(|float| float.fract() == 0.0 && *float >= 0.0);
    // A cast of a float saturates.
    let number = value.as_u64().or_else(|| float().map(|float| float as u64));
    number.or_else(|| value.as_str()?.trim().parse().ok())
}

fn add(listing: &mut Listing, cabin: &Value) {
    let nothing = serde_json::Map::new();
    let mut fields = Fields::new(cabin.as_object().unwrap_or(&nothing));
    let id = fields.text("id", numeric_hut_id);
    let Some(id) = id else {
        listing.unreadable.extend(fields.unreadable);
        return;
    };
    if is_deleted(&mut fields) {
        listing.gone.push(id);
        return;
    }
    let name = fields.name("name");
    if name.as_deref().is_some_and(is_test_entry) {
        listing.test_entries.push(id);
        return;
    }
    let link = fields.text("slug", link);
    let country = country(&mut fields);
    let place = place(&mut fields);
    let elevation = fields.text("altitude", read_elevation);
    listing.huts.push(SiteHut {
        source_hut_id: id,
        name,
        country,
        place,
        elevation,
        // The site publishes places only by date.
        capacity_open: None,
        capacity_closed: None,
        link,
        // The site deletes cabins that cannot be booked.
        is_bookable: Some(true),
        unreadable: fields.unreadable,
    });
}

/// Whether the site has deleted the cabin. An unreadable value counts as not deleted, and is noted.
fn is_deleted(fields: &mut Fields<'_>) -> bool {
    let is_deleted = match fields.value("is_delete") {
        None => Some(false),
        Some(Value::Bool(is_deleted)) => Some(*is_deleted),
        Some(Value::Number(number)) => number.as_f64().map(|number| number != 0.0),
        Some(Value::String(text)) => match text.trim().to_lowercase().as_str() {
            "" | "0" | "false" => Some(false),
            "1" | "true" => Some(true),
            _ => None,
        },
        Some(_) => None,
    };
    if is_deleted.is_none() {
        fields.note("is_delete", "is neither true nor false");
    }
    is_deleted.unwrap_or(false)
}

fn link(slug: &str) -> Result<String, &'static str> {
    let slug = slug.trim();
    // A URL drops path segments of one or two dots.
    let is_segment = !matches!(slug, "" | "." | "..");
    if !is_segment || slug.len() > 200 || slug.contains(char::is_control) {
        return Err("is not a valid slug");
    }
    let mut url: Url = BASE_URL.parse().expect("a valid constant");
    url.path_segments_mut().expect("http has paths").push("huts").push(slug);
    Ok(url.into())
}

fn country(fields: &mut Fields<'_>) -> Option<String> {
    let Some(country) = fields.value("country").and_then(Value::as_object) else {
        fields.note("country", "has no country code");
        return None;
    };
    let mut inner = Fields::new(country);
    let code = inner.country("code");
    fields
        .unreadable
        .extend(inner.unreadable.into_iter().map(|note| Unreadable { field: "country", ..note }));
    code
}

fn place(fields: &mut Fields<'_>) -> Option<Place> {
    let degrees = |text: &str| {
        text.trim().replace(',', ".").parse::<f64>().map_err(|_| "is not a number of degrees")
    };
    let latitude = fields.text("latitude", degrees)?;
    let longitude = fields.text("longitude", degrees)?;
    let place = Place::new(latitude, longitude);
    place
        .map_err(|reason| fields.note("latitude", format!("with longitude {longitude} {reason}")))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cabin() -> Value {
        json!({"id": 27, "name": "Blaueishütte", "slug": "blaueishuette", "altitude": "1680 m",
            "latitude": "47.5806", "longitude": 12.8711, "website": null, "is_delete": 0,
            "country": {"code": "DE"}})
    }

    fn page(cabins: &[Value]) -> Result<Listing, SourceError> {
        let page = json!({"data": cabins, "current_page": 1, "last_page": 3, "next_page_url": "x"});
        read(page.to_string().as_bytes(), 1)
    }

    fn listing_with(field: &str, value: Value) -> Listing {
        let mut cabin = cabin();
        cabin[field] = value;
        page(&[cabin]).unwrap()
    }

    #[test]
    fn a_page_lists_its_cabins() {
        let listing = page(&[cabin()]).unwrap();
        assert_eq!((listing.huts.len(), listing.last_step), (1, Some(3)));
        let hut = &listing.huts[0];
        assert_eq!(hut.link.as_deref(), Some("https://www.huetten-holiday.com/huts/blaueishuette"));
        assert_eq!((hut.country.as_deref(), hut.elevation), (Some("DE"), Some(1680)));
        assert_eq!(hut.place, Place::new(47.5806, 12.8711).ok());
        assert_eq!((&hut.unreadable[..], hut.is_bookable), (&[][..], Some(true)));
    }

    #[test]
    fn deleted_cabins_are_gone_and_test_entries_are_not_huts() {
        for deleted in [json!(1), json!(true), json!("1")] {
            assert_eq!(listing_with("is_delete", deleted).gone, ["27"]);
        }
        for not_deleted in [json!(null), json!(0.0), json!("False"), json!("no"), json!([])] {
            assert_eq!(listing_with("is_delete", not_deleted).huts.len(), 1);
        }
        assert_eq!(listing_with("name", json!("TEST123")).test_entries, ["27"]);
    }

    #[test]
    fn a_missing_or_absurd_field_affects_no_other_field() {
        let absurd = [json!(null), json!([]), json!("\u{0}"), json!(-1), json!(460)];
        for field in ["name", "slug", "altitude", "latitude", "longitude", "country"] {
            for value in &absurd {
                let listing = listing_with(field, value.clone());
                let hut = &listing.huts[0];
                let is_valid = value.is_number() && ["name", "slug"].contains(&field)
                    || (field, value) == ("altitude", &json!(460));
                assert_eq!(
                    hut.unreadable.len(),
                    usize::from(!is_valid),
                    "{field} {value}: {hut:?}"
                );
                assert_eq!(hut.place.is_some(), !["latitude", "longitude"].contains(&field));
            }
        }
        let nameless =
            page(&[cabin(), json!({"id": null}), json!("cabin"), json!({"id": [1]})]).unwrap();
        assert_eq!((nameless.huts.len(), nameless.unreadable.len()), (1, 3));
    }

    #[test]
    fn an_empty_list_is_malformed() {
        let error = |body: &Value| read(body.to_string().as_bytes(), 1).unwrap_err().to_string();
        assert!(
            error(&json!({"data": [], "last_page": 1}))
                .starts_with("at data: no cabin of this page can be read")
        );
        assert!(
            error(&json!({"data": [cabin()]})).starts_with("at last_page: the number of pages")
        );
        for last in [json!("3"), json!(3.0), json!(3)] {
            let page = json!({"data": [cabin()], "last_page": last, "current_page": "1"});
            assert_eq!(read(page.to_string().as_bytes(), 1).unwrap().last_step, Some(3));
        }
        assert!(error(&json!({"data": [cabin()], "last_page": 1e9})).starts_with("at last_page"));
        assert!(error(&json!([])).starts_with("at data: expected an array of cabins"));
        let many = json!({"data": vec![cabin(); 1001], "last_page": 1});
        assert!(error(&many).starts_with("at data: 1001 cabins"));
        let other = json!({"data": [cabin()], "current_page": 2, "last_page": 2});
        assert!(
            error(&other).starts_with("at current_page: page 2 in place of the requested page 1")
        );
        assert!(read(b"<html>", 1).unwrap_err().to_string().contains("the answer begins: <html>"));
    }

    #[test]
    fn a_slug_is_one_segment_of_the_links_path() {
        let link = |slug: &str| listing_with("slug", json!(slug)).huts[0].link.clone().unwrap();
        assert_eq!(link("a/../b?c#d"), "https://www.huetten-holiday.com/huts/a%2F..%2Fb%3Fc%23d");
        for slug in ["", ".", " .. ", "a\tb"] {
            assert_eq!(listing_with("slug", json!(slug)).huts[0].link, None, "{slug:?}");
        }
    }
}
