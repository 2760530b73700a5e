//! The Python package `svod`: the libraries of svod as a module of Python.
//!
//! | room | what it does |
//! | --- | --- |
//! | `index`, `place`, `request` | an opened index, where it lies, and arguments that become a request |
//! | `answer`, `hit`, `snippet`, `tables` | what it gives back: sequences with facts about them |
//! | `sequence`, `rows`, `parts` | what these have in common; small records as named tuples |
//! | `indexing`, `report` | indexing a folder, and what came of it |
//! | `writer` | an index of texts that an app has |
//! | `errors`, `ranges`, `json`, `html` | exceptions; bytes to characters; dictionaries; notebooks |
//!
//! While the library searches or indexes, other threads of Python run. What
//! is found is turned into objects of Python when it is asked for: an answer
//! costs some microseconds more than in Rust.

mod answer;
mod errors;
mod hit;
mod html;
mod index;
mod indexing;
mod json;
mod parts;
mod place;
mod ranges;
mod report;
mod request;
mod rows;
mod sequence;
mod snippet;
mod tables;
mod writer;

use pyo3::prelude::*;

/// Full-text search over documents in Chinese, Russian and English.
///
///     import svod
///
///     svod.index_folder("articles")
///     index = svod.Index.open("articles")
///     for hit in index.search("乌克兰 停火", limit=5, lang="zh"):
///         print(hit.path, hit.title, hit.snippet.marked())
///
/// `index_folder` makes and updates the index of a folder; `Writer` that of texts your program has. `Index` searches,
/// counts, shows and cites. An index may be shared by threads, and other threads run while it works.
#[pymodule]
fn svod(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("HTML_STYLE", svod_render::HTML_FRAGMENT_STYLE)?;
    module.add_class::<index::Index>()?;
    module.add_class::<answer::Answer>()?;
    module.add_class::<hit::Hit>()?;
    module.add_class::<snippet::Snippet>()?;
    module.add_class::<tables::Counts>()?;
    module.add_class::<tables::Timeline>()?;
    module.add_class::<tables::Concordance>()?;
    module.add_class::<report::Report>()?;
    module.add_class::<writer::Writer>()?;
    module.add_function(wrap_pyfunction!(indexing::index_folder, module)?)?;
    module.add_function(wrap_pyfunction!(indexing::changes, module)?)?;
    for row in rows::ALL {
        module.add(row.name(), row.class(py)?)?;
    }
    add_exceptions(module)?;
    let sequence = py.import("collections.abc")?.getattr("Sequence")?;
    sequence.call_method1("register", (py.get_type::<sequence::Rows>(),))?;
    Ok(())
}

fn add_exceptions(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("Error", py.get_type::<errors::Error>())?;
    module.add("NoIndex", py.get_type::<errors::NoIndex>())?;
    module.add("NoFolder", py.get_type::<errors::NoFolder>())?;
    module.add("OtherVersion", py.get_type::<errors::OtherVersion>())?;
    module.add("Damaged", py.get_type::<errors::Damaged>())?;
    module.add("Locked", py.get_type::<errors::Locked>())?;
    module.add("Foreign", py.get_type::<errors::Foreign>())
}
