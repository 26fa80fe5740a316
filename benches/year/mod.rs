//! Two years of synthetic data: the content of a database after its first year.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::{current, register};
use hut_availability::register::file;
use hut_availability::register::import;
use hut_availability::sites::registry::Registry;

pub const HUTS: usize = 700;
/// The day in the middle of the two years.
pub const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).expect("it is a day");

/// Fills a database that has no huts yet.
pub fn fill(db: &mut Db) {
    if register::count(db).expect("the huts are counted") > 0 {
        return;
    }
    eprintln!("filling the database: this takes minutes");
    let mut csv = String::from(
        "slug,name,organization,source_hut_id,country,latitude,longitude,hut_type_open,hut_type_closed,capacity_open,capacity_closed\n",
    );
    for id in 1..=HUTS {
        // The Alps, from Nice to Vienna.
        let (latitude, longitude) = (44.0 + (id % 28) as f64 / 7.0, 6.0 + id as f64 / 70.0);
        csv += &format!(
            "hut-{id},Hut {id},hrs,{id},CH,{latitude:.5},{longitude:.5},hut,selfhut,80,12\n"
        );
    }
    let file = file::read(csv.as_bytes(), &Registry::default().organizations())
        .expect("the file is sound");
    import::import(db, &file, &Registry::default().organizations()).expect("the huts are stored");
    let (date, at) = match db {
        Db::Postgres(_) => (
            "date '2026-07-01' + day - 365",
            // The states of each night begin in the year before it, but none in the future.
            "timestamptz '2026-07-01 06:00Z' + make_interval(days => least(day - 365, 0) - 360 + 36 * STATE, mins => hut.id)",
        ),
        Db::Sqlite(_) => (
            "date('2026-07-01', (day - 365) || ' days')",
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-07-01 06:00', (min(day - 365, 0) - 360 + 36 * STATE) || ' days', hut.id || ' minutes')",
        ),
    };
    let last = at
        .replace("least(day - 365, 0)", "0")
        .replace("min(day - 365, 0)", "0")
        .replace("STATE", "10");
    let yes = if matches!(db, Db::Postgres(_)) { "true" } else { "1" };
    let is_past = "day < 365";
    let at = |state: &str| at.replace("STATE", state);
    // Nights fill up over time. One night in seven is closed.
    let free = "CASE WHEN (hut.id + day) % 7 = 0 THEN 0 ELSE (80 - 8 * STATE + hut.id % 9) * (1 + day % 2) / 2 % 81 END";
    let free = |state: &str| free.replace("STATE", state);
    let total = "CASE WHEN (hut.id + day) % 7 = 0 THEN 0 ELSE 80 END";
    let status = "CASE WHEN (hut.id + day) % 7 = 0 THEN 'not_possible' ELSE 'possible' END";
    let rows = "WITH RECURSIVE
            days (day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM days WHERE day < 729),
            states (state) AS (SELECT 0 UNION ALL SELECT state + 1 FROM states WHERE state < 9)";
    let statements = [
        format!(
            "INSERT INTO hut_check (hut_id, last_checked, last_checked_run, last_success, last_success_run, has_data)
                SELECT hut.id, {last}, {last}, {last}, {last}, {yes} FROM hut"
        ),
        format!(
            "INSERT INTO availability (hut_id, availability_date, source_organization, source_hut_id, free, total, hut_type, reservation_status, first_checked, last_checked)
                {rows} SELECT hut.id, {date}, 'hrs', CAST(hut.id AS text), {}, {total}, 'hut', {status}, {}, CASE WHEN {is_past} THEN {} END
                FROM hut, days",
            free("9"), at("0"), at("10"),
        ),
        format!(
            "INSERT INTO availability_change (hut_id, availability_date, first_checked, last_checked, free, total, hut_type, reservation_status)
                {rows} SELECT hut.id, {date}, {}, CASE WHEN state < 9 OR {is_past} THEN {} END, {}, {total}, 'hut', {status}
                FROM hut, days, states",
            at("state"), at("(state + 1)"), free("state"),
        ),
        "ANALYZE".to_owned(),
    ];
    for statement in statements {
        db.batch_execute(&statement).expect("the rows are stored");
    }
    assert!(current::count(db, 1).expect("the rows are counted") == 730);
}
