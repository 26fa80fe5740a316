//! Reads everything but the nights: huts, organizations, types, sources, and what each hut has.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::data_types::PgTimestamp;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Double, Integer, Nullable, Text, Timestamptz};

use super::schema::{ASSOCIATION, AVAILABILITY, CATEGORY, HISTORY, HUT, ORGANIZATION, STATUS};
use super::{Theirs, instant, literal};
use crate::domain::takeover::last_check::TheirStatus;

/// The parent of the hut types.
const ACCOMMODATION: &str = "accommodation";

#[derive(Clone, Debug, QueryableByName)]
pub struct TheirHut {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub slug: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub country: String,
    /// EWKB in hexadecimal digits.
    #[diesel(sql_type = Nullable<Text>)]
    pub location: Option<String>,
    /// Metres above sea level.
    #[diesel(sql_type = Nullable<Double>)]
    pub elevation: Option<f64>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub capacity_open: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub capacity_closed: Option<i32>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub hut_type_open: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub hut_type_closed: Option<i64>,
    #[diesel(sql_type = Bool)]
    pub is_active: bool,
    #[diesel(sql_type = Bool)]
    pub is_public: bool,
    /// The organization that is followed.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub source_ref: Option<i64>,
}

#[derive(Clone, Debug, QueryableByName)]
pub struct TheirOrganization {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    pub slug: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub url: String,
}

#[derive(Clone, Debug, QueryableByName)]
pub struct TheirType {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub slug: String,
    /// Whether it is a type of huts, and not of something else.
    #[diesel(sql_type = Bool)]
    pub is_hut_type: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub identifier: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub color: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub order: Option<i64>,
}

#[derive(Clone, Debug, QueryableByName)]
pub struct TheirAssociation {
    #[diesel(sql_type = BigInt)]
    pub hut_id: i64,
    #[diesel(sql_type = BigInt)]
    pub organization_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub source_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub link: Option<String>,
}

/// The nights that an organization published of a hut.
#[derive(Clone, Debug, QueryableByName)]
pub struct NightsOf {
    #[diesel(sql_type = BigInt)]
    pub hut_id: i64,
    #[diesel(sql_type = BigInt)]
    pub organization_id: i64,
    /// The ID and the link of the newest night, if any has one.
    #[diesel(sql_type = Nullable<Text>)]
    pub source_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub link: Option<String>,
}

/// What is stored of the nights of a hut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    pub rows: u64,
    pub entries: u64,
    /// The newest check of a row; of an entry if there is no row. One that is in the future counts only if all are.
    pub newest: Option<DateTime<Utc>>,
    /// Changes when any row or entry does.
    pub digests: [String; 2],
}

/// Everything but the nights. Keys are their IDs.
#[derive(Debug, Default)]
pub struct TheirRegister {
    pub huts: Vec<TheirHut>,
    pub organizations: BTreeMap<i64, TheirOrganization>,
    pub types: BTreeMap<i64, TheirType>,
    pub associations: Vec<TheirAssociation>,
    pub nights_of: Vec<NightsOf>,
    pub statuses: BTreeMap<i64, TheirStatus>,
    /// By hut. The key None is for records that name no hut.
    pub stored: BTreeMap<Option<i64>, Stored>,
}

#[derive(QueryableByName)]
struct StatusRow {
    #[diesel(sql_type = BigInt)]
    hut_id: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_checked: Option<PgTimestamp>,
    #[diesel(sql_type = Bool)]
    has_data: bool,
    #[diesel(sql_type = Integer)]
    consecutive_failures: i32,
}

#[derive(QueryableByName)]
struct StoredRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    hut_id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    newest: Option<PgTimestamp>,
    #[diesel(sql_type = Text)]
    digest: String,
}

impl Theirs {
    /// Reads the register. No instant in it is after `limit`.
    pub fn register(&mut self, limit: DateTime<Utc>) -> QueryResult<TheirRegister> {
        let source_ref = self.schema.source_ref;
        let identifier = self.schema.first_of(CATEGORY, &["symbol", "identifier"]);
        let color = self.schema.first_of(CATEGORY, &["color", "colour"]);
        let order = self.schema.first_of(CATEGORY, &["order", "sort_order"]);
        let name = self.schema.first_of(ORGANIZATION, &["name", "slug"]);
        let url = self.schema.first_of(ORGANIZATION, &["url"]);
        let connection = &mut self.connection;
        let organizations: Vec<TheirOrganization> = sql_query(format!(
            "SELECT id::bigint AS id, slug::text AS slug, coalesce(nullif({name}::text, ''), slug) AS name, \
             coalesce({url}::text, '') AS url FROM {ORGANIZATION} ORDER BY id"
        ))
        .load(connection)?;
        let types: Vec<TheirType> = sql_query(format!(
            "SELECT {CATEGORY}.id::bigint AS id, {CATEGORY}.slug::text AS slug, \
             coalesce(parent.slug = '{ACCOMMODATION}', false) AS is_hut_type, {identifier}::text AS identifier, \
             {color}::text AS color, {order}::bigint AS order \
             FROM {CATEGORY} LEFT JOIN {CATEGORY} AS parent ON parent.id = {CATEGORY}.parent_id ORDER BY 1"
        ))
        .load(connection)?;
        let statuses: Vec<StatusRow> = sql_query(format!(
            "SELECT hut_id::bigint AS hut_id, last_checked, coalesce(has_data, false) AS has_data, \
             coalesce(consecutive_failures, 0)::integer AS consecutive_failures FROM {STATUS}"
        ))
        .load(connection)?;
        let status = |row: StatusRow| {
            let last_checked = instant(row.last_checked?, limit);
            let StatusRow { has_data, consecutive_failures, .. } = row;
            Some((row.hut_id, TheirStatus { last_checked, has_data, consecutive_failures }))
        };
        Ok(TheirRegister {
            huts: sql_query(format!(
                "SELECT id::bigint AS id, slug::text AS slug, coalesce(name, '')::text AS name, \
                 coalesce(country_field, '')::text AS country, location::text AS location, \
                 elevation::double precision AS elevation, capacity_open::integer AS capacity_open, \
                 capacity_closed::integer AS capacity_closed, hut_type_open_id::bigint AS hut_type_open, \
                 hut_type_closed_id::bigint AS hut_type_closed, coalesce(is_active, false) AS is_active, \
                 coalesce(is_public, false) AS is_public, {source_ref}::bigint AS source_ref FROM {HUT} ORDER BY 1"
            ))
            .load(connection)?,
            organizations: organizations.into_iter().map(|row| (row.id, row)).collect(),
            types: types.into_iter().map(|row| (row.id, row)).collect(),
            associations: sql_query(format!(
                "SELECT hut_id::bigint AS hut_id, organization_id::bigint AS organization_id, \
                 source_id::text AS source_id, link::text AS link FROM {ASSOCIATION} ORDER BY 1, 2"
            ))
            .load(connection)?,
            nights_of: sql_query(format!(
                "SELECT hut_id::bigint AS hut_id, source_organization_id::bigint AS organization_id, \
                 (array_agg(source_id::text ORDER BY source_id IN ('', hut_id::text), last_checked DESC))[1] \
                 AS source_id, (array_agg(link::text ORDER BY link = '', last_checked DESC))[1] AS link \
                 FROM {AVAILABILITY} WHERE hut_id IS NOT NULL AND source_organization_id IS NOT NULL \
                 GROUP BY hut_id, source_organization_id ORDER BY 1, 2"
            ))
            .load(connection)?,
            statuses: statuses.into_iter().filter_map(status).collect(),
            stored: self.stored(limit)?,
        })
    }

    /// The number of rows and entries of each hut, and their digests. Each table is read once, by the server.
    fn stored(&mut self, limit: DateTime<Utc>) -> QueryResult<BTreeMap<Option<i64>, Stored>> {
        let last = literal(limit);
        let mut query = |table: &str, at: &str| {
            let sql = format!(
                "SELECT hut_id::bigint AS hut_id, count(*) AS number, \
                 coalesce(max({at}) FILTER (WHERE {at} <= {last}), max(least({at}, {last}))) AS newest, \
                 sum(hashtextextended({table}::text, 0)::numeric)::text AS digest FROM {table} GROUP BY hut_id"
            );
            sql_query(sql).load::<StoredRow>(&mut self.connection)
        };
        let rows = query(AVAILABILITY, "last_checked")?;
        let entries = query(HISTORY, "greatest(first_checked, last_checked)")?;
        let mut stored = BTreeMap::<_, Stored>::new();
        for row in rows {
            let of_hut = stored.entry(row.hut_id).or_default();
            of_hut.rows = row.number.unsigned_abs();
            of_hut.newest = row.newest.map(|at| instant(at, limit));
            of_hut.digests[0] = row.digest;
        }
        for row in entries {
            let of_hut = stored.entry(row.hut_id).or_default();
            of_hut.entries = row.number.unsigned_abs();
            of_hut.newest = of_hut.newest.or(row.newest.map(|at| instant(at, limit)));
            of_hut.digests[1] = row.digest;
        }
        Ok(stored)
    }
}

#[cfg(test)]
impl TheirOrganization {
    pub fn new(id: i64, slug: &str) -> Self {
        Self { id, slug: slug.into(), name: slug.into(), url: String::new() }
    }
}

#[cfg(test)]
impl TheirType {
    pub fn new(id: i64, slug: &str) -> Self {
        let (identifier, color, order) = Default::default();
        Self { id, slug: slug.into(), is_hut_type: true, identifier, color, order }
    }
}
