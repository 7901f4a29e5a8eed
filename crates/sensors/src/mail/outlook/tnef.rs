//! `winmail.dat` (MS-OXTNEF): the item that Outlook wraps in one attachment where it sends rich text. Its properties are
//! those of a `.msg`, in one stream.
//!
//! You may rely on: at most [`ATTRIBUTES`] attributes and as many properties; what is cut short gives what came before.
//! Left out: named properties' names, values of many, checksums.

use super::item::{Item, LEVELS, MANY};

/// The first bytes.
pub const MAGIC: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];
/// Attributes of a stream, and properties of a list.
const ATTRIBUTES: usize = 4 * MANY;

/// attAttachRenddata: an attachment begins.
const BEGIN: u16 = 0x9002;
/// Attributes and the properties they stand for: attSubject, attBody, attMessageID; attAttachTitle, attAttachData.
const TEXTS: [(u16, u16); 3] = [(0x8004, 0x0037), (0x800c, 0x1000), (0x8009, 0x1035)];

/// Bytes from the front.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (some, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(some)
    }

    fn long(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A value that is filled up to four bytes.
    fn padded(&mut self, n: usize) -> Option<&'b [u8]> {
        let value = self.take(n)?;
        self.take(n.next_multiple_of(4) - n)?;
        Some(value)
    }
}

/// Reads a stream; none where it is none.
pub fn read(bytes: &[u8], level: u32) -> Option<Item> {
    let mut rest = Bytes(bytes.strip_prefix(&MAGIC)?);
    rest.take(2)?;
    if level >= LEVELS {
        return None;
    }
    let (mut item, mut attachments) = (Vec::new(), Vec::<Attached>::new());
    for _ in 0..ATTRIBUTES {
        let Some((name, data)) = attribute(&mut rest) else { break };
        // Some programs leave out where the first one begins.
        let begins = name == BEGIN || attachments.is_empty() && matches!(name, 0x8010 | 0x800f | 0x9005);
        if begins && attachments.len() < MANY {
            attachments.push(Attached::default());
        }
        match (name, attachments.last_mut()) {
            (0x8010, Some(a)) => a.values.push((0x3704, 0x001e, data.to_vec())),
            (0x800f, Some(a)) => a.values.push((0x3701, 0x0102, data.to_vec())),
            (0x9005, Some(a)) => {
                let (mut values, inner) = properties(data, level);
                // What the list says goes before the older attributes.
                values.append(&mut a.values);
                (a.values, a.item) = (values, inner.or(a.item.take()));
            }
            (0x9003, _) => item.splice(0..0, properties(data, level).0).for_each(drop),
            (name, _) => {
                let known = TEXTS.iter().find(|(n, _)| *n == name);
                item.extend(known.map(|(_, id)| (*id, 0x001e, data.to_vec())));
            }
        }
    }
    let mut item = Item::of(once(item));
    for attached in attachments {
        let mut attachment = Item::of(once(attached.values));
        attachment.item = attached.item.map(Box::new);
        item.attachments.push(attachment);
    }
    Some(item)
}

#[derive(Default)]
struct Attached {
    values: Vec<Value>,
    item: Option<Item>,
}

/// Id, type and bytes of a property.
type Value = (u16, u16, Vec<u8>);

/// Of several values of one property the first.
fn once(values: Vec<Value>) -> impl Iterator<Item = Value> {
    values.into_iter().rev()
}

/// Level, name, type, length, value, checksum.
fn attribute<'b>(rest: &mut Bytes<'b>) -> Option<(u16, &'b [u8])> {
    rest.take(1)?;
    let name = rest.long()? as u16;
    let length = rest.long()? as usize;
    // The last one may be cut short.
    let data = rest.take(length.min(rest.0.len()))?;
    rest.take(2.min(rest.0.len()))?;
    Some((name, data))
}

/// A list of properties, and the item that one of them is.
fn properties(data: &[u8], level: u32) -> (Vec<Value>, Option<Item>) {
    let (mut values, mut inner) = (Vec::new(), None);
    let mut rest = Bytes(data);
    let count = rest.long().unwrap_or(0) as usize;
    for _ in 0..count.min(ATTRIBUTES) {
        let Some((id, kind, value)) = property(&mut rest) else { break };
        // The class of an object stands before it.
        if id == 0x3701
            && kind == 0x000d
            && let Some(item) = value.get(16..).and_then(|v| read(v, level + 1))
        {
            inner = Some(item);
        } else {
            values.push((id, if kind == 0x000d { 0x0102 } else { kind }, value.to_vec()));
        }
    }
    (values, inner)
}

fn property<'b>(rest: &mut Bytes<'b>) -> Option<(u16, u16, &'b [u8])> {
    let tag = rest.long()?;
    let (kind, id) = (tag as u16, (tag >> 16) as u16);
    if id >= 0x8000 {
        // A named one: a class, then a number or a text.
        rest.take(16)?;
        if rest.long()? == 0 {
            rest.long()?;
        } else {
            let length = rest.long()? as usize;
            rest.padded(length)?;
        }
    }
    let many = kind & 0x1000 != 0;
    let fixed = match kind & 0xfff {
        0x0002 | 0x000b => Some(2),
        0x0003 | 0x0004 | 0x000a => Some(4),
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => Some(8),
        0x0048 => Some(16),
        0x000d | 0x001e | 0x001f | 0x0102 => None,
        _ => return None,
    };
    let count = if many || fixed.is_none() { rest.long()? as usize } else { 1 };
    let mut first = None;
    for _ in 0..count.min(ATTRIBUTES) {
        let length = match fixed {
            Some(n) => n,
            None => rest.long()? as usize,
        };
        let value = rest.padded(length)?;
        first = first.or(Some(value));
    }
    Some((id, kind & 0xfff, first.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(level: u8, name: u16, data: &[u8]) -> Vec<u8> {
        let sum = data.iter().fold(0u16, |sum, b| sum.wrapping_add(u16::from(*b)));
        let head = [&[level][..], &name.to_le_bytes(), &[1, 0], &(data.len() as u32).to_le_bytes()].concat();
        [&head, data, &sum.to_le_bytes()].concat()
    }

    fn text(tag: u32, value: &[u8]) -> Vec<u8> {
        let mut out = [tag.to_le_bytes(), 1u32.to_le_bytes(), (value.len() as u32).to_le_bytes()].concat();
        out.extend_from_slice(value);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }

    fn stream(attributes: &[Vec<u8>]) -> Vec<u8> {
        [&MAGIC[..], &[1, 0], &attributes.concat()].concat()
    }

    #[test]
    fn an_item_its_files_and_the_item_within_are_read() {
        let inner = stream(&[attribute(1, 0x8004, b"inner\0")]);
        let object = [&[0u8; 16][..], &inner].concat();
        let list = [&1u32.to_le_bytes()[..], &text(0x3701_000d, &object)].concat();
        let bytes = stream(&[
            attribute(1, 0x8004, b"Facture\0"),
            attribute(1, 0x9003, &[&1u32.to_le_bytes()[..], &text(0x1000_001e, b"the text\0")].concat()),
            attribute(2, BEGIN, &[0; 14]),
            attribute(2, 0x8010, b"facture.exe\0"),
            attribute(2, 0x800f, b"MZ"),
            attribute(2, BEGIN, &[0; 14]),
            attribute(2, 0x9005, &list),
        ]);
        let item = read(&bytes, 0).expect("an item");
        assert_eq!((item.text(0x0037).as_deref(), item.text(0x1000).as_deref()), (Some("Facture"), Some("the text")));
        assert_eq!(item.attachments[0].text(0x3704).as_deref(), Some("facture.exe"));
        assert_eq!(item.attachments[0].bytes(0x3701), Some(&b"MZ"[..]));
        let within = item.attachments[1].item.as_ref().expect("an item within");
        assert_eq!(within.text(0x0037).as_deref(), Some("inner"));
        for cut in 0..bytes.len() {
            let _ = read(&bytes[..cut], 0);
        }
        assert!(read(b"nothing", 0).is_none() && read(&bytes, LEVELS).is_none());
    }
}
