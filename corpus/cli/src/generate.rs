//! Man page and completions, made from the definitions of the options, and the JSON Schemas of a program's input and
//! output.

use std::io::{self, Write};

use clap::Command;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::Section;

const MAN: &str = "man";

const SHELLS: [(&str, &str, Shell); 3] = [
    ("complete-bash", "Completions for bash", Shell::Bash),
    ("complete-zsh", "Completions for zsh", Shell::Zsh),
    ("complete-fish", "Completions for fish", Shell::Fish),
];

/// A JSON Schema that a program prints.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// Its name as a value of `--generate`.
    pub name: &'static str,
    /// One line that says what it describes.
    pub help: &'static str,
    /// Makes the schema.
    pub text: fn() -> String,
}

/// Returns the possible values of `--generate`: man page, completions, and the schemas of a program.
pub fn values(schemas: &[Schema]) -> PossibleValuesParser {
    let page = [PossibleValue::new(MAN).help("A page for man")];
    let shells = SHELLS.iter().map(|(name, help, _)| PossibleValue::new(name).help(help));
    let schemas = schemas.iter().map(|schema| PossibleValue::new(schema.name).help(schema.help));
    page.into_iter().chain(shells).chain(schemas).collect::<Vec<_>>().into()
}

/// Writes what `what`, one of the [`values`], names: the man page, completions, or a schema.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(
    out: &mut dyn Write,
    what: &str,
    mut command: Command,
    sections: &[Section],
    schemas: &[Schema],
) -> io::Result<()> {
    if let Some(schema) = schemas.iter().find(|schema| schema.name == what) {
        return out.write_all((schema.text)().as_bytes());
    }
    let Some(&(_, _, shell)) = SHELLS.iter().find(|(name, ..)| *name == what) else {
        return write_man(out, command, sections);
    };
    let name = command.get_name().to_owned();
    // `clap_complete::generate` panics if its writer fails, as `out` does when a pipe is closed.
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

    fn written(what: &str, sections: &[Section]) -> String {
        let schema = Schema { name: "json-schema", help: "The lines", text: || "{}".to_owned() };
        let mut out = Vec::new();
        write(&mut out, what, Command::new("svod-test").about("Searches"), sections, &[schema]).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_of_a_man_page_stay_as_they_are() {
        let section = Section { title: "Files", text: ".svodignore  停火 \\ мир\n'quoted'  --watch" };
        let page = written(MAN, &[section]);
        let expected = ".SH FILES\n.nf\n\\&.svodignore  停火 \\\\ мир\n\\*(Aqquoted\\*(Aq  \\-\\-watch\n.fi\n";
        assert!(page.ends_with(expected), "{page}");
    }

    #[test]
    fn every_shell_and_schema_is_served() {
        for (name, ..) in SHELLS {
            let script = written(name, &[]);
            assert!(script.contains("svod-test") && !script.contains(".TH"), "{name}: {script}");
        }
        assert_eq!(written("json-schema", &[]), "{}");
    }
}
