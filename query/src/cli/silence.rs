//! Panics that become errors of the program: their messages say less than the errors do, and are not shown.

use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::thread;

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// Has panics of this thread told by nobody, until it is dropped. Those of other threads are told as before.
pub(super) struct Silence {
    /// The hook of the process; none when it was given back.
    before: Option<Arc<Hook>>,
}

impl Silence {
    /// Begins it. Developers, who set `RUST_BACKTRACE`, see every panic.
    pub(super) fn begin() -> Silence {
        let before = Arc::new(panic::take_hook());
        let (told, silent) = (Arc::clone(&before), thread::current().id());
        let is_developer = std::env::var_os("RUST_BACKTRACE").is_some();
        panic::set_hook(Box::new(move |panic| {
            if is_developer || thread::current().id() != silent {
                told(panic);
            }
        }));
        Silence { before: Some(before) }
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A thread that panics may not change hooks.
        if thread::panicking() {
            return;
        }
        // With ours goes what else has the one before.
        drop(panic::take_hook());
        if let Some(before) = self.before.take().and_then(Arc::into_inner) {
            panic::set_hook(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_hook_of_the_process_comes_back() {
        static TOLD: AtomicUsize = AtomicUsize::new(0);
        const MESSAGE: &str = "a panic of this test";
        let kept = Arc::new(panic::take_hook());
        let others = Arc::clone(&kept);
        panic::set_hook(Box::new(move |panic| match panic.payload().downcast_ref::<&str>() {
            Some(&MESSAGE) => drop(TOLD.fetch_add(1, Ordering::SeqCst)),
            _ => others(panic),
        }));
        let panicking = || drop(catch_unwind(|| std::panic::panic_any(MESSAGE)));
        let told = |panicking: &dyn Fn()| {
            let before = TOLD.load(Ordering::SeqCst);
            panicking();
            TOLD.load(Ordering::SeqCst) - before
        };
        for _ in 0..2 {
            let silence = Silence::begin();
            assert_eq!(told(&panicking), usize::from(std::env::var_os("RUST_BACKTRACE").is_some()));
            assert_eq!(told(&|| thread::spawn(panicking).join().unwrap()), 1, "of another thread");
            drop(silence);
            assert_eq!(told(&panicking), 1);
        }
        panic::set_hook(Box::new(move |panic| kept(panic)));
    }
}
