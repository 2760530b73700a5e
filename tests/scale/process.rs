//! What a process costs, as the system tells while it runs.

use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often the system is asked.
const INTERVAL: Duration = Duration::from_millis(5);
/// The unit of processor time in `/proc`: Linux tells it to programs as 100 a second on all common machines.
const TICK: Duration = Duration::from_millis(10);

/// What a process cost.
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// Of all its threads, in the program and in the system.
    pub(crate) cpu: Duration,
    /// The most memory that was its own: not files that it had mapped.
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
    // The name of the program may hold anything: the fields are counted from its end.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u32 = fields.get(11)?.parse::<u32>().ok()? + fields.get(12)?.parse::<u32>().ok()?;
    Some(TICK * ticks)
}

fn anonymous_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}
