//! The terminal: taken for the screen, and given back as it was — when the
//! screen is left, after an error, a signal or a panic.

use std::io::{self, BufWriter, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::style::ResetColor;
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use ratatui::crossterm::{execute, queue};

use super::draw;
use super::state::State;

/// One frame of a large terminal is written at once.
const FRAME_BYTES: usize = 64 << 10;
/// So long the screen has to end in good order.
const PATIENCE: Duration = Duration::from_secs(1);
/// The code of a program that was interrupted.
pub(crate) const INTERRUPTED: u8 = 130;

/// Whether the terminal is the screen's now.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);
/// The thread of the screen.
static SCREEN: Mutex<Option<ThreadId>> = Mutex::new(None);
/// Whether a signal has asked to end.
static IS_ENDING: AtomicBool = AtomicBool::new(false);

/// Where the screen is written: without the lock of the standard output, which a signal or a panic could wait for.
#[cfg(unix)]
type Output = std::fs::File;
#[cfg(not(unix))]
type Output = io::Stdout;

#[cfg(unix)]
fn output() -> io::Result<Output> {
    use std::os::fd::AsFd;
    Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
}

#[cfg(not(unix))]
fn output() -> io::Result<Output> {
    Ok(io::stdout())
}

/// The terminal while it is the screen's.
pub(super) struct Taken {
    terminal: Terminal<CrosstermBackend<BufWriter<Output>>>,
}

impl Taken {
    /// Takes the terminal.
    pub(super) fn take() -> io::Result<Taken> {
        listen();
        *SCREEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, output()?));
        enter()?;
        Terminal::new(backend).map(|terminal| Taken { terminal }).inspect_err(|_| give_back())
    }

    /// Draws what has changed, at once where the terminal can.
    pub(super) fn draw(&mut self, state: &mut State) -> io::Result<()> {
        draw_frame(&mut self.terminal, state)
    }

    /// Draws all of the screen next time.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        // Clearing would ask the terminal where its cursor is, and some never answer.
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Writes a sequence that shows nothing.
    pub(super) fn send(&mut self, sequence: &str) -> io::Result<()> {
        self.terminal.backend_mut().write_all(sequence.as_bytes())?;
        io::Write::flush(self.terminal.backend_mut())
    }

    /// Gives the terminal to something else for a time. What it does with Ctrl-C is its own affair.
    pub(super) fn lend<T>(&mut self, to: impl FnOnce() -> T) -> io::Result<T> {
        give_back();
        let returned = to();
        IS_ENDING.store(false, Ordering::Relaxed);
        enter()?;
        self.forget()?;
        Ok(returned)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}

/// Draws on a terminal what has changed since the last drawing.
pub(super) fn draw_frame<W: Write>(terminal: &mut Terminal<CrosstermBackend<W>>, state: &mut State) -> io::Result<()> {
    queue!(terminal.backend_mut(), BeginSynchronizedUpdate)?;
    terminal.draw(|frame| draw::draw(frame, state))?;
    execute!(terminal.backend_mut(), EndSynchronizedUpdate)
}

/// Returns whether a signal has asked to end.
pub(super) fn is_ending() -> bool {
    IS_ENDING.load(Ordering::Relaxed)
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    IS_TAKEN.store(true, Ordering::SeqCst);
    execute!(output()?, EnterAlternateScreen, EnableBracketedPaste).inspect_err(|_| give_back())
}

/// Gives the terminal back, once. What cannot be written cannot be mended either.
fn give_back() {
    if IS_TAKEN.swap(false, Ordering::SeqCst) {
        if let Ok(mut output) = output() {
            let _ =
                execute!(output, EndSynchronizedUpdate, ResetColor, DisableBracketedPaste, LeaveAlternateScreen, Show);
        }
        let _ = disable_raw_mode();
    }
}

/// Hears the signals that end a program. It ends in good order, or without if that takes too long: where a terminal is
/// gone, the reader of its keys never comes back.
fn listen() {
    // A second screen in this process leaves it to the first.
    let _ = ctrlc::set_handler(|| {
        IS_ENDING.store(true, Ordering::Relaxed);
        thread::sleep(PATIENCE);
        if IS_ENDING.load(Ordering::Relaxed) && IS_TAKEN.load(Ordering::SeqCst) {
            give_back();
            std::process::exit(INTERRUPTED.into());
        }
    });
}

/// Gives the terminal back if the thread that panics is the screen's, and returns whether the panic can be told. Panics of
/// other threads are caught where they work: nothing is written over the screen.
pub(crate) fn can_tell_of_panic() -> bool {
    let screen = *SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    if screen == Some(thread::current().id()) {
        give_back();
    }
    !IS_TAKEN.load(Ordering::SeqCst)
}

/// Stops the program until the shell has it go on.
#[cfg(unix)]
pub(super) fn suspend() {
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

/// Stops nothing: there is no such thing here.
#[cfg(not(unix))]
pub(super) fn suspend() {}
