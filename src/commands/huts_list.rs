//! `hut-availability huts list` and `huts export`: print huts as a table, CSV or JSON.

use super::config::find_organization;
use super::find_hut::filter;
use crate::cli::huts::ListArgs;
use crate::db::open::open_to_read;
use crate::db::{register, takeover};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::field::Field;
use crate::domain::organization::Organizations;
use crate::domain::register::{Hut, Register};
use crate::query::hut_filter::HutFilter;
use crate::register::file::{to_csv, to_json};
use crate::runtime::console::{print, say};
use crate::terminal::screen::{Narrowing, Screen};
use crate::text::format::{Format, Printout};
use crate::text::humanize::pluralize;
use crate::text::spreadsheet::for_people;
use crate::text::visible::visible;

/// Prints the huts that match the filters.
pub fn run(
    url: &DatabaseUrl,
    args: &ListArgs,
    organizations: &Organizations,
) -> anyhow::Result<()> {
    if let Some(slug) = &args.organization {
        find_organization(organizations, slug)?;
    }
    let mut db = open_to_read(url)?;
    let register = register::load(&mut db)?;
    if args.output == Format::Table
        && let Some(pending) = takeover::pending(&mut db)?
    {
        say(&pending.to_string());
    }
    if register.is_empty() && args.output == Format::Table {
        say("no huts yet: `hut-availability huts discover` finds the huts of the booking sites");
        return Ok(());
    }
    let filter = filter(&mut db, &args.huts)?;
    let huts = by_slug(&register).into_iter();
    let huts: Vec<(i32, &Hut)> = huts.filter(|(_, hut)| matches(args, &filter, hut)).collect();
    if huts.is_empty() && !register.is_empty() {
        say(
            "no hut passes these filters: `hut-availability huts list` without filters lists all huts",
        );
    }
    print(&HutList { huts, organizations, reader: Reader::Person }, args.output)?;
    Ok(())
}

/// Who reads a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Opens CSV with a spreadsheet, which must not take a name for a formula.
    Person,
    /// `huts import`: every text must be as it is stored.
    Import,
}

/// Huts with their IDs, in their order.
struct HutList<'a> {
    huts: Vec<(i32, &'a Hut)>,
    organizations: &'a Organizations,
    reader: Reader,
}

impl HutList<'_> {
    fn rows(&self) -> Vec<&Hut> {
        self.huts.iter().map(|(_, hut)| *hut).collect()
    }
}

impl Printout for HutList<'_> {
    fn text(&self) -> String {
        table(&self.huts, Screen::of_stdout_without_colours())
    }

    fn csv(&self) -> String {
        let csv = to_csv(&self.rows(), self.organizations);
        if self.reader == Reader::Import { csv } else { for_people(csv.as_bytes()) }
    }

    fn json(&self) -> String {
        to_json(&self.rows(), self.organizations)
    }
}

/// Prints all huts in a format that `huts import` reads.
pub fn export(
    url: &DatabaseUrl,
    output: Format,
    organizations: &Organizations,
) -> anyhow::Result<()> {
    let register = load(url)?;
    let huts = by_slug(&register);
    print(&HutList { huts, organizations, reader: Reader::Import }, output)?;
    Ok(())
}

fn load(url: &DatabaseUrl) -> anyhow::Result<Register> {
    Ok(register::load(&mut open_to_read(url)?)?)
}

/// Sorted by slug, so that the order is the same on every database.
fn by_slug(register: &Register) -> Vec<(i32, &Hut)> {
    let mut huts: Vec<(i32, &Hut)> = register.iter().map(|(id, hut)| (*id, hut)).collect();
    huts.sort_by_key(|(_, hut)| &hut.fields.slug);
    huts
}

fn matches(args: &ListArgs, filter: &HutFilter, hut: &Hut) -> bool {
    let fields = &hut.fields;
    let is_known = |organization: &String| hut.source(organization).is_some();
    filter.matches(&fields.slug, &fields.name, fields.country.as_deref())
        && args.organization.as_ref().is_none_or(is_known)
        && (!args.active || fields.is_active)
        && (!args.inactive || !fields.is_active)
}

fn yes_or_no(value: bool) -> String {
    if value { "yes".into() } else { "no".into() }
}

fn table(huts: &[(i32, &Hut)], screen: Screen) -> String {
    const COLUMNS: [&str; 10] =
        ["ID", "SLUG", "NAME", "COUNTRY", "M", "OPEN", "CLOSED", "FOLLOWED", "ACTIVE", "PUBLIC"];
    let mut table = screen.table_of(&COLUMNS, &[0, 4, 5, 6]);
    for (id, hut) in huts {
        let text = |field: Field| visible(&field.text(&hut.fields));
        let followed = hut.followed();
        table.add_row([
            id.to_string(),
            text(Field::Slug),
            text(Field::Name),
            text(Field::Country),
            text(Field::Elevation),
            text(Field::CapacityOpen),
            text(Field::CapacityClosed),
            followed
                .map(|(organization, source)| {
                    visible(&format!("{organization} {}", source.source_hut_id))
                })
                .unwrap_or_default(),
            yes_or_no(hut.fields.is_active),
            yes_or_no(hut.fields.is_public),
        ]);
    }
    // Without what is not about polling: public or not, capacities, elevation.
    let narrowing = Narrowing { drop: &[9, 6, 5, 4, 3], shorten: &[1, 2] };
    format!("{}\n{}\n", screen.fit(table, &narrowing), pluralize(huts.len(), "hut"))
}
