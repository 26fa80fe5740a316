//! chromedriver, which starts and steers Chromium: one for all the tests.

use std::env;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use super::super::tool;

/// Ends with its standard input, that is with the tests however they end, and so does every browser
/// that it started: they are one process group.
const SCRIPT: &str = r#""$1" --port=0 & cat >/dev/null; trap "" TERM; kill 0"#;

struct Driver {
    url: String,
    /// Its standard input stays open as long as this program runs.
    _process: Child,
    /// Read no more, but kept open: what it prints later must go somewhere.
    _stdout: BufReader<ChildStdout>,
}

/// Where chromedriver listens; none, with a word on stderr, where it or Chromium is absent.
pub fn url() -> Option<&'static str> {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    tool(program("chromium"))?;
    let program = tool(program("chromedriver"))?;
    Some(&DRIVER.get_or_init(|| start(program)).url)
}

/// Where a program is on the PATH, or its bare name.
fn program(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = env::split_paths(&path).map(|directory| directory.join(name));
    candidates.find(|file| file.exists()).unwrap_or_else(|| name.into())
}

fn start(program: PathBuf) -> Driver {
    let mut process = Command::new("sh")
        .args(["-c", SCRIPT, "chromedriver"])
        .arg(program)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    let mut said = String::new();
    let port: u16 = loop {
        let read = stdout.read_line(&mut said).unwrap();
        assert!(read > 0, "chromedriver ended: {said}");
        let port = said.trim_end().rsplit_once("started successfully on port ");
        if let Some((_, port)) = port {
            break port.trim_end_matches('.').parse().unwrap();
        }
    };
    Driver { url: format!("http://127.0.0.1:{port}"), _process: process, _stdout: stdout }
}
