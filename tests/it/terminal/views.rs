//! The views `map`, `hut` and `trend`, in every output format.

use serde_json::Value;

use super::{run_view, view, with_checked_huts};
use crate::on_both_databases;
use crate::support::program::{hut_availability, run};

/// Parses JSON output, which is the same on both databases.
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn assert_map(table: &str, csv: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(table, @r"
         HUT            SLUG       Wed 1.7.  Thu 2.7.  Fri 3.7.  CHECKED
         Älplihütte     hut-1  CH     12/40     30/40      full  2 hours ago, old
         Rifugio Bosco  hut-2  IT      3/40     40/40    closed  1 hour ago, old
        2 huts; free/all places; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored
        ");
        insta::assert_snapshot!(csv, @r"
        slug,id,name,country,is_public,date,reservation_status,free,total,occupancy_percent,occupancy_steps,occupancy_status,hut_type,type_slug,type,listed,last_checked
        hut-1,1,Älplihütte,CH,true,2026-07-01,possible,12,40,70.0,70,high,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-1,1,Älplihütte,CH,true,2026-07-02,possible,30,40,25.0,20,low,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-1,1,Älplihütte,CH,true,2026-07-03,not_possible,0,40,100.0,100,full,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-2,2,Rifugio Bosco,IT,true,2026-07-01,possible,3,40,92.5,90,high,hut,hut,standard,true,2026-06-30T10:01:00Z
        hut-2,2,Rifugio Bosco,IT,true,2026-07-02,possible,40,40,0.0,0,empty,hut,hut,standard,true,2026-06-30T10:01:00Z
        hut-2,2,Rifugio Bosco,IT,true,2026-07-03,not_possible,0,0,,,unknown,hut,hut,standard,true,2026-06-30T10:01:00Z
        ");
    }
}

fn assert_map_json(map: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(map, @r#"{"start_date":"2026-07-01","days":3,"huts":[{"slug":"hut-1","id":1,"name":"Älplihütte","country":"CH","is_public":true,"source_id":"1","source":"hrs","source_link":"https://www.hut-reservation.org/reservation/book-hut/1/wizard","type_standard_slug":"hut","type_reduced_slug":"selfhut","last_success":"2026-06-30T10:00:00Z","data":[{"date":"2026-07-01","reservation_status":"possible","free":12,"total":40,"occupancy_percent":70.0,"occupancy_steps":70,"occupancy_status":"high","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:00:00Z"},{"date":"2026-07-02","reservation_status":"possible","free":30,"total":40,"occupancy_percent":25.0,"occupancy_steps":20,"occupancy_status":"low","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:00:00Z"},{"date":"2026-07-03","reservation_status":"not_possible","free":0,"total":40,"occupancy_percent":100.0,"occupancy_steps":100,"occupancy_status":"full","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:00:00Z"}]},{"slug":"hut-2","id":2,"name":"Rifugio Bosco","country":"IT","is_public":true,"source_id":"2","source":"hrs","source_link":"https://www.hut-reservation.org/reservation/book-hut/2/wizard","type_standard_slug":"hut","type_reduced_slug":"selfhut","last_success":"2026-06-30T10:01:00Z","data":[{"date":"2026-07-01","reservation_status":"possible","free":3,"total":40,"occupancy_percent":92.5,"occupancy_steps":90,"occupancy_status":"high","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:01:00Z"},{"date":"2026-07-02","reservation_status":"possible","free":40,"total":40,"occupancy_percent":0.0,"occupancy_steps":0,"occupancy_status":"empty","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:01:00Z"},{"date":"2026-07-03","reservation_status":"not_possible","free":0,"total":0,"occupancy_percent":null,"occupancy_steps":null,"occupancy_status":"unknown","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:01:00Z"}]}]}"#);
    }
}

fn assert_hut(table: &str, csv: &str, json: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(table, @r"
        Älplihütte, CH
        bookings     hrs, hut 1
                     https://www.hut-reservation.org/reservation/book-hut/1/wizard
        night        Wed 1 Jul 2026: 12 of 40 free (high), bookable online, hut; checked 2 hours ago, old
        last check   Tue 30 Jun 2026 12:00 CEST (2 hours ago)

        Jul 2026   Mo  Tu  We  Th  Fr  Sa  Su
              1.           12  30   0   ·   ·
              6.    ·   ·   ·   ·   ·   ·   ·
             13.    ·   ·   ·   ·   ·   ·   ·
             20.    ·   ·   ·   ·   ·   ·   ·
             27.    ·   ·   ·   ·   1

        free places; x closed; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored
        oldest figure of a coming night: 2 hours ago, old
        ");
        insta::assert_snapshot!(csv, @r"
        slug,id,name,country,is_public,date,reservation_status,free,total,occupancy_percent,occupancy_steps,occupancy_status,hut_type,type_slug,type,listed,last_checked,link,first_checked
        hut-1,1,Älplihütte,CH,true,2026-07-01,possible,12,40,70.0,70,high,hut,hut,standard,true,2026-06-30T10:00:00Z,https://www.hut-reservation.org/reservation/book-hut/1/wizard,2026-06-30T08:00:00Z
        hut-1,1,Älplihütte,CH,true,2026-07-02,possible,30,40,25.0,20,low,hut,hut,standard,true,2026-06-30T10:00:00Z,https://www.hut-reservation.org/reservation/book-hut/1/wizard,2026-06-30T08:00:00Z
        hut-1,1,Älplihütte,CH,true,2026-07-03,not_possible,0,40,100.0,100,full,hut,hut,standard,true,2026-06-30T10:00:00Z,https://www.hut-reservation.org/reservation/book-hut/1/wizard,2026-06-30T08:00:00Z
        ");
        insta::assert_snapshot!(json, @r#"{"slug":"hut-1","id":1,"name":"Älplihütte","country":"CH","is_public":true,"source_id":"1","source":"hrs","source_link":"https://www.hut-reservation.org/reservation/book-hut/1/wizard","type_standard_slug":"hut","type_reduced_slug":"selfhut","last_success":"2026-06-30T10:00:00Z","data":[{"date":"2026-07-01","reservation_status":"possible","free":12,"total":40,"occupancy_percent":70.0,"occupancy_steps":70,"occupancy_status":"high","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:00:00Z","link":"https://www.hut-reservation.org/reservation/book-hut/1/wizard","first_checked":"2026-06-30T08:00:00Z"},{"date":"2026-07-02","reservation_status":"possible","free":30,"total":40,"occupancy_percent":25.0,"occupancy_steps":20,"occupancy_status":"low","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:00:00Z","link":"https://www.hut-reservation.org/reservation/book-hut/1/wizard","first_checked":"2026-06-30T08:00:00Z"},{"date":"2026-07-03","reservation_status":"not_possible","free":0,"total":40,"occupancy_percent":100.0,"occupancy_steps":100,"occupancy_status":"full","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T10:00:00Z","link":"https://www.hut-reservation.org/reservation/book-hut/1/wizard","first_checked":"2026-06-30T08:00:00Z"}]}"#);
    }
}

fn assert_trend(table: &str, csv: &str, json: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(table, @r"
        Älplihütte, night of Wed 1 Jul 2026

          40 │███████████████████████████████████████████████████████████
             │███████████████████████████████████████████████████████████
             │███████████████████████████████████████████████████████████
             │███████████████████████████████████████████████████████████▄
           0 │████████████████████████████████████████████████████████████
             └────────────────────────────────────────────────────────────
              30 Jun 10:00                                    30 Jun 12:00

         FROM                   UNTIL                  FOR        FREE  ALL  STATUS  BOOKING   TYPE
         2026-06-30 12:00 CEST  2026-06-30 12:00 CEST  0 seconds    12   40  high    possible  hut
         2026-06-30 10:00 CEST  2026-06-30 12:00 CEST  2 hours      40   40  empty   possible  hut

        2 states, first found 4 hours ago, last checked 2 hours ago, old
        ");
        insta::assert_snapshot!(csv, @r"
        slug,id,name,country,is_public,date,free,total,occupancy_percent,occupancy_status,reservation_status,hut_type,first_checked,last_checked,duration_seconds
        hut-1,1,Älplihütte,CH,true,2026-07-01,12,40,70.0,high,possible,hut,2026-06-30T10:00:00Z,2026-06-30T10:00:00Z,0.0
        hut-1,1,Älplihütte,CH,true,2026-07-01,40,40,0.0,empty,possible,hut,2026-06-30T08:00:00Z,2026-06-30T10:00:00Z,7200.0
        ");
        insta::assert_snapshot!(json, @r#"{"slug":"hut-1","id":1,"name":"Älplihütte","country":"CH","is_public":true,"target_date":"2026-07-01","period_start":"2026-05-31","period_end":"2026-07-01","data":[{"date":"2026-07-01","free":12,"total":40,"occupancy_percent":70.0,"occupancy_status":"high","reservation_status":"possible","hut_type":"hut","first_checked":"2026-06-30T10:00:00Z","last_checked":"2026-06-30T10:00:00Z","duration_seconds":0.0},{"date":"2026-07-01","free":40,"total":40,"occupancy_percent":0.0,"occupancy_status":"empty","reservation_status":"possible","hut_type":"hut","first_checked":"2026-06-30T08:00:00Z","last_checked":"2026-06-30T10:00:00Z","duration_seconds":7200.0}]}"#);
    }
}

on_both_databases! {
    fn the_map_has_a_column_for_each_date(database) {
        drop(with_checked_huts(database));
        let map = |output| view(database, &["map", "01.07.26", "--days", "3", "--output", output]);
        assert_map(&map("table"), &map("csv"));
        assert_map_json(&map("json"));
    }

    fn the_map_begins_today_and_has_four_dates(database) {
        drop(with_checked_huts(database));
        let map = json(&view(database, &["map", "--output", "json"]));
        assert_eq!((&map["start_date"], &map["days"]), (&"2026-06-30".into(), &4.into()));
        assert_eq!(map["huts"][0]["data"].as_array().unwrap().len(), 3, "no data are stored for today");
        // At 22:30 UTC it is already July in the huts' time zone.
        let args = ["map", "now", "--output", "json", "--as-of", "2026-06-30T22:30:00Z"];
        let ran = run(hut_availability().args(args).args(["--database-url", &database.url]));
        assert_eq!(ran.json()["start_date"], "2026-07-01");
    }

    fn the_map_can_be_filtered_and_sorted(database) {
        drop(with_checked_huts(database));
        let slugs = |args: &[&str]| {
            let map = json(&view(database, &[&["map", "2026-07-01", "--output", "json"], args].concat()));
            let slugs = map["huts"].as_array().unwrap().iter().map(|hut| hut["slug"].as_str().unwrap().to_owned());
            slugs.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(slugs(&["--sort", "name"]), "hut-1 hut-2", "Ä is sorted as A");
        assert_eq!(slugs(&["--sort", "free"]), "hut-1 hut-2");
        assert_eq!(slugs(&["--sort", "country"]), "hut-1 hut-2");
        assert_eq!(slugs(&["--name", "ALPLI"]), "hut-1");
        assert_eq!(slugs(&["--name", "Älpli"]), "hut-1");
        assert_eq!(slugs(&["--name", "bosco", "--country", "it"]), "hut-2");
        assert_eq!(slugs(&["--min-free", "4"]), "hut-1", "free places on the first date count");
        assert_eq!(slugs(&["--min-free", "13"]), "");
        let none = view(database, &["map", "2026-07-01", "--min-free", "13"]);
        assert_eq!(none, "0 of 2 huts\n");
        let map = json(&view(database, &["map", "2026-07-02", "--sort", "free", "--output", "json"]));
        assert_eq!(map["huts"][0]["slug"], "hut-2", "40 places are more than 30");
    }

    fn a_hut_is_shown_with_its_details_and_whole_months(database) {
        drop(with_checked_huts(database));
        let hut = |output| view(database, &["hut", "hut-1", "01.07.26", "--days", "3", "--output", output]);
        assert_hut(&hut("table"), &hut("csv"), &hut("json"));
    }

    fn a_year_is_shown_as_thirteen_months(database) {
        drop(with_checked_huts(database));
        let year = view(database, &["hut", "hut-1", "--days", "365"]);
        assert_eq!(year.matches(" Mo ").count(), 13, "{year}");
        let leap = view(database, &["hut", "hut-1", "2028-02-29", "--days", "1"]);
        assert!(leap.ends_with("no data stored for these months\n"), "{leap}");
    }

    fn a_trend_has_a_chart_and_its_states(database) {
        drop(with_checked_huts(database));
        let trend = |output| view(database, &["trend", "hut-1", "01.07.26", "--output", output]);
        assert_trend(&trend("table"), &trend("csv"), &trend("json"));
    }

    fn the_period_of_a_trend_is_given_in_days(database) {
        drop(with_checked_huts(database));
        let trend = |as_of: &str, days: &str| {
            let args = ["trend", "hut-1", "2026-07-31", "--days", days, "--output", "json", "--as-of", as_of];
            let ran = run(hut_availability().args(args).args(["--database-url", &database.url]));
            let json = ran.json();
            (json["period_start"].as_str().unwrap().to_owned(), json["data"].as_array().unwrap().len())
        };
        assert_eq!(trend("2026-07-02T12:00:00Z", "2"), ("2026-06-30".into(), 1));
        assert_eq!(trend("2026-07-02T12:00:00Z", "1"), ("2026-07-01".into(), 0));
        assert_eq!(trend("2027-01-01T12:00:00Z", "31"), ("2026-06-30".into(), 1), "the period ends with the night, when that has passed");
    }

    fn an_unknown_hut_is_quoted_and_similar_ones_are_suggested(database) {
        drop(with_checked_huts(database));
        for args in [&["hut", "hut-9"][..], &["trend", "hut-9", "today"]] {
            let ran = run_view(database, args);
            let error = "error: there is no hut with the slug \"hut-9\": did you mean hut-1, hut-2, hut-3? \
                `hut-availability huts list` lists all huts\n";
            assert_eq!((ran.status, ran.stderr.as_str(), ran.stdout.as_str()), (2, error, ""));
        }
    }

    fn an_invalid_date_is_quoted(database) {
        for args in [&["map", "someday"][..], &["hut", "hut-1", "someday"], &["trend", "hut-1", "someday"]] {
            let ran = run_view(database, args);
            assert_eq!(ran.status, 2);
            assert!(ran.stderr.starts_with("error: expected a date such as 2026-07-18, got \"someday\"; accepted forms: now, today"), "{ran:?}");
        }
    }

    fn views_without_data_say_what_to_do(database) {
        let map = run_view(database, &["map"]);
        assert_eq!((map.status, map.stdout.as_str()), (0, "0 huts\n"));
        assert!(map.stderr.contains("no huts yet: `hut-availability huts discover`"), "{map:?}");
        let hut = run_view(database, &["hut", "hut-1"]);
        assert_eq!(hut.status, 2);
        assert!(hut.stderr.contains("because there are no huts yet: `hut-availability huts discover`"), "{hut:?}");
        drop(database.with_huts(1));
        let map = run_view(database, &["map", "--output", "json"]);
        assert_eq!(map.json()["huts"], Value::Array(Vec::new()));
        assert!(map.stderr.contains("nothing is stored for these dates: run `update-availability`"), "{map:?}");
        let hut = view(database, &["hut", "hut-1"]);
        assert!(hut.contains("never; run `update-availability --hut-slug hut-1` to check the hut"), "{hut}");
        let trend = view(database, &["trend", "hut-1", "today"]);
        assert!(trend.contains("no states found since"), "{trend}");
    }
}
