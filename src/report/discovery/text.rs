//! The summary of a discovery for people.

use std::fmt::Write;

use super::describe;
use crate::register::discover::result::{Discovered, SiteDiscovered};
use crate::register::duplicates::DuplicateHuts;
use crate::register::merge::{HutChange, MergeOutcome};
use crate::text::humanize::pluralize;

/// Failed steps that are shown of a site, and huts that are active no more, or again.
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
        writeln!(out, "went on with the discovery of {at:?} (--fresh starts over)")?;
    }
    if discovered.dry_run {
        writeln!(out, "dry run: nothing is written")?;
    }
    write_changes(out, discovered)?;
    for site in &discovered.sites {
        write_site(out, site, discovered.dry_run)?;
    }
    if discovered.interrupted && !discovered.dry_run {
        writeln!(out, "stopped by a signal; the next discovery goes on from there")?;
    }
    write_twins(out, discovered)
}

/// All changes of a dry run; else those that decide whether a hut is asked.
fn write_changes(out: &mut String, discovered: &Discovered) -> std::fmt::Result {
    let is_told = |hut: &&HutChange| match hut.outcome {
        MergeOutcome::Unchanged => false,
        MergeOutcome::Added | MergeOutcome::Updated => discovered.dry_run,
        MergeOutcome::Activated | MergeOutcome::Deactivated => true,
    };
    let told: Vec<&HutChange> = discovered.huts.iter().filter(is_told).collect();
    let shown = if discovered.dry_run { told.len() } else { told.len().min(MAX_SHOWN) };
    for change in &told[..shown] {
        writeln!(out, "  {}", describe(change))?;
    }
    match told.len() - shown {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more (--output json lists them)"),
    }
}

fn write_site(out: &mut String, site: &SiteDiscovered, dry_run: bool) -> std::fmt::Result {
    let count = |outcome| site.outcomes.get(&outcome).copied().unwrap_or_default();
    let to = if dry_run { "to be " } else { "" };
    let from = match site.first_step {
        1 => String::new(),
        step => format!(", from {} {step} on", site.organization.crawl_plan.step_name()),
    };
    writeln!(
        out,
        "{}{from}: {} {to}added, {} updated, {} activated, {} deactivated, {} unchanged; {} left out",
        site.organization,
        pluralize(count(MergeOutcome::Added), "hut"),
        count(MergeOutcome::Updated),
        count(MergeOutcome::Activated),
        count(MergeOutcome::Deactivated),
        count(MergeOutcome::Unchanged),
        if site.test_entries == 1 {
            "1 test entry".to_owned()
        } else {
            format!("{} test entries", site.test_entries)
        },
    )?;
    if !site.unreadable.is_empty() {
        let describe =
            |(field, count): (_, &usize)| format!("{field} of {}", pluralize(*count, "hut"));
        let fields: Vec<String> = site.unreadable.iter().map(describe).collect();
        writeln!(out, "  could not be read, so unknown: {}", fields.join(", "))?;
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
        writeln!(out, "  it is not known which huts are gone: {why}")?;
    }
    if let Some(why) = &site.left {
        writeln!(out, "  {why}")?;
    }
    match site.next_step {
        Some(_) if dry_run => writeln!(out, "  not finished"),
        Some(step) => {
            writeln!(out, "  not finished: the next discovery goes on with {step_name} {step}")
        }
        None => Ok(()),
    }
}

fn write_twins(out: &mut String, discovered: &Discovered) -> std::fmt::Result {
    let twins = &discovered.twins;
    if twins.is_empty() {
        return Ok(());
    }
    writeln!(out, "likely one hut each; if so, say it:")?;
    for twins in twins {
        let DuplicateHuts { hut, twin, organization, source_hut_id, distance_m, similarity } =
            twins;
        let alike = similarity * 100.0;
        writeln!(out, "  {hut} and {twin}, {distance_m} m apart, names {alike:.0} % alike:")?;
        if !discovered.dry_run {
            writeln!(out, "    hut-availability huts link {hut} {organization} {source_hut_id}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::ErrorKind;
    use crate::domain::failure::Failure;
    use crate::register::discover::result::StepFailure;
    use crate::sites::hut_reservation::HutReservation;
    use crate::sites::source::BookingSource;

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
        let twins = DuplicateHuts {
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
            twins: vec![twins],
        }
    }

    #[test]
    fn a_discovery_is_summed_up() {
        insta::assert_snapshot!(format(&discovered()), @r#"
          other (hrs 29): deactivated
        hrs: 1 hut added, 2 updated, 0 activated, 1 deactivated, 0 unchanged; 7 test entries left out
          could not be read, so unknown: altitude of 43 huts, coordinates of 73 huts
          1 ID failed:
            ID 30: timeout: no complete answer within 30 s
          timeout: no complete answer within 30 s
          not finished: the next discovery goes on with ID 31
        stopped by a signal; the next discovery goes on from there
        likely one hut each; if so, say it:
          blaueishuette and blaueishuette-2, 12 m apart, names 100 % alike:
            hut-availability huts link blaueishuette huetten-holiday 27
        "#);
    }

    #[test]
    fn a_discovery_that_went_on_says_so() {
        let mut discovered = discovered();
        discovered.resumed = Some("2026-07-01T09:00:00Z".parse().unwrap());
        discovered.sites[0].first_step = 18;
        discovered.sites[0].gone_unknown = Some("a page could not be read".into());
        insta::assert_snapshot!(format(&discovered), @r#"
        went on with the discovery of 2026-07-01T09:00:00Z (--fresh starts over)
          other (hrs 29): deactivated
        hrs, from ID 18 on: 1 hut added, 2 updated, 0 activated, 1 deactivated, 0 unchanged; 7 test entries left out
          could not be read, so unknown: altitude of 43 huts, coordinates of 73 huts
          1 ID failed:
            ID 30: timeout: no complete answer within 30 s
          it is not known which huts are gone: a page could not be read
          timeout: no complete answer within 30 s
          not finished: the next discovery goes on with ID 31
        stopped by a signal; the next discovery goes on from there
        likely one hut each; if so, say it:
          blaueishuette and blaueishuette-2, 12 m apart, names 100 % alike:
            hut-availability huts link blaueishuette huetten-holiday 27
        "#);
    }

    #[test]
    fn a_dry_run_says_what_would_be() {
        let mut discovered = discovered();
        discovered.dry_run = true;
        discovered.twins.clear();
        discovered.sites[0].next_step = None;
        insta::assert_snapshot!(format(&discovered), @r#"
        dry run: nothing is written
          taellihuette (hrs 29): added
          other (hrs 29): deactivated
          third (hrs 29): updated: name, elevation
        hrs: 1 hut to be added, 2 updated, 0 activated, 1 deactivated, 0 unchanged; 7 test entries left out
          could not be read, so unknown: altitude of 43 huts, coordinates of 73 huts
          1 ID failed:
            ID 30: timeout: no complete answer within 30 s
          timeout: no complete answer within 30 s
        "#);
    }

    #[test]
    fn the_report_for_programs_is_one_line_of_json() {
        insta::assert_snapshot!(crate::report::discovery::json(&discovered()), @r#"{"started_at":"2026-07-01T10:00:00Z","finished_at":"2026-07-01T10:00:40Z","dry_run":false,"interrupted":true,"resumed":null,"sites":[{"organization":"hrs","first_step":1,"next_step":31,"outcomes":{"added":1,"updated":2,"deactivated":1},"test_entries":7,"unreadable":{"altitude":43,"coordinates":73},"failures":[{"step":30,"error":{"kind":"timeout","message":"no complete answer within 30 s"}}],"gone_unknown":null,"left":{"kind":"timeout","message":"no complete answer within 30 s"}}],"huts":[{"hut":"taellihuette","organization":"hrs","source_hut_id":"29","outcome":"added","fields":[],"unreadable":[]},{"hut":"other","organization":"hrs","source_hut_id":"29","outcome":"deactivated","fields":["is_active"],"unreadable":[]},{"hut":"third","organization":"hrs","source_hut_id":"29","outcome":"updated","fields":["name","elevation"],"unreadable":[]}],"twins":[{"hut":"blaueishuette","twin":"blaueishuette-2","organization":"huetten-holiday","source_hut_id":"27","distance_m":12.0,"similarity":1.0}]}"#);
    }
}
