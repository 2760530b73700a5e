//! The terminal: taken over by the screen, and restored when the screen ends, by
//! an error, a signal or a panic, too.

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

/// The size of the output buffer, in which a frame of a large terminal fits.
const FRAME_BYTES: usize = 64 << 10;
/// The time that the screen has to end by itself after a signal.
const PATIENCE: Duration = Duration::from_secs(1);
/// The exit code of a program that was interrupted.
pub(crate) const INTERRUPTED: u8 = 130;

/// Whether the screen has the terminal.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);
/// The thread of the screen.
static SCREEN: Mutex<Option<ThreadId>> = Mutex::new(None);
/// Whether a signal has asked the program to end.
static IS_ENDING: AtomicBool = AtomicBool::new(false);

/// The output of the screen: not behind the lock of standard output, on which a signal handler or a panic could block.
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

/// The terminal while the screen has it; dropping this restores it.
pub(super) struct Taken {
    terminal: Terminal<CrosstermBackend<BufWriter<Output>>>,
}

impl Taken {
    /// Takes over the terminal.
    pub(super) fn take() -> io::Result<Taken> {
        listen();
        *SCREEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, output()?));
        enter()?;
        Terminal::new(backend).map(|terminal| Taken { terminal }).inspect_err(|_| give_back())
    }

    /// Draws the changes since the last frame, in one step if the terminal supports it.
    pub(super) fn draw(&mut self, state: &mut State) -> io::Result<()> {
        draw_frame(&mut self.terminal, state)
    }

    /// Makes the next frame draw the whole screen.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        // `Terminal::clear` asks the terminal for the position of its cursor, and some never answer.
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Writes an escape sequence that draws nothing.
    pub(super) fn send(&mut self, sequence: &str) -> io::Result<()> {
        self.terminal.backend_mut().write_all(sequence.as_bytes())?;
        io::Write::flush(self.terminal.backend_mut())
    }

    /// Restores the terminal while another program uses it, and takes it over again. A Ctrl-C meanwhile is ignored,
    /// because it was meant for the other program.
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

/// Draws the changes since the last frame on a terminal.
pub(super) fn draw_frame<W: Write>(terminal: &mut Terminal<CrosstermBackend<W>>, state: &mut State) -> io::Result<()> {
    queue!(terminal.backend_mut(), BeginSynchronizedUpdate)?;
    terminal.draw(|frame| draw::draw(frame, state))?;
    execute!(terminal.backend_mut(), EndSynchronizedUpdate)
}

/// Returns whether a signal has asked the program to end.
pub(super) fn is_ending() -> bool {
    IS_ENDING.load(Ordering::Relaxed)
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    IS_TAKEN.store(true, Ordering::SeqCst);
    execute!(output()?, EnterAlternateScreen, EnableBracketedPaste).inspect_err(|_| give_back())
}

/// Restores the terminal, once. Errors are ignored: nothing more can be done.
fn give_back() {
    if IS_TAKEN.swap(false, Ordering::SeqCst) {
        if let Ok(mut output) = output() {
            let _ =
                execute!(output, EndSynchronizedUpdate, ResetColor, DisableBracketedPaste, LeaveAlternateScreen, Show);
        }
        let _ = disable_raw_mode();
    }
}

/// Handles the signals that end a program. The screen then ends by itself, or is ended after [`PATIENCE`]: if the
/// terminal is gone, reading keys never returns.
fn listen() {
    // Fails for a second screen in this process; the first handler serves both.
    let _ = ctrlc::set_handler(|| {
        IS_ENDING.store(true, Ordering::Relaxed);
        thread::sleep(PATIENCE);
        if IS_ENDING.load(Ordering::Relaxed) && IS_TAKEN.load(Ordering::SeqCst) {
            give_back();
            std::process::exit(INTERRUPTED.into());
        }
    });
}

/// Restores the terminal if the thread that panics is the screen's, and returns whether the message of the panic can be
/// printed. Panics of other threads are caught where they work: nothing is written over the screen.
pub(crate) fn can_tell_of_panic() -> bool {
    let screen = *SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    if screen == Some(thread::current().id()) {
        give_back();
    }
    !IS_TAKEN.load(Ordering::SeqCst)
}

/// Stops the program until the shell continues it.
#[cfg(unix)]
pub(super) fn suspend() {
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

/// Does nothing: this system cannot suspend a program.
#[cfg(not(unix))]
pub(super) fn suspend() {}
