//! Checks that every page must pass: no serious accessibility problem, no error in the console, no
//! horizontal scrolling.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::json;

use super::super::random::is_full;
use super::super::{tool, tools};
use super::{Browser, Colours, Scripts, Window};

/// The pages that axe-core has seen.
static SEEN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// The path of axe-core's script. Returns none where it is missing, and prints to stderr that the test is
/// skipped.
pub fn axe() -> Option<PathBuf> {
    tool(tools().join("axe.min.js"))
}

/// What axe-core looks for. With `HUT_FAULTS=full`, it always looks for all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    All,
    /// Contrast takes more than half of its time, and depends on the style sheet and the kind of page.
    AllButContrast,
    /// The other rules read the elements and their order, which hardly depend on the window and the colour scheme.
    Contrast,
    None,
}

/// Where axe-core looks. With `HUT_FAULTS=full`, it always looks at the whole page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Page,
    /// The page without [`REPEATED`].
    FirstRows,
}

/// Rows of tables after the third, and months of calendars after the first. They are made like those before them, and
/// take most of the time of large pages.
const REPEATED: &str = "table:not(.month) tbody tr:nth-child(n+4), table.month:nth-of-type(n+2)";

/// The name of axe-core's rule.
const CONTRAST: &str = "color-contrast";

/// One problem that axe-core found in one element.
#[derive(Debug)]
pub struct Violation {
    pub rule: String,
    /// Minor, moderate, serious or critical.
    pub impact: String,
    /// Selectors that lead to the element.
    pub target: String,
    pub html: String,
    pub help: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { rule, impact, target, html, help } = self;
        write!(f, "{impact}: {rule}: {help}\n  at {target}\n  {html}")
    }
}

/// A rule that is violated, as axe-core reports it.
#[derive(Deserialize)]
struct RawViolation {
    id: String,
    impact: Option<String>,
    help: String,
    nodes: Vec<RawNode>,
}

#[derive(Deserialize)]
struct RawNode {
    target: serde_json::Value,
    html: String,
    impact: Option<String>,
}

#[derive(Deserialize)]
struct ConsoleEntry {
    level: String,
    source: String,
    message: String,
}

impl Browser {
    /// Fails if the page has any problem. Also saves a screenshot if `HUT_SCREENSHOTS` is set. Without
    /// `HUT_FAULTS=full`, axe-core looks at a page once, without [`REPEATED`], and leaves its contrast to `everywhere`
    /// and `odd_nights`, which see each kind of page in both colour schemes.
    pub fn check_page(&self, name: &str) {
        // Without scripts, axe-core does not look.
        let is_new = self.settings.scripts == Scripts::On
            && SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        self.check(name, if is_new { Rules::AllButContrast } else { Rules::None });
    }

    /// Fails if the page has an error in the console or scrolls horizontally, and with `HUT_FAULTS=full` if it
    /// has any problem. For pages that differ from a checked one in their texts alone.
    pub fn check_layout(&self, name: &str) {
        self.check(name, Rules::None);
    }

    fn check(&self, name: &str, rules: Rules) {
        self.screenshot(name);
        let problems = self.problems(rules, Scope::FirstRows);
        assert!(problems.is_empty(), "{name}, {}:\n{}", self.url(), problems.join("\n"));
    }

    /// The problems of the page, one message each: those that axe-core finds, errors in the console, and horizontal
    /// scrolling.
    pub fn problems(&self, rules: Rules, scope: Scope) -> Vec<String> {
        let (rules, scope) = if is_full() { (Rules::All, Scope::Page) } else { (rules, scope) };
        // Read the console first: axe-core reads the page's style sheets, and the console reports those
        // that it is not allowed to read.
        let mut problems = self.problems_without_axe();
        let serious = |violation: &Violation| ["serious", "critical"].contains(&&*violation.impact);
        // axe-core waits for timers, which do not fire where a page's scripts are disabled.
        if rules != Rules::None && self.settings.scripts == Scripts::On {
            let violations = self.violations(rules, scope);
            problems.extend(violations.iter().filter(|it| serious(it)).map(ToString::to_string));
        }
        problems
    }

    fn problems_without_axe(&self) -> Vec<String> {
        let mut problems = self.console_errors();
        let overflow = self.script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
            &[],
        );
        if overflow != 0 {
            let widest = "const width = document.documentElement.clientWidth;
                return [...document.body.querySelectorAll('*')]
                    .filter((it) => it.getBoundingClientRect().right > width + 1)
                    .slice(-3)
                    .map((it) => it.outerHTML.slice(0, 200))";
            let widest = self.script(widest, &[]);
            problems.push(format!("the page is {overflow} pixels wider than its window: {widest}"));
        }
        problems
    }

    /// All problems that axe-core finds by these rules, whatever their impact.
    fn violations(&self, rules: Rules, scope: Scope) -> Vec<Violation> {
        let script = std::fs::read_to_string(axe().unwrap()).unwrap();
        self.script(&script, &[]);
        // axe-core measures what it excludes, but not what is hidden.
        let run = "const [hidden, options, done] = arguments;
            const elements = hidden ? document.querySelectorAll(hidden) : [];
            elements.forEach(element => element.style.display = 'none');
            axe.run(document, options)
                .then(results => done(results.violations), error => done(String(error)))
                .finally(() => elements.forEach(element => element.style.display = ''));";
        let hidden = match scope {
            Scope::Page => None,
            Scope::FirstRows => Some(REPEATED),
        };
        let mut options = json!({ "preload": false, "resultTypes": ["violations"] });
        match rules {
            Rules::AllButContrast => options["rules"] = json!({ CONTRAST: { "enabled": false } }),
            Rules::Contrast => options["runOnly"] = json!([CONTRAST]),
            Rules::All | Rules::None => {}
        }
        let found = self.wait(self.client().execute_async(run, vec![json!(hidden), options]));
        let rules: Vec<RawViolation> = serde_json::from_value(found).unwrap();
        let violations = rules.into_iter().flat_map(|rule| {
            let RawViolation { id, impact, help, nodes } = rule;
            nodes.into_iter().map(move |node| Violation {
                rule: id.clone(),
                impact: node.impact.or_else(|| impact.clone()).unwrap_or_default(),
                target: node.target.to_string(),
                html: node.html,
                help: help.clone(),
            })
        });
        violations.collect()
    }

    /// The errors in the console since the last call: resources that the Content-Security-Policy blocked,
    /// resources that failed to load, exceptions of scripts. An error status of the page itself is left
    /// out.
    pub fn console_errors(&self) -> Vec<String> {
        let entries = self.send_command("se/log", json!({ "type": "browser" }));
        let entries: Vec<ConsoleEntry> = serde_json::from_value(entries).unwrap();
        let page = self.url();
        let is_status_of_page = |entry: &ConsoleEntry| {
            entry.source == "network" && entry.message.starts_with(&format!("{page} "))
        };
        let errors =
            entries.into_iter().filter(|it| it.level == "SEVERE" && !is_status_of_page(it));
        errors.map(|entry| format!("in the console: {}: {}", entry.source, entry.message)).collect()
    }

    /// Saves a screenshot into the directory `HUT_SCREENSHOTS`. Does nothing if that is not set.
    pub fn screenshot(&self, name: &str) {
        let Some(directory) = std::env::var_os("HUT_SCREENSHOTS").map(PathBuf::from) else {
            return;
        };
        let window = match self.settings.window {
            Window::Desktop => "",
            Window::Phone => "-phone",
        };
        let colours = match self.settings.colours {
            Colours::Light => "",
            Colours::Dark => "-dark",
        };
        std::fs::create_dir_all(&directory).unwrap();
        let file = directory.join(format!("{name}{window}{colours}.png"));
        std::fs::write(file, self.wait(self.client().screenshot())).unwrap();
    }
}
