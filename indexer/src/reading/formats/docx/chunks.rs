//! Documents that stand in the body of a Word document in another format.

use super::story::Chunks;
use super::{InnerDocuments, read_document};
#[cfg(feature = "html")]
use crate::reading::encoding;
use crate::reading::formats::Converted;
use crate::reading::formats::archive::Archive;
#[cfg(feature = "html")]
use crate::reading::formats::html;
#[cfg(feature = "mime")]
use crate::reading::formats::mime;
#[cfg(feature = "rtf")]
use crate::reading::formats::rtf;
use crate::reading::formats::xml::{self, Event};
#[cfg(feature = "html")]
use crate::reading::memory::of_page;
#[cfg(feature = "mime")]
use crate::reading::memory::of_text;
use crate::reading::memory::{Held, of_blocks};
use crate::reading::skip_reason::SkipReason;

/// The most documents that are read.
const MOST_CHUNKS: usize = 1_000;

/// The documents found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Their blocks, by the names of their relations.
    pub(super) blocks: Chunks,
    /// The title of the first that has one.
    pub(super) title: Option<String>,
}

/// Reads the documents that a part of an archive names. Those that cannot be read become remarks.
///
/// # Errors
/// They are too large, or need too much memory.
pub(super) fn read(
    archive: &mut Archive<'_>,
    body: &str,
    remarks: &mut Vec<String>,
    memory: &mut Held,
) -> Result<Found, SkipReason> {
    let mut found = Found::default();
    let relations = body.replacen("word/", "word/_rels/", 1) + ".rels";
    let Some(part) = archive.read(&relations, memory)? else { return Ok(found) };
    for (id, name) in chunks(&xml::decode(&part.bytes)).into_iter().take(MOST_CHUNKS) {
        let Some(part) = archive.read(&name, memory)? else {
            remarks.push(format!("`{name}` is missing"));
            continue;
        };
        memory.keep(part.bytes.len() as u64);
        match read_chunk(part.bytes, memory) {
            Ok(chunk) => {
                memory.keep(of_blocks(&chunk.blocks));
                found.title = found.title.or(chunk.metadata.title);
                found.blocks.insert(id, chunk.blocks);
            }
            Err(reason @ SkipReason::NeedsMemory { .. }) => return Err(reason),
            Err(reason) => remarks.push(format!("`{name}`: {reason}")),
        }
    }
    Ok(found)
}

/// Returns the names of the relations to documents, and of the parts that they lead to.
fn chunks(relations: &str) -> Vec<(String, String)> {
    let mut chunks = Vec::new();
    xml::read(relations, |event| {
        let Event::Start(element) = event else { return };
        let is_chunk = element.attribute("Type").is_some_and(|kind| kind.ends_with("/aFChunk"));
        let names = element.attribute("Id").zip(element.attribute("Target")).filter(|_| is_chunk);
        if let Some((id, target)) = names {
            let name = target.strip_prefix('/').map_or_else(|| format!("word/{target}"), str::to_owned);
            chunks.push((id, name));
        }
    });
    chunks
}

/// Reads a document by its content: names and types in such files are often wrong.
fn read_chunk(bytes: Vec<u8>, memory: &mut Held) -> Result<Converted, SkipReason> {
    if bytes.starts_with(b"PK") {
        return read_document(&bytes, memory, InnerDocuments::Skip);
    }
    #[cfg(feature = "rtf")]
    if bytes.starts_with(b"{\\rtf") {
        return rtf::read(&bytes, memory);
    }
    #[cfg(feature = "mime")]
    if mime::has_header(&bytes) {
        return mime::read(&bytes, memory);
    }
    #[cfg(feature = "html")]
    if bytes.contains(&b'<') {
        let page = encoding::decode_html(bytes)?.text;
        memory.raise_beside_kept(of_page(&page))?;
        return Ok(html::read(&page));
    }
    #[cfg(feature = "mime")]
    {
        let text = encoding::decode(bytes)?.text;
        memory.raise_beside_kept(of_text(&text))?;
        Ok(Converted { blocks: mime::read_text(&text), ..Converted::default() })
    }
    #[cfg(not(feature = "mime"))]
    Err(SkipReason::Unsupported("mht".to_owned()))
}

#[cfg(all(test, feature = "doc", feature = "epub", feature = "mime"))]
mod tests {
    use crate::reading::formats::docx;
    use crate::reading::formats::tests::samples::{archive, check_promises, pack, shown};
    use crate::reading::memory::Account;

    #[test]
    fn documents_in_the_body_stand_in_their_place() {
        let inner = archive(&[(
            "word/document.xml",
            "<w:document><w:body><w:p><w:r><w:t>inner</w:t></w:r></w:p><w:altChunk r:id='a'/></w:body></w:document>",
        )]);
        let relation = |id: &str, target: &str| {
            format!("<Relationship Id='{id}' Type='http://x/relationships/aFChunk' Target='{target}'/>")
        };
        let targets =
            [("a", "/word/a.mht"), ("b", "b.html"), ("c", "c.dat"), ("d", "d.txt"), ("e", "e.docx"), ("f", "gone.mht")];
        let relations = targets.map(|(id, target)| relation(id, target)).concat();
        let named = targets.map(|(id, _)| format!("<w:altChunk r:id='{id}'/>")).concat();
        let document = format!(
            "<w:document xmlns:w='w' xmlns:r='r'><w:body><w:p><w:r><w:t>before</w:t></w:r></w:p>{named}<w:altChunk r:id='a'/>\
             <w:p><w:r><w:t>after</w:t></w:r></w:p></w:body></w:document>"
        );
        let mht = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\
                   Content-Transfer-Encoding: quoted-printable\n\n<title>=E6=B8=AF</title><h1>=E6=B8=AF=E5=8F=A3</h1>\n--b--\n";
        let parts: [(&str, &[u8]); 7] = [
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/document.xml.rels", &format!("<Relationships>{relations}</Relationships>").into_bytes()),
            ("word/a.mht", mht.as_bytes()),
            ("word/b.html", b"<meta charset=windows-1251><p>\xcf\xee\xf0\xf2"),
            ("word/c.dat", b"{\\rtf1 rich}"),
            ("word/d.txt", "Plain text of the council.".as_bytes()),
            ("word/e.docx", &inner),
        ];
        let bytes = pack(&parts, zip::CompressionMethod::Deflated);
        let read = docx::read(&bytes, &mut Account::of(usize::MAX).open()).unwrap();
        check_promises(&read);
        let expected =
            ["p: before", "h1: 港口", "p: Порт", "p: rich", "p: Plain text of the council.", "p: inner", "p: after"];
        assert_eq!(shown(&read), expected);
        assert_eq!(read.remarks, ["`word/gone.mht` is missing"]);
        assert_eq!(read.metadata.title.as_deref(), Some("港口"));
    }
}
