//! What the README claims.

use clap::CommandFactory;
use diesel::RunQueryDsl;
use hut_availability::cli::app::HutAvailabilityCli;
use hut_availability::cli::update::UpdateCli;
use hut_availability::db::connection::Db;

use crate::on_both_databases;

const README: &str = include_str!("../../README.md");

#[test]
fn every_flag_and_its_environment_variable_is_in_the_readme() {
    for argument in UpdateCli::command().get_arguments() {
        let flag = format!("`--{}", argument.get_long().unwrap());
        assert!(README.contains(&flag) || flag == "`--help" || flag == "`--version", "{flag}");
        if let Some(variable) = argument.get_env() {
            let variable = format!("`{}`", variable.to_str().unwrap());
            assert!(README.contains(&variable), "{variable}");
        }
    }
}

#[test]
fn every_command_and_its_flags_are_in_the_readme() {
    let cli = HutAvailabilityCli::command();
    let of_huts = cli.find_subcommand("huts").unwrap().get_subcommands();
    let of_huts = of_huts.map(|command| (format!("`huts {}", command.get_name()), command));
    let others = cli.get_subcommands().filter(|command| command.get_name() != "huts");
    let others = others.map(|command| (format!("`{}", command.get_name()), command));
    for (name, command) in of_huts.chain(others) {
        assert!(README.contains(&name), "{name}");
        for argument in command.get_arguments() {
            if let Some(flag) = argument.get_long() {
                assert!(README.contains(&format!("`--{flag}")), "{name}: --{flag}");
            }
            if let Some(variable) = argument.get_env().and_then(|variable| variable.to_str()) {
                assert!(README.contains(&format!("`{variable}`")), "{name}: {variable}");
            }
        }
    }
}

on_both_databases! {
    fn the_example_queries_run(database) {
        let mut db = database.open();
        let blocks = README.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap());
        let mut count = 0;
        for query in blocks {
            match &mut db {
                Db::Postgres(connection) => diesel::sql_query(query).execute(connection),
                Db::Sqlite(connection) => diesel::sql_query(query).execute(connection),
            }
            .unwrap_or_else(|error| panic!("{error}: {query}"));
            count += 1;
        }
        assert_eq!(count, 3);
    }
}
