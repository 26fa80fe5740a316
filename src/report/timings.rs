//! Formats the time that a run spent in each stage, as a table and as JSON.

use std::time::Duration;

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::domain::run::RunResult;
use crate::domain::timings::{Stage, Timings};
use crate::text::humanize::pluralize;

/// One line per stage. Empty if `--timings` was not given.
#[must_use]
pub fn text(run: &RunResult) -> String {
    let Some(timings) = &run.timings else { return String::new() };
    let requests = pluralize(usize::try_from(timings.requests).unwrap_or(usize::MAX), "request");
    let statements =
        pluralize(usize::try_from(timings.statements).unwrap_or(usize::MAX), "statement");
    let mut text = format!(
        "time per stage, summed over {requests} and {statements}, some of them concurrent:\n"
    );
    let stages = timings.stages().map(|(stage, time)| (describe(stage), time));
    for (label, time) in stages.chain([("whole run", run.elapsed)]) {
        text += &format!("  {label:<32}{:>10.3} s\n", time.as_secs_f64());
    }
    text
}

fn describe(stage: Stage) -> &'static str {
    match stage {
        Stage::Selecting => "selecting huts",
        Stage::Agreeing => "coordinating with other runs",
        Stage::WaitingForSpacing => "waiting for the request interval",
        Stage::WaitingForAnswers => "waiting for answers",
        Stage::Parsing => "parsing",
        Stage::Comparing => "comparing",
        Stage::Writing => "writing",
    }
}

/// Seconds per stage, and of the whole run.
pub struct Seconds<'a>(pub &'a Timings, pub Duration);

impl Serialize for Seconds<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(timings, elapsed) = self;
        let mut map = serializer.serialize_map(None)?;
        for (stage, time) in timings.stages() {
            map.serialize_entry(<&str>::from(stage), &time.as_secs_f64())?;
        }
        map.serialize_entry("run", &elapsed.as_secs_f64())?;
        map.serialize_entry("requests", &timings.requests)?;
        map.serialize_entry("statements", &timings.statements)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::run;

    #[test]
    fn each_stage_has_a_line() {
        let timed = RunResult { timings: Some(Timings::default()), ..run(Vec::new()) };
        insta::assert_snapshot!(text(&timed), @r#"
        time per stage, summed over 0 requests and 0 statements, some of them concurrent:
          selecting huts                       0.000 s
          coordinating with other runs         0.000 s
          waiting for the request interval     0.000 s
          waiting for answers                  0.000 s
          parsing                              0.000 s
          comparing                            0.000 s
          writing                              0.000 s
          whole run                            3.250 s
        "#);
        assert_eq!(text(&run(Vec::new())), "");
    }

    #[test]
    fn json_has_seconds_per_stage() {
        let json = serde_json::to_string(&Seconds(&Timings::default(), Duration::from_millis(250)));
        insta::assert_snapshot!(json.unwrap(), @r#"{"selecting":0.0,"agreeing":0.0,"waiting_for_spacing":0.0,"waiting_for_answers":0.0,"parsing":0.0,"comparing":0.0,"writing":0.0,"run":0.25,"requests":0,"statements":0}"#);
    }
}
