//! `watch` and `watch_hut`: what people wait for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;

use crate::db::connection::Db;
use crate::db::schema::{hut_check, watch, watch_hut};
use crate::db::timestamp::Timestamp;
use crate::domain::stay::{Group, Stage, format_weekdays, parse_weekdays};
use crate::domain::watch::{Goal, Watch, WatchState};

/// A stored watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredWatch {
    pub id: i32,
    /// With the IDs of its huts.
    pub watch: Watch<i32>,
    /// The file from which `watches apply` took it.
    pub file: Option<String>,
    pub created_at: DateTime<Utc>,
    pub paused_at: Option<DateTime<Utc>>,
    /// Not matched yet since it was made or resumed.
    pub is_starting: bool,
    /// `hut_check.changes` of its huts at its last match; none if there was no match, or no check before it.
    pub matched: BTreeMap<i32, Option<i32>>,
}

impl StoredWatch {
    #[must_use]
    pub fn state(&self, today: NaiveDate) -> WatchState {
        WatchState::of(&self.watch, self.paused_at, today)
    }
}

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = watch, treat_none_as_null = true, treat_none_as_default_value = false)]
struct DefinitionRow {
    name: String,
    is_tour: bool,
    places: i16,
    first_arrival: NaiveDate,
    last_arrival: NaiveDate,
    weekdays: String,
    channels: String,
    quiet_start: bool,
    closings: bool,
    cooldown_seconds: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = watch)]
struct WatchRow {
    id: i32,
    #[diesel(embed)]
    definition: DefinitionRow,
    file: Option<String>,
    created_at: Timestamp,
    paused_at: Option<Timestamp>,
    is_starting: bool,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = watch_hut, treat_none_as_default_value = false)]
struct WatchHutRow {
    watch_id: i32,
    stage: i16,
    position: i16,
    hut_id: i32,
    nights: i16,
    matched_changes: Option<i32>,
}

impl DefinitionRow {
    fn new<Hut>(watch: &Watch<Hut>) -> Self {
        Self {
            name: watch.name.clone(),
            is_tour: watch.goal.is_tour(),
            places: i16::try_from(watch.group.places).unwrap_or(i16::MAX),
            first_arrival: *watch.group.arrivals.start(),
            last_arrival: *watch.group.arrivals.end(),
            weekdays: format_weekdays(watch.group.weekdays),
            channels: watch.channels.join(","),
            quiet_start: watch.quiet_start,
            closings: watch.closings,
            cooldown_seconds: i32::try_from(watch.cooldown.num_seconds()).unwrap_or(i32::MAX),
        }
    }
}

/// The stages of a watch, from its rows in the order of stages and positions.
fn stages(rows: &[WatchHutRow]) -> Vec<Stage<i32>> {
    let stages = rows.chunk_by(|a, b| a.stage == b.stage);
    let stage = |rows: &[WatchHutRow]| Stage {
        huts: rows.iter().map(|row| row.hut_id).collect(),
        nights: rows.first().map_or(1, |row| row.nights.unsigned_abs()),
    };
    stages.map(stage).collect()
}

impl WatchRow {
    /// The watch with its huts. None if it has none, which no program writes.
    fn with(self, huts: &[WatchHutRow]) -> Option<StoredWatch> {
        let DefinitionRow { name, is_tour, places, channels, cooldown_seconds, .. } =
            self.definition;
        let stages = stages(huts);
        let goal =
            if is_tour { Goal::Tour(stages) } else { Goal::Stay(stages.into_iter().next()?) };
        let group = Group {
            arrivals: self.definition.first_arrival..=self.definition.last_arrival,
            weekdays: parse_weekdays(&self.definition.weekdays).ok()?,
            places: places.unsigned_abs(),
        };
        Some(StoredWatch {
            id: self.id,
            watch: Watch {
                name,
                goal,
                group,
                channels: channels.split(',').map(str::to_owned).collect(),
                quiet_start: self.definition.quiet_start,
                closings: self.definition.closings,
                cooldown: TimeDelta::seconds(cooldown_seconds.into()),
            },
            file: self.file,
            created_at: self.created_at.into(),
            paused_at: self.paused_at.map(DateTime::from),
            is_starting: self.is_starting,
            matched: huts.iter().map(|row| (row.hut_id, row.matched_changes)).collect(),
        })
    }
}

/// All watches, by name. One statement if there are none, else two.
pub fn all(db: &mut Db) -> QueryResult<Vec<StoredWatch>> {
    let rows: Vec<WatchRow> = watch::table.select(WatchRow::as_select()).load(db)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let huts: Vec<WatchHutRow> = watch_hut::table
        .order((watch_hut::watch_id, watch_hut::stage, watch_hut::position))
        .select(WatchHutRow::as_select())
        .load(db)?;
    let by_watch = huts.chunk_by(|a, b| a.watch_id == b.watch_id);
    let by_watch: HashMap<i32, &[WatchHutRow]> =
        by_watch.filter_map(|rows| Some((rows.first()?.watch_id, rows))).collect();
    let with_huts = |row: WatchRow| {
        let huts = by_watch.get(&row.id).copied().unwrap_or_default();
        row.with(huts)
    };
    let mut watches: Vec<StoredWatch> = rows.into_iter().filter_map(with_huts).collect();
    watches.sort_by(|a, b| a.watch.name.cmp(&b.watch.name));
    Ok(watches)
}

/// A watch, locked until the transaction ends. None if it was removed.
pub fn lock(db: &mut Db, watch_id: i32) -> QueryResult<Option<StoredWatch>> {
    let row = watch::table.find(watch_id);
    let row: Option<WatchRow> = match db {
        Db::Postgres(connection) => {
            row.select(WatchRow::as_select()).for_update().first(connection).optional()?
        }
        Db::Sqlite(connection) => row.select(WatchRow::as_select()).first(connection).optional()?,
    };
    let Some(row) = row else { return Ok(None) };
    let huts: Vec<WatchHutRow> = watch_hut::table
        .filter(watch_hut::watch_id.eq(watch_id))
        .order((watch_hut::stage, watch_hut::position))
        .select(WatchHutRow::as_select())
        .load(db)?;
    Ok(row.with(&huts))
}

/// The huts of active watches.
pub fn watched_huts(db: &mut Db, today: NaiveDate) -> QueryResult<BTreeSet<i32>> {
    Ok(watched(db, today)?.into_iter().map(|(_, hut)| hut).collect())
}

/// The active watches, each with each of its huts, by their IDs. One statement.
pub fn watched(db: &mut Db, today: NaiveDate) -> QueryResult<BTreeSet<(i32, i32)>> {
    let pairs: Vec<(i32, i32)> = watch::table
        .inner_join(watch_hut::table)
        .filter(watch::paused_at.is_null())
        .filter(watch::last_arrival.ge(today))
        .select((watch::id, watch_hut::hut_id))
        .load(db)?;
    Ok(pairs.into_iter().collect())
}

/// Adds a watch that has not been matched yet, and returns its ID.
pub fn insert(
    db: &mut Db,
    new: &Watch<i32>,
    file: Option<&str>,
    created_at: DateTime<Utc>,
) -> QueryResult<i32> {
    let id = diesel::insert_into(watch::table)
        .values((
            DefinitionRow::new(new),
            watch::file.eq(file),
            watch::created_at.eq(Timestamp::from(created_at)),
            watch::is_starting.eq(true),
        ))
        .returning(watch::id)
        .get_result(db)?;
    insert_huts(db, id, &new.goal)?;
    Ok(id)
}

fn insert_huts(db: &mut Db, watch_id: i32, goal: &Goal<i32>) -> QueryResult<()> {
    let mut rows = Vec::new();
    for (stage, Stage { huts, nights }) in (1..).zip(goal.stages()) {
        for (position, &hut_id) in (1..).zip(huts) {
            let nights = i16::try_from(*nights).unwrap_or(i16::MAX);
            let matched_changes = None;
            rows.push(WatchHutRow { watch_id, stage, position, hut_id, nights, matched_changes });
        }
    }
    let insert = diesel::insert_into(watch_hut::table).values(rows);
    match db {
        Db::Postgres(connection) => insert.execute(connection)?,
        Db::Sqlite(connection) => insert.execute(connection)?,
    };
    Ok(())
}

/// Changes what a watch waits for, and who hears of it. If it waits for something else than before, it starts again.
pub fn replace(db: &mut Db, was: &StoredWatch, new: &Watch<i32>) -> QueryResult<()> {
    let row = watch::table.find(was.id);
    diesel::update(row).set(DefinitionRow::new(new)).execute(db)?;
    if (&was.watch.goal, &was.watch.group) != (&new.goal, &new.group) {
        diesel::update(row).set(watch::is_starting.eq(true)).execute(db)?;
        diesel::delete(watch_hut::table.filter(watch_hut::watch_id.eq(was.id))).execute(db)?;
        insert_huts(db, was.id, &new.goal)?;
    }
    Ok(())
}

/// Pauses a watch.
pub fn pause(db: &mut Db, watch_id: i32, at: DateTime<Utc>) -> QueryResult<usize> {
    let paused_at = watch::paused_at.eq(Some(Timestamp::from(at)));
    diesel::update(watch::table.find(watch_id)).set(paused_at).execute(db)
}

/// Lets a paused watch start again.
pub fn resume(db: &mut Db, watch_id: i32) -> QueryResult<usize> {
    let resumed = (watch::paused_at.eq(None::<Timestamp>), watch::is_starting.eq(true));
    diesel::update(watch::table.find(watch_id)).set(resumed).execute(db)
}

/// Removes a watch with all that is to be sent of it.
pub fn remove(db: &mut Db, watch_id: i32) -> QueryResult<usize> {
    diesel::delete(watch::table.find(watch_id)).execute(db)
}

/// `hut_check.changes` of some huts. A hut that was never checked is missing.
pub fn changes(db: &mut Db, huts: &[i32]) -> QueryResult<BTreeMap<i32, i32>> {
    let rows: Vec<(i32, i32)> = hut_check::table
        .filter(hut_check::hut_id.eq_any(huts))
        .select((hut_check::hut_id, hut_check::changes))
        .load(db)?;
    Ok(rows.into_iter().collect())
}

/// Stores up to which changes of its huts a watch is matched.
pub fn set_matched(
    db: &mut Db,
    was: &StoredWatch,
    changes: &BTreeMap<i32, i32>,
) -> QueryResult<()> {
    for (hut_id, changes) in changes {
        if was.matched.get(hut_id) != Some(&Some(*changes)) {
            let huts = watch_hut::table
                .filter(watch_hut::watch_id.eq(was.id))
                .filter(watch_hut::hut_id.eq(hut_id));
            diesel::update(huts).set(watch_hut::matched_changes.eq(Some(*changes))).execute(db)?;
        }
    }
    if was.is_starting {
        diesel::update(watch::table.find(was.id)).set(watch::is_starting.eq(false)).execute(db)?;
    }
    Ok(())
}
