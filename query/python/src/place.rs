//! Where an index lies: what `Index.open` takes.

use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use svod_indexer::Memory;
use svod_query::QueryError;

use crate::writer::Writer;

/// Where an index lies.
#[derive(Clone)]
pub(crate) enum Place {
    Folder(PathBuf),
    Memory(Memory),
}

impl Place {
    pub(crate) fn open(&self) -> Result<svod_query::Index, QueryError> {
        match self {
            Place::Folder(path) => svod_query::Index::open(path),
            Place::Memory(memory) => svod_query::Index::in_memory(memory),
        }
    }
}

/// Reads a path or a writer, or a list of them.
pub(crate) fn places(path: &Bound<'_, PyAny>) -> PyResult<Vec<Place>> {
    if let Ok(place) = place(path) {
        return Ok(vec![place]);
    }
    let several =
        path.try_iter().map_err(|_| PyTypeError::new_err("an index is opened by a path or a list of paths"))?;
    several.map(|path| place(&path?)).collect()
}

fn place(path: &Bound<'_, PyAny>) -> PyResult<Place> {
    if let Ok(writer) = path.cast::<Writer>() {
        return Ok(writer.get().place());
    }
    path.extract().map(Place::Folder)
}
