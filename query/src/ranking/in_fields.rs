//! Which terms of a query stand in the titles, headings, keywords and names
//! of candidates. Read from the postings, by seeking: no record is opened.

use svod_store::schema::Fields;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::ranking::rank::{self, Ranked};

/// The terms that stand in the fields of a candidate.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct InFields {
    /// For each of [`FIELDS`] its terms, one bit each, by their order in the plan.
    terms: [u64; FIELDS.len()],
}

/// The fields beside the text, each with its name and with the weight of a term in it.
const FIELDS: [(&str, f32); 4] =
    [("title", rank::TITLE), ("section", rank::SECTION), ("keywords", rank::KEYWORDS), ("authors", rank::AUTHORS)];

/// Returns the fields beside the text, each with the weight of a term in it.
pub(crate) fn weighted(fields: &Fields) -> [(Field, f32); FIELDS.len()] {
    let fields = [fields.title, fields.section, fields.keywords, fields.authors];
    std::array::from_fn(|at| (fields[at], FIELDS[at].1))
}

impl InFields {
    /// Returns the weight of a term: the sum over the fields that have it.
    pub(crate) fn weight(&self, term: usize) -> f32 {
        self.with(term).map(|(_, weight)| weight).sum()
    }

    /// Returns the names of the fields that have a term.
    pub(crate) fn names(&self, term: usize) -> impl Iterator<Item = &'static str> {
        self.with(term).map(|(name, _)| name)
    }

    /// Returns the fields that have a term.
    fn with(&self, term: usize) -> impl Iterator<Item = (&'static str, f32)> {
        let has = move |terms: &u64| 1_u64.checked_shl(term as u32).is_some_and(|bit| terms & bit != 0);
        self.terms.into_iter().zip(FIELDS).filter(move |(terms, _)| has(terms)).map(|(_, field)| field)
    }

    /// Says that one of the fields has a term.
    pub(crate) fn add(&mut self, field: usize, term: usize) {
        self.terms[field] |= 1_u64.checked_shl(term as u32).unwrap_or(0);
    }
}

/// Finds terms in the fields of passages. Costs one walk of short postings for each term and field.
pub(crate) fn find(
    searcher: &Searcher,
    fields: &Fields,
    terms: &[Ranked],
    passages: &[DocAddress],
) -> tantivy::Result<Vec<InFields>> {
    let mut found = vec![InFields::default(); passages.len()];
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let mut docs: Vec<(DocId, usize)> = (passages.iter().enumerate())
            .filter(|(_, address)| address.segment_ord as usize == segment)
            .map(|(at, address)| (address.doc_id, at))
            .collect();
        docs.sort_unstable();
        for (kind, (field, _)) in weighted(fields).into_iter().enumerate() {
            for (order, term) in terms.iter().enumerate() {
                for name in &term.names {
                    each_with(reader, field, name, &docs, |at| found[at].add(kind, order))?;
                }
            }
        }
    }
    Ok(found)
}

/// Calls `each` for those of the records, given in order, whose field has a term.
fn each_with(
    reader: &SegmentReader,
    field: Field,
    name: &str,
    docs: &[(DocId, usize)],
    mut each: impl FnMut(usize),
) -> tantivy::Result<()> {
    let term = Term::from_field_text(field, name);
    if docs.is_empty() {
        return Ok(());
    }
    let Some(mut postings) = reader.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)? else {
        return Ok(());
    };
    for &(doc, at) in docs {
        if postings.doc() < doc {
            postings.seek(doc);
        }
        if postings.doc() == TERMINATED {
            break;
        }
        if postings.doc() == doc {
            each(at);
        }
    }
    Ok(())
}
