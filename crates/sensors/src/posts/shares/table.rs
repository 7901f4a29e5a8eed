//! The table: who shared what, in which post, when. Columns of numbers, one row a post, its objects side by side.

use super::intern::{Interner, Key};
use foldhash::fast::RandomState;
use model::Time;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// Objects of one post that are kept.
pub const OBJECTS_MAX: usize = 255;

/// The time of a post whose time is not known: later than all others, so that of a post that comes again a time counts.
pub const UNKNOWN: Time = Time(i64::MAX);

/// Where a post stands: which file, and the bytes of its record in the file's last step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The file, by its number in [`Shares::files`].
    pub file: u32,
    /// First byte.
    pub start: u64,
    /// Bytes.
    pub len: u32,
    /// Line, counted from 1.
    pub line: u64,
}

/// One record on its way into the table.
pub struct Record<'a, O> {
    /// Who.
    pub account: Key<'a>,
    /// Which post.
    pub post: Key<'a>,
    /// When.
    pub time: Time,
    /// What it shares: links, a reposted post, …; may be nothing.
    pub objects: O,
    /// What it says, where texts are kept.
    pub text: Option<Key<'a>>,
    /// Where it stands, where places are kept.
    pub place: Place,
}

/// Posts and the objects they share. A post that comes again counts once, as it was at its earliest; of equal times,
/// as it came first.
#[derive(Clone, Debug, Default)]
pub struct Shares {
    hasher: RandomState,
    /// Accounts by number.
    pub accounts: Interner,
    /// Objects by number.
    pub objects: Interner,
    /// Posts by number: the index of every column below; empty where they were known apart ([`Shares::numbered`]).
    pub posts: Interner,
    /// Texts by number; empty unless they were asked for.
    pub texts: Interner,
    /// Files by number.
    pub files: Vec<String>,
    /// Records that repeated a post.
    pub repeated: u64,
    account: Vec<u32>,
    time: Vec<i64>,
    begin: Vec<u32>,
    count: Vec<u8>,
    shared: Vec<u32>,
    text: Vec<u32>,
    place: Vec<Place>,
    keeps_places: bool,
}

impl Shares {
    /// An empty table; `places` says whether to remember where each post stands (24 bytes a post).
    pub fn new(places: bool) -> Shares {
        Shares { keeps_places: places, ..Shares::default() }
    }

    /// Posts that are known apart already, each with the number of its account among these and its time. They share nothing
    /// until each is given what it shares, in their order.
    pub fn numbered(hasher: RandomState, accounts: Interner, account: Vec<u32>, time: Vec<i64>) -> Shares {
        let posts = account.len();
        Shares {
            hasher,
            accounts,
            account,
            time,
            begin: Vec::with_capacity(posts),
            count: Vec::with_capacity(posts),
            ..Shares::default()
        }
    }

    /// Gives the next post what it shares, by numbers of [`Shares::objects`].
    pub fn give(&mut self, objects: impl Iterator<Item = u32>) {
        let begin = self.shared.len();
        self.shared.extend(objects.take(OBJECTS_MAX));
        self.begin.push(begin as u32);
        self.count.push((self.shared.len() - begin) as u8);
    }

    /// The number of an object, given now if it is new.
    pub fn object(&mut self, name: &[u8]) -> Option<u32> {
        let key = self.key(name);
        self.objects.intern(key, &self.hasher)
    }

    /// How often anything is shared.
    pub fn all(&self) -> usize {
        self.shared.len()
    }

    /// Hashes bytes for this table.
    pub fn key<'a>(&self, bytes: &'a [u8]) -> Key<'a> {
        Key { bytes, hash: self.hasher.hash_one(bytes) }
    }

    /// The hasher, for those who hash on other threads.
    pub fn hasher(&self) -> RandomState {
        self.hasher.clone()
    }

    /// How many posts.
    pub fn len(&self) -> usize {
        self.account.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.account.is_empty()
    }

    /// Adds a record. Returns how many of its objects were left out for want of room.
    pub fn add<'a, O: Iterator<Item = Key<'a>>>(&mut self, record: Record<'a, O>) -> Option<usize> {
        let hasher = self.hasher.clone();
        let known = self.posts.len();
        let post = self.posts.intern(record.post, &hasher)? as usize;
        if post < known {
            self.repeated += 1;
            if record.time.0 >= self.time[post] {
                return Some(0);
            }
        }
        let account = self.accounts.intern(record.account, &hasher)?;
        let begin = u32::try_from(self.shared.len()).ok()?;
        let mut left_out = 0;
        for object in record.objects {
            match self.shared.len() - begin as usize {
                OBJECTS_MAX.. => left_out += 1,
                _ => self.shared.push(self.objects.intern(object, &hasher)?),
            }
        }
        let count = (self.shared.len() - begin as usize) as u8;
        let text = match record.text {
            Some(text) => self.texts.intern(text, &hasher)?,
            None => u32::MAX,
        };
        if post == known {
            self.account.push(account);
            self.time.push(record.time.0);
            self.begin.push(begin);
            self.count.push(count);
        } else {
            self.account[post] = account;
            self.time[post] = record.time.0;
            self.begin[post] = begin;
            self.count[post] = count;
        }
        set(&mut self.text, post, text, record.text.is_some(), u32::MAX);
        set(&mut self.place, post, record.place, self.keeps_places, Place::default());
        Some(left_out)
    }

    /// Who wrote a post.
    pub fn account(&self, post: u32) -> u32 {
        self.account[post as usize]
    }

    /// When a post was written.
    pub fn time(&self, post: u32) -> Time {
        Time(self.time[post as usize])
    }

    /// What a post shares, each object once at least, in the order written.
    pub fn shared(&self, post: u32) -> &[u32] {
        let begin = self.begin[post as usize] as usize;
        &self.shared[begin..begin + self.count[post as usize] as usize]
    }

    /// What a post says: its number in [`Shares::texts`]; none where texts were not kept.
    pub fn text(&self, post: u32) -> Option<u32> {
        self.text.get(post as usize).copied().filter(|&t| t != u32::MAX)
    }

    /// Where a post stands; none where places were not kept.
    pub fn place(&self, post: u32) -> Option<Place> {
        self.place.get(post as usize).copied()
    }

    /// The accounts of all posts, by post.
    pub fn accounts_of_posts(&self) -> &[u32] {
        &self.account
    }

    /// Forgets when posts were written: for what plays no part in time. Those of unknown time are then as good as others.
    pub fn without_times(mut self) -> Shares {
        self.time.fill(0);
        self
    }

    /// Gives every post the objects that `of` names: how a kernel that finds equal things (copied text, images) hands
    /// its clusters to the network. An object is any number; equal numbers are one object.
    pub fn with_objects(mut self, mut of: impl FnMut(&Shares, u32) -> Option<u32>) -> Shares {
        let given: Vec<Option<u32>> = (0..self.len() as u32).map(|post| of(&self, post)).collect();
        self.shared = Vec::new();
        (self.begin, self.count) = (Vec::with_capacity(given.len()), Vec::with_capacity(given.len()));
        self.objects = Interner::default();
        let mut numbers: HashMap<u32, Option<u32>, RandomState> = HashMap::default();
        for object in given {
            let number =
                |object: u32| *numbers.entry(object).or_insert_with(|| self.object(object.to_string().as_bytes()));
            let number = object.and_then(number);
            self.give(number.into_iter());
        }
        self
    }
}

/// Sets a cell of a column that may not be kept at all, or not from the beginning.
fn set<T: Copy>(column: &mut Vec<T>, at: usize, value: T, keep: bool, none: T) {
    if column.len() <= at {
        if !keep {
            return;
        }
        column.resize(at + 1, none);
    }
    column[at] = value;
}
