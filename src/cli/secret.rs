//! A parser for flags whose value may contain a secret: its errors never quote the value.

use std::ffi::OsStr;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

/// Parses a value with its `FromStr`, whose errors must not quote the secret. clap's own errors quote the
/// whole value.
pub struct Secret<T>(PhantomData<fn() -> T>);

impl<T> Default for Secret<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> TypedValueParser for Secret<T>
where
    T: FromStr<Err: Display> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        let parsed = match value.to_str() {
            Some(text) => text.parse().map_err(|error: T::Err| error.to_string()),
            None => Err("must be UTF-8".into()),
        };
        parsed.map_err(|why| {
            let flag = arg.map(ToString::to_string).unwrap_or_default();
            let help = "For more information, try '--help'.";
            let message = format!("invalid value for '{flag}': {why}\n\n{help}\n");
            Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}
