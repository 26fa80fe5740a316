//! The API against its own description, by schemathesis: whatever the document allows is answered as it
//! says, and whatever it does not allow is refused as it says.

use std::process::Command;

use crate::on_both_databases;
use crate::support::chance::is_full;
use crate::support::program::run_in;
use crate::support::{say, summer, tool, tools};

/// Requests that are made up for each operation, besides those for each bound and each example.
const EXAMPLES: &str = "100";

/// The calendar has a word as well: no pattern knows that there is no 30 February.
const ANYTHING: &str = r#"
[warnings]
fail-on = true
[checks]
positive_data_acceptance.enabled = false
"#;

/// Made-up slugs are those of no hut, so other requests ask for one that there is, on a date of which
/// something is known.
const KNOWN: &str = r#"
[warnings]
fail-on = true
[parameters]
"path.slug" = "watzmannhaus"
"path.date" = "18.07.2026"
"#;

on_both_databases! {
    fn the_api_keeps_to_its_document(database) {
        if !is_full() {
            return;
        }
        let Some(schemathesis) = tool(tools().with_file_name("schemathesis/bin/schemathesis")) else { return };
        summer::fill(database);
        let service = summer::serve(database);
        let document = format!("http://{}/v1/openapi.json", service.address);
        for (what, config) in [("anything", ANYTHING), ("what there is", KNOWN)] {
            let directory = tempfile::tempdir().unwrap();
            std::fs::write(directory.path().join("schemathesis.toml"), config).unwrap();
            let mut command = Command::new(&schemathesis);
            command.args(["run", &document, "--no-color"]);
            command.args(["--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES]);
            command.args(["--generation-deterministic", "--continue-on-failure"]);
            let ran = run_in(directory.path(), &mut command);
            assert_eq!(ran.status, 0, "{what}:\n{}\n{}", ran.stdout, ran.stderr);
            let generated = ran.stdout.lines().find(|line| line.contains(" generated, "));
            say(&format!("schemathesis, {what}: {}", generated.unwrap().trim()));
        }
    }
}
