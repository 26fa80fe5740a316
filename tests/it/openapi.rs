//! schemathesis tests the API against its OpenAPI document: valid requests get the documented answers,
//! invalid ones are refused as documented.

use std::process::Command;

use crate::on_both_databases;
use crate::support::program::run_in;
use crate::support::random::is_full;
use crate::support::{say, summer, tool, tools};

/// The number of random requests for each operation, besides those for each limit and each example.
const EXAMPLES: &str = "100";

/// Valid requests may be refused, because no pattern of the document can exclude dates such as 30 February. A tour of
/// huts that do not exist always is.
const RANDOM_REQUESTS: &str = r#"
[warnings]
fail-on = true
[parameters]
"query.stage" = ["watzmannhaus", "watzmannhaus:2"]
[checks]
positive_data_acceptance.enabled = false
"#;

/// No hut has a random slug, and no pattern of the document can describe what a country or a date may be. So these
/// requests ask for an existing hut, on a date with data, and must be accepted.
const EXISTING_HUT: &str = r#"
[warnings]
fail-on = true
[parameters]
"path.slug" = "watzmannhaus"
"path.date" = "18.07.2026"
"query.stage" = ["watzmannhaus", "watzmannhaus:2"]
"query.from" = "18.07.2026"
"query.to" = "31.07.2026"
"query.weekday" = "fri,sat"
"query.hut" = ["watzmannhaus"]
"query.near" = "watzmannhaus"
"query.elevation" = "1500..2500"
"query.bbox" = "7.5,45.8,13.5,47.9"
"query.country" = "AT"
"query.name" = "haus"
"query.date" = "18.07.2026"
"query.slugs" = "watzmannhaus"
"#;

on_both_databases! {
    fn the_api_conforms_to_its_document(database) {
        // Only `scripts/test.sh full` installs schemathesis.
        if !is_full() {
            return;
        }
        let Some(schemathesis) = tool(tools().with_file_name("schemathesis/bin/schemathesis")) else { return };
        summer::fill(database);
        let service = summer::serve(database);
        let document = format!("http://{}/v1/openapi.json", service.address);
        for (requests, config) in [("random requests", RANDOM_REQUESTS), ("an existing hut", EXISTING_HUT)] {
            let directory = tempfile::tempdir().unwrap();
            std::fs::write(directory.path().join("schemathesis.toml"), config).unwrap();
            let mut command = Command::new(&schemathesis);
            command.args(["run", &document, "--no-color"]);
            command.args(["--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES]);
            command.args(["--generation-deterministic", "--continue-on-failure"]);
            let ran = run_in(directory.path(), &mut command);
            assert_eq!(ran.status, 0, "{requests}:\n{}\n{}", ran.stdout, ran.stderr);
            let generated = ran.stdout.lines().find(|line| line.contains(" generated, "));
            say(&format!("schemathesis, {requests}: {}", generated.unwrap().trim()));
        }
    }
}
