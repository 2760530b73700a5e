//! What is wrong with an ask, or with its answer, and the lines that say so.

use std::io::{self, Write};

use serde_json::value::RawValue;
use svod_query::QueryError;

use super::Fault;
use super::echo::Echo;
use crate::json::write_error;

/// What is wrong with an ask, and the tag that the asker put on it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{fault}")]
#[non_exhaustive]
pub struct AskError {
    /// The tag, if it could be read.
    pub(super) tag: Option<Box<RawValue>>,
    /// What is wrong.
    pub fault: AskFault,
}

/// What is wrong with an ask.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskFault {
    /// It is no JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// It is JSON, but no object.
    #[error("not a JSON object: write `{{\"query\":\"…\"}}`")]
    NotAnObject,
    /// A field stands twice.
    #[error("`{0}` stands twice")]
    Twice(String),
    /// There is no such field.
    #[error("`{what}` has no field `{field}`; it has {known}")]
    UnknownField {
        /// What is asked for: the value of `do`.
        what: &'static str,
        /// The field.
        field: String,
        /// Those that it has.
        known: String,
    },
    /// The value of a field is none of those that it can have.
    #[error("`{field}` is {allowed}, not `{found}`")]
    WrongValue {
        /// The field.
        field: &'static str,
        /// What it can be.
        allowed: String,
        /// The beginning of what it is.
        found: String,
    },
    /// A field is missing.
    #[error("`{what}` needs {fields}")]
    Missing {
        /// What is asked for: the value of `do`.
        what: &'static str,
        /// The field, or those of which it needs one.
        fields: &'static str,
    },
    /// Two fields ask for two things.
    #[error("`{0}` and `{1}` ask for two things")]
    Conflict(&'static str, &'static str),
}

/// Why an ask has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The index could not answer.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The answer could not be written.
    #[error("cannot write the answer")]
    Write(#[from] io::Error),
}

impl AskError {
    /// Returns the tag of what was asked, as JSON; `None` if it has none, or it could not be read.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref().map(RawValue::get)
    }

    /// Writes the line that says what is wrong.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write(&self, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let mut out = Echo::new(out, self.tag());
        write_error(&mut out, number, Fault::Request, self.fault.field(), &self.to_string())
    }
}

impl AskFault {
    /// Returns the field that is at fault, where one is.
    pub fn field(&self) -> Option<&str> {
        match self {
            AskFault::Twice(field) | AskFault::UnknownField { field, .. } => Some(field),
            AskFault::WrongValue { field, .. } | AskFault::Conflict(_, field) => Some(field),
            AskFault::NotJson(_) | AskFault::NotAnObject | AskFault::Missing { .. } => None,
        }
    }
}
