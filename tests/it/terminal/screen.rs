//! Output on a terminal: colours, hostile names, and a reader that closes the pipe.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use super::{AS_OF, rename, view, with_checked_huts};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::program::hut_availability;

/// A name that would colour all text red, and turn the direction of writing.
const HOSTILE: &str = "\u{1b}[31mHut\n\u{9b}2J\u{202e}\tx\u{7}";

on_both_databases! {
    fn names_cannot_send_control_characters_to_the_terminal(database) {
        let mut db = with_checked_huts(database);
        rename(&mut db, 1, HOSTILE);
        drop(db);
        let views: [&[&str]; 5] = [
            &["map", "2026-07-01"],
            &["hut", "hut-1", "2026-07-01"],
            &["trend", "hut-1", "2026-07-01"],
            &["map", "2026-07-01", "--output", "json"],
            &["status"],
        ];
        for args in views {
            assert_harmless(&view(database, args), args);
        }
        let name = r"\u{1b}[31mHut\n\u{9b}2J\u{202e}\tx\u{7}";
        assert!(view(database, &["map", "2026-07-01"]).contains(name));
        assert!(view(database, &["hut", "hut-1"]).contains(name));
        let map: serde_json::Value =
            serde_json::from_str(&view(database, &["map", "2026-07-01", "--output", "json"])).unwrap();
        assert!(map["huts"].as_array().unwrap().iter().any(|hut| hut["name"] == HOSTILE), "{map}");
        for args in [&["list"][..], &["show", "hut-1"]] {
            let ran = crate::support::program::huts(database, args);
            assert!(ran.stdout.contains(name), "{ran:?}");
            assert_harmless(&ran.stdout, args);
        }
    }
}

fn assert_harmless(text: &str, args: &[&str]) {
    let harmful = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!text.contains(harmful), "{args:?}: {text:?}");
}

/// Runs a command in a terminal of its own.
fn on_a_terminal(database: &TestDatabase, args: &str, environment: &[(&str, &str)]) -> String {
    let program = env!("CARGO_BIN_EXE_hut-availability");
    let url = &database.url;
    in_terminal(
        200,
        &format!("{program} {args} --as-of {AS_OF} --database-url '{url}'"),
        environment,
    )
}

/// Runs a shell command in a terminal with this many columns, and returns what the terminal gets.
pub fn in_terminal(columns: u16, command: &str, environment: &[(&str, &str)]) -> String {
    let command = format!("stty cols {columns} rows 24; {command}");
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .env_remove("NO_COLOR")
        .env("TERM", "xterm-256color")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// `script` runs a program in a new terminal. Debian always has it.
pub fn has_script() -> bool {
    Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_terminal_gets_colours_unless_they_are_disabled() {
    if !has_script() {
        // Not eprintln, because the test harness captures the output of a passing test.
        let _ = writeln!(
            io::stderr(),
            "skipped: the test needs script(1) of util-linux to open a terminal"
        );
        return;
    }
    let database = TestDatabase::sqlite();
    let mut db = with_checked_huts(&database);
    rename(&mut db, 2, HOSTILE);
    drop(db);
    let map =
        |environment: &[(&str, &str)]| on_a_terminal(&database, "map 2026-07-01", environment);
    assert!(map(&[]).contains("\u{1b}[48;5;"), "{}", map(&[]));
    assert!(map(&[("NO_COLOR", "")]).contains("\u{1b}[48;5;"));
    assert!(!map(&[("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(!map(&[("TERM", "dumb")]).contains('\u{1b}'));
    for view in ["map 2026-07-01 --output json", "map 2026-07-01 --output csv"] {
        let output = on_a_terminal(&database, view, &[]);
        assert!(output.contains("hut-1") && !output.contains('\u{1b}'), "{output}");
    }
}

#[test]
fn output_that_nobody_reads_to_its_end_is_an_error() {
    let database = TestDatabase::sqlite();
    drop(with_checked_huts(&database));
    for args in [&["map"][..], &["hut", "hut-1", "--days", "365"], &["status"]] {
        let mut child = hut_availability()
            .args(args)
            .args(["--database-url", &database.url, "--as-of", AS_OF])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert_eq!(stderr, "error: cannot write to stdout: Broken pipe (os error 32)\n");
    }
}
