//! The program svod-indexer as a binary of this package, so that tests never run a stale one.

fn main() -> std::process::ExitCode {
    svod_indexer_cli::run(std::env::args_os(), &mut std::io::stdout(), &mut std::io::stderr())
}
