//! A booking site in the format of hut-reservation.org that answers what a test tells it to.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::database::TestDatabase;
use super::program::{RunOutput, run, update_availability};

/// A site that gives the same answer for each hut.
pub struct ScriptedSite {
    url: String,
    answer: Arc<Mutex<String>>,
    requests: Arc<AtomicUsize>,
    _runtime: tokio::runtime::Runtime,
}

impl ScriptedSite {
    pub fn start() -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let (answer, requests) = (Arc::new(Mutex::new("[]".to_owned())), Arc::default());
        let (said, counter) = (Arc::clone(&answer), Arc::clone(&requests));
        let say = async move || {
            AtomicUsize::fetch_add(&counter, 1, Ordering::SeqCst);
            said.lock().unwrap().clone()
        };
        let router = Router::new().route("/api/v1/reservation/getHutAvailability", get(say));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, answer, requests, _runtime: runtime }
    }

    /// Sets the days of all later answers.
    pub fn list(&self, days: &[Value]) {
        self.say(&Value::from(days).to_string());
    }

    /// Sets the body of all later answers.
    pub fn say(&self, body: &str) {
        body.clone_into(&mut self.answer.lock().unwrap());
    }

    /// The number of requests so far.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Checks every hut at an instant.
    pub fn update(&self, database: &TestDatabase, as_of: &str, args: &[&str]) -> RunOutput {
        run(self.update_command(database, args).args(["--as-of", as_of]))
    }

    /// A command that checks every hut now.
    pub fn update_command(&self, database: &TestDatabase, args: &[&str]) -> Command {
        let mut command = update_availability();
        command.args(["--all", "--no-progress", "--output", "json", "--retries", "0"]);
        command.args(["--request-interval", "0"]);
        command.args(["--source-url", &format!("hrs={}", self.url)]);
        command.args(["--database-url", &database.url]).args(args);
        command
    }
}

/// Open nights from a date on, with 12 of 40 places free.
pub fn nights(from: NaiveDate, count: u64) -> Vec<Value> {
    let night = |day| {
        let date = from + Days::new(day);
        json!({
            "date": format!("{date}T00:00:00Z"), "dateFormatted": date.format("%d.%m.%Y").to_string(),
            "freeBeds": 12, "totalSleepingPlaces": 40, "hutStatus": "SERVICED", "percentage": "AVAILABLE",
        })
    };
    (0..count).map(night).collect()
}
