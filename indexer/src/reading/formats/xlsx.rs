//! XLSX: the blocks of a workbook.
//!
//! Each sheet is a section by its name, the hidden ones too, unless the program gave that name. Rows are joined as those
//! of tables. A cell reads as Excel shows it: the cached value of a formula, a date by its format. Left out are comments,
//! charts and drawings.
//!
//! `numbers` says how a number is shown, `sheet` reads the cells.

mod numbers;
mod sheet;

use numbers::NumberFormats;
use sheet::{SharedStrings, Sheet};

use super::ooxml::Parts;
use super::xml::{self, Event};
use super::{Block, BlockKind, Converted, FormatError, collapse_blanks, properties};
use crate::reading::memory::{Held, of_blocks};
use crate::reading::skip_reason::SkipReason;

/// The most sheets that are read.
const MOST_SHEETS: usize = 2_000;

/// Reads a workbook.
///
/// # Errors
/// It is not a workbook, is encrypted, too large or without text, or so damaged that nothing could be read. Other damage
/// becomes a remark.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    let mut parts = Parts::open(bytes, memory)?;
    let sheets = sheets(&mut parts, memory)?;
    if sheets.len() > MOST_SHEETS {
        parts.remarks.push(format!("only the first {MOST_SHEETS} sheets of {} were read", sheets.len()));
    }
    let formats = parts.read("xl/styles.xml", memory)?.map(|xml| NumberFormats::read(&xml)).unwrap_or_default();
    let mut strings = SharedStrings::default();
    if let Some(source) = parts.read("xl/sharedStrings.xml", memory)? {
        let damage = strings.read(&source);
        parts.remarks.extend(damage.map(|damage| format!("`xl/sharedStrings.xml`: {damage}")));
        memory.keep(strings.memory_bytes());
    }
    let mut blocks = Vec::new();
    for (name, part) in sheets.into_iter().take(MOST_SHEETS) {
        let Some(source) = parts.read(&part, memory)? else { continue };
        let mut sheet = Sheet::new(&mut strings, &formats);
        let damage = xml::read(&source, |event| sheet.event(event));
        parts.remarks.extend(damage.map(|damage| format!("`{part}`: {damage}")));
        let rows = sheet.finish();
        memory.keep(of_blocks(&rows));
        if !rows.is_empty() && properties::is_plausible_title(&name) {
            blocks.push(Block::new(BlockKind::Heading(1), name, Vec::new()));
        }
        blocks.extend(rows);
    }
    parts.finish(blocks, memory)
}

/// Returns the names of the sheets, each with its part, in order.
fn sheets(parts: &mut Parts<'_>, memory: &mut Held) -> Result<Vec<(String, String)>, SkipReason> {
    const WORKBOOK: &str = "xl/workbook.xml";
    let relations = parts.relations(WORKBOOK, memory)?;
    let mut sheets = Vec::new();
    xml::read(&parts.read(WORKBOOK, memory)?.unwrap_or_default(), |event| {
        if let Event::Start(element) = event
            && element.name() == "sheet"
            && let Some(relation) = element.prefixed_attribute("id").and_then(|id| relations.get(&id))
        {
            let name = collapse_blanks(&element.attribute("name").unwrap_or_default());
            sheets.push((name, relation.part.clone()));
        }
    });
    if sheets.is_empty() {
        let parts = parts.numbered("xl/worksheets/sheet");
        sheets = parts.into_iter().map(|part| (String::new(), part)).collect();
    }
    if sheets.is_empty() {
        return Err(FormatError::Damaged("no sheets".to_owned()).into());
    }
    Ok(sheets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::formats::tests::samples::archive;
    use crate::reading::memory::Account;

    fn shown(parts: &[(&str, &str)]) -> Vec<String> {
        let workbook = read(&archive(parts), &mut Account::of(usize::MAX).open()).unwrap();
        let shown = |block: &Block| match block.kind {
            BlockKind::Heading(_) => format!("# {}", block.text),
            _ => block.text.clone(),
        };
        workbook.blocks.iter().map(shown).collect()
    }

    #[test]
    fn cells_read_as_they_are_shown() {
        let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd\\.mm\\.yyyy\"/></numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"10\"/></cellXfs></styleSheet>";
        let strings =
            "<sst><si><t>Порт</t></si><si><r><t>港口</t></r><r><t>费率</t></r><rPh><t>かん</t></rPh></si></sst>";
        let first = "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"inlineStr\"><is><t>in </t><t>line</t></is></c></row>\
            <row><c s=\"1\"><v>45356</v></c><c><f>A1+0.2</f><v>0.30000000000000004</v></c><c s=\"2\"><v>0.125</v></c></row>\
            <row><c t=\"str\"><f>x</f><v>итог</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#REF!</v></c><c t=\"s\"><v>99</v></c><c/></row></sheetData></worksheet>";
        let second =
            "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>alone</t></is></c></row></sheetData></worksheet>";
        let parts = [
            (
                "xl/workbook.xml",
                "<workbook><sheets><sheet name=\"Тарифы\" sheetId=\"2\" r:id=\"b\"/><sheet name=\"Sheet1\" sheetId=\"1\" state=\"hidden\" r:id=\"a\"/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<R><r Id=\"a\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/><r Id=\"b\" Type=\"x/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/></R>",
            ),
            ("xl/styles.xml", styles),
            ("xl/sharedStrings.xml", strings),
            ("xl/worksheets/sheet2.xml", first),
            ("xl/worksheets/sheet1.xml", second),
        ];
        assert_eq!(
            shown(&parts),
            ["# Тарифы", "Порт | 港口费率 | in line | 05.03.2024 | 0.3 | 12.50% | итог | TRUE", "alone"]
        );
        assert_eq!(
            shown(&parts[2..]),
            ["alone", "Порт | 港口费率 | in line | 05.03.2024 | 0.3 | 12.50% | итог | TRUE"]
        );
    }

    #[test]
    fn a_long_string_that_many_cells_share_is_read_once() {
        let strings = format!("<sst><si><t>{}</t></si></sst>", "港".repeat(10_000));
        let row = "<row><c t=\"s\"><v>0</v></c><c><v>1</v></c></row>".repeat(1_000);
        let sheet = format!("<worksheet><sheetData>{row}</sheetData></worksheet>");
        let blocks = shown(&[("xl/sharedStrings.xml", &strings), ("xl/worksheets/sheet1.xml", &sheet)]);
        assert_eq!(blocks.concat().matches('港').count(), 10_000);
    }
}
