use std::collections::BTreeSet;

use super::*;
use crate::domain::takeover::counts::{Correction, Counts};
use crate::ops::takeover::plan::taken::{NotTaken, Subject};
use crate::ops::takeover::{TakenOver, Version};
use crate::text::format::Printout;

fn taken() -> TakenOver {
    TakenOver {
        version: Version::April,
        read_at: "2026-04-03T10:00:00.123456Z".parse().unwrap(),
        is_stopped: false,
        huts: 3,
        taken: 2,
        unchanged: 1,
        new: 1,
        changed: 1,
        gone: vec!["Old_Hut".into()],
        followed: 2,
        inactive: 1,
        not_public: 0,
        counts: Counts {
            rows_read: 730,
            entries_read: 912,
            rows: 731,
            entries: 910,
            gaps_closed: 180,
            doubles_merged: 3,
            entries_added: 1,
            rows_added: 1,
            corrected: [(Correction::FreeAboveTotal, 4)].into(),
            ..Counts::default()
        },
        not_taken: BTreeSet::from([NotTaken {
            subject: Subject::Source,
            name: "osm".into(),
            number: 3,
            reason: "this program cannot poll the organization, and no night is of it".into(),
        }]),
    }
}

#[test]
fn the_report_names_all_kinds() {
    let from = "postgres://me:hunter2@db/wodore".parse().unwrap();
    let to = "huts.db".parse().unwrap();
    let report = TakeoverReport { from: &from, to: &to, dry_run: false, taken: &taken() };
    insta::assert_snapshot!(report.text(), @r#"
    postgres://db/wodore (Wodore backend of April 2026), read at 2026-04-03T10:00:00Z: 3 huts
      huts                            2  taken over (1 as before, 1 new, 1 changed)
      followed                        2
      inactive                        1
      not public                      0
      nights                        731  of 730 read
      history entries               910  of 912 read
      gaps closed                   180  an entry ended before the next one began
      overlaps ended                  0  an entry ended after the next one began
      doubles merged                  3  entries with one instant, or equal neighbours
      entries added                   1  a night had none, or differed from its latest
      nights added                    1  a night had a history only
      values corrected                4
        free above total              4
    no longer in their database, kept and inactive: Old_Hut
    not taken:
      source "osm" (3): this program cannot poll the organization, and no night is of it
    3 huts in sqlite://huts.db are not polled until `hut-availability takeover --finish`: first stop the job of the Wodore backend, and run the same command again to catch up
    "#);
    insta::assert_snapshot!(report.json(), @r#"{"from":"postgres://db/wodore","to":"sqlite://huts.db","version":"april-2026","read_at":"2026-04-03T10:00:00Z","dry_run":false,"interrupted":false,"huts":{"all":3,"taken":2,"unchanged":1,"new":1,"changed":1,"gone":1,"followed":2,"inactive":1,"not_public":0},"rows":{"read":730,"taken":731},"entries":{"read":912,"taken":910},"repaired":{"gaps_closed":180,"overlaps_ended":0,"doubles_merged":3,"values_corrected":4,"entries_added":1,"rows_added":1},"values_corrected":{"free_above_total":4},"gone":["Old_Hut"],"not_taken":[{"subject":"source","name":"osm","number":3,"reason":"this program cannot poll the organization, and no night is of it"}]}"#);
    let stopped = TakenOver { is_stopped: true, unchanged: 0, ..taken() };
    let report = TakeoverReport { taken: &stopped, ..report };
    let last = report.text();
    insta::assert_snapshot!(last.lines().last().unwrap(), @"stopped before 1 hut; run the same command again to continue");
    let report = TakeoverReport { taken: &taken(), dry_run: true, ..report };
    let last = report.text();
    insta::assert_snapshot!(last.lines().last().unwrap(), @"nothing was written to sqlite://huts.db");
}
