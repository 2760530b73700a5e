//! Runs another program within limits of time, memory and output.
//!
//! It may hang, print without end, or start processes of its own. So it gets a process group of its own, which Ctrl-C
//! on the terminal does not reach, and which is killed as a whole when it is no longer waited for. In case this process
//! is killed itself, a shell in the group, the guard, reads from a pipe that the system then closes, and kills the
//! group.
//!
//! A process that leaves the group is out of control. Without `/bin/sh` (on Windows) there is no limit of memory, only
//! the program itself is killed, not its own processes, and it survives if this process is killed.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read};
use std::ops::ControlFlow;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// The number of bytes of an error message that are kept.
const MOST_MESSAGE_BYTES: u64 = 4 << 10;

/// The bytes that are passed on at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// The chunks that may wait to be taken.
const MOST_CHUNKS: usize = 4;

/// The interval of checks for an interruption.
const TICK: Duration = Duration::from_millis(50);

/// The interval of checks whether a program that has closed its output has ended.
const PAUSE: Duration = Duration::from_millis(5);

const SHELL: &str = "/bin/sh";

/// The shell script that runs a program below a guard. In order: gives the pipe to the guard, which kills the group
/// when the pipe is closed; forbids core dumps and limits memory (a lower limit stays); runs the program; kills the
/// processes that it left behind.
const GUARDED: &str = r#"
exec 3<&0 </dev/null
(trap '' HUP INT TERM; read -r _ <&3; kill -9 0) >/dev/null 2>&1 &
guard=$!
exec 3<&-
kilobytes=$1
shift
(ulimit -c 0) 2>/dev/null && ulimit -c 0
(ulimit -v "$kilobytes") 2>/dev/null && ulimit -v "$kilobytes"
"$@"
status=$?
trap '' TERM
{ kill -9 $guard; kill 0; wait; } 2>/dev/null
exit $status
"#;

/// The exit code of the shell if the program is not executable.
const CANNOT_RUN: i32 = 126;
/// The exit code of the shell if there is no such program.
const NOT_FOUND: i32 = 127;
/// The exit code of the shell is this plus the number of the signal that ended the program.
const SIGNALS: i32 = 128;

/// The limits of a program.
pub(super) struct Limits<'l> {
    pub(super) time: Duration,
    pub(super) memory_bytes: u64,
    pub(super) output_bytes: u64,
    pub(super) is_interrupted: &'l dyn Fn() -> bool,
}

/// How a program ended by itself.
#[derive(Debug)]
pub(super) struct Ended {
    /// The beginning of its standard error.
    pub(super) message: String,
    pub(super) code: i32,
}

/// Why the output of a program cannot be trusted.
#[derive(Debug)]
pub(super) enum Failure {
    NotFound,
    Start(io::Error),
    Interrupted,
    TimedOut,
    TooMuchOutput,
    /// Its output was not wanted any more.
    Refused,
    /// A signal ended it, as after a crash.
    Killed,
}

/// Runs a program, and passes on its standard output in chunks, as it comes.
pub(super) fn run(
    program: &str,
    arguments: &[&OsStr],
    limits: &Limits<'_>,
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<Ended, Failure> {
    let deadline = Instant::now() + limits.time;
    let mut running = Running::start(program, arguments, limits.memory_bytes)?;
    let chunks = read_chunks(running.child.stdout.take());
    let message = read_beside(running.child.stderr.take(), MOST_MESSAGE_BYTES);
    let mut left = limits.output_bytes;
    while let Some(chunk) = limits.wait(deadline, || match chunks.recv_timeout(TICK) {
        Ok(chunk) => Some(Some(chunk)),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => Some(None),
    })? {
        left = left.checked_sub(chunk.len() as u64).ok_or(Failure::TooMuchOutput)?;
        if take(&chunk).is_break() {
            return Err(Failure::Refused);
        }
        if Instant::now() >= deadline {
            return Err(Failure::TimedOut);
        }
    }
    let message = limits.wait(deadline, || message.recv_timeout(TICK).ok())?;
    let status = limits.wait(deadline, || running.status())?.map_err(Failure::Start)?;
    let message = String::from_utf8_lossy(&message).into_owned();
    match status.code() {
        None => Err(Failure::Killed),
        Some(code) if code > SIGNALS => Err(Failure::Killed),
        Some(NOT_FOUND) => Err(Failure::NotFound),
        Some(CANNOT_RUN) => Err(Failure::Start(io::Error::other(message))),
        Some(code) => Ok(Ended { message, code }),
    }
}

impl Limits<'_> {
    /// Calls `ask` until it returns a value, up to the deadline or an interruption.
    fn wait<T>(&self, deadline: Instant, mut ask: impl FnMut() -> Option<T>) -> Result<T, Failure> {
        loop {
            if (self.is_interrupted)() {
                return Err(Failure::Interrupted);
            }
            match ask() {
                Some(answer) => return Ok(answer),
                None if Instant::now() >= deadline => return Err(Failure::TimedOut),
                None => {}
            }
        }
    }
}

/// Reads a pipe chunk by chunk, in a thread of its own. A pipe that nobody takes chunks from any more is closed.
fn read_chunks(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::sync_channel(MOST_CHUNKS);
    thread::spawn(move || {
        let Some(mut pipe) = pipe else { return };
        loop {
            let mut chunk = Vec::with_capacity(CHUNK_BYTES);
            // The bytes before a failure count; the exit code shows whether the program failed.
            let read = pipe.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut chunk);
            let is_last = read.is_err() || chunk.is_empty();
            if (!chunk.is_empty() && sender.send(chunk).is_err()) || is_last {
                return;
            }
        }
    });
    receiver
}

/// Reads a pipe up to a limit, in a thread of its own, and discards the rest: a full pipe would block the program, and
/// a closed one end it.
fn read_beside(pipe: Option<impl Read + Send + 'static>, limit: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let Some(mut pipe) = pipe else { return };
        // The bytes before a failure count; the exit code shows whether the program failed.
        let _ = pipe.by_ref().take(limit).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
        let _ = io::copy(&mut pipe, &mut io::sink());
    });
    receiver
}

/// A running program; dropping it kills its process group.
struct Running {
    child: Child,
    has_ended: bool,
}

impl Running {
    fn start(program: &str, arguments: &[&OsStr], memory_bytes: u64) -> Result<Running, Failure> {
        let mut guarded = Command::new(SHELL);
        guarded.args(["-c", GUARDED, SHELL, &(memory_bytes >> 10).to_string(), program]).args(arguments);
        let mut alone = Command::new(program);
        alone.args(arguments);
        let started = match start(guarded.stdin(Stdio::piped())) {
            Err(error) if error.kind() == ErrorKind::NotFound => start(alone.stdin(Stdio::null())),
            started => started,
        };
        match started {
            Ok(child) => Ok(Running { child, has_ended: false }),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::NotFound),
            Err(error) => Err(Failure::Start(error)),
        }
    }

    /// Returns its exit status; `None` if it is still running.
    fn status(&mut self) -> Option<io::Result<ExitStatus>> {
        let status = self.child.try_wait().transpose();
        if status.is_none() {
            thread::sleep(PAUSE);
        }
        self.has_ended |= matches!(status, Some(Ok(_)));
        status
    }
}

fn start(command: &mut Command) -> io::Result<Child> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.has_ended {
            // Another process group may have its number by now.
            return;
        }
        // Both fail only if nothing is left to kill.
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.child),
            rustix::process::Signal::KILL,
        );
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(30);

    fn run_all(program: &str, arguments: &[&OsStr], limits: &Limits<'_>) -> Result<(Vec<u8>, Ended), Failure> {
        let mut bytes = Vec::new();
        let ended = run(program, arguments, limits, &mut |chunk| {
            bytes.extend_from_slice(chunk);
            ControlFlow::Continue(())
        })?;
        Ok((bytes, ended))
    }

    fn sh(script: &str, time: Duration) -> Result<(Vec<u8>, Ended), Failure> {
        let limits = Limits { time, memory_bytes: 1 << 30, output_bytes: 1 << 20, is_interrupted: &|| false };
        run_all("sh", &[OsStr::new("-c"), OsStr::new(script)], &limits)
    }

    #[test]
    fn programs_are_held_to_their_limits() {
        let time = Duration::from_millis(200);
        assert!(matches!(sh("exec sleep 20", time), Err(Failure::TimedOut)));
        assert!(matches!(sh("sleep 20", time), Err(Failure::TimedOut)));
        assert!(matches!(sh("exec >&- 2>&-; exec sleep 20", time), Err(Failure::TimedOut)));
        assert!(matches!(sh("exec yes", LONG), Err(Failure::TooMuchOutput)));
        let (bytes, complains) = sh("yes complaint | head -c 9000000 >&2; printf 停火", LONG).unwrap();
        assert_eq!((bytes, complains.message.len()), ("停火".as_bytes().to_vec(), 4096));
    }

    #[test]
    fn output_is_passed_on_as_it_comes() {
        let limits = Limits { time: LONG, memory_bytes: 1 << 30, output_bytes: 1 << 30, is_interrupted: &|| false };
        let mut chunks = 0;
        let refused = run("sh", &[OsStr::new("-c"), OsStr::new("exec yes")], &limits, &mut |_| {
            chunks += 1;
            if chunks < 9 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert!(matches!(refused, Err(Failure::Refused)) && chunks == 9);
    }

    #[test]
    fn how_programs_end() {
        assert_eq!(sh("exit 0", LONG).unwrap().1.code, 0);
        assert_eq!(sh("printf half; exit 99", LONG).unwrap().1.code, 99);
        for signal in ["KILL", "TERM", "SEGV", "ABRT"] {
            assert!(matches!(sh(&format!("printf half; kill -{signal} $$"), LONG), Err(Failure::Killed)), "{signal}");
        }
        let limits = Limits { time: LONG, memory_bytes: 1 << 30, output_bytes: 9, is_interrupted: &|| false };
        assert!(matches!(run_all("no-such-program-", &[], &limits), Err(Failure::NotFound)));
        assert!(matches!(run_all("/", &[], &limits), Err(Failure::Start(_))));
    }

    #[test]
    fn an_interruption_does_not_wait() {
        let limits = Limits { time: LONG, memory_bytes: 1 << 30, output_bytes: 9, is_interrupted: &|| true };
        assert!(matches!(run_all("sleep", &[OsStr::new("20")], &limits), Err(Failure::Interrupted)));
    }

    #[test]
    #[cfg(not(target_os = "macos"))]
    fn memory_is_bounded() {
        assert_eq!(sh("ulimit -v", LONG).unwrap().0, b"1048576\n");
    }

    #[test]
    fn arguments_stay_as_they_are() {
        let limits = Limits { time: LONG, memory_bytes: 1 << 30, output_bytes: 99, is_interrupted: &|| false };
        let (printed, _) = run_all("printf", &["%s|", "a b", "$(c) '\"", "-n"].map(OsStr::new), &limits).unwrap();
        assert_eq!(printed, b"a b|$(c) '\"|-n|");
    }
}
