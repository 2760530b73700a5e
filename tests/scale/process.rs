//! The cost of a process, read from the system while it runs.

use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The interval of measurements.
const INTERVAL: Duration = Duration::from_millis(5);
/// The unit of CPU time in `/proc`: a hundredth of a second on all common Linux systems.
const TICK: Duration = Duration::from_millis(10);

/// The cost of a process.
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// The CPU time of all its threads, in user and system mode.
    pub(crate) cpu: Duration,
    /// The peak of its own memory, without mapped files.
    pub(crate) anonymous_bytes: u64,
}

impl Cost {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Result<Cost, Box<dyn Error>> {
        let started = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let (mut cpu, mut anonymous_bytes) = (Duration::ZERO, 0);
        let status = loop {
            cpu = cpu_of(child.id()).unwrap_or(cpu).max(cpu);
            anonymous_bytes = anonymous_of(child.id()).unwrap_or(0).max(anonymous_bytes);
            match child.try_wait()? {
                Some(status) => break status,
                None => std::thread::sleep(INTERVAL),
            }
        };
        if !status.success() {
            return Err(format!("{command:?}: {status}").into());
        }
        Ok(Cost { wall: started.elapsed(), cpu, anonymous_bytes })
    }
}

fn cpu_of(process: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program may hold any characters, so the fields are counted from its end.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u32 = fields.get(11)?.parse::<u32>().ok()? + fields.get(12)?.parse::<u32>().ok()?;
    Some(TICK * ticks)
}

fn anonymous_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}
