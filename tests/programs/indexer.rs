//! The program svod-indexer, built for the tests: never a stale one.

fn main() -> std::process::ExitCode {
    svod_indexer_cli::run(std::env::args_os(), &mut std::io::stdout(), &mut std::io::stderr())
}
