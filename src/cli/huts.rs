//! The command line of `hut-availability huts`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::requests::RequestArgs;
use super::values::parse_organization;
use crate::domain::field::Field;
use crate::text::format::{ExportOutput, ListOutput};

const DISCOVER_EXAMPLES: &str = "\
Examples:
  hut-availability huts discover                        every hut of every site
  hut-availability huts discover --dry-run              what would be added, updated, deactivated
  hut-availability huts discover --organization hrs     one site
  hut-availability huts discover --fresh                start over where a walk was interrupted

Exit status: 0 done; 1 some of the site's answers failed, or a site was left; 2 nothing could be done;
130, 143 stopped by SIGINT, SIGTERM: the next discovery goes on from there";

const SET_EXAMPLES: &str = "\
Examples:
  hut-availability huts set taellihuette elevation=1726 hut_type_closed=bivouac
  hut-availability huts set taellihuette capacity_closed=         unknown
  hut-availability huts set taellihuette booking_ref=hrs          follow its bookings there
  hut-availability huts unset taellihuette elevation              let discoveries set it again

Fields: slug, name, country, latitude, longitude, elevation, hut_type_open, hut_type_closed,
capacity_open, capacity_closed, is_active, booking_ref";

const LINK_EXAMPLES: &str = "\
Examples:
  hut-availability huts link blaueishuette huetten-holiday 27     the same hut at a second site
  hut-availability huts set blaueishuette booking_ref=huetten-holiday

A hut that had the ID before keeps its history, and is not followed any more.";

/// What is to be done about huts.
#[derive(Debug, Subcommand)]
pub enum HutsCommand {
    /// Find the huts of the booking sites: add new ones, update known ones
    ///
    /// Walks each site under the same limits as checks, and writes huts as it goes: an interrupted
    /// walk goes on where it stopped, within a day. A hut that the site no longer knows, or has locked, becomes
    /// inactive and keeps its history. Fields set by `huts set` stay as set.
    #[command(after_help = DISCOVER_EXAMPLES)]
    Discover(DiscoverArgs),
    /// Add huts from a CSV or JSON file, or update them by slug
    ///
    /// Columns: slug, name, organization, source_hut_id, country, latitude, longitude, elevation,
    /// hut_type_open, hut_type_closed, capacity_open, capacity_closed, is_active, link,
    /// other_sources, set_by_hand. The first four must be there; the other ones stay as they are
    /// stored where the file leaves them out. JSON is an array of objects with the same keys. All
    /// huts are imported or none.
    Import {
        /// The file; - is stdin
        file: PathBuf,
        /// What the file says is set by hand: discoveries leave it so
        #[arg(long)]
        by_hand: bool,
    },
    /// Write all huts as a file that `huts import` takes
    Export {
        /// The form of the file
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ExportOutput::Csv)]
        output: ExportOutput,
    },
    /// Show the huts
    List(ListArgs),
    /// Show all that is known of a hut
    Show {
        slug: String,
        /// The form of the answer
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = crate::text::format::Output::Text)]
        output: crate::text::format::Output,
    },
    /// Set fields of a hut by hand: discoveries leave them so
    #[command(after_help = SET_EXAMPLES)]
    Set {
        slug: String,
        /// An empty value is unknown
        #[arg(value_name = "FIELD=VALUE", required = true, value_parser = parse_assignment)]
        assignments: Vec<(Field, String)>,
    },
    /// Let discoveries set fields of a hut again
    Unset {
        slug: String,
        #[arg(value_name = "FIELD", required = true, value_parser = parse_field)]
        fields: Vec<Field>,
    },
    /// Follow huts again, whatever their site says of them
    Activate {
        #[arg(value_name = "SLUG", required = true)]
        slugs: Vec<String>,
    },
    /// Ask for huts no more; their history is kept
    Deactivate {
        #[arg(value_name = "SLUG", required = true)]
        slugs: Vec<String>,
    },
    /// Say that a hut is the one that an organization knows by an ID
    #[command(after_help = LINK_EXAMPLES)]
    Link {
        slug: String,
        #[arg(value_parser = parse_organization)]
        organization: String,
        source_hut_id: String,
        /// Where the hut has another ID there, give it this one, under the same history
        #[arg(long)]
        replace: bool,
    },
}

/// Which huts are listed, and how.
#[derive(Clone, Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub huts: HutFilterArgs,

    /// Huts that this organization knows
    #[arg(long, value_name = "ORG", value_parser = parse_organization)]
    pub organization: Option<String>,

    /// Active huts
    #[arg(long, conflicts_with = "inactive")]
    pub active: bool,

    /// Inactive huts
    #[arg(long)]
    pub inactive: bool,

    /// A table, or what `huts import` takes
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListOutput::Table)]
    pub output: ListOutput,
}

/// Which huts are shown.
#[derive(Clone, Debug, Default, Args)]
pub struct HutFilterArgs {
    /// Huts in this country, by its two letters
    #[arg(long, value_name = "CODE")]
    pub country: Option<String>,

    /// Huts whose name or slug has this in it, whatever its accents and capitals
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
}

/// Which huts are looked for, and how.
#[derive(Debug, Args)]
pub struct DiscoverArgs {
    /// The site to walk; may be repeated [default: all that are known]
    #[arg(long, value_name = "ORG", value_parser = parse_organization)]
    pub organization: Vec<String>,

    /// The last ID that is tried at hrs
    #[arg(
        long,
        env = "AVAILABILITY_MAX_ID",
        value_name = "ID",
        default_value_t = 800,
        value_parser = clap::value_parser!(u32).range(1..=30_000)
    )]
    pub max_id: u32,

    /// Go on where the last walk stopped, however long ago (the default up to a day)
    #[arg(long, conflicts_with = "fresh")]
    pub resume: bool,

    /// Start over
    #[arg(long)]
    pub fresh: bool,

    /// Ask the sites and compare, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// The report on stdout; everything else goes to stderr
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = crate::text::format::Output::Text)]
    pub output: crate::text::format::Output,

    /// A line for each change instead of progress bars (the default where stderr is no terminal)
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
        return Err("must be FIELD=VALUE, such as elevation=1726".into());
    };
    Ok((parse_field(field.trim())?, value.trim().to_owned()))
}
