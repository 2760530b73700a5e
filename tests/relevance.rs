//! The quality of ranking as a table in the repository, for questions about the
//! sample articles. A change of analysis, fields or weights changes the table.

use std::process::Command;

use crate::support::{check_golden, text};

#[test]
fn the_table_is_the_committed_one() {
    let output = Command::new(env!("CARGO_BIN_EXE_relevance")).output().expect("the program starts");
    assert!(output.status.success(), "{}", text(&output.stderr));
    check_golden("relevance/score.txt", &text(&output.stdout));
}
