//! Errors of the libraries as exceptions of Python, with their causes.

use std::io;

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use svod_indexer::IndexError;
use svod_query::QueryError;

create_exception!(svod, Error, PyException, "What svod raises. Its subclasses name what a caller may want to catch.");
create_exception!(svod, NoIndex, Error, "There is no index at the path.");
create_exception!(svod, NoFolder, Error, "There is no folder at the path that was to be indexed.");
create_exception!(
    svod,
    OtherVersion,
    Error,
    "The index was made by another version of svod; index again, or see `Writer.upgrade`."
);
create_exception!(svod, Damaged, Error, "Files of the index are damaged; the message names them.");
create_exception!(svod, Locked, Error, "Another program, or another writer, is writing the index.");
create_exception!(svod, Foreign, Error, "The folder for the index holds something else.");

/// Returns the exception for what went wrong with an index.
pub(crate) fn query_error(error: QueryError) -> PyErr {
    let message = with_causes(&error);
    match error {
        QueryError::FolderMissing(_) | QueryError::NoIndex(_) | QueryError::NotAnIndex(_) => NoIndex::new_err(message),
        QueryError::Filter { .. } => PyValueError::new_err(message),
        QueryError::OtherVersion { .. } => OtherVersion::new_err(message),
        QueryError::Damaged { .. } => Damaged::new_err(message),
        QueryError::Read { source, .. } => caused(message, source),
        _ => Error::new_err(message),
    }
}

/// Returns the exception for what stopped a run or a writer.
pub(crate) fn index_error(error: IndexError) -> PyErr {
    let message = with_causes(&error);
    match error {
        IndexError::FolderMissing(_) | IndexError::NotAFolder(_) => NoFolder::new_err(message),
        IndexError::UnknownEncoding(_)
        | IndexError::Pattern { .. }
        | IndexError::Bibliography { .. }
        | IndexError::IgnoreFile { .. }
        | IndexError::IgnorePattern { .. }
        | IndexError::NoPath
        | IndexError::LongPath { .. } => PyValueError::new_err(message),
        IndexError::OtherVersion { .. } => OtherVersion::new_err(message),
        IndexError::ForeignFolder { .. }
        | IndexError::AroundFolder { .. }
        | IndexError::InsideIndex { .. }
        | IndexError::Unnamed { .. }
        | IndexError::OtherRoot { .. }
        | IndexError::OfTexts(_) => Foreign::new_err(message),
        IndexError::Locked { .. } => Locked::new_err(message),
        IndexError::Damaged { .. } | IndexError::LostRules(_) => Damaged::new_err(message),
        IndexError::Read { source, .. } | IndexError::Write { source, .. } => caused(message, source),
        _ => Error::new_err(message),
    }
}

/// Returns the exception for what could not be written into memory, which cannot happen.
pub(crate) fn write_error(error: io::Error) -> PyErr {
    Error::new_err(error.to_string())
}

/// Returns an exception whose cause is that of the system: `error.__cause__.errno` tells which.
fn caused(message: String, source: io::Error) -> PyErr {
    Python::attach(|py| {
        let error = Error::new_err(message);
        error.set_cause(py, Some(source.into()));
        error
    })
}

/// Returns the message of an error, and those of its causes after it.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(": ");
        message.push_str(&error.to_string());
        cause = error.source();
    }
    message
}
