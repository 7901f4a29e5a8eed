//! What one chunk of a file says, before it meets the table: rows of hashed cells, made on any thread.

use super::columns::{By, Columns, Role};
use super::objects::objects;
use super::stamp::stamp;
use super::table::UNKNOWN;
use super::{Options, intern::Key};
use crate::posts::damage;
use foldhash::fast::RandomState;
use std::hash::BuildHasher;
use std::ops::Range;

/// The longest id of an account or a post; what is longer is none.
const ID_MAX: usize = 4096;

/// Why a record was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nobody.
    NoAccount,
    /// No post, although there is a column for it.
    NoContent,
    /// No time at all.
    NoTime,
    /// Something else where the time should be.
    BadTime,
    /// An id longer than [`ID_MAX`].
    LongId,
    /// More cells than the header has.
    Ragged,
    /// A quoted cell that does not end within a record's room.
    Quote,
    /// No JSON object.
    Json,
    /// More objects than are kept of one post.
    Objects,
    /// A civil time without a zone: read as UTC.
    Zoneless,
    /// Nobody, where texts are compared.
    OwnAccount,
    /// No time, where texts are compared.
    Timeless,
    /// No more room for ids.
    Full,
}

impl Fault {
    /// In words.
    pub fn reason(self) -> &'static str {
        match self {
            Fault::NoAccount => damage::NO_ACCOUNT,
            Fault::NoContent => damage::NO_ID,
            Fault::NoTime => "no time",
            Fault::BadTime => "no time that can be read",
            Fault::LongId => "id longer than 4 KiB",
            Fault::Ragged => damage::RAGGED,
            Fault::Quote => damage::QUOTE,
            Fault::Json => damage::NO_JSON,
            Fault::Objects => "more than 255 objects in one post: the rest left out",
            Fault::Zoneless => damage::ZONELESS,
            Fault::OwnAccount => "no account: the post stands for one",
            Fault::Timeless => "no time that can be read: compared all the same",
            Fault::Full => "no more room for ids",
        }
    }
}

/// Whether a record says whose it is and which post.
pub fn ids(account: &[u8], content: &[u8], has_content: bool) -> Result<(), Fault> {
    match () {
        () if account.is_empty() => Err(Fault::NoAccount),
        () if content.is_empty() && has_content => Err(Fault::NoContent),
        () if account.len() > ID_MAX || content.len() > ID_MAX => Err(Fault::LongId),
        () => Ok(()),
    }
}

/// A piece of scratch with its hash.
#[derive(Clone, Copy, Default)]
pub struct Cell {
    at: u32,
    len: u32,
    hash: u64,
}

/// One post.
pub struct Row {
    pub account: Cell,
    /// None where the file has no column for it.
    pub content: Option<Cell>,
    pub time: i64,
    pub objects: Range<u32>,
    pub text: Option<Cell>,
    /// Where the record stands in its chunk, and on which of its lines (from 0).
    pub start: u32,
    pub len: u32,
    pub line: u32,
}

/// What one chunk says.
#[derive(Default)]
pub struct Parsed {
    scratch: Vec<u8>,
    pub rows: Vec<Row>,
    objects: Vec<Cell>,
    /// What was not read: why, where in the chunk, on which line of it.
    pub damage: Vec<(Fault, u32, u32)>,
    /// Line ends in the chunk.
    pub lines: u64,
}

impl Parsed {
    /// The bytes of a cell with their hash.
    pub fn key(&self, cell: Cell) -> Key<'_> {
        let start = cell.at as usize;
        Key { bytes: self.scratch.get(start..start + cell.len as usize).unwrap_or_default(), hash: cell.hash }
    }

    /// The objects of a row.
    pub fn objects(&self, row: &Row) -> impl Iterator<Item = Key<'_>> {
        self.objects[row.objects.start as usize..row.objects.end as usize].iter().map(|c| self.key(*c))
    }

    /// Empties it for the next chunk, keeping its room.
    pub fn clear(&mut self) {
        self.scratch.clear();
        self.rows.clear();
        self.objects.clear();
        self.damage.clear();
        self.lines = 0;
    }
}

/// Which cells of a record are wanted, and for what.
#[derive(Clone)]
pub struct Wanted {
    /// The roles wanted, account, content and time first.
    roles: Vec<Role>,
    /// For each column of the file, its place in `roles`; [`NONE`] for the others.
    slots: Vec<u8>,
    /// Whether posts have ids of their own.
    has_content: bool,
    has_account: bool,
    /// Posts without account, id or time are taken as well.
    lenient: bool,
    by: By,
    /// The place among the wanted of what is shared, and whether it is a column of its own.
    object: Option<(usize, bool)>,
    repost: Option<usize>,
    text: Option<usize>,
    hasher: RandomState,
}

/// Not wanted.
pub const NONE: u8 = u8::MAX;

/// Cells of one record: at most one for each role.
pub const CELLS: usize = 8;

impl Wanted {
    /// What these options want of these columns; none where nobody or no time is told, or nothing to join by.
    pub fn new(options: &Options, columns: &Columns, width: usize, hasher: RandomState) -> Option<Wanted> {
        let has = |role: Role| columns.get(role).is_some();
        let source = options.by.roles().iter().copied().find(|r| has(*r));
        // A text can be compared whoever wrote it whenever.
        let lenient = options.texts && has(Role::Text);
        if !lenient && (!has(Role::Account) || !has(Role::Timestamp) || source.is_none()) {
            return None;
        }
        let mut roles = vec![Role::Account, Role::Content, Role::Timestamp];
        let mut place = |role: Role| {
            roles.iter().position(|r| *r == role).unwrap_or_else(|| {
                roles.push(role);
                roles.len() - 1
            })
        };
        let object = source.map(|role| (place(role), role != Role::Text));
        let links = matches!(options.by, By::Url | By::Domain) && has(Role::Repost);
        let repost = links.then(|| place(Role::Repost));
        let text = (options.texts && has(Role::Text)).then(|| place(Role::Text));
        let mut slots = vec![NONE; width];
        for (slot, role) in roles.iter().enumerate() {
            if let Some(cell) = columns.get(*role).and_then(|at| slots.get_mut(at)) {
                *cell = slot as u8;
            }
        }
        let has_account = has(Role::Account);
        Some(Wanted {
            slots,
            has_content: has(Role::Content),
            has_account,
            lenient,
            by: options.by,
            object,
            repost,
            text,
            roles,
            hasher,
        })
    }

    /// The place among the wanted of a column.
    pub fn slot(&self, column: usize) -> u8 {
        self.slots.get(column).copied().unwrap_or(NONE)
    }

    /// How many columns the file has.
    pub fn width(&self) -> usize {
        self.slots.len()
    }

    /// The wanted roles in their places.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// Puts one record into `out`. `cells` are in the order of [`Wanted::roles`]; `start`, `len` and `line` say where.
    pub fn push(&self, cells: &[&[u8]; CELLS], start: u32, len: u32, line: u32, out: &mut Parsed) {
        let damage = match self.row(cells, start, len, line, out) {
            Ok(()) => return,
            Err(damage) => damage,
        };
        out.damage.push((damage, start, line));
    }

    fn row(&self, cells: &[&[u8]; CELLS], start: u32, len: u32, line: u32, out: &mut Parsed) -> Result<(), Fault> {
        let [account, content, time, ..] = *cells;
        if !self.lenient {
            ids(account, content, self.has_content)?;
        } else if account.len() > ID_MAX || content.len() > ID_MAX {
            return Err(Fault::LongId);
        }
        let time = match stamp(time) {
            Some(stamp) => {
                out.damage.extend(stamp.zoneless.then_some((Fault::Zoneless, start, line)));
                stamp.time
            }
            None if self.lenient => {
                out.damage.extend((!time.is_empty()).then_some((Fault::Timeless, start, line)));
                UNKNOWN
            }
            None if time.trim_ascii().is_empty() => return Err(Fault::NoTime),
            None => return Err(Fault::BadTime),
        };
        if account.is_empty() && self.has_account {
            out.damage.push((Fault::OwnAccount, start, line));
        }
        let account = self.keep(account, out);
        let content = (self.has_content && !content.is_empty()).then(|| self.keep(content, out));
        let text = self.text.map(|slot| self.keep(cells[slot], out));
        let first = out.objects.len() as u32;
        let reposts = self.repost.is_some_and(|slot| !cells[slot].is_empty());
        let whole = matches!(self.by, By::Object | By::Repost | By::Reply | By::Image);
        match self.object.filter(|_| !reposts) {
            None => {}
            Some((slot, _)) if cells[slot].is_empty() || self.by == By::Text => {}
            Some((slot, _)) if whole => {
                let cell = self.keep(cells[slot], out);
                out.objects.push(cell);
            }
            Some((slot, listed)) => {
                let mut ranges = Vec::new();
                objects(self.by, cells[slot], listed, &mut out.scratch, &mut ranges);
                for range in ranges {
                    let hash = self.hasher.hash_one(&out.scratch[range.clone()]);
                    out.objects.push(Cell { at: range.start as u32, len: range.len() as u32, hash });
                }
            }
        }
        let objects = first..out.objects.len() as u32;
        out.rows.push(Row { account, content, time: time.0, objects, text, start, len, line });
        Ok(())
    }

    fn keep(&self, bytes: &[u8], out: &mut Parsed) -> Cell {
        let at = out.scratch.len() as u32;
        out.scratch.extend_from_slice(bytes);
        Cell { at, len: bytes.len() as u32, hash: self.hasher.hash_one(bytes) }
    }
}
