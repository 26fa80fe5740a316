//! A server written in Python, with packages that `scripts/test.sh` installs.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use super::{tool, tools};

/// A server, which ends when this is dropped.
pub struct PythonServer {
    pub port: u16,
    output: BufReader<ChildStdout>,
    process: Child,
}

impl PythonServer {
    /// Starts a script of `tests/it/`, which prints its port first. `program` is one that comes with the package
    /// that the script needs. None where it is missing.
    pub fn start(script: &str, program: &str, args: &[&str]) -> Option<Self> {
        tool(tools().join("bin").join(program))?;
        let script = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it")).join(script);
        let mut process = Command::new(tools().join("bin/python3"))
            .arg(script)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut server = Self { port: 0, output, process };
        server.port = server.line().parse().unwrap();
        Some(server)
    }

    /// Waits for the next line that it prints.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "the server has ended");
        line.trim_end().to_owned()
    }
}

impl Drop for PythonServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
