//! How a night filled up, as the pages of a hut and of a night show it: a chart, what it means, and the history.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::band_chart::BandChart;
use super::chart::Chart;
use super::entries::{EntryView, caption};
use super::times::Times;
use crate::db::pages::changes::Change;
use crate::query::filling::{Band, Filling};
use crate::query::paging::Page;
use crate::query::views::Entry;
use crate::text::texts::Texts;

/// A table with more entries is folded: it would be the longest part of the page.
const MAX_OPEN_ENTRIES: usize = 5;

/// How a night filled up.
pub struct FillingView {
    pub drawing: Option<Drawing>,
    /// What the chart shows, in words.
    pub legend: Vec<String>,
    /// How the night compares to similar ones.
    pub comparison: Vec<String>,
    pub entries: Vec<EntryView>,
    pub caption: String,
    pub is_folded: bool,
}

pub enum Drawing {
    /// Free places over time.
    Night(Chart),
    /// The days before the night, with similar nights.
    Compared(BandChart),
}

impl FillingView {
    /// Describes the history of a night, the newest change first. `similar` are the histories of similar nights, see
    /// [`similar_nights`](crate::query::filling::similar_nights).
    #[must_use]
    pub fn new(
        changes: &Page<Change>,
        similar: &BTreeMap<NaiveDate, Vec<Entry>>,
        date: NaiveDate,
        times: &Times,
    ) -> Self {
        let t = times.t;
        let of_night = |(date, entries): (&NaiveDate, &Vec<Entry>)| {
            Filling::new(entries, *date, times.timezone)
        };
        let fillings: Vec<Filling> = similar.iter().map(of_night).collect();
        let oldest_first: Vec<Entry> =
            changes.rows.iter().rev().map(|change| change.entry.clone()).collect();
        let filling = Filling::new(&oldest_first, date, times.timezone);
        let chart = chart(&changes.rows, date, times);
        let plain = |chart: Chart| (legend_of_night(t, &chart), Drawing::Night(chart));
        let (drawn, comparison) = match Band::new(&fillings) {
            Ok(band) => {
                let words = compare(t, &filling, &band, date, times.limits.today);
                let compared = || {
                    let label = t.with("chart-compared", "date", t.day(date)).to_string();
                    let chart = BandChart::new(t, label, &filling, &band);
                    (legend_of_band(t, &band), Drawing::Compared(chart))
                };
                // Without a total there is no percentage; the free places say more than a band alone.
                let without_percent = chart.filter(|_| filling.is_empty());
                (Some(without_percent.map_or_else(compared, plain)), words)
            }
            Err(nights) => (chart.map(plain), vec![too_few(t, date, nights)]),
        };
        let (legend, drawing) = drawn.unzip();
        Self {
            drawing,
            legend: legend.unwrap_or_default(),
            comparison,
            entries: changes.rows.iter().map(|change| EntryView::new(change, times)).collect(),
            caption: caption(t, changes),
            is_folded: changes.rows.len() > MAX_OPEN_ENTRIES,
        }
    }
}

/// The chart of how a night filled up; none if it has no changes.
fn chart(changes: &[Change], date: NaiveDate, times: &Times) -> Option<Chart> {
    let label = times.t.with("chart-of-night", "date", times.t.day(date)).to_string();
    let entries: Vec<&Entry> = changes.iter().map(|change| &change.entry).collect();
    Chart::new(label, &entries, times)
}

fn legend_of_night(t: Texts, chart: &Chart) -> Vec<String> {
    let gaps = chart.has_gaps.then(|| t.get("chart-has-gaps"));
    std::iter::once(t.get("free-over-time")).chain(gaps).collect()
}

fn legend_of_band(t: Texts, band: &Band) -> Vec<String> {
    let band = if band.has_all() { "band-of-all" } else { "band-of-most" };
    vec![t.get("chart-of-days"), t.get("band-median"), t.get(band)]
}

/// How the night compares to the similar ones, in sentences.
fn compare(
    t: Texts,
    filling: &Filling,
    band: &Band,
    date: NaiveDate,
    today: NaiveDate,
) -> Vec<String> {
    let nights = named(t, "on-similar-nights", date, band.nights);
    let before = |days: usize| t.count("days-before", days).to_string();
    let usual = match (band.days_before(50.0), band.days_before(0.0)) {
        (None, _) => t.with("similar-stayed-free", "nights", nights).to_string(),
        (Some(half), None) => {
            t.with("similar-half", "nights", nights).and("before", before(half)).to_string()
        }
        (Some(half), Some(full)) => (t.with("similar-half-and-full", "nights", nights))
            .and("before", before(half))
            .and("full", before(full))
            .to_string(),
    };
    let percent = |value: f64| t.with("percent", "percent", t.decimal(value, 0)).to_string();
    let days = usize::try_from((date - today).num_days()).ok().filter(|days| *days > 0);
    let now = days.and_then(|days| {
        let (now, usual) = (filling.on(days)?, band.on(days)?.median);
        let text = t.with("compared-now", "days", t.count("days", days).to_string());
        Some(text.and("now", percent(now)).and("usual", percent(usual)).to_string())
    });
    std::iter::once(usual).chain(now).collect()
}

fn too_few(t: Texts, date: NaiveDate, nights: usize) -> String {
    named(t, "too-few-similar", date, nights)
}

/// A text about similar nights: their number, their weekday and their month.
fn named(t: Texts, id: &str, date: NaiveDate, nights: usize) -> String {
    let name = |format| date.format_localized(format, t.language.locale()).to_string();
    t.count(id, nights).and("weekday", name("%A")).and("month", name("%B")).to_string()
}
