//! `hut-availability huts link --proposed`: links the huts that are likely duplicates.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, bail};

use super::huts_link::link;
use crate::db::connection::Db;
use crate::db::open::{Access, Opened, open_existing, open_to_read};
use crate::db::organization;
use crate::db::register::{self, register_transaction};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::organization::Organizations;
use crate::domain::register::Register;
use crate::register::duplicates::{DuplicateHuts, likely_duplicates};
use crate::runtime::console::{fitted_to_stderr, print_text, say};
use crate::text::humanize::pluralize;
use crate::text::visible::visible;

/// Whether the user agrees to all links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Only list the pairs.
    DryRun,
    /// Ask, on a terminal.
    Ask,
    Given,
}

/// Lists the likely duplicates, and links them if the user agrees, each pair in a transaction of its own.
pub fn run(
    url: &DatabaseUrl,
    consent: Consent,
    organizations: &Organizations,
) -> anyhow::Result<ExitStatus> {
    let pairs = likely_duplicates(&register::load(&mut open_to_read(url)?)?);
    if pairs.is_empty() {
        print_text("no likely duplicates\n")?;
        return Ok(ExitStatus::Done);
    }
    let lines: String = pairs.iter().map(|pair| format!("  {}\n", describe(pair))).collect();
    let count = pluralize(pairs.len(), "likely duplicate");
    print_text(&format!("{count}:\n{lines}"))?;
    match consent {
        Consent::DryRun => return Ok(ExitStatus::Done),
        Consent::Ask if !is_confirmed(pairs.len())? => {
            say("nothing was linked");
            return Ok(ExitStatus::Done);
        }
        Consent::Ask | Consent::Given => {}
    }
    let Opened { mut db, file } = open_existing(url, Access::ReadWrite)?;
    let (mut linked, mut failed) = (0, Vec::new());
    for pair in &pairs {
        match link_pair(&mut db, pair, organizations) {
            Ok(report) => {
                linked += 1;
                print_text(&report)?;
            }
            Err(error) => failed.push(format!("{} and {}: {error:#}", pair.hut, pair.twin)),
        }
    }
    file.ensure_in_place()?;
    print_text(&report(linked, &failed))?;
    Ok(if failed.is_empty() { ExitStatus::Done } else { ExitStatus::SomeFailed })
}

/// `watzmannhaus and watzmannhaus-2 (huetten-holiday 27): 12 m apart, names 100 % similar`
fn describe(pair: &DuplicateHuts) -> String {
    let DuplicateHuts { hut, twin, organization, source_hut_id, distance_m, similarity } = pair;
    let percent = similarity * 100.0;
    visible(&format!(
        "{hut} and {twin} ({organization} {source_hut_id}): {distance_m} m apart, names {percent:.0} % similar"
    ))
}

/// Asks on the terminal.
///
/// # Errors
/// Nobody can answer.
fn is_confirmed(pairs: usize) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        bail!(
            "nothing was linked: add --yes to link these huts, because there is no terminal to ask"
        );
    }
    let question = format!(
        "Link {}? The first hut of each gets the ID of the second one [y/N] ",
        pluralize(pairs, "pair")
    );
    io::stderr().write_all(fitted_to_stderr(&question).as_bytes())?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).context("cannot read the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Links a pair, if it is still proposed: an earlier link, or another program, may have changed its huts.
fn link_pair(
    db: &mut Db,
    pair: &DuplicateHuts,
    organizations: &Organizations,
) -> anyhow::Result<String> {
    let organization = organizations.find("organization", &pair.organization);
    let organization = organization.map_err(anyhow::Error::msg)?;
    register_transaction(db, |db| {
        organization::insert_missing(db, organizations)?;
        let mut both = Register::new();
        for slug in [&pair.hut, &pair.twin] {
            both.extend(register::find(db, slug)?);
        }
        if !likely_duplicates(&both).contains(pair) {
            bail!("no longer proposed, because one of them has changed meanwhile");
        }
        link(db, &pair.hut, organization, &pair.source_hut_id, false)
    })
}

fn report(linked: usize, failed: &[String]) -> String {
    let mut text = format!("{} linked\n", pluralize(linked, "pair"));
    if !failed.is_empty() {
        text += &format!("{} not linked:\n", pluralize(failed.len(), "pair"));
        text.extend(failed.iter().map(|line| format!("  {}\n", visible(line))));
    }
    text
}
