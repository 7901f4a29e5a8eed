//! Binary XML: templates with slots, and what fills them.
//!
//! A template is read once for each block and kept; an instance is filled in. Recursion is bounded by [`DEPTH`], what one
//! record may give by [`NODES`], and what a block may cost by the work that its reader is lent: every element and every piece of
//! text is paid for where it is read and where it is filled in, so that no few bytes ask for much.

use super::Element;
use super::value::{self, Value};
use std::collections::HashMap;
use std::rc::Rc;

/// Levels of elements, and of binary XML within binary XML.
const DEPTH: usize = 32;
/// Elements, attributes and slots of one record, with those of its templates that it is the first to name.
const NODES: usize = 20_000;
/// Values of one instance.
const VALUES: usize = 4096;
/// Bytes of text that cost as much as an element.
const TEXT: usize = 64;
/// Characters of a name.
const LONGEST: usize = 256;

type Answer<T> = Result<T, &'static str>;

const CUT: &str = "record that ends within itself";
const TOKEN: &str = "record with an unknown token of binary XML";
const DEEP: &str = "record nested too deep or too large";
const NAME: &str = "record whose name or template lies outside its block";
const COSTLY: &str = "record of a block whose templates ask for more than honest ones do";

/// What stands in a template, or in a fragment without one.
#[derive(Debug)]
enum Node {
    Element(Rc<str>, Vec<(Rc<str>, Vec<Node>)>, Vec<Node>),
    Text(String),
    Slot(usize),
    Instance(Rc<Vec<Node>>, Rc<Vec<Held>>),
}

/// A value where it lies in the block.
#[derive(Clone, Copy, Debug)]
struct Held {
    kind: u8,
    start: usize,
    end: usize,
}

/// Reads the records of one block.
pub struct Reader<'b> {
    bytes: &'b [u8],
    names: HashMap<usize, (Rc<str>, usize)>,
    /// Those that cannot be read, with the reason: no record pays for them again.
    templates: HashMap<usize, Answer<Rc<Vec<Node>>>>,
    /// What the record that is being read may still cost, and the block.
    left: usize,
    pub work: usize,
}

/// A way through the bytes of a record.
struct Cursor {
    at: usize,
    end: usize,
    /// Elements of templates have a number more.
    templated: bool,
}

impl<'b> Reader<'b> {
    /// Of a block, and what reading it may cost.
    pub fn new(bytes: &'b [u8], work: usize) -> Reader<'b> {
        Reader { bytes, names: HashMap::new(), templates: HashMap::new(), left: 0, work }
    }

    /// Pays for elements, attributes, slots.
    fn spend(&mut self, nodes: usize) -> Answer<()> {
        self.work = self.work.checked_sub(nodes).ok_or(COSTLY)?;
        self.left = self.left.checked_sub(nodes).ok_or(DEEP)?;
        Ok(())
    }

    /// Pays for bytes of text.
    fn spend_text(&mut self, bytes: usize) -> Answer<()> {
        self.spend(bytes / TEXT)
    }

    /// What a record says that lies there.
    pub fn record(&mut self, at: usize, end: usize) -> Answer<Element> {
        self.left = NODES;
        let fragment = self.fragment(at, end, false, 0)?;
        let mut out = Element::default();
        self.fill(&fragment, &[], &mut out, 0)?;
        let root = if out.children.is_empty() { None } else { Some(out.children.swap_remove(0)) };
        root.ok_or("record without an element")
    }

    fn fragment(&mut self, at: usize, end: usize, templated: bool, depth: usize) -> Answer<Vec<Node>> {
        self.content(&mut Cursor { at, end: end.min(self.bytes.len()), templated }, depth)
    }

    fn take<const N: usize>(&self, cursor: &mut Cursor) -> Answer<[u8; N]> {
        let end = cursor.at.checked_add(N).filter(|e| *e <= cursor.end).ok_or(CUT)?;
        let taken = self.bytes[cursor.at..end].try_into().map_err(|_| CUT)?;
        cursor.at = end;
        Ok(taken)
    }

    fn byte(&self, cursor: &mut Cursor) -> Answer<u8> {
        Ok(self.take::<1>(cursor)?[0])
    }

    fn short(&self, cursor: &mut Cursor) -> Answer<usize> {
        Ok(usize::from(u16::from_le_bytes(self.take(cursor)?)))
    }

    fn number(&self, cursor: &mut Cursor) -> Answer<usize> {
        Ok(u32::from_le_bytes(self.take(cursor)?) as usize)
    }

    /// Text behind its length in characters.
    fn text(&mut self, cursor: &mut Cursor) -> Answer<String> {
        let len = 2 * self.short(cursor)?;
        self.spend_text(len)?;
        let end = cursor.at.checked_add(len).filter(|e| *e <= cursor.end).ok_or(CUT)?;
        let text = value::utf16(&self.bytes[cursor.at..end]);
        cursor.at = end;
        Ok(text)
    }

    /// A name, which stands here or somewhere before in the block.
    fn name(&mut self, cursor: &mut Cursor) -> Answer<Rc<str>> {
        let offset = self.number(cursor)?;
        let (name, end) = match self.names.get(&offset) {
            Some((name, end)) => (name.clone(), *end),
            None => {
                let mut there = Cursor { at: offset, end: self.bytes.len(), templated: false };
                self.take::<6>(&mut there).map_err(|_| NAME)?;
                let mut ahead = Cursor { ..there };
                if self.short(&mut ahead).map_err(|_| NAME)? > LONGEST {
                    return Err(NAME);
                }
                let text = self.text(&mut there).map_err(|e| if e == CUT { NAME } else { e })?;
                let name: Rc<str> = text.rsplit(':').next().unwrap_or(&text).into();
                // A nought ends it.
                let end = there.at + 2;
                self.names.insert(offset, (name.clone(), end));
                (name, end)
            }
        };
        if offset == cursor.at {
            cursor.at = end;
        }
        Ok(name)
    }

    fn content(&mut self, cursor: &mut Cursor, depth: usize) -> Answer<Vec<Node>> {
        if depth > DEPTH {
            return Err(DEEP);
        }
        let mut all = Vec::new();
        while cursor.at < cursor.end {
            self.spend(1)?;
            match self.byte(cursor)? {
                0x00 | 0x04 => return Ok(all),
                token @ (0x01 | 0x41) => all.push(self.element(cursor, token == 0x41, depth)?),
                0x05 | 0x45 => {
                    // The type is always text.
                    self.byte(cursor)?;
                    all.push(Node::Text(self.text(cursor)?));
                }
                0x07 | 0x47 => all.push(Node::Text(self.text(cursor)?)),
                0x08 | 0x48 => {
                    let c = self.short(cursor)? as u32;
                    all.push(Node::Text(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER).into()));
                }
                0x09 | 0x49 => {
                    let name = self.name(cursor)?;
                    all.push(Node::Text(entity(&name).into()));
                }
                0x0a => drop(self.name(cursor)?),
                0x0b => drop(self.text(cursor)?),
                0x0c => all.push(self.instance(cursor, depth)?),
                0x0d | 0x0e => {
                    let slot = self.short(cursor)?;
                    self.byte(cursor)?;
                    all.push(Node::Slot(slot));
                }
                0x0f => drop(self.take::<3>(cursor)?),
                _ => return Err(TOKEN),
            }
        }
        Ok(all)
    }

    fn element(&mut self, cursor: &mut Cursor, has_attributes: bool, depth: usize) -> Answer<Node> {
        if depth > DEPTH {
            return Err(DEEP);
        }
        if cursor.templated {
            self.short(cursor)?;
        }
        self.number(cursor)?;
        let name = self.name(cursor)?;
        let mut attributes = Vec::new();
        if has_attributes {
            self.number(cursor)?;
            while let Some(0x06 | 0x46) = self.bytes.get(cursor.at) {
                self.spend(1)?;
                cursor.at += 1;
                let name = self.name(cursor)?;
                attributes.push((name, self.attribute(cursor)?));
            }
        }
        match self.byte(cursor)? {
            0x02 => Ok(Node::Element(name, attributes, self.content(cursor, depth + 1)?)),
            0x03 => Ok(Node::Element(name, attributes, Vec::new())),
            _ => Err(TOKEN),
        }
    }

    /// What stands in an attribute: text, entities and slots.
    fn attribute(&mut self, cursor: &mut Cursor) -> Answer<Vec<Node>> {
        let mut all = Vec::new();
        loop {
            self.spend(1)?;
            let token = *self.bytes.get(cursor.at).ok_or(CUT)?;
            if !matches!(token, 0x05 | 0x45 | 0x07..=0x09 | 0x47..=0x49 | 0x0d | 0x0e) {
                return Ok(all);
            }
            cursor.at += 1;
            all.push(match token {
                0x05 | 0x45 => {
                    self.byte(cursor)?;
                    Node::Text(self.text(cursor)?)
                }
                0x07 | 0x47 => Node::Text(self.text(cursor)?),
                0x08 | 0x48 => {
                    let c = self.short(cursor)? as u32;
                    Node::Text(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER).into())
                }
                0x09 | 0x49 => Node::Text(entity(&self.name(cursor)?).into()),
                _ => {
                    let slot = self.short(cursor)?;
                    self.byte(cursor)?;
                    Node::Slot(slot)
                }
            });
        }
    }

    fn instance(&mut self, cursor: &mut Cursor, depth: usize) -> Answer<Node> {
        self.byte(cursor)?;
        self.number(cursor)?;
        let offset = self.number(cursor)?;
        let size = |at: usize| {
            let bytes = self.bytes.get(at.checked_add(20)?..at.checked_add(24)?)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
        };
        let size = size(offset).ok_or(NAME)?;
        let begin = offset + 24;
        let end = begin.checked_add(size).filter(|e| *e <= self.bytes.len()).ok_or(NAME)?;
        if offset == cursor.at {
            cursor.at = end;
        }
        let template = match self.templates.get(&offset) {
            Some(template) => template.clone()?,
            None => {
                let template = self.fragment(begin, end, true, depth + 1).map(Rc::new);
                // What was too much for this record's rest may be read for another, and is paid for again; one that holds
                // itself is met at the deepest level and refused there.
                if !matches!(template, Err(DEEP | COSTLY)) {
                    self.templates.insert(offset, template.clone());
                }
                template?
            }
        };
        let count = self.number(cursor)?;
        if count > VALUES {
            return Err(DEEP);
        }
        self.spend(count)?;
        let mut kinds = Vec::with_capacity(count);
        for _ in 0..count {
            let [low, high, kind, _] = self.take(cursor)?;
            kinds.push((usize::from(u16::from_le_bytes([low, high])), kind));
        }
        let mut values = Vec::with_capacity(count);
        for (size, kind) in kinds {
            let end = cursor.at.checked_add(size).filter(|e| *e <= cursor.end).ok_or(CUT)?;
            values.push(Held { kind, start: cursor.at, end });
            cursor.at = end;
        }
        Ok(Node::Instance(template, Rc::new(values)))
    }

    /// Fills nodes into an element.
    fn fill(&mut self, nodes: &[Node], values: &[Held], out: &mut Element, depth: usize) -> Answer<()> {
        if depth > DEPTH {
            return Err(DEEP);
        }
        for node in nodes {
            self.spend(1)?;
            match node {
                Node::Text(text) => {
                    self.spend_text(text.len())?;
                    out.text.push_str(text);
                    out.has_value = true;
                }
                Node::Slot(slot) => {
                    let Some(held) = values.get(*slot).copied() else { continue };
                    match self.value(held)? {
                        Value::None => {}
                        Value::Text(text) => {
                            out.text.push_str(&text);
                            out.has_value = true;
                        }
                        Value::Texts(all) => {
                            self.spend(all.len())?;
                            out.text.push_str(&all.join(", "));
                            out.has_value = true;
                        }
                        Value::Xml => {
                            let inner = self.fragment(held.start, held.end, false, depth + 1)?;
                            self.fill(&inner, &[], out, depth + 1)?;
                        }
                    }
                }
                Node::Instance(template, values) => self.fill(template, values, out, depth + 1)?,
                Node::Element(name, attributes, content) => {
                    let mut element = Element { name: name.clone(), ..Element::default() };
                    for (name, content) in attributes {
                        let mut text = Element::default();
                        self.fill(content, values, &mut text, depth + 1)?;
                        if text.has_value {
                            element.attributes.push((name.clone(), text.text));
                        }
                    }
                    // A list in an element of its own is one element for each member, as Windows writes it.
                    if let [Node::Slot(slot)] = &content[..]
                        && let Some(held) = values.get(*slot).copied()
                        && let Value::Texts(all) = self.value(held)?
                    {
                        // Its attributes stand at each of them.
                        let more: usize = element.attributes.iter().map(|(_, text)| 1 + text.len() / TEXT).sum();
                        self.spend(all.len().saturating_mul(1 + more))?;
                        let each = all.into_iter().map(|text| Element { text, has_value: true, ..element.clone() });
                        out.children.extend(each);
                        continue;
                    }
                    self.fill(content, values, &mut element, depth + 1)?;
                    out.children.push(element);
                }
            }
        }
        Ok(())
    }

    fn value(&mut self, held: Held) -> Answer<Value> {
        // What it becomes may be longer, by no more than a few times.
        self.spend_text(held.end.saturating_sub(held.start))?;
        Ok(value::read(held.kind, self.bytes.get(held.start..held.end).ok_or(CUT)?))
    }
}

/// What an entity stands for.
fn entity(name: &str) -> &str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        other => other,
    }
}
