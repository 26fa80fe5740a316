//! The file of channels: TOML with one table `[channels.NAME]` a channel.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use toml::{Table, Value};

use super::channel::{Channel, Notifier, SEND_TIMEOUT};
use super::reader::Reader;
use super::settings::Settings;
use super::{apprise, email, ntfy, webhook};
use crate::text::language::Language;
use crate::text::suggest::suggest;

/// Builds a channel of one kind from its settings.
type Build = fn(&mut Settings, Reader, Duration) -> anyhow::Result<Box<dyn Notifier>>;

/// The kinds of channels.
const KINDS: [(&str, Build); 4] = [
    ("apprise", apprise::build),
    ("email", email::build),
    ("ntfy", ntfy::build),
    ("webhook", webhook::build),
];

/// The channels by their names.
#[derive(Debug, Default)]
pub struct Channels(BTreeMap<String, Channel>);

impl Channels {
    /// Reads a file of channels, and the secrets that it names.
    ///
    /// # Errors
    /// What is wrong with the file, and what to do. The error names file, channel and key, and quotes no secret.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        Self::read_with_timeout(path, SEND_TIMEOUT)
    }

    /// The same with another time limit of an attempt, for tests.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_with_timeout(path: &Path, timeout: Duration) -> anyhow::Result<Self> {
        let file = path.display();
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the file of channels {file}"))?;
        let mode = fs::metadata(path).with_context(|| file.to_string())?.permissions().mode();
        let is_private = mode & 0o004 == 0;
        let mut channels = Vec::new();
        for (name, table) in tables(path, &text)? {
            channels.push(channel(path, &name, table, is_private, timeout)?);
        }
        Ok(channels.into_iter().collect())
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Channel> {
        self.0.get(name)
    }

    /// The channel of this name.
    ///
    /// # Errors
    /// There is none. The error suggests similar names.
    pub fn find(&self, name: &str) -> anyhow::Result<&Channel> {
        self.get(name).ok_or_else(|| {
            let similar = suggest(name, self.names());
            let names: Vec<&str> =
                if similar.is_empty() { self.names().collect() } else { Vec::new() };
            match (similar.as_slice(), names.as_slice()) {
                ([], []) => {
                    anyhow!("no channel {name:?}: no channels are known, name a file of them")
                }
                ([], names) => {
                    anyhow!("no channel {name:?}: the channels are {}", names.join(", "))
                }
                (similar, _) => {
                    anyhow!("no channel {name:?}: did you mean {}?", similar.join(" or "))
                }
            }
        })
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Channel> for Channels {
    fn from_iter<T: IntoIterator<Item = Channel>>(channels: T) -> Self {
        Self(channels.into_iter().map(|channel| (channel.name().to_owned(), channel)).collect())
    }
}

/// The tables of the channels.
fn tables(path: &Path, text: &str) -> anyhow::Result<Vec<(String, Table)>> {
    let file = path.display();
    let mut top: Table = text.parse().map_err(|error: toml::de::Error| {
        // The error itself quotes the line, which may have a secret.
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        anyhow!("{file}, line {line}: this is not valid TOML: {}", error.message())
    })?;
    let expected = "expected one table [channels.NAME] for each channel";
    let channels = top.remove("channels");
    if let Some(unknown) = top.keys().next() {
        bail!("{file}: the key {unknown:?} is unknown: {expected}");
    }
    let channels = match channels {
        None => Table::new(),
        Some(Value::Table(channels)) => channels,
        Some(_) => bail!("{file}, key channels: {expected}"),
    };
    let table = |(name, value): (String, Value)| match value {
        _ if !is_name(&name) => {
            bail!(
                "{file}: the name {name:?} of a channel may have letters a-z, digits, - and _ only"
            )
        }
        Value::Table(table) => Ok((name, table)),
        _ => bail!("{file}, key channels.{name}: {expected}"),
    };
    channels.into_iter().map(table).collect()
}

fn channel(
    path: &Path,
    name: &str,
    table: Table,
    is_private: bool,
    timeout: Duration,
) -> anyhow::Result<Channel> {
    let mut settings = Settings::new(path, name, table, is_private);
    let kind = settings.text("kind")?.ok_or_else(|| settings.missing("kind", "webhook"))?;
    let Some((kind, build)) = KINDS.into_iter().find(|(name, _)| *name == kind) else {
        let kinds = KINDS.map(|(name, _)| name).join(", ");
        return Err(settings.error("kind", format!("expected one of {kinds}, got {kind:?}")));
    };
    let default = Reader::default();
    let language: Option<Language> = parsed(&mut settings, "language", "")?;
    let timezone =
        parsed(&mut settings, "timezone", "expected an IANA time zone such as Europe/Zurich: ")?;
    let reader = Reader {
        language: language.unwrap_or(default.language),
        timezone: timezone.unwrap_or(default.timezone),
    };
    let notifier = build(&mut settings, reader, timeout)?;
    settings.finish()?;
    Ok(Channel::new(name, kind, notifier))
}

fn parsed<T: std::str::FromStr<Err: Display>>(
    settings: &mut Settings,
    key: &str,
    expected: &str,
) -> anyhow::Result<Option<T>> {
    let Some(text) = settings.text(key)? else { return Ok(None) };
    text.parse().map(Some).map_err(|error| settings.error(key, format!("{expected}{error}")))
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !name.is_empty() && name.chars().all(is_part)
}
