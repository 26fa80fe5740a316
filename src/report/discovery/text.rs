//! Formats the result of a discovery for people.

use std::fmt::Write;

use crate::register::discover::result::{Discovered, SiteDiscovered};
use crate::register::duplicates::DuplicateHuts;
use crate::register::merge::{HutChange, MergeOutcome};
use crate::text::humanize::pluralize;

/// Maximum number of failed steps per site, and of activated and deactivated huts, that the report lists.
const MAX_SHOWN: usize = 20;

/// Formats a discovery.
#[must_use]
pub fn format(discovered: &Discovered) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, discovered);
    text
}

fn write(out: &mut String, discovered: &Discovered) -> std::fmt::Result {
    if let Some(at) = discovered.resumed {
        writeln!(out, "resumed the discovery that started at {at:?} (--fresh starts over)")?;
    }
    if discovered.dry_run {
        writeln!(out, "dry run: nothing was written")?;
    }
    write_changes(out, discovered)?;
    for site in &discovered.sites {
        write_site(out, site, discovered.dry_run)?;
    }
    if discovered.interrupted && !discovered.dry_run {
        writeln!(out, "stopped by a signal; the next discovery resumes from there")?;
    }
    write_duplicates(out, discovered)
}

/// Lists all changes of a dry run; otherwise only those that decide whether a hut is polled.
fn write_changes(out: &mut String, discovered: &Discovered) -> std::fmt::Result {
    let is_listed = |hut: &&HutChange| match hut.outcome {
        MergeOutcome::Unchanged => false,
        MergeOutcome::Added | MergeOutcome::Updated => discovered.dry_run,
        MergeOutcome::Activated | MergeOutcome::Deactivated => true,
    };
    let listed: Vec<&HutChange> = discovered.huts.iter().filter(is_listed).collect();
    let shown = if discovered.dry_run { listed.len() } else { listed.len().min(MAX_SHOWN) };
    for change in &listed[..shown] {
        writeln!(out, "  {}", describe(change))?;
    }
    match listed.len() - shown {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more (--output json lists them)"),
    }
}

fn write_site(out: &mut String, site: &SiteDiscovered, dry_run: bool) -> std::fmt::Result {
    let count = |outcome| site.outcomes.get(&outcome).copied().unwrap_or_default();
    let to = if dry_run { "to be " } else { "" };
    let from = match site.first_step {
        1 => String::new(),
        step => format!(", starting at {} {step}", site.organization.crawl_plan.step_name()),
    };
    writeln!(
        out,
        "{}{from}: {} {to}added, {} updated, {} activated, {} deactivated, {} unchanged; {} ignored",
        site.organization,
        pluralize(count(MergeOutcome::Added), "hut"),
        count(MergeOutcome::Updated),
        count(MergeOutcome::Activated),
        count(MergeOutcome::Deactivated),
        count(MergeOutcome::Unchanged),
        pluralize(site.test_entries, "test entry"),
    )?;
    if !site.unreadable.is_empty() {
        let describe =
            |(field, count): (_, &usize)| format!("{field} of {}", pluralize(*count, "hut"));
        let fields: Vec<String> = site.unreadable.iter().map(describe).collect();
        writeln!(
            out,
            "  stored as unknown, because the value could not be parsed: {}",
            fields.join(", ")
        )?;
    }
    let step_name = site.organization.crawl_plan.step_name();
    if !site.failures.is_empty() {
        writeln!(out, "  {} failed:", pluralize(site.failures.len(), step_name))?;
    }
    for failure in site.failures.iter().take(MAX_SHOWN) {
        writeln!(out, "    {step_name} {}: {}", failure.step, failure.error)?;
    }
    if site.failures.len() > MAX_SHOWN {
        writeln!(out, "    and {} more", site.failures.len() - MAX_SHOWN)?;
    }
    if let Some(why) = &site.gone_unknown {
        writeln!(out, "  cannot tell which huts the site has removed: {why}")?;
    }
    if let Some(why) = &site.left {
        writeln!(out, "  {why}")?;
    }
    match site.next_step {
        Some(_) if dry_run => writeln!(out, "  not finished"),
        Some(step) => {
            writeln!(out, "  not finished: the next discovery resumes at {step_name} {step}")
        }
        None => Ok(()),
    }
}

fn write_duplicates(out: &mut String, discovered: &Discovered) -> std::fmt::Result {
    if discovered.twins.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "likely duplicates; if two entries are the same hut, link them (`huts link --proposed` links all):"
    )?;
    for duplicates in &discovered.twins {
        let DuplicateHuts { hut, twin, organization, source_hut_id, distance_m, similarity } =
            duplicates;
        let percent = similarity * 100.0;
        writeln!(out, "  {hut} and {twin}: {distance_m} m apart, names {percent:.0} % similar")?;
        if !discovered.dry_run {
            writeln!(out, "    hut-availability huts link {hut} {organization} {source_hut_id}")?;
        }
    }
    Ok(())
}

/// `slug (hrs 29): added`
pub fn describe(change: &HutChange) -> String {
    let HutChange { hut, organization, source_hut_id, outcome, .. } = change;
    let fields: Vec<&str> = change.fields.iter().map(String::as_str).collect();
    let fields = fields.into_iter().filter(|field| *field != "is_active").collect::<Vec<_>>();
    let fields = if fields.is_empty() { String::new() } else { format!(": {}", fields.join(", ")) };
    format!("{hut} ({organization} {source_hut_id}): {outcome}{fields}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::ErrorKind;
    use crate::domain::failure::Failure;
    use crate::register::discover::result::StepFailure;
    use crate::sites::hut_reservation::site::HutReservation;
    use crate::sites::source::BookingSource;
    use crate::text::format::Printout;

    fn discovered() -> Discovered {
        let change = |hut: &str, outcome, fields: &[&str]| HutChange {
            hut: hut.into(),
            organization: "hrs".into(),
            source_hut_id: "29".into(),
            outcome,
            fields: fields.iter().map(ToString::to_string).collect(),
            unreadable: Vec::new(),
        };
        let error = Failure::new(ErrorKind::Timeout, "no complete answer within 30 s");
        let site = SiteDiscovered {
            organization: HutReservation::organization(),
            first_step: 1,
            next_step: Some(31),
            outcomes: [
                (MergeOutcome::Added, 1),
                (MergeOutcome::Updated, 2),
                (MergeOutcome::Deactivated, 1),
            ]
            .into(),
            test_entries: 7,
            unreadable: [("altitude", 43), ("coordinates", 73)].into(),
            failures: vec![StepFailure { step: 30, error: error.clone() }],
            gone_unknown: None,
            left: Some(error),
        };
        let duplicates = DuplicateHuts {
            hut: "blaueishuette".into(),
            twin: "blaueishuette-2".into(),
            organization: "huetten-holiday".into(),
            source_hut_id: "27".into(),
            distance_m: 12.0,
            similarity: 1.0,
        };
        Discovered {
            started_at: "2026-07-01T10:00:00Z".parse().unwrap(),
            finished_at: "2026-07-01T10:00:40Z".parse().unwrap(),
            dry_run: false,
            interrupted: true,
            resumed: None,
            sites: vec![site],
            huts: vec![
                change("taellihuette", MergeOutcome::Added, &[]),
                change("other", MergeOutcome::Deactivated, &["is_active"]),
                change("third", MergeOutcome::Updated, &["name", "elevation"]),
            ],
            twins: vec![duplicates],
        }
    }

    #[test]
    fn the_summary_lists_each_site_and_likely_duplicates() {
        insta::assert_snapshot!(format(&discovered()), @r#"
          other (hrs 29): deactivated
        hrs: 1 hut added, 2 updated, 0 activated, 1 deactivated, 0 unchanged; 7 test entries ignored
          stored as unknown, because the value could not be parsed: altitude of 43 huts, coordinates of 73 huts
          1 ID failed:
            ID 30: timeout: no complete answer within 30 s
          timeout: no complete answer within 30 s
          not finished: the next discovery resumes at ID 31
        stopped by a signal; the next discovery resumes from there
        likely duplicates; if two entries are the same hut, link them (`huts link --proposed` links all):
          blaueishuette and blaueishuette-2: 12 m apart, names 100 % similar
            hut-availability huts link blaueishuette huetten-holiday 27
        "#);
    }

    #[test]
    fn a_resumed_discovery_says_where_it_resumed() {
        let mut discovered = discovered();
        discovered.resumed = Some("2026-07-01T09:00:00Z".parse().unwrap());
        discovered.sites[0].first_step = 18;
        discovered.sites[0].gone_unknown = Some("a page could not be read".into());
        insta::assert_snapshot!(format(&discovered), @r#"
        resumed the discovery that started at 2026-07-01T09:00:00Z (--fresh starts over)
          other (hrs 29): deactivated
        hrs, starting at ID 18: 1 hut added, 2 updated, 0 activated, 1 deactivated, 0 unchanged; 7 test entries ignored
          stored as unknown, because the value could not be parsed: altitude of 43 huts, coordinates of 73 huts
          1 ID failed:
            ID 30: timeout: no complete answer within 30 s
          cannot tell which huts the site has removed: a page could not be read
          timeout: no complete answer within 30 s
          not finished: the next discovery resumes at ID 31
        stopped by a signal; the next discovery resumes from there
        likely duplicates; if two entries are the same hut, link them (`huts link --proposed` links all):
          blaueishuette and blaueishuette-2: 12 m apart, names 100 % similar
            hut-availability huts link blaueishuette huetten-holiday 27
        "#);
    }

    #[test]
    fn a_dry_run_lists_every_change() {
        let mut discovered = discovered();
        discovered.dry_run = true;
        discovered.twins.clear();
        discovered.sites[0].next_step = None;
        insta::assert_snapshot!(format(&discovered), @r#"
        dry run: nothing was written
          taellihuette (hrs 29): added
          other (hrs 29): deactivated
          third (hrs 29): updated: name, elevation
        hrs: 1 hut to be added, 2 updated, 0 activated, 1 deactivated, 0 unchanged; 7 test entries ignored
          stored as unknown, because the value could not be parsed: altitude of 43 huts, coordinates of 73 huts
          1 ID failed:
            ID 30: timeout: no complete answer within 30 s
          timeout: no complete answer within 30 s
        "#);
    }

    #[test]
    fn the_report_for_programs_is_one_line_of_json() {
        insta::assert_snapshot!(discovered().json(), @r#"{"started_at":"2026-07-01T10:00:00Z","finished_at":"2026-07-01T10:00:40Z","dry_run":false,"interrupted":true,"resumed":null,"sites":[{"organization":"hrs","first_step":1,"next_step":31,"outcomes":{"added":1,"updated":2,"deactivated":1},"test_entries":7,"unreadable":{"altitude":43,"coordinates":73},"failures":[{"step":30,"error":{"kind":"timeout","message":"no complete answer within 30 s"}}],"gone_unknown":null,"left":{"kind":"timeout","message":"no complete answer within 30 s"}}],"huts":[{"hut":"taellihuette","organization":"hrs","source_hut_id":"29","outcome":"added","fields":[],"unreadable":[]},{"hut":"other","organization":"hrs","source_hut_id":"29","outcome":"deactivated","fields":["is_active"],"unreadable":[]},{"hut":"third","organization":"hrs","source_hut_id":"29","outcome":"updated","fields":["name","elevation"],"unreadable":[]}],"twins":[{"hut":"blaueishuette","twin":"blaueishuette-2","organization":"huetten-holiday","source_hut_id":"27","distance_m":12.0,"similarity":1.0}]}"#);
    }
}
