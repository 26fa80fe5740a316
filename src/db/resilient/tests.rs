use super::*;
use crate::db::open::in_memory;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

fn resilient(
    db: Option<Db>,
    url: &str,
    outage_timeout: Duration,
) -> (ResilientDb, watch::Sender<Option<Signal>>) {
    let (sender, stop) = watch::channel(None);
    let (url, access) = (Some(url.parse().unwrap()), Access::ReadWrite);
    let slot = db.map(Slot::of).unwrap_or_default();
    let resilient = ResilientDb::of(slot, url, access, Purpose::Storing, stop, &Meter::default());
    let limits = TimeLimits { outage: outage_timeout, ..TimeLimits::default() };
    (resilient.with_limits(limits), sender)
}

fn error(kind: DatabaseErrorKind) -> DieselError {
    DieselError::DatabaseError(kind, Box::new("test error".to_owned()))
}

/// How often work is tried that always fails with this error.
async fn tries(kind: fn() -> DieselError) -> u32 {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (db, _stop) = resilient(None, path.to_str().unwrap(), Duration::from_secs(2));
    let tried = Arc::new(Mutex::new(0));
    let count = Arc::clone(&tried);
    let done = db.run(move |_, number| {
        *count.lock().unwrap() = number + 1;
        Err::<(), _>(kind())
    });
    assert!(matches!(done.await, Err(DbError::Failed(message)) if message == "test error"));
    *tried.lock().unwrap()
}

#[tokio::test]
async fn permanent_errors_are_tried_once_and_others_are_retried() {
    assert_eq!(tries(|| error(DatabaseErrorKind::CheckViolation)).await, 1);
    assert_eq!(tries(|| error(DatabaseErrorKind::Unknown)).await, MAX_TRIES);
    // Waits of 0.1, 0.2, 0.4 and 0.8 s fit into two seconds.
    assert_eq!(tries(|| error(DatabaseErrorKind::ClosedConnection)).await, 5);
}

#[tokio::test]
async fn after_a_panic_a_new_connection_is_opened() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (db, _stop) = resilient(Some(in_memory().unwrap()), path.to_str().unwrap(), OUTAGE_TIMEOUT);
    let done = db.run(|_, _| -> QueryResult<()> { panic!("a bug") }).await;
    assert!(matches!(done, Err(DbError::Panic(message)) if message == "a bug"));
    assert!(!path.exists());
    db.run(|_, _| Ok(())).await.unwrap();
    assert!(path.exists(), "a new connection was opened");
}

#[tokio::test]
async fn a_signal_ends_the_wait_for_an_unavailable_database() {
    let (db, stop) = resilient(None, "postgres://127.0.0.1:1/none", OUTAGE_TIMEOUT);
    let begin = Instant::now();
    let waiting = tokio::spawn(async move { db.run(|_, _| Ok(())).await });
    sleep(Duration::from_millis(500)).await;
    stop.send_replace(Some(Signal::Terminate));
    assert!(waiting.await.unwrap().is_err());
    assert!(begin.elapsed() < OUTAGE_TIMEOUT, "{:?}", begin.elapsed());
}
