//! A running program, its output and its signals.

use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use super::program::RunOutput;

/// How long a test waits for an event before it gives up.
const WAIT_TIMEOUT: Duration = Duration::from_secs(180);

/// A running program, which is killed when this is dropped.
pub struct Running {
    child: Child,
    stdout: Reader,
    stderr: Reader,
    /// As long as this exists, nobody reads stderr.
    hold: Option<Sender<()>>,
}

/// Collects a program's output in a thread.
struct Reader {
    output: Arc<Mutex<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    fn new(from: impl Read + Send + 'static) -> Self {
        Self::after(channel().1, from)
    }

    /// A reader that begins when the sender of `hold` is gone.
    fn after(hold: Receiver<()>, mut from: impl Read + Send + 'static) -> Self {
        let output = Arc::new(Mutex::new(Vec::new()));
        let to = Arc::clone(&output);
        let thread = spawn(move || {
            let _ = hold.recv();
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut part) {
                to.lock().unwrap().extend_from_slice(&part[..count]);
            }
        });
        Self { output, thread: Some(thread) }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.output.lock().unwrap()).into_owned()
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
        Self { child, stdout, stderr, hold: None }
    }

    /// Starts a program whose stderr takes a number of lines. At the next one the program waits, in the midst of its
    /// work, until [`Self::end`] reads them. Takes the command, because that holds the socket open.
    pub fn start_held(mut command: Command, lines: usize) -> Self {
        // Linux counts writes here, not bytes: a line of the program needs as much room as one of these.
        const LINE: [u8; 32] = [b'\n'; 32];
        let (mut stderr, mut full) = UnixStream::pair().unwrap();
        full.set_nonblocking(true).unwrap();
        while full.write(&LINE).is_ok() {}
        full.set_nonblocking(false).unwrap();
        (0..lines).for_each(|_| stderr.read_exact(&mut [0; LINE.len()]).unwrap());
        command.current_dir(std::env::temp_dir());
        command.stdout(Stdio::piped()).stderr(OwnedFd::from(full));
        let mut child = command.spawn().unwrap();
        let (hold, held) = channel();
        let stdout = Reader::new(child.stdout.take().unwrap());
        Self { child, stdout, stderr: Reader::after(held, stderr), hold: Some(hold) }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Its output on stderr until now.
    pub fn stderr(&self) -> String {
        self.stderr.so_far()
    }

    /// Sends a signal by its name to a program that [`Self::start_held`] holds, and reads on a second later. By then
    /// the program heeds the signal: before that it tries to print a message, for a tenth of a second.
    pub fn signal_and_end(self, name: &str) -> RunOutput {
        self.signal(name);
        sleep(Duration::from_secs(1));
        self.end()
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    /// Kills the program. Returns whether it was still running.
    pub fn kill(&mut self) -> bool {
        self.child.kill().unwrap();
        self.child.wait().unwrap().signal().is_some()
    }

    /// Waits until the program ends. A negative status is the number of the signal that ended it.
    pub fn end(mut self) -> RunOutput {
        drop(self.hold.take());
        let begin = Instant::now();
        while !self.has_ended() {
            assert!(begin.elapsed() < WAIT_TIMEOUT, "the program does not end: {}", self.stderr());
            sleep(Duration::from_millis(5));
        }
        let status = self.child.wait().unwrap();
        let status = status.code().unwrap_or_else(|| -status.signal().unwrap());
        RunOutput {
            status,
            stdout: self.stdout.read_to_the_end(),
            // Without the lines that filled it.
            stderr: self.stderr.read_to_the_end().trim_start_matches('\n').to_owned(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Polls until a condition holds, for events that send no notification. `event` describes it in the failure
/// message.
pub fn wait_until(event: &str, mut condition: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < WAIT_TIMEOUT, "timed out waiting for {event}");
        sleep(Duration::from_millis(5));
    }
}
