//! A program while it runs.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use super::program::Ran;

/// How long a test waits for anything before it gives up.
const OUTAGE_TIMEOUT: Duration = Duration::from_secs(180);

/// A program that is killed when this is dropped.
pub struct Running {
    child: Child,
    stdout: Reader,
    stderr: Reader,
}

/// What a program says, so far.
struct Reader {
    said: Arc<Mutex<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    fn new(mut from: impl Read + Send + 'static) -> Self {
        let said = Arc::new(Mutex::new(Vec::new()));
        let to = Arc::clone(&said);
        let thread = spawn(move || {
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut part) {
                to.lock().unwrap().extend_from_slice(&part[..count]);
            }
        });
        Self { said, thread: Some(thread) }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap()).into_owned()
    }

    fn read_to_the_end(&mut self) -> String {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        self.so_far()
    }
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        command.current_dir(std::env::temp_dir()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = Reader::new(child.stdout.take().unwrap());
        let stderr = Reader::new(child.stderr.take().unwrap());
        Self { child, stdout, stderr }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// What it has said on stderr.
    pub fn said(&self) -> String {
        self.stderr.so_far()
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    /// Kills it. Whether it was still at work.
    pub fn kill(&mut self) -> bool {
        self.child.kill().unwrap();
        self.child.wait().unwrap().signal().is_some()
    }

    /// Waits for its end. A status below 0 is that of a signal.
    pub fn end(mut self) -> Ran {
        let begin = Instant::now();
        while !self.has_ended() {
            assert!(begin.elapsed() < OUTAGE_TIMEOUT, "it does not end: {}", self.said());
            sleep(Duration::from_millis(5));
        }
        let status = self.child.wait().unwrap();
        let status = status.code().unwrap_or_else(|| -status.signal().unwrap());
        Ran { status, stdout: self.stdout.read_to_the_end(), stderr: self.stderr.read_to_the_end() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for what is seen only by looking.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < OUTAGE_TIMEOUT, "waited in vain for {what}");
        sleep(Duration::from_millis(5));
    }
}
