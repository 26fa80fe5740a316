//! The settings of one channel, as the file of channels has them. Each error names file, channel and key, and
//! quotes no value, because any value may be a secret.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use reqwest::Url;
use toml::{Table, Value};

use super::secret::Secret;
use crate::text::suggest::suggest;

/// The keys of one channel. Each method takes a key out, so that those that are left at the end are unknown.
pub struct Settings<'a> {
    file: &'a Path,
    channel: &'a str,
    table: Table,
    known: BTreeSet<String>,
    /// Whether only the owner and the group of the file may read it.
    is_private: bool,
}

impl<'a> Settings<'a> {
    #[must_use]
    pub fn new(file: &'a Path, channel: &'a str, table: Table, is_private: bool) -> Self {
        Self { file, channel, table, known: BTreeSet::new(), is_private }
    }

    /// An error about a key. `why` must not quote a value that may be secret.
    pub fn error(&self, key: &str, why: impl Display) -> anyhow::Error {
        let (file, channel) = (self.file.display(), self.channel);
        anyhow!("{file}: channel {channel}, key {key}: {why}")
    }

    /// A text, if the key is there.
    ///
    /// # Errors
    /// The value is no text, or empty.
    pub fn text(&mut self, key: &str) -> anyhow::Result<Option<String>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(_) => Err(self.error(key, "expected a text in quotes")),
        }
    }

    /// One text, or a list of texts; none if the key is not there.
    ///
    /// # Errors
    /// The value is something else, or a text of it is empty.
    pub fn texts(&mut self, key: &str) -> anyhow::Result<Vec<String>> {
        let texts = match self.take(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(values)) => values,
            Some(value) => vec![value],
        };
        let is_empty = texts.is_empty();
        let texts: Option<Vec<String>> = texts.into_iter().map(non_empty).collect();
        texts
            .filter(|_| !is_empty)
            .ok_or_else(|| self.error(key, "expected a text in quotes, or a list of them"))
    }

    /// A secret, from the key or from the file that `KEY_file` names.
    ///
    /// # Errors
    /// There is more than one, the file cannot be read, or the secret lies in a file that everybody may read.
    pub fn secret(&mut self, key: &str) -> anyhow::Result<Option<Secret>> {
        let mut secrets = self.secrets(key)?;
        if secrets.len() > 1 {
            return Err(self.error(key, "expected one text, not a list"));
        }
        Ok(secrets.pop())
    }

    /// One secret or several, from the key or from the files that `KEY_file` names.
    ///
    /// # Errors
    /// A file cannot be read, or the secrets lie in a file that everybody may read.
    pub fn secrets(&mut self, key: &str) -> anyhow::Result<Vec<Secret>> {
        let file_key = format!("{key}_file");
        let (texts, files) = (self.texts(key)?, self.texts(&file_key)?);
        if !texts.is_empty() && !files.is_empty() {
            return Err(self.error(key, format!("{file_key} is there too: give only one of them")));
        }
        if !texts.is_empty() {
            self.require_private(key)?;
            return Ok(texts.into_iter().map(Secret::new).collect());
        }
        files.iter().map(|file| self.read_secret(&file_key, file)).collect()
    }

    /// The URL of a receiver over HTTP. It may also come from the file that `KEY_file` names, because the path
    /// may be secret.
    ///
    /// # Errors
    /// There is none, or it is not valid.
    pub fn http_url(&mut self, key: &str, example: &str) -> anyhow::Result<Url> {
        let file_key = format!("{key}_file");
        let text = match (self.text(key)?, self.text(&file_key)?) {
            (Some(text), None) => text,
            (None, Some(file)) => self.read_secret(&file_key, &file)?.expose().to_owned(),
            (Some(_), Some(_)) => {
                let why = format!("{file_key} is there too: give only one of them");
                return Err(self.error(key, why));
            }
            (None, None) => return Err(self.missing(key, example)),
        };
        let expected = format!("expected a URL such as {example}");
        let url: Url =
            text.parse().map_err(|error| self.error(key, format!("{expected}: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(self.error(key, expected));
        }
        if url.password().is_some() && self.known.contains(key) {
            self.require_private(key)?;
        }
        Ok(url)
    }

    /// The error about a key that must be there.
    #[must_use]
    pub fn missing(&self, key: &str, example: &str) -> anyhow::Error {
        self.error(key, format!("is missing: add a line such as {key} = \"{example}\""))
    }

    /// A path; relative ones are relative to the file of channels.
    ///
    /// # Errors
    /// The value is no text.
    pub fn path(&mut self, key: &str) -> anyhow::Result<Option<PathBuf>> {
        Ok(self.text(key)?.map(|path| self.resolve(&path)))
    }

    /// A whole number.
    ///
    /// # Errors
    /// The value is something else.
    pub fn number(&mut self, key: &str) -> anyhow::Result<Option<i64>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(number)),
            Some(_) => Err(self.error(key, "expected a whole number, without quotes")),
        }
    }

    /// # Errors
    /// A key was not taken: the kind of channel does not know it.
    pub fn finish(&self) -> anyhow::Result<()> {
        let Some(unknown) = self.table.keys().next() else { return Ok(()) };
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        let why = match suggest(unknown, known.iter().copied()).first() {
            Some(meant) => format!("is unknown: did you mean {meant}?"),
            None => format!("is unknown: this kind of channel has the keys {}", known.join(", ")),
        };
        Err(self.error(unknown, why))
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.known.insert(key.to_owned());
        self.table.remove(key)
    }

    fn resolve(&self, path: &str) -> PathBuf {
        self.file.parent().unwrap_or(Path::new("")).join(path)
    }

    fn read_secret(&self, key: &str, file: &str) -> anyhow::Result<Secret> {
        // Its permissions are not checked: Kubernetes mounts secrets readable to everybody in the pod.
        let path = self.resolve(file);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))
            .map_err(|error| self.error(key, format!("{error:#}")))?;
        match text.trim_end_matches(['\r', '\n']) {
            "" => Err(self.error(key, format!("{} is empty", path.display()))),
            text => Ok(Secret::new(text)),
        }
    }

    fn require_private(&self, key: &str) -> anyhow::Result<()> {
        if self.is_private {
            return Ok(());
        }
        let file = self.file.display();
        Err(self.error(
            key,
            format!(
                "every user of this machine may read the secret: run chmod o-r {file}, or put the secret into a \
                 file of its own and name it with {key}_file"
            ),
        ))
    }
}

fn non_empty(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}
