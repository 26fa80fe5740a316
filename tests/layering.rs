//! The rooms of `src/` use only what `docs/development.md` lets them use, and no two files import each other
//! in a circle.
//!
//! The test reads the `crate::` and `super::` paths of each file as text. Tests of a file may use any room.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The rooms that each room may use besides itself; `everything` for the room on top.
type Rules = BTreeMap<String, Vec<String>>;

/// A file's module, such as `db::register`, with the line of each path that it uses.
type Uses = BTreeMap<String, Vec<(usize, String)>>;

#[test]
fn no_room_uses_a_room_that_it_may_not_use() {
    let rules = rules(&read("docs/development.md"));
    let uses = uses(Path::new("src"));
    let broken = broken_rules(&rules, &uses);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn no_two_files_import_each_other_in_a_circle() {
    let circles = circles(&uses(Path::new("src")));
    assert!(circles.is_empty(), "\n{}\n", circles.join("\n"));
}

#[test]
fn every_room_has_a_rule_and_every_rule_a_room() {
    let rules: BTreeSet<String> = rules(&read("docs/development.md")).into_keys().collect();
    let rooms = fs::read_dir("src").unwrap().map(|entry| entry.unwrap());
    let rooms = rooms.filter(|entry| entry.path().is_dir() && entry.file_name() != "bin");
    let rooms: BTreeSet<String> =
        rooms.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert_eq!(rooms, rules);
}

#[test]
fn a_broken_rule_is_reported_with_file_line_and_rule() {
    let rules = Rules::from([("sites".into(), vec!["domain".into()]), ("domain".into(), vec![])]);
    let uses = Uses::from([
        ("sites::client".into(), paths("sites::client", "use std::fmt;\nuse crate::db::open;\n")),
        ("domain::hut".into(), paths("domain::hut", "use super::tier;\n")),
    ]);
    let expected = "src/sites/client.rs:2: sites may use domain, not crate::db::open";
    assert_eq!(broken_rules(&rules, &uses), [expected]);
}

#[test]
fn a_circle_is_reported_with_its_files() {
    let text = |module: &str, text: &str| (module.to_owned(), paths(module, text));
    let uses = Uses::from([
        text("a::b", "use super::c::Thing;"),
        text("a::c", "fn f() { crate::d::run() }"),
        text("d", "mod e;\nuse crate::{\n    a::b, // a comment\n};"),
        text("d::e", "use super::Other;\n#[cfg(test)]\nmod tests {\n    use crate::a::b;\n}\n"),
    ]);
    assert_eq!(circles(&uses), ["a::b, a::c, d import each other"]);
}

#[test]
fn paths_are_found_in_every_spelling() {
    let text = "use crate::{db::{open, url::{self, A}}, text};\nlet x = super::super::c::f(crate::k::V);\n";
    let found: Vec<String> = paths("a::b", text).into_iter().map(|(_, path)| path).collect();
    assert_eq!(found, ["db::open", "db::url", "db::url::A", "text", "c::f", "k::V"]);
    let found = paths("a", "mod child;\nuse child::Thing;\nfn f() { child::run(); other::run(); }");
    let found: Vec<String> = found.into_iter().map(|(_, path)| path).collect();
    assert_eq!(found, ["a::child::Thing", "a::child::run"]);
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads the table of rooms: the first column names the rooms, the third what they may use.
fn rules(page: &str) -> Rules {
    let table = page.lines().skip_while(|line| !line.starts_with("| room "));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    let mut rules = Rules::new();
    for row in rows {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        let words = |column: &str| -> Vec<String> {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let words = column.split(|c: char| !is_part(c)).filter(|word| !word.is_empty());
            words.filter(|word| *word != "nothing").map(str::to_owned).collect()
        };
        for room in words(columns[1]) {
            rules.insert(room, words(columns[3]));
        }
    }
    assert!(!rules.is_empty(), "docs/development.md has no table that begins with | room");
    rules
}

/// The paths that each file of a folder uses, except in its tests.
fn uses(folder: &Path) -> Uses {
    let mut uses = Uses::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let module = path.strip_prefix(folder).unwrap().with_extension("");
            let module = module.to_str().unwrap().replace('/', "::");
            let module = module.strip_suffix("::mod").unwrap_or(&module).to_owned();
            if path.is_dir() && !path.ends_with("bin") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && module != "lib"
                && !is_test_file(&path)
            {
                uses.insert(module.clone(), paths(&module, &read(&path)));
            }
        }
    }
    uses
}

/// Whether the parent module declares the file for tests only.
fn is_test_file(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let folder = path.parent().unwrap();
    let parents = [folder.join("mod.rs"), folder.with_extension("rs")];
    parents.iter().filter(|parent| parent.exists()).any(|parent| {
        let text = read(parent);
        ["mod", "pub mod", "pub(crate) mod"]
            .iter()
            .any(|word| text.contains(&format!("#[cfg(test)]\n{word} {name};")))
    })
}

/// The paths within the crate that a file uses, except in its tests, each with its line.
fn paths(module: &str, text: &str) -> Vec<(usize, String)> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    let mut end = 0;
    // A file may also name the files below it without `self::`.
    let below = code.lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
    let below: Vec<String> = below.map(|name| format!("{name}::")).collect();
    let heads: Vec<&str> = below.iter().map(String::as_str).chain(["crate::", "super::"]).collect();
    for (start, _) in code.char_indices() {
        let rest = &code[start..];
        if !heads.iter().any(|head| rest.starts_with(head)) {
            continue;
        }
        let before = code[..start].chars().next_back();
        let is_start = before.is_none_or(|c| !c.is_alphanumeric() && !"_:$".contains(c));
        if !is_start || start < end {
            continue;
        }
        let line = code[..start].matches('\n').count() + 1;
        let tree = path_tree(rest);
        end = start + tree.len();
        let mut parents: Vec<&str> = module.split("::").collect();
        let mut tree = tree;
        while let Some(shorter) = tree.strip_prefix("super::") {
            parents.pop();
            tree = shorter;
        }
        let prefix = match tree.strip_prefix("crate::") {
            Some(shorter) => {
                tree = shorter;
                String::new()
            }
            None => parents.iter().map(|parent| format!("{parent}::")).collect(),
        };
        expand(&prefix, tree, &mut |path| found.push((line, path)));
    }
    found
}

/// The path at the start of a text, with the braces of a `use`.
fn path_tree(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' if text[..at].ends_with("::") || depth > 0 => depth += 1,
            '}' if depth > 1 => depth -= 1,
            '}' if depth == 1 => return &text[..=at],
            c if depth > 0 || c.is_alphanumeric() || "_:*".contains(c) => {}
            _ => return &text[..at],
        }
    }
    text
}

/// Expands the braces of a path: `a::{b, c::{self, D}}` becomes three paths.
fn expand(prefix: &str, tree: &str, found: &mut impl FnMut(String)) {
    let tree = tree.trim().split(" as ").next().unwrap();
    let Some((head, rest)) = tree.split_once('{') else {
        let path = format!("{prefix}{tree}");
        let path = path.trim_end_matches("::self").trim_end_matches("::*").trim_end_matches("::");
        if !path.is_empty() {
            found(path.to_owned());
        }
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let mut depth = 0;
    let is_comma = |c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    for part in inner.split(is_comma).filter(|part| !part.trim().is_empty()) {
        expand(&prefix, part, found);
    }
}

fn broken_rules(rules: &Rules, uses: &Uses) -> Vec<String> {
    let mut broken = Vec::new();
    for (module, paths) in uses {
        let room = module.split("::").next().unwrap();
        let Some(allowed) = rules.get(room).filter(|allowed| **allowed != ["everything"]) else {
            continue;
        };
        for (line, path) in paths {
            let used = path.split("::").next().unwrap();
            if used != room && !allowed.iter().any(|allowed| allowed == used) {
                let file = module.replace("::", "/");
                let allowed =
                    if allowed.is_empty() { "nothing".into() } else { allowed.join(", ") };
                broken.push(format!(
                    "src/{file}.rs:{line}: {room} may use {allowed}, not crate::{path}"
                ));
            }
        }
    }
    broken
}

/// The groups of files that import each other, directly or through other files.
fn circles(uses: &Uses) -> Vec<String> {
    let file_of = |path: &str| {
        let mut path = path.to_owned();
        loop {
            if uses.contains_key(&path) {
                return Some(path);
            }
            path.truncate(path.rfind("::")?);
        }
    };
    let imports: BTreeMap<&str, BTreeSet<String>> = uses
        .iter()
        .map(|(module, paths)| {
            let files = paths.iter().filter_map(|(_, path)| file_of(path));
            (module.as_str(), files.filter(|file| file != module).collect())
        })
        .collect();
    let reached_from = |start: &str| {
        let (mut reached, mut next) = (BTreeSet::new(), vec![start.to_owned()]);
        while let Some(module) = next.pop() {
            for import in &imports[module.as_str()] {
                if reached.insert(import.clone()) {
                    next.push(import.clone());
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&str, BTreeSet<String>> =
        imports.keys().map(|module| (*module, reached_from(module))).collect();
    let mut circles = BTreeSet::new();
    for (module, others) in &reached {
        if others.contains(*module) {
            let members: Vec<&str> = others
                .iter()
                .map(String::as_str)
                .filter(|other| reached[other].contains(*module))
                .collect();
            circles.insert(format!("{} import each other", members.join(", ")));
        }
    }
    circles.into_iter().collect()
}
