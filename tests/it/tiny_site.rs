//! A booking site that is defined outside the crate. Discovery and update need only its implementation of one
//! trait, and one line in a registry.

use std::ops::RangeInclusive;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use chrono::NaiveDate;
use clap::Parser;
use diesel::prelude::*;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hut_availability::cli::app::{Command, HutAvailabilityCli};
use hut_availability::cli::huts::HutsCommand;
use hut_availability::cli::update::UpdateCli;
use hut_availability::commands;
use hut_availability::commands::config::{DiscoverConfig, UpdateConfig};
use hut_availability::db::organization::insert_missing;
use hut_availability::db::schema::organization;
use hut_availability::domain::availability::{Answer, SiteDay, SiteStatus};
use hut_availability::domain::exit_status::ExitStatus;
use hut_availability::domain::organization::{CrawlPlan, Organization};
use hut_availability::domain::validators::Validators;
use hut_availability::sites::client::SiteClient;
use hut_availability::sites::error::SourceError;
use hut_availability::sites::listing::{Listing, SiteHut};
use hut_availability::sites::registry::{Registry, Site};
use hut_availability::sites::source::{BookingSource, Reply};
use indicatif::MultiProgress;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use crate::on_both_databases;
use crate::support::database::current;

const SLUG: &str = "tiny-huts";

/// A site with two requests: a list of huts, and the nights of one.
struct TinyHuts(SiteClient);

#[derive(Deserialize)]
struct Hut {
    key: String,
    name: String,
}

#[derive(Deserialize)]
struct Night {
    date: NaiveDate,
    free: i64,
    total: i64,
}

impl TinyHuts {
    async fn fetch<T: for<'de> Deserialize<'de>>(&self, path: &str) -> Result<T, SourceError> {
        let body = self.0.get(self.0.url(path, &[])).await?;
        let malformed = |error: serde_json::Error| SourceError::Malformed {
            path: ".".into(),
            message: error.to_string(),
        };
        serde_json::from_slice(&body).map_err(malformed)
    }
}

impl BookingSource for TinyHuts {
    fn organization() -> Organization {
        Organization {
            slug: SLUG,
            name: "Tiny Huts",
            website: "https://tiny.example",
            crawl_plan: CrawlPlan::Pages,
            parse_hut_id: |key| {
                if key.is_empty() { Err("must not be empty") } else { Ok(key.to_owned()) }
            },
            booking_link: |key| Some(format!("https://tiny.example/book/{key}")),
        }
    }

    fn base_url() -> &'static str {
        "https://tiny.example"
    }

    fn new(client: SiteClient) -> Self {
        Self(client)
    }

    fn availability<'a>(
        &'a self,
        key: &'a str,
        _dates: &'a RangeInclusive<NaiveDate>,
        _cached: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>> {
        async move {
            let nights: Vec<Night> = self.fetch(&format!("nights/{key}")).await?;
            let day = |night: Night| SiteDay {
                date: night.date,
                free: Some(night.free),
                total: Some(night.total),
                status: SiteStatus::Unsaid,
                unattended: false,
            };
            let days = nights.into_iter().map(day).collect();
            Ok(Answer { days, ..Answer::default() }.into())
        }
        .boxed()
    }

    fn discover(&self, page: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        async move {
            let huts: Vec<Hut> = self.fetch(&format!("huts/{page}")).await?;
            let hut = |hut: Hut| SiteHut {
                source_hut_id: hut.key,
                name: Some(hut.name),
                is_bookable: Some(true),
                ..SiteHut::default()
            };
            let huts = huts.into_iter().map(hut).collect();
            Ok(Listing { huts, last_step: Some(2), ..Listing::default() })
        }
        .boxed()
    }
}

/// Starts the site on loopback, and returns its address.
async fn start() -> String {
    let huts = |Path(page): Path<u32>| async move {
        Json(json!([{"key": format!("alp-{page}"), "name": format!("Alp Nummer {page}")}]))
    };
    let nights = |Path(key): Path<String>| async move {
        let free = if key == "alp-1" { 3 } else { 0 };
        Json(json!([{"date": "2026-07-18", "free": free, "total": 8}]))
    };
    let router = Router::new().route("/huts/{page}", get(huts)).route("/nights/{key}", get(nights));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("{SLUG}=http://{address}")
}

fn registry() -> Registry {
    Registry::default().with(Site::of::<TinyHuts>())
}

fn discovery(url: &str, site: &str) -> DiscoverConfig {
    let args =
        ["hut-availability", "huts", "discover", "--database-url", url, "--source-url", site];
    let args = args.into_iter().chain(["--organization", SLUG, "--quiet"]);
    let cli = HutAvailabilityCli::parse_from(args);
    let Command::Huts(HutsCommand::Discover(args)) = cli.command else { unreachable!() };
    DiscoverConfig::new(args, &cli.common, registry()).unwrap()
}

fn update(url: &str, site: &str) -> UpdateConfig {
    let args = ["update-availability", "--database-url", url, "--source-url", site];
    let args = args.into_iter().chain(["--as-of", "2026-07-01T10:00:00Z", "--quiet"]);
    UpdateConfig::new(UpdateCli::parse_from(args), registry()).unwrap()
}

on_both_databases! {
    fn a_site_from_outside_the_crate_is_discovered_and_polled(database) {
        let bars = MultiProgress::new();
        let (_stop, stopped) = watch::channel(None);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let site = start().await;
            let discover = discovery(&database.url, &site);
            let discovered = commands::huts_discover::run(discover, &bars, stopped.clone()).await;
            assert_eq!(discovered.unwrap(), ExitStatus::Done);
            let updated = commands::update::run(update(&database.url, &site), &bars, stopped).await;
            assert_eq!(updated.unwrap(), ExitStatus::Done);
        });

        let mut db = database.open();
        let row = organization::table.find(SLUG).select((organization::name, organization::url));
        let row: (String, String) = row.first(&mut db).unwrap();
        assert_eq!(row, ("Tiny Huts".into(), "https://tiny.example".into()));
        let stored: Vec<_> = current(&mut db)
            .into_iter()
            .map(|row| (row.source_organization, row.source_hut_id, row.free, row.total))
            .collect();
        assert_eq!(
            stored,
            [
                (SLUG.into(), "alp-1".into(), Some(3), Some(8)),
                (SLUG.into(), "alp-2".into(), Some(0), Some(8))
            ]
        );
    }
}

on_both_databases! {
    fn the_sites_and_the_migrations_describe_the_same_organizations(database) {
        let mut db = database.open();
        // Sites that are newer than the migrations get their rows from the registry, which changes no other row.
        insert_missing(&mut db, &Registry::default().organizations()).unwrap();
        for known in Registry::default().organizations().iter() {
            let row = organization::table.find(known.slug);
            let row = row.select((organization::name, organization::url));
            let (name, url): (String, String) = row.first(&mut db).unwrap();
            assert_eq!((name.as_str(), url.as_str()), (known.name, known.website));
        }
    }
}

#[test]
fn an_unknown_organization_is_refused_with_the_known_ones() {
    let cli =
        UpdateCli::parse_from(["update-availability", "--source-url", "dav=http://localhost"]);
    let error = UpdateConfig::new(cli, Registry::default()).unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "--source-url dav=http://localhost/: unknown organization \"dav\"; expected one of: ffcam, \
         hrs, huetten-holiday"
    );
}
