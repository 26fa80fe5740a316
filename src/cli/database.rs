//! Which database: a URL, or a file that holds one.

use std::fs;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use super::secret::Secret;
use crate::domain::database_url::DatabaseUrl;

/// As typed.
#[derive(Args)]
#[command(next_help_heading = "General")]
struct Flags {
    /// sqlite://PATH, a path, or postgres://USER@HOST/DATABASE [default: hut-availability.db]
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        value_parser = Secret::<DatabaseUrl>::default(),
        global = true
    )]
    database_url: Option<DatabaseUrl>,

    /// A file that holds the URL, such as a mounted secret
    #[arg(long, env = "DATABASE_URL_FILE", value_name = "PATH", global = true)]
    database_url_file: Option<PathBuf>,
}

/// The database that is named, if one is. A flag goes before the environment; which of two flags, or
/// of two variables, is meant is not guessed.
#[derive(Clone, Debug)]
pub struct DatabaseArgs {
    pub url: Option<DatabaseUrl>,
}

impl Args for DatabaseArgs {
    fn augment_args(command: Command) -> Command {
        Flags::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args_for_update(command)
    }
}

impl FromArgMatches for DatabaseArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let Flags { database_url, database_url_file } = Flags::from_arg_matches(matches)?;
        let is_flag = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
        let url = match (database_url, database_url_file) {
            (None, None) => None,
            (Some(url), None) => Some(url),
            (None, Some(file)) => Some(url_in(&file)?),
            (Some(url), Some(file)) => {
                match (is_flag("database_url"), is_flag("database_url_file")) {
                    (true, false) => Some(url),
                    (false, true) => Some(url_in(&file)?),
                    (true, true) => return Err(both("--database-url", "--database-url-file")),
                    (false, false) => return Err(both("DATABASE_URL", "DATABASE_URL_FILE")),
                }
            }
        };
        Ok(Self { url })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn both(one: &str, other: &str) -> Error {
    let words = format!("{one} and {other} are both given: give one of them\n");
    Error::raw(ErrorKind::ArgumentConflict, words)
}

/// The URL that a file holds. Nothing of its content is told, whatever it is.
fn url_in(file: &Path) -> Result<DatabaseUrl, Error> {
    let error = |what: &str| {
        let words = format!("the file {:?} of the database's URL {what}\n", file.display());
        Error::raw(ErrorKind::ValueValidation, words)
    };
    let text = fs::read_to_string(file).map_err(|why| error(&format!("cannot be read: {why}")))?;
    let url = text.trim();
    // A plain path would be a SQLite file. Here it is more likely a secret that is no URL, which would
    // become the name of a file, and be told.
    if url.is_empty() || !url.contains("://") {
        return Err(error(
            "holds none: write sqlite://PATH or postgres://USER@HOST/DATABASE into it",
        ));
    }
    url.parse()
        .map_err(|_| error("holds one of an unknown kind: it must be sqlite:// or postgres://"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::update::UpdateCli;
    use clap::Parser;

    fn parse(args: &[&str]) -> Result<Option<String>, String> {
        let args = ["update-availability"].iter().chain(args);
        let cli = UpdateCli::try_parse_from(args).map_err(|error| error.to_string())?;
        Ok(cli.common.database.url.map(|url| url.to_string()))
    }

    fn file(content: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, content).unwrap();
        file
    }

    fn parse_file(content: &[u8]) -> Result<Option<String>, String> {
        parse(&["--database-url-file", file(content).path().to_str().unwrap()])
    }

    #[test]
    fn a_file_holds_the_url() {
        let url = Some("postgres://db/huts".to_owned());
        assert_eq!(parse_file(b"postgres://me:hunter2@db/huts"), Ok(url.clone()));
        assert_eq!(parse_file(b"postgres://me:hunter2@db/huts\r\n"), Ok(url));
        assert_eq!(parse_file(b"sqlite:///x.db\n"), Ok(Some("sqlite:///x.db".into())));
    }

    #[test]
    fn a_file_without_a_url_is_named_and_its_content_is_not() {
        for content in [&b"hunter2"[..], b"hunter2://x", b"", b"\n", b"sqlite://", b"\xff://"] {
            let error = parse_file(content).unwrap_err();
            assert!(error.contains("/") && !error.contains("hunter2"), "{error}");
        }
        let error = parse(&["--database-url-file", "/no/such/secret"]).unwrap_err();
        assert!(error.contains("\"/no/such/secret\"") && error.contains("No such file"), "{error}");
    }

    #[test]
    fn two_databases_are_one_too_many() {
        let error = parse(&["--database-url", "a.db", "--database-url-file", "b"]).unwrap_err();
        assert!(error.contains("--database-url and --database-url-file are both given"), "{error}");
    }
}
