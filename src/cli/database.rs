//! The flags that name the database: a URL, or a file that contains one.

use std::fs;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use super::secret::Secret;
use crate::domain::database_url::DatabaseUrl;

/// The two flags as typed.
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

    /// File that contains the URL, such as a mounted secret
    #[arg(long, env = "DATABASE_URL_FILE", value_name = "PATH", global = true)]
    database_url_file: Option<PathBuf>,
}

/// The database URL, if one was given. A flag takes precedence over an environment variable. Two flags, or
/// two variables, are an error: the program does not guess which one is meant.
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
            (None, Some(file)) => Some(read_url_file(&file)?),
            (Some(url), Some(file)) => {
                match (is_flag("database_url"), is_flag("database_url_file")) {
                    (true, false) => Some(url),
                    (false, true) => Some(read_url_file(&file)?),
                    (true, true) => return Err(conflict("--database-url", "--database-url-file")),
                    (false, false) => return Err(conflict("DATABASE_URL", "DATABASE_URL_FILE")),
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

fn conflict(one: &str, other: &str) -> Error {
    let message = format!("{one} and {other} are both given: give only one of them\n");
    Error::raw(ErrorKind::ArgumentConflict, message)
}

/// Reads the URL from a file. No error quotes the file's content, because it may be a secret.
fn read_url_file(file: &Path) -> Result<DatabaseUrl, Error> {
    let error = |problem: &str| {
        let message = format!("the database URL file {:?} {problem}\n", file.display());
        Error::raw(ErrorKind::ValueValidation, message)
    };
    let text = fs::read_to_string(file).map_err(|why| error(&format!("cannot be read: {why}")))?;
    let url = text.trim();
    // The flag --database-url takes a plain path as a SQLite file. In a secret, a text without a scheme is
    // more likely a password: it would become a file name, and messages would print it.
    let is_url = url.contains("://") || url.starts_with("sqlite:") || url.starts_with("file:");
    if !is_url {
        return Err(error(
            "contains no URL: write sqlite://PATH or postgres://USER@HOST/DATABASE into it",
        ));
    }
    url.parse().map_err(|_| {
        error("contains a URL of an unknown kind: it must begin with sqlite:// or postgres://")
    })
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

    fn file_with(content: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, content).unwrap();
        file
    }

    fn parse_file(content: &[u8]) -> Result<Option<String>, String> {
        parse(&["--database-url-file", file_with(content).path().to_str().unwrap()])
    }

    #[test]
    fn the_url_is_read_from_a_file() {
        let url = Some("postgres://db/huts".to_owned());
        assert_eq!(parse_file(b"postgres://me:hunter2@db/huts"), Ok(url.clone()));
        assert_eq!(parse_file(b"postgres://me:hunter2@db/huts\r\n"), Ok(url));
        assert_eq!(parse_file(b"sqlite:///x.db\n"), Ok(Some("sqlite:///x.db".into())));
    }

    #[test]
    fn an_error_names_the_url_file_and_never_its_content() {
        for content in [&b"hunter2"[..], b"hunter2://x", b"", b"\n", b"sqlite://", b"\xff://"] {
            let error = parse_file(content).unwrap_err();
            assert!(error.contains("/") && !error.contains("hunter2"), "{error}");
        }
        let error = parse(&["--database-url-file", "/no/such/secret"]).unwrap_err();
        assert!(error.contains("\"/no/such/secret\"") && error.contains("No such file"), "{error}");
    }

    #[test]
    fn two_database_urls_are_a_conflict() {
        let error = parse(&["--database-url", "a.db", "--database-url-file", "b"]).unwrap_err();
        assert!(error.contains("--database-url and --database-url-file are both given"), "{error}");
    }
}
