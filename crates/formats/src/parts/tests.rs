use super::*;
use std::io::Write;

/// An archive of stored members.
fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in members {
        let (at, n, size) = (out.len() as u32, name.len() as u16, (text.len() as u32).to_le_bytes());
        let mut both = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        both.extend([[0; 4], size, size].concat());
        both.extend(n.to_le_bytes());
        both.extend([0, 0]);
        let _ = out.write_all(&[b"PK\x03\x04", &both[..], name.as_bytes(), text.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\x00", &both[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (count, start, size) = (members.len() as u16, out.len() as u32, directory.len() as u32);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([size.to_le_bytes(), start.to_le_bytes()].concat());
    out.extend([0, 0]);
    out
}

fn parts(members: &[(&str, &str)]) -> Parts {
    read(&archive(members), &Meter::default()).expect("a document")
}

#[test]
fn the_same_text_comes_out_of_word_and_of_open_document() {
    let word = "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Pay </w:t></w:r><w:r><w:t>30&#233;&amp;</w:t></w:r>\
        <w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p><w:p/><w:p><w:r><w:t>by</w:t><w:tab/><w:t>May</w:t></w:r>\
        <mc:Fallback><w:t>twice</w:t></mc:Fallback></w:p></w:body></w:document>";
    let open = "<office:document-content><office:body><office:text><text:tracked-changes><text:p>gone</text:p>\
        </text:tracked-changes><text:p>Pay <text:span>30é</text:span>&amp;</text:p><text:p/><text:h>by<text:tab/>May\
        </text:h></office:text></office:body></office:document-content>";
    let word = parts(&[("[Content_Types].xml", ""), ("word/document.xml", word), ("word/media/a.png", "png")]);
    let open = parts(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", open)]);
    assert_eq!(word.paragraphs, ["Pay 30é&", "by May"]);
    assert_eq!(word.paragraphs, open.paragraphs);
    assert_eq!(word.attachments, [("word/media/a.png".to_string(), b"png".to_vec())]);
    assert!(!word.cut && !open.cut);
}

#[test]
fn the_same_cells_come_out_of_both_kinds_of_sheets() {
    let book = "<workbook><sheets><sheet name='Budget' r:id='rId1'/></sheets></workbook>";
    let leads = "<Relationships><Relationship Id='rId1' Target='worksheets/s.xml'/></Relationships>";
    let sheet = "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1'><v>0.10000000000000001</v></c></row>\
        </sheetData></worksheet>";
    let strings = "<sst><si><r><t>Ren</t></r><r><t>t</t></r></si></sst>";
    let excel = parts(&[
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", leads),
        ("xl/worksheets/s.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ]);
    let open = "<office:spreadsheet><table:table table:name='Budget'><table:table-row><table:table-cell><text:p>Rent</text:p>\
        </table:table-cell><table:table-cell/><table:table-cell office:value-type='float' office:value='0.1'><text:p>10 %\
        </text:p></table:table-cell><table:table-cell table:number-columns-repeated='16000'/></table:table-row>\
        </table:table></office:spreadsheet>";
    let open = parts(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", open)]);
    assert_eq!(excel.paragraphs, ["Rent\t\t0.1"]);
    assert_eq!((&excel.paragraphs, &excel.sheets), (&open.paragraphs, &open.sheets));
    assert_eq!(excel.sheets, [("Budget".to_string(), 0..1)]);
}

#[test]
fn hostile_documents_cost_what_they_are() {
    let deep = format!("<w:document>{}", "<w:p>".repeat(100_000));
    assert!(parts(&[("[Content_Types].xml", ""), ("word/document.xml", &deep)]).cut);
    let entities =
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><w:document><w:p><w:t>&b;</w:t></w:p></w:document>";
    let read = parts(&[("[Content_Types].xml", ""), ("word/document.xml", entities)]);
    assert!(read.text().len() < 8);
    let many = format!("<w:document>{}", "<w:p><w:t>a</w:t></w:p>".repeat(PARAGRAPHS + 1));
    let read = parts(&[("[Content_Types].xml", ""), ("word/document.xml", &many)]);
    assert!(read.cut && read.paragraphs.len() == PARAGRAPHS);
    let whole = archive(&[("word/document.xml", &many)]);
    (0..whole.len().min(400)).for_each(|cut| drop(super::read(&whole[..cut], &Meter::default())));
}
