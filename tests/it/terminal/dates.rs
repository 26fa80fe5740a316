//! Dates in words, wherever a command takes one. The day is Tuesday 30 June 2026.

use super::{run_view, view, with_checked_huts};
use crate::on_both_databases;

on_both_databases! {
    fn dates_are_understood_in_words(database) {
        drop(with_checked_huts(database));
        let expected = view(database, &["map", "2026-07-01"]);
        for date in ["tomorrow", "morgen", "demain", "Mittwoch", "mer.", "We", "1.7.", "1. Juli", "1 July", "1er juillet", "Wed 1 Jul 2026"] {
            assert_eq!(view(database, &["map", date]), expected, "{date}");
            let hut = view(database, &["hut", "hut-1", date]);
            assert!(hut.contains("night        Wed 1 Jul 2026: 12 of 40 free"), "{date}: {hut}");
            let trend = view(database, &["trend", "hut-1", date]);
            assert!(trend.contains("night of Wed 1 Jul 2026"), "{date}: {trend}");
            let stays = view(database, &["stays", "--from", date, "--to", date]);
            assert!(stays.contains(" Wed 1 Jul 2026  Thu 2 Jul 2026 ") && stays.ends_with("\n2 stays\n"), "{date}: {stays}");
        }
        // 31 July.
        assert_eq!(view(database, &["map", "31.7."]), view(database, &["map", "2026-07-31"]));
        assert_eq!(view(database, &["map", "aujourd'hui"]), view(database, &["map", "today"]));
    }

    fn a_date_that_may_be_two_days_is_refused(database) {
        drop(with_checked_huts(database));
        for args in [&["map", "7/8"][..], &["hut", "hut-1", "7/8"], &["stays", "--to", "7/8"]] {
            let ran = run_view(database, args);
            assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
            assert!(ran.stderr.contains("got \"7/8\", which may mean 7.8. or 8.7.: write 7.8. or 8.7.;"), "{ran:?}");
        }
    }
}
