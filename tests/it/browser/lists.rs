//! The page of current availability: filtering, searching, sorting, paging, and opening a hut or a night.

use super::Visit;
use crate::on_both_databases;
use crate::support::browser::BrowserSettings;
use crate::support::database::{TestDatabase, number};

const ROWS: &str = "main table tbody tr";

/// The texts of a column of the table.
fn column(visit: &Visit, label: &str) -> Vec<String> {
    visit.browser.texts(&format!("{ROWS} [data-label='{label}']"))
}

fn huts(visit: &Visit) -> Vec<String> {
    visit.browser.texts(&format!("{ROWS} th a"))
}

fn count(database: &TestDatabase, condition: &str) -> i64 {
    let query = "SELECT count(*) AS number FROM hut_availability WHERE availability_date";
    number(&mut database.open(), &format!("{query} {condition}"))
}

on_both_databases! {
    fn filters_show_only_matching_rows(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/availability");
        visit.browser.check_page("availability");
        visit.browser.select("form.filter [name=days]", "30");
        visit.browser.select("form.filter [name=occupancy]", "low");
        visit.browser.select("form.filter [name=reservation]", "possible");
        visit.browser.click("form.filter button");
        visit.wait_for_url("occupancy=low");
        visit.browser.check_page("availability-filtered");
        assert_eq!(visit.browser.value("form.filter [name=days]"), "30");
        assert_eq!(visit.browser.value("form.filter [name=occupancy]"), "low");

        let expected = count(
            database,
            "BETWEEN '2026-07-15' AND '2026-08-13' AND occupancy_status = 'low'
             AND reservation_status = 'possible'",
        );
        assert!(expected > 50, "{expected}");
        let caption = visit.browser.text("main caption");
        assert!(caption.contains(&format!("{expected} ")), "{expected}: {caption}");
        let occupancies = column(&visit, "Occupancy");
        assert_eq!(occupancies.len(), 50);
        assert!(occupancies.iter().all(|text| text.contains("plenty")), "{occupancies:?}");

        visit.open("/availability?occupancy=low&days=1&hut_type=bivouac");
        assert_eq!(huts(&visit), Vec::<String>::new());
        visit.browser.check_page("availability-nothing");
        visit.open("/availability?occupancy=half");
        assert!(visit.browser.text("main [role=alert]").contains("half"));
        visit.browser.check_page("availability-bad");
    }

    fn a_search_ignores_case_and_finds_parts_of_a_name(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        for typed in ["Watzmann", "watzmannhaus", "WATZMANN"] {
            visit.open("/availability");
            visit.browser.fill("form.filter [name=q]", typed);
            visit.browser.click("form.filter button");
            visit.wait_for_url("q=");
            assert_eq!(huts(&visit), vec!["Watzmannhaus"; 7], "{typed}");
        }
    }

    fn column_headings_sort_in_both_directions(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/availability");
        let mut directions = Vec::new();
        for _ in 0..2 {
            let before = visit.path_and_query();
            visit.browser.click_link("Free");
            visit.browser.wait_until("another order", || visit.path_and_query() != before);
            // A night without a number comes before full ones.
            let free: Vec<i32> = column(&visit, "Free")
                .iter()
                .map(|text| text.split_whitespace().next().unwrap().parse().unwrap_or(-1))
                .collect();
            let direction = visit.browser.attribute("th[aria-sort]", "aria-sort").unwrap();
            let is_sorted = match direction.as_str() {
                "ascending" => free.is_sorted(),
                _ => free.is_sorted_by(|one, next| one >= next),
            };
            assert!(is_sorted && free[0] != free[49], "{direction}: {free:?}");
            directions.push(direction);
        }
        directions.sort();
        assert_eq!(directions, ["ascending", "descending"]);
        visit.browser.check_page("availability-sorted");
    }

    fn the_list_can_be_paged_forwards_and_backwards(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/availability");
        let rows = || visit.browser.texts(ROWS);
        let first = rows();
        visit.browser.click("a[rel=next]");
        visit.wait_for_url("after=");
        let second = rows();
        assert_eq!((first.len(), second.len()), (50, 50));
        assert!(second.iter().all(|row| !first.contains(row)), "a row is on both pages");
        visit.browser.check_page("availability-second");
        visit.browser.click("a[rel=prev]");
        visit.wait_for_url("before=");
        assert_eq!(rows(), first);
    }

    fn a_row_links_to_its_hut_and_its_night(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/availability?q=watzmannhaus");
        visit.browser.click(&format!("{ROWS} th a"));
        visit.wait_for_url("/huts/watzmannhaus");
        assert_eq!(visit.browser.text("h1"), "Watzmannhaus");
        visit.browser.check_page("hut");

        visit.open("/availability?q=watzmannhaus");
        visit.browser.click(&format!("{ROWS} [data-label=Night] a"));
        visit.wait_for_url("/huts/watzmannhaus/2026-07-15");
        assert!(visit.browser.text("h1").contains("Watzmannhaus"));
        visit.browser.check_page("night");
    }
}
