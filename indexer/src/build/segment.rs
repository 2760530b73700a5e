//! A segment being written: articles in, tantivy's files out.
//!
//! Tantivy's own writer looks every token up in one large table and hangs
//! it onto a list of its own: two or three cache misses each, most of the time
//! that indexing took. Here tokens become term ids (`vocabulary`) in a log that
//! is sorted by counting (`postings`), and what all passages of an article or
//! a section share is cut once and noted for ranges of passages (`names`).
//! Stored records, columns and the formats of all files are tantivy's.

mod names;
mod postings;
#[cfg(test)]
mod tests;
mod vocabulary;

use svod_store::schema::{Fields, Record, Value};
use svod_text::analysis::{Terms, Tokenizer};
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReader, FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{SegmentComponent, SegmentMeta};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Document, Field, FieldType, IndexRecordOption, Schema};
use tantivy::store::StoreWriter;
use tantivy::{DocId, Index, Segment};

use self::names::{Keys, Names};
use self::postings::Postings;
use crate::build::write_segment::WriteSegment;

/// A segment being written.
pub(crate) struct OpenSegment {
    segment: Segment,
    fields: Fields,
    schema: Schema,
    /// What is searched, by the number of the field.
    searched: Vec<Searched>,
    lengths: FieldNormsWriter,
    columns: FastFieldsWriter,
    store: StoreWriter,
    words: Tokenizer,
    forms: Tokenizer,
    records: DocId,
}

/// How a field is searched.
enum Searched {
    Not,
    /// With positions.
    Text(Box<Postings>),
    /// What passages share.
    Names(Box<Names>),
    Keys(Keys),
}

impl WriteSegment for OpenSegment {
    fn begin(index: &Index, fields: Fields, memory_bytes: usize) -> tantivy::Result<OpenSegment> {
        let segment = index.new_segment();
        let schema = segment.schema();
        let settings = index.settings();
        let store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            false,
        )?;
        Ok(OpenSegment {
            searched: schema.fields().map(|(_, entry)| Searched::by(entry.field_type(), memory_bytes)).collect(),
            lengths: FieldNormsWriter::for_schema(&schema),
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, index.tokenizers().clone())?,
            store,
            words: Tokenizer::new(Terms::All),
            forms: Tokenizer::new(Terms::Forms),
            records: 0,
            fields,
            schema,
            segment,
        })
    }

    fn fields(&self) -> &Fields {
        &self.fields
    }

    fn add_record(&mut self, record: Record) -> tantivy::Result<u32> {
        let doc = self.records;
        let mut length = 0;
        for (field, value) in record.iter_fields_and_values() {
            match (&mut self.searched[field.field_id() as usize], value) {
                (Searched::Text(postings), Value::Text(text)) => {
                    let count = postings.add(doc, text, &mut self.words)?;
                    self.lengths.record(doc, field, count);
                    length += if field == self.fields.body { count } else { 0 };
                }
                (Searched::Names(names), Value::Shared(text)) => {
                    let count = names.add(doc, text, &mut self.forms);
                    self.lengths.record(doc, field, count);
                }
                (Searched::Keys(keys), Value::Number(number)) => keys.add(number, doc),
                _ => {}
            }
        }
        self.columns.add_document(&record)?;
        self.store.store(&record, &self.schema)?;
        self.records += 1;
        Ok(length)
    }

    fn memory_bytes(&self) -> usize {
        let searched: usize = self.searched.iter().map(Searched::memory_bytes).sum();
        searched + self.lengths.mem_usage() + self.columns.mem_usage() + self.store.mem_usage()
    }

    fn close(mut self) -> tantivy::Result<SegmentMeta> {
        self.store.close()?;
        let mut columns = self.segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(&mut columns, None)?;
        columns.terminate()?;
        self.lengths.fill_up_to_max_doc(self.records);
        let lengths = FieldNormsSerializer::from_write(self.segment.open_write(SegmentComponent::FieldNorms)?)?;
        self.lengths.serialize(lengths, None)?;
        let lengths = FieldNormReaders::open(self.segment.open_read(SegmentComponent::FieldNorms)?)?;
        let mut serializer = InvertedIndexSerializer::open(&self.segment)?;
        for ((field, _), searched) in self.schema.fields().zip(self.searched) {
            searched.write(field, lengths.get_field(field)?, &mut serializer)?;
        }
        serializer.close()?;
        Ok(self.segment.with_max_doc(self.records).meta().clone())
    }
}

impl Searched {
    fn by(field: &FieldType, memory_bytes: usize) -> Searched {
        match field {
            FieldType::Str(options) => match options.get_indexing_options().map(|indexing| indexing.index_option()) {
                None => Searched::Not,
                Some(IndexRecordOption::WithFreqsAndPositions) => Searched::Text(Box::new(Postings::new(memory_bytes))),
                Some(IndexRecordOption::Basic | IndexRecordOption::WithFreqs) => Searched::Names(Box::default()),
            },
            FieldType::U64(options) if options.is_indexed() => Searched::Keys(Keys::default()),
            _ => Searched::Not,
        }
    }

    fn memory_bytes(&self) -> usize {
        match self {
            Searched::Not => 0,
            Searched::Text(postings) => postings.memory_bytes(),
            Searched::Names(names) => names.memory_bytes(),
            Searched::Keys(keys) => keys.memory_bytes(),
        }
    }

    fn tokens(&self) -> u64 {
        match self {
            Searched::Not => 0,
            Searched::Text(postings) => postings.tokens(),
            Searched::Names(names) => names.tokens(),
            Searched::Keys(keys) => keys.tokens(),
        }
    }

    /// Writes the terms of a field. Of a field without any, tantivy writes nothing, and finds nothing when it reads.
    fn write(
        self,
        field: Field,
        lengths: Option<FieldNormReader>,
        serializer: &mut InvertedIndexSerializer,
    ) -> std::io::Result<()> {
        let tokens = self.tokens();
        if tokens == 0 {
            return Ok(());
        }
        let mut serializer = serializer.new_field(field, tokens, lengths)?;
        match self {
            Searched::Not => {}
            Searched::Text(postings) => postings.write(&mut serializer)?,
            Searched::Names(names) => names.write(&mut serializer)?,
            Searched::Keys(keys) => keys.write(field, &mut serializer)?,
        }
        serializer.close()
    }
}
