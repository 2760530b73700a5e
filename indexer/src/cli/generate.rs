//! Man page and completions, from the definitions of the options, and the schemas of what programs read.

use std::io::{self, Write};

use clap::{Command, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::help::Section;

/// What can be made of the definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Generated {
    /// A page for man
    Man,
    /// Completions for bash
    CompleteBash,
    /// Completions for zsh
    CompleteZsh,
    /// Completions for fish
    CompleteFish,
    /// The JSON Schema of the line of --json
    JsonSchema,
}

/// Writes the man page or the completions of a program, or a schema.
///
/// # Errors
/// If `out` cannot be written.
pub(super) fn write(
    out: &mut dyn Write,
    what: Generated,
    mut command: Command,
    sections: &[Section],
) -> io::Result<()> {
    let shell = match what {
        Generated::Man => return write_man(out, command, sections),
        Generated::CompleteBash => Shell::Bash,
        Generated::CompleteZsh => Shell::Zsh,
        Generated::CompleteFish => Shell::Fish,
        Generated::JsonSchema => return out.write_all(super::json::SCHEMA.as_bytes()),
    };
    let name = command.get_name().to_owned();
    // Written to `out`, a closed pipe would be a panic.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    out.write_all(&script)
}

fn write_man(out: &mut dyn Write, command: Command, sections: &[Section]) -> io::Result<()> {
    let man = Man::new(command);
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    let mut roff = Roff::default();
    for section in sections {
        roff.control("SH", [&*section.title.to_uppercase()]);
        roff.control("nf", []);
        section.text.lines().for_each(|line| _ = roff.text([roman(line)]));
        roff.control("fi", []);
    }
    roff.to_writer(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_man_page_stay_as_they_are() {
        let section = Section { title: "Files", text: ".svodignore  停火 \\ мир\n'quoted'  --watch" };
        let mut page = Vec::new();
        write(&mut page, Generated::Man, Command::new("svod").about("Searches"), &[section]).unwrap();
        let page = String::from_utf8(page).unwrap();
        let expected = ".SH FILES\n.nf\n\\&.svodignore  停火 \\\\ мир\n\\*(Aqquoted\\*(Aq  \\-\\-watch\n.fi\n";
        assert!(page.ends_with(expected), "{page}");
    }

    fn is_for_shell(what: Generated) -> bool {
        matches!(what, Generated::CompleteBash | Generated::CompleteZsh | Generated::CompleteFish)
    }

    #[test]
    fn every_shell_is_served() {
        for what in Generated::value_variants().iter().filter(|what| is_for_shell(**what)) {
            let mut script = Vec::new();
            write(&mut script, *what, Command::new("svod-test"), &[]).unwrap();
            assert!(String::from_utf8(script).unwrap().contains("svod-test"), "{what:?}");
        }
    }
}
