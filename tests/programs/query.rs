//! The program svod-query as a binary of this package, so that tests never run a stale one.

fn main() -> std::process::ExitCode {
    svod_query_cli::hide_panics();
    svod_query_cli::run(std::env::args_os(), &mut std::io::stdout().lock(), &mut std::io::stderr())
}
