//! docs/cli.md lists every command and flag. It is generated from the definitions that the programs parse
//! their arguments with.

use std::fmt::Write;

use clap::{Arg, Command, CommandFactory};
use hut_availability::cli::app::HutAvailabilityCli;
use hut_availability::cli::update::UpdateCli;

use super::{read, repository};

const INTRODUCTION: &str = "\
# Commands and flags

<!-- Generated from the definitions in src/cli. Refresh: UPDATE_DOCS=1 cargo test --test it readme -->

There are two programs: `update-availability` is the job, and `hut-availability` does everything else. A flag takes
precedence over its environment variable. Each program and each subcommand prints its flags with `--help`.
";

#[test]
fn the_page_of_flags_is_up_to_date() {
    let (page, generated) = (repository().join("docs/cli.md"), page());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        // Rename a new file over the page, because another test reads the page at the same time.
        let new = page.with_extension("new");
        std::fs::write(&new, &generated).unwrap();
        std::fs::rename(new, &page).unwrap();
    }
    let is_up_to_date = read(&page) == generated;
    assert!(is_up_to_date, "run UPDATE_DOCS=1 cargo test --test it readme, and commit docs/cli.md");
}

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for mut program in [UpdateCli::command(), HutAvailabilityCli::command()] {
        program.build();
        describe(&mut page, &program);
    }
    page
}

/// Appends a command and its subcommands.
fn describe(page: &mut String, command: &Command) {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string);
    let usage = command.clone().render_usage();
    let about = about.unwrap_or_default();
    write!(page, "\n## {name}\n\n{about}\n\n```text\n{usage}\n```\n").unwrap();

    let subcommands: Vec<_> =
        command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help").collect();
    if !subcommands.is_empty() {
        page.push_str("\n| subcommand | purpose |\n| --- | --- |\n");
    }
    for subcommand in &subcommands {
        let name = subcommand.get_bin_name().unwrap();
        let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
        let anchor = name.replace(' ', "-");
        writeln!(page, "| [`{name}`](#{anchor}) | {} |", cell(&about)).unwrap();
    }

    let is_program = !name.contains(' ');
    // The flags that the subcommands inherit are listed with the program.
    let arguments = command.get_arguments().filter(|argument| {
        let is_of_clap = ["help", "version"].contains(&argument.get_id().as_str());
        !is_of_clap && (is_program || !argument.is_global_set())
    });
    let mut groups: Vec<(&str, Vec<&Arg>)> = Vec::new();
    for argument in arguments {
        let heading = argument.get_help_heading();
        let heading =
            heading.unwrap_or(if argument.is_positional() { "Arguments" } else { "Flags" });
        match groups.iter_mut().find(|(name, _)| *name == heading) {
            Some((_, group)) => group.push(argument),
            None => groups.push((heading, vec![argument])),
        }
    }
    for (heading, arguments) in groups {
        let scope = if !subcommands.is_empty() { " (for every subcommand)" } else { "" };
        write!(page, "\n**{heading}**{scope}\n\n").unwrap();
        page.push_str(
            "| argument | environment variable | default | meaning |\n| --- | --- | --- | --- |\n",
        );
        arguments.into_iter().for_each(|argument| page.push_str(&row(argument)));
    }
    if let Some(examples) = command.get_after_help() {
        write!(page, "\n```text\n{examples}\n```\n").unwrap();
    }
    subcommands.into_iter().for_each(|subcommand| describe(page, subcommand));
}

/// An argument as a row of a table.
fn row(argument: &Arg) -> String {
    let code = |text: &str| if text.is_empty() { String::new() } else { format!("`{text}`") };
    let short = argument.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    let variable = argument.get_env().and_then(|variable| variable.to_str()).unwrap_or_default();

    let help = argument.get_long_help().or(argument.get_help()).map(ToString::to_string);
    let help = help.unwrap_or_default();
    // A default that clap does not know is written in the help text.
    let (mut meaning, mut default) = match help.split_once(" [default: ") {
        Some((before, rest)) => {
            let (default, after) = rest.split_once(']').unwrap();
            (format!("{before}{after}"), default.to_owned())
        }
        None => (help, String::new()),
    };
    if argument.get_action().takes_values() {
        let values = argument.get_default_values().iter().map(|value| value.to_str().unwrap());
        let values: Vec<_> = values.collect();
        if !values.is_empty() {
            default = values.join(",");
        }
    }
    let values = argument.get_possible_values();
    let values: Vec<_> = values
        .iter()
        .map(|value| {
            let help = value.get_help().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("`{}`{help}", value.get_name())
        })
        .collect();
    if !values.is_empty() {
        write!(meaning, "<br>Values: {}", values.join(", ")).unwrap();
    }
    // A default of clap is a value; one from a help text can be a phrase, such as "all of them".
    let default = if default.contains(' ') { default } else { code(&default) };
    let flag = code(&format!("{short}{argument}"));
    format!("| {} | {} | {default} | {} |\n", cell(&flag), code(variable), cell(&meaning))
}

/// Escapes text for a cell of a table.
fn cell(text: &str) -> String {
    text.trim().replace("\n\n", "<br>").replace('\n', " ").replace('|', "\\|")
}
