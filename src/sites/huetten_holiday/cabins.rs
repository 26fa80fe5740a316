//! `get-cabins`: the pages of all huts of huetten-holiday.com.

use reqwest::Url;
use serde_json::Value;

use super::BASE_URL;
use crate::domain::geo::{Place, read_elevation};
use crate::domain::organization::numeric_hut_id;
use crate::sites::error::SourceError;
use crate::sites::listing::{Listing, SiteHut, Unreadable};
use crate::sites::payload::malformed;
use crate::sites::site_hut::{Fields, is_test_entry};

/// More pages, and more cabins on one, than any site has: the list has about a dozen pages of 15.
const MAX_PAGES: u64 = 10_000;
const MAX_CABINS: usize = 1000;

/// Reads a page of the list, which may be beyond the last one.
///
/// # Errors
/// `Malformed`, where it is no page, says not how many there are, or has no hut on it: an empty list
/// is not the news that all huts are gone.
pub fn read(body: &[u8], number: u32) -> Result<Listing, SourceError> {
    let page: Value = serde_json::from_slice(body).map_err(|error| malformed(".", error, body))?;
    let Some(cabins) = page["data"].as_array() else {
        return Err(malformed("data", "no array of cabins", body));
    };
    if cabins.len() > MAX_CABINS {
        return Err(malformed("data", format!("{} cabins on a page", cabins.len()), body));
    }
    if whole(&page["current_page"]).is_some_and(|current| current != u64::from(number)) {
        let current = &page["current_page"];
        return Err(malformed(
            "current_page",
            format!("{current} where {number} was asked for"),
            body,
        ));
    }
    let last_page = whole(&page["last_page"]).filter(|last| (1..=MAX_PAGES).contains(last));
    let Some(last_page) = last_page.and_then(|last| u32::try_from(last).ok()) else {
        return Err(malformed("last_page", "no number of pages", body));
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
        return Err(malformed("data", "no cabin that can be read", body));
    }
    Ok(listing)
}

/// A whole number, in whatever form.
fn whole(value: &Value) -> Option<u64> {
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
        // The site tells places by date only.
        capacity_open: None,
        capacity_closed: None,
        link,
        // Cabins that cannot be booked are deleted.
        is_bookable: Some(true),
        unreadable: fields.unreadable,
    });
}

/// Whether the cabin is deleted. What is neither yes nor no is noted, and deletes nothing.
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
    // A URL drops a part that is one or two dots.
    let is_part = !matches!(slug, "" | "." | "..");
    if !is_part || slug.len() > 200 || slug.contains(char::is_control) {
        return Err("is no slug");
    }
    let mut url: Url = BASE_URL.parse().expect("a valid constant");
    url.path_segments_mut().expect("http has paths").push("huts").push(slug);
    Ok(url.into())
}

fn country(fields: &mut Fields<'_>) -> Option<String> {
    let Some(country) = fields.value("country").and_then(Value::as_object) else {
        fields.note("country", "has no code");
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
        text.trim().replace(',', ".").parse::<f64>().map_err(|_| "is no number of degrees")
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

    fn with(field: &str, value: Value) -> Listing {
        let mut cabin = cabin();
        cabin[field] = value;
        page(&[cabin]).unwrap()
    }

    #[test]
    fn a_page_is_read() {
        let listing = page(&[cabin()]).unwrap();
        assert_eq!((listing.huts.len(), listing.last_step), (1, Some(3)));
        let hut = &listing.huts[0];
        assert_eq!(hut.link.as_deref(), Some("https://www.huetten-holiday.com/huts/blaueishuette"));
        assert_eq!((hut.country.as_deref(), hut.elevation), (Some("DE"), Some(1680)));
        assert_eq!(hut.place, Place::new(47.5806, 12.8711).ok());
        assert_eq!((&hut.unreadable[..], hut.is_bookable), (&[][..], Some(true)));
    }

    #[test]
    fn deleted_cabins_are_gone_and_test_entries_left_out() {
        for deleted in [json!(1), json!(true), json!("1")] {
            assert_eq!(with("is_delete", deleted).gone, ["27"]);
        }
        for kept in [json!(null), json!(0.0), json!("False"), json!("no"), json!([])] {
            assert_eq!(with("is_delete", kept).huts.len(), 1);
        }
        assert_eq!(with("name", json!("TEST123")).test_entries, ["27"]);
    }

    #[test]
    fn each_field_may_be_missing_or_absurd_and_harms_no_other() {
        let absurd = [json!(null), json!([]), json!("\u{0}"), json!(-1), json!(460)];
        for field in ["name", "slug", "altitude", "latitude", "longitude", "country"] {
            for value in &absurd {
                let listing = with(field, value.clone());
                let hut = &listing.huts[0];
                let is_sound = value.is_number() && ["name", "slug"].contains(&field)
                    || (field, value) == ("altitude", &json!(460));
                assert_eq!(
                    hut.unreadable.len(),
                    usize::from(!is_sound),
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
    fn an_empty_list_is_not_the_news_that_all_huts_are_gone() {
        let error = |body: &Value| read(body.to_string().as_bytes(), 1).unwrap_err().to_string();
        assert!(error(&json!({"data": [], "last_page": 1})).starts_with("at data: no cabin"));
        assert!(error(&json!({"data": [cabin()]})).starts_with("at last_page: no number"));
        for last in [json!("3"), json!(3.0), json!(3)] {
            let page = json!({"data": [cabin()], "last_page": last, "current_page": "1"});
            assert_eq!(read(page.to_string().as_bytes(), 1).unwrap().last_step, Some(3));
        }
        assert!(error(&json!({"data": [cabin()], "last_page": 1e9})).starts_with("at last_page"));
        assert!(error(&json!([])).starts_with("at data: no array"));
        let many = json!({"data": vec![cabin(); 1001], "last_page": 1});
        assert!(error(&many).starts_with("at data: 1001 cabins"));
        let other = json!({"data": [cabin()], "current_page": 2, "last_page": 2});
        assert!(error(&other).starts_with("at current_page: 2 where 1 was asked for"));
        assert!(read(b"<html>", 1).unwrap_err().to_string().contains("the answer begins: <html>"));
    }

    #[test]
    fn a_slug_of_the_site_is_one_part_of_a_path() {
        let link = |slug: &str| with("slug", json!(slug)).huts[0].link.clone().unwrap();
        assert_eq!(link("a/../b?c#d"), "https://www.huetten-holiday.com/huts/a%2F..%2Fb%3Fc%23d");
        for slug in ["", ".", " .. ", "a\tb"] {
            assert_eq!(with("slug", json!(slug)).huts[0].link, None, "{slug:?}");
        }
    }
}
