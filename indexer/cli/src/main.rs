//! Indexes a folder of articles. See `svod-indexer --help`.

fn main() -> std::process::ExitCode {
    svod_indexer_cli::run(std::env::args_os(), &mut std::io::stdout(), &mut std::io::stderr())
}
