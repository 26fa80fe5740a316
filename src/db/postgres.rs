//! Connects to PostgreSQL, directly or through a connection pooler.

mod parameters;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::{Context, bail};
use diesel::ConnectionError;
use diesel::connection::{CacheSize, SimpleConnection, TransactionManager};
use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::tls::{HAS_TLS, check_encryption};
use crate::domain::database_url::{DatabaseUrl, is_unambiguous};
use crate::domain::pool_mode::PoolMode;
pub use parameters::Settings;

/// A setting of our own, which does nothing. A pooler does not pass it on.
const MARKER: &str = "hut_availability.direct";

/// The URLs behind which a pooler was found.
static POOLED: LazyLock<Mutex<BTreeSet<String>>> = LazyLock::new(Mutex::default);

/// Connects. The server shows `application` as the name of the connection.
///
/// A pooler is found by a setting that it does not pass on, unless the URL says which one there is. Behind a pooler no
/// statement is prepared and no setting is made, because both would reach the other clients of the pooler.
///
/// # Errors
/// libpq's error, unless it may quote a part of the password.
pub fn connect(url: &str, application: &str, settings: &Settings) -> anyhow::Result<PgConnection> {
    let (plain, mode) = PoolMode::split(url)?;
    let plain = parameters::with_defaults(&plain, application);
    match mode {
        Some(PoolMode::None) => {
            establish(&parameters::with_settings(&plain, settings, environment_options()))
        }
        Some(PoolMode::Session) => {
            let mut connection = establish(&plain)?;
            let set = settings.iter().map(|(name, value)| format!("SET {name} = '{value}'; "));
            connection.batch_execute(&set.collect::<String>())?;
            Ok(connection)
        }
        Some(PoolMode::Transaction) => connect_to_pooler(&plain),
        None if is_known_as_pooled(url) => connect_to_pooler(&plain),
        None => match connect_directly(&plain, settings)? {
            Some(connection) => Ok(connection),
            None => {
                tracing::debug!("there is a connection pooler before the database");
                remember_pooler(url);
                connect_to_pooler(&plain)
            }
        },
    }
}

/// Refuses a replica, which would refuse every change in words of its own.
///
/// # Errors
/// The server is a replica, or does not answer.
pub fn require_primary(connection: &mut PgConnection) -> anyhow::Result<()> {
    if diesel::select(sql::<Bool>("pg_is_in_recovery()")).get_result(connection)? {
        bail!(
            "the server is a replica, which can only be read: give the URL of the primary server"
        );
    }
    Ok(())
}

/// Whether there is a pooler before a database. It may have no second connection to give.
#[must_use]
pub fn has_pooler(url: &DatabaseUrl) -> bool {
    let DatabaseUrl::Postgres(text) = url else { return false };
    matches!(PoolMode::split(text), Ok((_, Some(PoolMode::Session)))) || is_pooled(url)
}

/// Whether the connections to a database are those of a pooler that gives them away between two transactions.
#[must_use]
pub fn is_pooled(url: &DatabaseUrl) -> bool {
    let DatabaseUrl::Postgres(url) = url else { return false };
    match PoolMode::split(url) {
        Ok((_, Some(mode))) => mode == PoolMode::Transaction,
        _ => is_known_as_pooled(url),
    }
}

fn is_known_as_pooled(url: &str) -> bool {
    POOLED.lock().unwrap_or_else(PoisonError::into_inner).contains(url)
}

/// Makes all later connections to the URL those of a pooler.
fn remember_pooler(url: &str) {
    POOLED.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned());
}

/// If an error shows a pooler that was not found: remembers it, and returns true.
#[must_use]
pub fn is_pooler_found_by(error: &str, url: &DatabaseUrl) -> bool {
    let DatabaseUrl::Postgres(text) = url else { return false };
    // What the URL says is not put in doubt.
    let is_open = matches!(PoolMode::split(text), Ok((_, None)));
    let is_found = is_open && is_symptom(error) && !is_pooled(url);
    if is_found {
        remember_pooler(text);
    }
    is_found
}

/// An error with all of its causes. If a pooler has caused it, the text says what to do.
#[must_use]
pub fn explained(error: &anyhow::Error) -> String {
    explain(&format!("{error:#}"))
}

/// The same for the text of an error.
#[must_use]
pub fn explain(text: &str) -> String {
    if is_symptom(text) {
        return format!(
            "{text}: a connection pooler gives the connection to other clients between two statements; add \
             pool_mode=transaction to the parameters of the database URL"
        );
    }
    if text.ends_with(LOCK_TIMEOUT) {
        return format!(
            "{text}: another program has locked a table or its rows; let it finish, and try again"
        );
    }
    text.to_owned()
}

/// The end of PostgreSQL's message after a wait for a lock.
const LOCK_TIMEOUT: &str = "canceling statement due to lock timeout";

/// Whether a prepared statement was not found, or belonged to another client.
fn is_symptom(error: &str) -> bool {
    error.contains("prepared statement \"__diesel_stmt_")
}

/// Connects with settings that a pooler does not pass on. None if there is a pooler.
fn connect_directly(url: &str, settings: &Settings) -> anyhow::Result<Option<PgConnection>> {
    let settings: Vec<_> = settings.iter().copied().chain([(MARKER, "on")]).collect();
    let url = parameters::with_settings(url, &settings, environment_options());
    let mut connection = match establish(&url) {
        Ok(connection) => connection,
        Err(error) if refuses_settings(&format!("{error:#}")) => return Ok(None),
        Err(error) => return Err(error),
    };
    let marker =
        diesel::select(sql::<Nullable<Text>>(&format!("current_setting('{MARKER}', true)")));
    let marker: Option<String> = marker.get_result(&mut connection)?;
    Ok((marker.as_deref() == Some("on")).then_some(connection))
}

/// Whether an error is that of a pooler that knows no settings. PostgreSQL itself takes ours.
fn refuses_settings(error: &str) -> bool {
    error.contains("startup parameter") || error.contains("command-line options")
}

fn connect_to_pooler(url: &str) -> anyhow::Result<PgConnection> {
    let mut connection = establish(url)?;
    // Each statement is then sent in one message, which needs no other one before it.
    connection.set_prepared_statement_cache_size(CacheSize::Disabled);
    require_transactions(&mut connection)?;
    Ok(connection)
}

/// Refuses a pooler that gives the connection away after each statement.
fn require_transactions(connection: &mut PgConnection) -> anyhow::Result<()> {
    type Manager = <PgConnection as Connection>::TransactionManager;
    let done = Manager::begin_transaction(connection);
    let done = done.and_then(|()| Manager::rollback_transaction(connection));
    // Of the pooler's own message, only the end of the connection may arrive.
    done.context(
        "a connection pooler ended the first transaction; if it is in statement mode, which allows none, set its \
         pool_mode to transaction or session",
    )
}

/// The settings that libpq reads where the URL has none.
fn environment_options() -> Option<String> {
    std::env::var("PGOPTIONS").ok()
}

fn establish(url: &str) -> anyhow::Result<PgConnection> {
    check_encryption(HAS_TLS, url, |name| std::env::var(name).ok())?;
    match PgConnection::establish(url) {
        Err(ConnectionError::BadConnection(_)) if !is_unambiguous(url) => bail!(
            "cannot connect, or the URL is ambiguous: in the user, the password and each parameter, \
             write @ as %40, / as %2F, ? as %3F, # as %23, % as %25, & as %26 and = as %3D"
        ),
        connected => Ok(connected?),
    }
}
