//! The README and the pages of docs/: links, examples and length.

mod cli;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use diesel::RunQueryDsl;
use hut_availability::db::connection::Db;

use crate::on_both_databases;

/// A longer README would be too much for a reader who looks at the project for the first time.
const MAX_README_LINES: usize = 220;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(page: &Path) -> String {
    std::fs::read_to_string(page).unwrap_or_else(|error| panic!("{}: {error}", page.display()))
}

/// The README, the changelog and every page of docs/.
fn pages() -> Vec<PathBuf> {
    let docs = std::fs::read_dir(repository().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let top = ["README.md", "CHANGELOG.md"].map(|name| repository().join(name));
    let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    top.into_iter().chain(docs.filter(is_page)).collect()
}

/// The lines of a page outside its blocks of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// The anchors of a page's headings, as GitHub generates them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn the_readme_is_short() {
    let lines = read(&repository().join("README.md")).lines().count();
    assert!(lines <= MAX_README_LINES, "{lines} lines: move some of them to a page of docs/");
}

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading() {
    let mut count = 0;
    for page in pages() {
        let text = read(&page);
        let targets = prose(&text).flat_map(|line| line.split("](").skip(1));
        for target in targets.map(|rest| rest.split_once(')').unwrap().0) {
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file =
                if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            assert!(file.exists(), "{}: {target} leads to no file", page.display());
            assert!(
                anchor.is_empty() || anchors(&read(&file)).contains(anchor),
                "{}: {target} leads to no heading",
                page.display()
            );
            count += 1;
        }
    }
    assert!(count > 50, "only {count} links were found");
}

#[test]
fn every_page_is_linked_from_the_readme() {
    let readme = read(&repository().join("README.md"));
    for page in pages() {
        let name = page.file_name().unwrap().to_str().unwrap();
        let is_linked = readme.contains(&format!("](docs/{name}"));
        assert!(is_linked || ["README.md", "CHANGELOG.md"].contains(&name), "{name} is not linked");
    }
}

on_both_databases! {
    fn the_example_queries_run(database) {
        let mut db = database.open();
        let texts = ["README.md", "docs/databases.md"].map(|page| read(&repository().join(page)));
        let blocks = texts.iter().flat_map(|text| text.split("```sql\n").skip(1));
        let mut count = 0;
        for query in blocks.map(|rest| rest.split("```").next().unwrap()) {
            match &mut db {
                Db::Postgres(connection) => diesel::sql_query(query).execute(connection),
                Db::Sqlite(connection) => diesel::sql_query(query).execute(connection),
            }
            .unwrap_or_else(|error| panic!("{error}: {query}"));
            count += 1;
        }
        assert_eq!(count, 4);
    }
}
