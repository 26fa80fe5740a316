//! The command line of `hut-availability huts`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::day::DayArgs;
use super::requests::RequestArgs;
use super::update::PriorityArgs;
use super::values::{EXPORT, LIST, REPORT, formats, parse_organization, whole};
use crate::domain::field::Field;
use crate::text::format::Format;

const DISCOVER_EXAMPLES: &str = "\
Examples:
  hut-availability huts discover                        find every hut of every site
  hut-availability huts discover --dry-run              print what would be added, updated, deactivated
  hut-availability huts discover --organization hrs     crawl one site only
  hut-availability huts discover --fresh                start over, even if a crawl was interrupted

Exit status:
  0    done
  1    some requests failed, or a site was abandoned
  2    nothing was done
  130  stopped by SIGINT (143: by SIGTERM); the next discovery resumes from there";

const SET_EXAMPLES: &str = "\
Examples:
  hut-availability huts set taellihuette elevation=1726 hut_type_closed=bivouac
  hut-availability huts set taellihuette capacity_closed=         store it as unknown
  hut-availability huts set taellihuette booking_ref=hrs          follow its bookings at hrs
  hut-availability huts set taellihuette is_public=false          poll it, but show it to no reader
  hut-availability huts unset taellihuette elevation              let discoveries update it again

Fields: slug, name, country, latitude, longitude, elevation, hut_type_open, hut_type_closed,
capacity_open, capacity_closed, is_active, is_public, booking_ref";

const TYPES_EXAMPLES: &str = "\
Examples:
  hut-availability huts types                             the values of all types
  hut-availability huts types --output csv > types.csv    a file to edit
  hut-availability huts types --import types.csv

identifier is a symbol such as an emoji, color is #rrggbb, order is a whole number.";

const LINK_EXAMPLES: &str = "\
Examples:
  hut-availability huts link blaueishuette huetten-holiday 27     its ID at a second site
  hut-availability huts set blaueishuette booking_ref=huetten-holiday
  hut-availability huts link --proposed --dry-run                 list the likely duplicates
  hut-availability huts link --proposed --yes                     link them all

If another hut had this ID, it keeps its history, but the program no longer polls it there.";

/// The subcommands of `huts`.
#[derive(Debug, Subcommand)]
pub enum HutsCommand {
    /// Find the huts of the booking sites: add new huts, update known huts
    ///
    /// Crawls each site with the same request limits as checks, and stores huts as it finds them. An
    /// interrupted crawl resumes where it stopped, if that was within the last day. A hut that the site no
    /// longer lists, or has locked, becomes inactive and keeps its history. Fields pinned by `huts set` do
    /// not change.
    #[command(after_help = DISCOVER_EXAMPLES)]
    Discover(DiscoverArgs),
    /// Import huts from a CSV or JSON file: add new huts, update known huts by slug
    ///
    /// Columns: slug, name, organization, source_hut_id, country, latitude, longitude, elevation,
    /// hut_type_open, hut_type_closed, capacity_open, capacity_closed, is_active, is_public, link,
    /// other_sources, set_by_hand. The first four are required. If the file leaves out another column, its
    /// stored value does not change. JSON is an array of objects with the same keys. The import stores all
    /// huts of the file, or none.
    ///
    /// With --organization, the file is a CSV list of facts about huts that a discovery has found. It needs only
    /// a column with their IDs (source_hut_id, structure or hut_id), and may have latitude and longitude,
    /// elevation (or altitude, altitude_m), capacity_open (or places), capacity_closed, country, hut_type_open
    /// and hut_type_closed. Other columns are not read, and no other field changes.
    Import {
        /// CSV or JSON file to read; - reads from stdin
        file: PathBuf,
        /// Pin every field that the file sets, so that discoveries do not change it
        #[arg(long)]
        by_hand: bool,
        /// Add facts to the known huts of this organization, which the file names by their IDs there
        #[arg(long, value_name = "ORG", value_parser = parse_organization)]
        organization: Option<String>,
    },
    /// Print all huts in a format that `huts import` reads
    Export {
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = formats(EXPORT))]
        output: Format,
    },
    /// List the huts
    List(ListArgs),
    /// Show everything that is stored about a hut
    Show {
        /// Slug of the hut, or a part of its slug or name that no other hut has
        slug: String,
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
        output: Format,

        #[command(flatten)]
        priorities: PriorityArgs,

        #[command(flatten)]
        day: DayArgs,
    },
    /// Show how clients of the API show the types of huts: symbol, colour, order; or change it with a file
    #[command(after_help = TYPES_EXAMPLES)]
    Types {
        /// Change the values: a CSV or JSON file with slug, identifier, color and order; - reads from stdin. Values that
        /// the file leaves out do not change
        #[arg(long, value_name = "FILE", conflicts_with = "output")]
        import: Option<PathBuf>,
        /// Output format; --import reads csv and json
        #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats(LIST))]
        output: Format,
    },
    /// Set fields of a hut, and pin them, so that discoveries do not change them
    #[command(after_help = SET_EXAMPLES)]
    Set {
        /// Slug of the hut, as printed by `huts list`
        slug: String,
        /// Field and its new value; an empty value stores the field as unknown
        #[arg(value_name = "FIELD=VALUE", required = true, value_parser = parse_assignment)]
        assignments: Vec<(Field, String)>,
    },
    /// Unpin fields of a hut, so that discoveries update them again
    Unset {
        /// Slug of the hut, as printed by `huts list`
        slug: String,
        /// Fields to unpin
        #[arg(value_name = "FIELD", required = true, value_parser = parse_field)]
        fields: Vec<Field>,
    },
    /// Resume polling huts, even if their site lists them as locked or no longer lists them
    Activate {
        /// Slugs of the huts, as printed by `huts list`
        #[arg(value_name = "SLUG", required = true)]
        slugs: Vec<String>,
    },
    /// Stop polling huts; their history is kept
    Deactivate {
        /// Slugs of the huts, as printed by `huts list`
        #[arg(value_name = "SLUG", required = true)]
        slugs: Vec<String>,
    },
    /// Link a hut to its ID in an organization's booking system, or all likely duplicates
    #[command(after_help = LINK_EXAMPLES)]
    Link(LinkArgs),
}

/// `huts link`
#[derive(Clone, Debug, Args)]
pub struct LinkArgs {
    /// Slug of the hut, as printed by `huts list`
    #[arg(required_unless_present = "proposed", conflicts_with = "proposed")]
    pub slug: Option<String>,

    /// Organization that uses the ID
    #[arg(required_unless_present = "proposed", value_parser = parse_organization)]
    pub organization: Option<String>,

    /// ID of the hut in the organization's booking system
    #[arg(required_unless_present = "proposed")]
    pub source_hut_id: Option<String>,

    /// If the hut already has another ID there, replace it; the history stays the same
    #[arg(long, conflicts_with = "proposed")]
    pub replace: bool,

    /// Link all pairs of huts that are likely duplicates, as `huts discover` lists them
    #[arg(long)]
    pub proposed: bool,

    /// With --proposed, only list the pairs
    #[arg(long, requires = "proposed")]
    pub dry_run: bool,

    /// With --proposed, do not ask; required where nobody can answer
    #[arg(long, short, requires = "proposed", conflicts_with = "dry_run")]
    pub yes: bool,
}

/// `huts list`
#[derive(Clone, Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub huts: HutFilterArgs,

    /// Only huts that have an ID at this organization
    #[arg(long, value_name = "ORG", value_parser = parse_organization)]
    pub organization: Option<String>,

    /// Only active huts
    #[arg(long, conflicts_with = "inactive")]
    pub active: bool,

    /// Only inactive huts
    #[arg(long)]
    pub inactive: bool,

    /// Output format; `huts import` reads the files of `huts export`
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats(LIST))]
    pub output: Format,
}

/// The filters that `map` and `huts list` share.
#[derive(Clone, Debug, Default, Args)]
pub struct HutFilterArgs {
    /// Only huts in this country: a code such as CH or CHE, or its name, such as Switzerland, Schweiz or Suisse
    #[arg(long, value_name = "COUNTRY")]
    pub country: Option<String>,

    /// Only huts whose name or slug contains this text; accents and case are ignored
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
}

/// `huts discover`
#[derive(Debug, Args)]
pub struct DiscoverArgs {
    /// Site to crawl; may be repeated [default: all sites]
    #[arg(long, value_name = "ORG", value_parser = parse_organization)]
    pub organization: Vec<String>,

    /// Highest hut ID to ask hut-reservation.org (hrs) about; the other sites list their huts themselves
    #[arg(
        long,
        env = "AVAILABILITY_MAX_ID",
        value_name = "ID",
        default_value_t = 800,
        value_parser = whole::<u32>(1..=30_000)
    )]
    pub max_id: u32,

    /// Resume the last crawl, however old it is (by default only if it began within the last day)
    #[arg(long, conflicts_with = "fresh")]
    pub resume: bool,

    /// Start over, even if a recent crawl could be resumed
    #[arg(long)]
    pub fresh: bool,

    /// Crawl the sites and print what would change, but write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Format of the report on stdout; everything else goes to stderr
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,

    /// Print a line per change instead of progress bars (the default if stderr is not a terminal)
    #[arg(long)]
    pub no_progress: bool,

    #[command(flatten)]
    pub requests: RequestArgs,
}

fn parse_field(text: &str) -> Result<Field, String> {
    crate::domain::field::one_of("field", text)
}

fn parse_assignment(text: &str) -> Result<(Field, String), String> {
    let Some((field, value)) = text.split_once('=') else {
        return Err("expected FIELD=VALUE, such as elevation=1726".into());
    };
    Ok((parse_field(field.trim())?, value.trim().to_owned()))
}
