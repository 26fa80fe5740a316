//! Parses the list of structures that each page of the site has: the huts that can be booked.

use serde_json::{Map, Value};

use super::address::{booking_link, structure_id};
use super::name::written;
use super::page::Page;
use super::values::{Found, tree};
use crate::sites::error::SourceError;
use crate::sites::listing::{Listing, SiteHut};
use crate::sites::site_hut::{Fields, is_test_entry};

/// The most structures of a list. A longer one is a mistake: the real list has 84.
const MAX_STRUCTURES: usize = 2000;

/// Reads the list of a page, which is the only page of the crawl.
///
/// # Errors
/// Like [`Page::scan`]. `Malformed` if there is no list, or if it has no structure. An empty list is no proof that the
/// site has removed all huts.
pub fn read(body: &[u8]) -> Result<Listing, SourceError> {
    const NAME: &str = "structuresList";
    let page = Page::scan(body)?;
    let Found::Object(list) = tree(&page, NAME)? else {
        return Err(page.malformed(NAME, "expected an object of structures"));
    };
    if list.len() > MAX_STRUCTURES {
        return Err(page.malformed(NAME, format!("{} structures are too many", list.len())));
    }
    let mut listing = Listing { last_step: Some(1), ..Listing::default() };
    for (key, entry) in &list {
        add(&mut listing, key, entry);
    }
    if listing.huts.is_empty() && listing.test_entries.is_empty() {
        return Err(page.malformed(NAME, "no structure of the list can be read"));
    }
    Ok(listing)
}

fn add(listing: &mut Listing, key: &str, entry: &Value) {
    let nothing = Map::new();
    let mut fields = Fields::new(entry.as_object().unwrap_or(&nothing));
    // The key and two fields name the structure. The key is what availability is asked by.
    let Some(id) = structure_id(key).ok().or_else(|| fields.text("structure", structure_id)) else {
        fields.note("structure", "is not the ID of a structure");
        listing.unreadable.append(&mut fields.unreadable);
        return;
    };
    let name = fields.name("name").map(|name| written(&name));
    if name.as_deref().is_some_and(is_test_entry) {
        listing.test_entries.push(id);
        return;
    }
    listing.huts.push(SiteHut {
        link: Some(booking_link(&id)),
        source_hut_id: id,
        name,
        // The clubs' huts all lie in France. The site does not publish where.
        country: Some("FR".to_owned()),
        // The list has what can be booked.
        is_bookable: Some(true),
        unreadable: fields.unreadable,
        ..SiteHut::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn listing(list: &Value) -> Result<Listing, SourceError> {
        read(format!("<html>\nBK.structuresList = {list};\n</script>").as_bytes())
    }

    fn error(list: &Value) -> String {
        listing(list).unwrap_err().to_string()
    }

    #[test]
    fn the_list_has_every_hut_that_can_be_booked() {
        let listing = listing(&json!({
            "BK_STRUCTURE:30": {"structure": "BK_STRUCTURE:30", "name": "REFUGE DU GOÛTER (FFCAM)", "maxDate": "2020-01-01"},
            "BK_STRUCTURE:5iknhd0888ws": {"name": "Refuge du Nid d'Aigle (FFCAM)"},
        }))
        .unwrap();
        assert_eq!((listing.huts.len(), listing.last_step), (2, Some(1)));
        let hut = &listing.huts[0];
        assert_eq!(
            (&*hut.source_hut_id, hut.name.as_deref()),
            ("BK_STRUCTURE:30", Some("Refuge du Goûter"))
        );
        let link = "https://centrale.ffcam.fr/index.php?structure=BK_STRUCTURE:30";
        assert_eq!((hut.link.as_deref(), hut.country.as_deref()), (Some(link), Some("FR")));
        assert_eq!((hut.is_bookable, hut.place, hut.capacity_open), (Some(true), None, None));
    }

    #[test]
    fn an_absurd_entry_affects_no_other_entry() {
        let listing = listing(&json!({
            "BK_STRUCTURE:1": {"name": "Refuge"}, "BK_STRUCTURE:2": null, "BK_STRUCTURE:3": {"name": []},
            "0": {"structure": "BK_STRUCTURE:4", "name": " "}, "x": {"name": "No ID"}, "": 7,
            "BK_STRUCTURE:6": {"name": "ZZZ TEST (FFCAM)"},
        }))
        .unwrap();
        let names: Vec<_> =
            listing.huts.iter().map(|hut| (&*hut.source_hut_id, hut.name.as_deref())).collect();
        assert_eq!(
            names,
            [
                ("BK_STRUCTURE:4", None),
                ("BK_STRUCTURE:1", Some("Refuge")),
                ("BK_STRUCTURE:2", None),
                ("BK_STRUCTURE:3", None)
            ]
        );
        assert_eq!(
            (listing.unreadable.len(), listing.test_entries),
            (2, vec!["BK_STRUCTURE:6".into()])
        );
    }

    #[test]
    fn a_page_without_structures_is_malformed() {
        for none in [json!([]), json!({}), json!({"x": {}})] {
            assert!(error(&none).starts_with("at BK.structuresList: no structure"), "{none}");
        }
        for other in [json!(null), json!("none"), json!([1])] {
            assert!(
                error(&other).starts_with("at BK.structuresList: expected an object"),
                "{other}"
            );
        }
        assert!(read(b"<html>\nBK.a = 1;\n</script>").is_err());
        let many: Map<_, _> =
            (0..2001).map(|id| (format!("BK_STRUCTURE:{id}"), json!({}))).collect();
        assert!(error(&many.into()).starts_with("at BK.structuresList: 2001 structures"));
    }
}
