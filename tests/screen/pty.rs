//! Runs a program in a pseudo-terminal: keys in, the content of the screen out.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

/// The time limit for everything, even on a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program in a terminal.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    /// Kept because the terminal exists only while its other end is open.
    _slave: Box<dyn SlavePty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    shown: Arc<Shown>,
    modes: String,
}

/// The output, shared with the thread that reads it.
struct Shown {
    output: Mutex<Output>,
    bell: Condvar,
}

/// The bytes that the program wrote, and the state of the terminal emulator.
pub(crate) struct Output {
    pub(crate) parser: vt100::Parser,
    pub(crate) bytes: Vec<u8>,
    /// The beginning of a character whose end has not been read yet.
    cut: Vec<u8>,
}

impl Output {
    pub(crate) fn new(columns: u16, rows: u16) -> Output {
        Output { parser: vt100::Parser::new(some(rows), some(columns), 0), bytes: Vec::new(), cut: Vec::new() }
    }

    /// Takes bytes that were read, and passes only whole characters to the emulator.
    ///
    /// A read can end in the middle of a character, and the emulator then loses the next one: `и в`, cut in its first
    /// letter, becomes `ив`.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.cut.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.cut) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.cut.len(),
        };
        self.parser.process(&self.cut[..whole]);
        self.cut.drain(..whole);
    }

    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Returns the rows of the screen, cell by cell, without the blanks at their ends.
    pub(crate) fn rows(&self) -> Vec<String> {
        let (rows, columns) = self.screen().size();
        let cells = |row| (0..columns.get()).filter_map(move |column| self.screen().cell(row, column));
        let shown = |cell: &vt100::Cell| match cell {
            cell if cell.is_wide_continuation() => String::new(),
            cell if cell.has_contents() => cell.contents().to_owned(),
            _ => " ".to_owned(),
        };
        let row = |row| cells(row).map(shown).collect::<String>().trim_end().to_owned();
        (0..rows.get()).map(row).collect()
    }

    /// Returns whether the screen has a text.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.rows().join("\n").contains(text)
    }
}

impl Terminal {
    /// Starts a program in a terminal of this size.
    pub(crate) fn start(
        program: &str,
        arguments: &[&str],
        folder: &Path,
        (columns, rows): (u16, u16),
        environment: &[(&str, &str)],
    ) -> Terminal {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a terminal can be made");
        let command = command(program, arguments, folder, environment);
        let modes = modes(&*pair.master);
        let reader = pair.master.try_clone_reader().expect("the terminal can be read");
        let keyboard = pair.master.take_writer().expect("the terminal can be written");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let shown = Arc::new(Shown { output: Mutex::new(Output::new(columns, rows)), bell: Condvar::new() });
        let writer = Arc::clone(&shown);
        std::thread::spawn(move || writer.read(reader));
        Terminal { master: pair.master, _slave: pair.slave, child, keyboard, shown, modes }
    }

    /// Types keys, as a terminal sends them.
    pub(crate) fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal can be written");
        self.keyboard.flush().expect("the terminal can be written");
    }

    /// Changes the size of the terminal.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.shown.output().parser.screen_mut().set_size(some(rows), some(columns));
        self.master.resize(size(columns, rows)).expect("the terminal can be resized");
    }

    /// Waits until a condition holds.
    pub(crate) fn waits_until(&self, what: &str, holds: impl Fn(&Output) -> bool) {
        if !self.holds_within(PATIENCE, &holds) {
            panic!("{what}\n--- the screen\n{}", self.text());
        }
    }

    /// Waits until the screen has a text.
    pub(crate) fn shows(&self, text: &str) {
        self.waits_until(&format!("`{text}` is not shown"), |output| output.has(text));
    }

    /// Waits until a condition holds, at most for `patience`; returns whether it does.
    pub(crate) fn holds_within(&self, patience: Duration, holds: impl Fn(&Output) -> bool) -> bool {
        let (until, mut output) = (Instant::now() + patience, self.shown.output());
        while !holds(&output) {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return false };
            output = self.shown.bell.wait_timeout(output, left).expect("no test has failed here").0;
        }
        true
    }

    /// Returns the screen as text.
    pub(crate) fn text(&self) -> String {
        self.shown.output().rows().join("\n")
    }

    /// Reads the output.
    pub(crate) fn output(&self) -> MutexGuard<'_, Output> {
        self.shown.output()
    }

    /// Returns the number of the process.
    pub(crate) fn process(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// Waits for the program to end and returns its exit code.
    pub(crate) fn ends(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        // The end of the child does not wake a thread that waits for output.
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.exit_code();
            }
            assert!(Instant::now() < until, "the program does not end\n--- the screen\n{}", self.text());
            self.holds_within(Duration::from_millis(20), |_| false);
        }
    }

    /// Checks that the terminal is as it was before the program.
    pub(crate) fn is_as_before(&self) {
        self.waits_until("the terminal is not as it was", |output| {
            let screen = output.screen();
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        assert_eq!(modes(&*self.master), self.modes);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Shown {
    fn output(&self) -> MutexGuard<'_, Output> {
        self.output.lock().expect("no test has failed here")
    }

    fn read(&self, mut reader: Box<dyn Read + Send>) {
        let mut bytes = vec![0; 64 << 10];
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            let mut output = self.output();
            output.take(&bytes[..count]);
            drop(output);
            self.bell.notify_all();
        }
    }
}

/// Starts a program in a terminal that is closed once it shows a text, and returns the exit code.
pub(crate) fn abandoned(program: &str, arguments: &[&str], folder: &Path, text: &str) -> u32 {
    let pair = native_pty_system().openpty(size(80, 24)).expect("a terminal can be made");
    let spawned = pair.slave.spawn_command(command(program, arguments, folder, &[]));
    let mut child = spawned.expect("the program starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("the terminal can be read");
    let (mut shown, mut bytes) = (Vec::new(), [0; 4096]);
    while !shown.windows(text.len()).any(|bytes| bytes == text.as_bytes()) {
        let count = reader.read(&mut bytes).expect("the terminal can be read");
        assert!(count > 0, "the program has ended: {}", String::from_utf8_lossy(&shown));
        shown.extend_from_slice(&bytes[..count]);
    }
    drop((reader, pair.master));
    let until = Instant::now() + PATIENCE;
    loop {
        match child.try_wait().expect("it can be waited for") {
            Some(status) => return status.exit_code(),
            None if Instant::now() > until => {
                let _ = child.kill();
                panic!("the program goes on without a terminal");
            }
            None => std::thread::park_timeout(Duration::from_millis(20)),
        }
    }
}

fn command(program: &str, arguments: &[&str], folder: &Path, environment: &[(&str, &str)]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(arguments);
    command.cwd(folder);
    for name in ["SVOD_INDEX", "NO_COLOR", "RUST_BACKTRACE", "SVOD_CONFIG", "VISUAL", "EDITOR"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    // Keeps out the settings of the developer.
    command.env("XDG_CONFIG_HOME", folder.join("no-such-folder"));
    environment.iter().for_each(|(name, value)| command.env(name, value));
    command
}

fn some(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("a terminal has a size")
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// Returns how the terminal treats keys and output.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}

/// What a terminal shows does not depend on how its output was cut when it was read.
#[test]
fn a_character_that_is_read_in_two_parts_is_one() {
    let text = "\x1b[1;3Hпошлины в руб. и г\x1b[2;1H停火 «мир» — é a é\x1b[38;5;3m🙂 к 火 я\x1b[0m";
    let shown = |parts: &[&[u8]]| {
        let mut output = Output::new(40, 3);
        parts.iter().for_each(|part| output.take(part));
        output.rows()
    };
    let whole = shown(&[text.as_bytes()]);
    assert_eq!(whole[0], "  пошлины в руб. и г");
    for at in 0..text.len() {
        let (before, behind) = text.as_bytes().split_at(at);
        assert_eq!(shown(&[before, behind]), whole, "cut at byte {at}");
    }
    let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
    assert_eq!(shown(&bytes), whole);
}
