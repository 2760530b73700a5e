//! Why a style cannot be used.

use std::io;
use std::path::PathBuf;

use hayagriva::citationberg::XmlDeError;

/// Why there are no entries.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CslError {
    /// A file cannot be read, or is no UTF-8.
    #[error("cannot read `{}`", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A style cannot be used.
    #[error("cannot cite by `{}`", .path.display())]
    Style {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        fault: CslFault,
    },
    /// A locale cannot be used.
    #[error("`{}` is no locale of CSL", .path.display())]
    Locale {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        fault: CslFault,
    },
    /// There is no locale for the language of a style.
    #[error("`{}` needs the terms of the locale `{language}`, from a file `locales-{language}.xml` beside it", .style.display())]
    NoLocale {
        /// The file of the style.
        style: PathBuf,
        /// The language, as the style names it.
        language: String,
    },
}

/// What is wrong with a style or a locale.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CslFault {
    /// It is not well-formed.
    #[error("it is not XML: {0}")]
    Xml(String),
    /// It is XML, but not CSL.
    #[error("it is not CSL: {0}")]
    Csl(String),
    /// It has no rules of its own.
    #[error("it only names another style, {0}")]
    Dependent(String),
    /// A macro calls itself.
    #[error("the macro `{0}` calls itself")]
    Circle(String),
    /// It is larger than any style.
    #[error("it is too large: {0}")]
    Large(&'static str),
    /// A work cannot be handed over.
    #[error("a work is not CSL-JSON: {0}")]
    Item(String),
    /// hayagriva panicked.
    #[error("hayagriva, which lays it out, stopped")]
    Stopped,
}

impl From<XmlDeError> for CslFault {
    fn from(error: XmlDeError) -> CslFault {
        let place = error.path.as_ref().map(|path| format!(" at `{path}`")).unwrap_or_default();
        CslFault::Csl(format!("{}{place}", error.source))
    }
}
