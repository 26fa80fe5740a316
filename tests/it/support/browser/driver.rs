//! chromedriver, which starts and controls Chromium. All the tests share one.

use std::env;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use super::super::tool;

/// chromedriver ends when its standard input closes, so it never outlives the tests. Every browser that it
/// started ends with it, because they are in one process group.
const SCRIPT: &str = r#""$1" --port=0 & cat >/dev/null; trap "" TERM; kill 0"#;

struct Driver {
    url: String,
    /// Its standard input stays open as long as this program runs.
    _process: Child,
    /// Not read any more, but kept open: otherwise chromedriver's later output would fail.
    _stdout: BufReader<ChildStdout>,
}

/// The URL of chromedriver. Returns none where chromedriver or Chromium is missing, and prints to stderr
/// that the test is skipped.
pub fn url() -> Option<&'static str> {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    tool(program("chromium"))?;
    let program = tool(program("chromedriver"))?;
    Some(&DRIVER.get_or_init(|| start(program)).url)
}

/// The path of a program on the PATH, or its bare name if it is not there.
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
    let mut output = String::new();
    let port: u16 = loop {
        let read = stdout.read_line(&mut output).unwrap();
        assert!(read > 0, "chromedriver ended: {output}");
        let port = output.trim_end().rsplit_once("started successfully on port ");
        if let Some((_, port)) = port {
            break port.trim_end_matches('.').parse().unwrap();
        }
    };
    Driver { url: format!("http://127.0.0.1:{port}"), _process: process, _stdout: stdout }
}
