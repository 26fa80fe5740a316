//! What is taken over, and what is not.

use std::collections::BTreeMap;

use serde::Serialize;
use strum::Display;

use crate::domain::hut::HutType;
use crate::domain::takeover::last_check::TheirStatus;
use crate::ops::takeover::theirs::register::Stored;

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Display, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Subject {
    Hut,
    /// A field of a hut.
    Field,
    HutType,
    /// IDs of huts at an organization.
    Source,
    /// The organization whose bookings were followed.
    BookingRef,
    /// Rows of nights.
    Rows,
    /// Entries of the history.
    Entries,
}

/// Something that is not taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NotTaken {
    pub subject: Subject,
    /// Of the hut, type or organization.
    pub name: String,
    pub number: u64,
    pub reason: String,
}

/// How clients show a hut type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeLook {
    pub hut_type: HutType,
    pub identifier: Option<String>,
    /// Such as `#c1440e`.
    pub color: Option<String>,
    pub order: Option<i32>,
}

/// An organization that this program cannot poll, but whose nights are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherOrganization {
    pub slug: String,
    pub name: String,
    pub url: String,
}

/// What is needed to take the nights of a hut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HutPlan {
    pub stored: Stored,
    pub status: Option<TheirStatus>,
    /// The ID of the hut at each organization, by their number of the organization.
    pub sources: BTreeMap<i64, (String, String)>,
    /// The organization of nights that name none.
    pub default_source: Option<(String, String)>,
    /// Changes when any of this does, or the nights.
    pub digest: String,
}
