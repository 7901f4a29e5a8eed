//! Bytes → observations of mail. Messages are judged in parallel by batch and written in order; those within others
//! are messages of their own, within one bound of work for the outermost.
//!
//! You may rely on: memory does not grow with the evidence (one batch, two samples for the profile), and no message
//! costs more than [`WORK`] bytes looked at.

use super::content::Content;
use super::content::ideas::{LEXICON, under};
use super::content::links::{HOSTS, Trait};
use super::content::nature;
use super::content::sign::{Kind, Sign, is_of_sender};
use super::forward::{self, Original};
use super::message::{Message, Role};
use super::observe::{self, Place};
use super::profile;
use super::recognise::{self, Form};
use super::setup::{self, Setup};
use super::split::{MESSAGE, Raw, Splitter};
use super::standing::Standing;
use super::{NAME_TALLY, PAIR_TALLY, authentication, batch, inside, outlook, parse, report};
use crate::domain::registrable;
use crate::input::Input;
use crate::names::met::{Met, Via};
use formats::Meter;
use model::{Address, BottomK, Context, Error, Note, Observation, Result, Sink, Skip, Span, Step, Tally, Text, Time};
use rayon::prelude::*;
use rows::mail::message::Claims;
use std::collections::BTreeMap;
use std::io::Cursor;

/// Bytes of messages judged at once.
const BATCH: usize = 4 << 20;
/// Messages judged at once.
const MANY: usize = 512;
/// Levels of messages within each other that are judged.
const LEVELS: usize = 16;
/// Bytes looked at for one message and all within it.
const WORK: usize = 96 << 20;

/// What is gathered at most.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Pairs and names of the profile of one piece of evidence.
    pub profile: usize,
    /// Messages that one holds, itself counted.
    pub within: usize,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps { profile: 50_000, within: 200 }
    }
}

/// What one message and those within it came to.
struct Yield<'s> {
    setup: &'s Setup,
    meter: &'s Meter,
    /// With the steps to what holds them, where that lies in an archive that a message brings.
    rows: Vec<(Vec<Step>, Observation)>,
    /// Names of senders and links, with the time of the message and the address that sent it.
    met: Vec<(String, Via, Option<Time>, Option<Address>)>,
    pairs: Vec<String>,
    names: Vec<String>,
    skips: Vec<Skip>,
    /// Bytes that may still be looked at.
    work: usize,
    /// Messages that may still be judged.
    left: usize,
}

impl<'s> Yield<'s> {
    fn new(setup: &'s Setup, meter: &'s Meter, caps: Caps) -> Yield<'s> {
        let (rows, met, pairs, names, skips) = Default::default();
        Yield { setup, meter, rows, met, pairs, names, skips, work: WORK, left: caps.within }
    }
}

/// Reads one piece of evidence.
pub fn read(input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
    read_with(input, context, Caps::default(), out)
}

/// Reads one piece of evidence, and gathers at most so much.
pub fn read_with(input: &mut Input, context: &Context, caps: Caps, out: &mut dyn Sink) -> Result<()> {
    let setup = setup::setup(context)?;
    let (meter, steps) = (input.meter().clone(), input.steps().to_vec());
    let mut all = Totals::new(&setup, &meter, steps, caps);
    if setup.unread > 0 {
        let reason = "line of `[mail] records` that cannot be read";
        out.skip(Skip { reason: reason.into(), count: setup.unread, first: 0, line: 0 });
    }
    match recognise::form(input.head()).map(|(form, _)| form) {
        Some(Form::Report) => {
            let (bytes, cut) = whole(input, ITEM)?;
            match report::read(&bytes).filter(|_| !cut) {
                Some(rows) => {
                    let len = bytes.len() as u64;
                    rows.skips.iter().for_each(|s| all.skip(s.clone(), 0, 0));
                    for mut row in rows.observations(None) {
                        row.spans.push(Span { start: 0, len, line: 0 });
                        out.observation(row);
                    }
                }
                None => all.skip(skip("report that cannot be read"), 0, 0),
            }
        }
        Some(Form::Store) => store(input, &mut all, out)?,
        Some(Form::Batch) => {
            let (bytes, cut) = whole(input, ITEM)?;
            if cut {
                all.skip(skip("batch of messages longer than is read"), 0, 0);
            }
            let mut messages = batch::messages(&bytes).into_iter();
            let size = bytes.len() as u64;
            batches(&mut all, out, || {
                Ok((messages.next().map(|raw| Piece { raw, folder: None, found: false }), size))
            })?;
        }
        Some(Form::Outlook) => {
            let (bytes, cut) = whole(input, ITEM)?;
            let raw = Raw { len: bytes.len() as u64, ..Raw::default() };
            let mut came = Yield::new(&setup, &meter, caps);
            if cut {
                came.skips.push(skip("Outlook item longer than is read"));
            }
            if let Some(written) = outlook::message(&bytes, &mut came.skips) {
                let span = Some(Span { start: 0, len: raw.len, line: 0 });
                let steps = [&all.steps[..], &[Step::Message(0)]].concat();
                came.message(&written, false, Place { span, steps, ..Place::default() });
            }
            all.fold(&raw, came, out);
        }
        _ => messages(input, &mut all, out)?,
    }
    if let Some(damage) = input.damage() {
        out.skip(damage.clone());
    }
    all.finish(out);
    Ok(())
}

/// All signs of one message but those of a mailbox's history, as a verdict weighs them: for measuring.
pub fn signs(bytes: &[u8], context: &Context) -> Result<Vec<Sign>> {
    let setup = setup::setup(context)?;
    let meter = Meter::default();
    let mut came = Yield::new(&setup, &meter, Caps::default());
    came.message(bytes, true, Place::default());
    let row =
        came.rows.iter().map(|(_, row)| row).find(|row| row.kind == super::MESSAGE && row.key == observe::key(bytes));
    row.map_or(Ok(Vec::new()), |row| Ok(Standing::without_history(context).signs(&Claims::of(&row.fields)?, row.first)))
}

fn skip(reason: &str) -> Skip {
    Skip { reason: reason.into(), count: 1, first: 0, line: 0 }
}

/// Bytes held of an item or a report.
const ITEM: u64 = 2 * MESSAGE as u64;

/// A file as a whole, and whether it is longer than is read.
fn whole(input: &mut Input, most: u64) -> Result<(Vec<u8>, bool)> {
    input.whole(most).map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))
}

fn messages(input: &mut Input, all: &mut Totals<'_>, out: &mut dyn Sink) -> Result<()> {
    let mut splitter = Splitter::new(input);
    batches(all, out, || {
        let raw = splitter.message()?.map(|raw| Piece { raw, folder: None, found: true });
        Ok((raw, splitter.consumed()))
    })
}

/// Bytes of a compressed store that are held to be read at all: it is not read from beginning to end.
const HELD: u64 = 256 << 20;

fn store(input: &mut Input, all: &mut Totals<'_>, out: &mut dyn Sink) -> Result<()> {
    let (source, size): (Box<dyn outlook::store::Source>, u64) = match input.file() {
        Some((file, size)) => (Box::new(file), size),
        None => {
            let (bytes, cut) = whole(input, HELD)?;
            if cut {
                all.skip(skip("compressed Outlook store longer than is read: decompress it first"), 0, 0);
                return Ok(());
            }
            let size = bytes.len() as u64;
            (Box::new(Cursor::new(bytes)), size)
        }
    };
    let mut store = match outlook::store::Store::open(source, size) {
        Ok(store) => store,
        Err(reason) => {
            all.skip(skip(reason), 0, 0);
            return Ok(());
        }
    };
    batches(all, out, || {
        let piece = store.message().map(|m| {
            let (start, len) = m.place;
            Piece { raw: Raw { bytes: m.bytes, start, len, ..Raw::default() }, folder: Some(m.folder), found: false }
        });
        Ok((piece, store.read().min(size)))
    })?;
    store.skips().into_iter().for_each(|s| all.skip(s, 0, 0));
    Ok(())
}

/// A message as it stands in evidence.
struct Piece {
    raw: Raw,
    /// The folder of a store that it lies in; such a message was written anew.
    folder: Option<String>,
    /// A step leads to it; of a store it was written anew.
    found: bool,
}

/// Judges messages by the batch; `next` gives one, and how far in the evidence it is.
fn batches(
    all: &mut Totals<'_>,
    out: &mut dyn Sink,
    mut next: impl FnMut() -> Result<(Option<Piece>, u64)>,
) -> Result<()> {
    let (setup, meter, caps, steps) = (all.setup, all.meter, all.caps, all.steps.clone());
    let judge = |piece: &Piece| judge(piece, Yield::new(setup, meter, caps), &steps);
    loop {
        let (mut batch, mut bytes, mut consumed) = (Vec::new(), 0, 0);
        while bytes < BATCH && batch.len() < MANY {
            let (piece, so_far) = next()?;
            consumed = so_far;
            let Some(piece) = piece else { break };
            bytes += piece.raw.bytes.len();
            batch.push(piece);
        }
        let came: Vec<Yield<'_>> = match &batch[..] {
            [] => return Ok(()),
            [one] => vec![judge(one)],
            many => many.par_iter().map(judge).collect(),
        };
        for (piece, came) in batch.iter().zip(came) {
            all.fold(&piece.raw, came, out);
        }
        out.progress(consumed);
    }
}

/// Judges one message and all within it.
fn judge<'s>(piece: &Piece, mut came: Yield<'s>, steps: &[Step]) -> Yield<'s> {
    let Piece { raw, folder, found } = piece;
    if raw.dropped > 0 {
        let reason = "message longer than is read: encoded lines left out";
        came.skips.push(Skip { reason: reason.into(), count: 1, first: 0, line: 0 });
    }
    let span = Some(Span { start: raw.start, len: raw.len, line: raw.line });
    let steps = if *found { [steps, &[Step::Message(raw.start)]].concat() } else { Vec::new() };
    let place = Place { span, steps, folder: folder.clone(), ..Place::default() };
    came.message(&raw.bytes, raw.dropped == 0 && folder.is_none(), place);
    came
}

impl Yield<'_> {
    fn message(&mut self, bytes: &[u8], whole: bool, place: Place) {
        if place.within.len() > LEVELS || self.left == 0 || self.work < bytes.len() {
            return self.skips.push(skip("more messages within each other than are read"));
        }
        self.work -= bytes.len();
        self.left -= 1;
        let message = parse::parse(bytes, whole);
        self.work -= message.parts.iter().map(|p| p.bytes.len()).sum::<usize>().min(self.work);
        let key = observe::key(bytes);
        let original = self.reported(&message, &place);
        let mut content = self.setup.analyser.look(&message);
        if place.returned {
            content.signs = vec![Sign { sign: Kind::ServerReport, on: String::new() }];
        }
        if original.is_some() {
            // Whoever reports a lure is not judged by it: the original is.
            content.signs.retain(|s| is_of_sender(s.sign));
        }
        let mut row = observe::observation(&message, &key, &place);
        observe::content(&content, &mut row);
        if place.quoted.is_none() {
            let envelope = authentication::Envelope::default();
            let judge = if message.whole { authentication::judge } else { authentication::judge_rewritten };
            row.fields.extend(judge(bytes, &envelope, &self.setup.archive, &self.setup.trust).fields());
        }
        let report = content.signs.iter().any(|s| s.sign == Kind::ServerReport);
        self.meet(&message, &content);
        let claims = Claims::of(&row.fields).unwrap_or_default();
        let (pairs, names) = (&mut self.pairs, &mut self.names);
        observe::profile(&claims, row.first, &self.setup.config, |pair| pairs.push(pair), |name| names.push(name));
        self.skips.extend(message.damage.iter().cloned());
        self.skips.append(&mut content.skips);
        let reports = report::of_message(&message);
        self.skips.extend(reports.skips.iter().cloned());
        self.rows.push((place.inside.clone(), observe::signs(&row)));
        self.rows.push((place.inside.clone(), row));
        for mut row in reports.observations(Some(&key)) {
            place.span.into_iter().for_each(|s| row.spans.push(s));
            self.rows.push((place.inside.clone(), row));
        }
        self.within(&message, report, &key, &place);
        self.archived(&message, &key, &place);
        if let Some(original) = original {
            let place = Place {
                forwarded_by: message.author().map(|m| observe::text(&m.address)).or(Some(String::new())),
                container: Some(key),
                quoted: message.time().or(Some(Time::default())),
                ..place
            };
            self.message(&forward::written(&message, &original), false, place);
        }
    }

    /// The names that a message shows.
    fn meet(&mut self, message: &Message, content: &Content) {
        let (time, from) =
            (message.time(), message.received.iter().find_map(|h| h.ip.filter(|a| a.special().is_none())));
        let senders = message.from.iter().chain(&message.sender).chain(&message.reply_to).chain(&message.return_path);
        let senders = senders.take(20).map(|m| (m.domain(), Via::Sender));
        // The space that a customer has at a service bears the customer's name: where the service itself sends the mail, or
        // the case names it, it imitates nobody.
        let sent = message.author().into_iter().chain(&message.return_path).map(|m| registrable(m.domain()));
        let by: Vec<String> = sent.flatten().filter(|d| is_service(d)).collect();
        let mailer = content.signs.iter().any(|s| s.sign == Kind::Mailer);
        let space = |name: &str| {
            mailer && HOSTS.of(name).contains(&Trait::Bulk)
                || self.setup.ours.iter().any(|o| under(name, o))
                || registrable(name).is_some_and(|d| d != name && is_service(&d) && by.contains(&d))
        };
        for (name, via) in senders.chain(content.links.iter().map(|l| (l.host.as_str(), Via::Link))) {
            // A known service's own domain imitates nobody; what stands below it in a link anybody may have named.
            let own = LEXICON.is_known(name) && (via == Via::Sender || registrable(name).as_deref() == Some(name));
            if name.contains('.')
                && super::address::exists(name)
                && !own
                && !space(name)
                && !self.met.iter().any(|(n, v, ..)| n == name && *v == via)
            {
                self.met.push((name.to_string(), via, time, from));
            }
        }
    }

    /// The messages within a message.
    fn within(&mut self, message: &Message, report: bool, key: &str, place: &Place) {
        for part in message.of(Role::Message) {
            let returned = report && nature::is_returned(message, &parse::parse(&part.bytes, false));
            let mut within = place.within.clone();
            within.push(part.number);
            let place = Place {
                span: place.span,
                inside: place.inside.clone(),
                steps: behind(&place.steps, part.number),
                within,
                folder: place.folder.clone(),
                forwarded_by: message.author().map(|m| observe::text(&m.address)).or(Some(String::new())),
                container: Some(key.to_string()),
                quoted: None,
                returned,
            };
            self.message(&part.bytes, message.whole && !part.cut, place);
        }
    }

    /// The messages in archives that a message brings.
    fn archived(&mut self, message: &Message, key: &str, place: &Place) {
        if place.steps.is_empty() || place.quoted.is_some() {
            return;
        }
        for part in message.of(Role::Attachment) {
            let (steps, meter) = (behind(&place.steps, part.number), self.meter);
            let mut each = |inside: &[Step], raw: Raw| {
                let mut within = place.within.clone();
                within.push(part.number);
                let place = Place {
                    span: Some(Span { start: raw.start, len: raw.len, line: raw.line }),
                    inside: inside.to_vec(),
                    steps: [inside, &[Step::Message(raw.start)]].concat(),
                    within,
                    folder: place.folder.clone(),
                    forwarded_by: message.author().map(|m| observe::text(&m.address)).or(Some(String::new())),
                    container: Some(key.to_string()),
                    quoted: None,
                    returned: false,
                };
                // An item was written anew.
                let whole = raw.dropped == 0 && !part.cut && raw.line > 0;
                self.message(&raw.bytes, whole, place);
                self.left > 0
            };
            // Memory does not fail to be read; what is damaged ends early.
            let _ = inside::messages(&part.bytes, &message.raw[..message.body], steps, meter, &mut each);
        }
    }

    /// The original of a message that somebody of one's own reports by forwarding it in the text.
    fn reported(&self, message: &Message, place: &Place) -> Option<Original> {
        let setup = self.setup;
        let author = message.author()?;
        let mut to = message.to.iter().chain(&message.cc);
        // Who passes a message on within one house speaks to his own, whether the case names that house or not.
        let home = |d: &str| !d.is_empty() && d.contains('.') && !HOSTS.is_freemail(d);
        let reporter = profile::is_own(&setup.config, &author.address)
            || !to.clone().all(|m| m.address.is_empty())
                && home(author.domain())
                && to.clone().all(|m| m.domain() == author.domain());
        if place.quoted.is_some() || !reporter && !to.any(|m| setup.report_to.contains(&m.address.to_lowercase())) {
            return None;
        }
        forward::original(message)
    }
}

/// Whether a domain is a service's at which its customers have spaces of their names.
fn is_service(domain: &str) -> bool {
    LEXICON.is_known(domain) || HOSTS.of(domain).iter().any(|t| matches!(t, Trait::Bulk | Trait::Space))
}

/// The steps to a part of a message, if there are any to the message.
fn behind(steps: &[Step], part: u64) -> Vec<Step> {
    if steps.is_empty() { Vec::new() } else { [steps, &[Step::Part(part)]].concat() }
}

/// FNV-1a with a last mix: which keys a sample keeps depends on it, so it must never change.
fn hash(key: &[u8]) -> u64 {
    let h = model::hash::fnv1a(key.iter().copied());
    (h ^ (h >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// What was read of a piece of evidence so far.
struct Totals<'s> {
    setup: &'s Setup,
    meter: &'s Meter,
    caps: Caps,
    /// The steps to what is read.
    steps: Vec<Step>,
    met: Met<'s>,
    pairs: BottomK,
    names: BottomK,
    skips: BTreeMap<String, Skip>,
}

impl<'s> Totals<'s> {
    fn new(setup: &'s Setup, meter: &'s Meter, steps: Vec<Step>, caps: Caps) -> Totals<'s> {
        let (pairs, names) = (BottomK::new(caps.profile), BottomK::new(caps.profile));
        Totals { setup, meter, caps, steps, met: Met::new(&setup.names), pairs, names, skips: BTreeMap::new() }
    }

    fn fold(&mut self, raw: &Raw, came: Yield<'_>, out: &mut dyn Sink) {
        let mut inside = Vec::new();
        for (steps, row) in came.rows {
            if steps != inside {
                out.inside(if steps.is_empty() { &self.steps } else { &steps }, Some("mail"));
                inside = steps;
            }
            out.observation(row);
        }
        if !inside.is_empty() {
            out.inside(&self.steps, Some("mail"));
        }
        let place = Span { start: raw.start, len: raw.len, line: raw.line };
        for (name, via, time, by) in came.met {
            self.met.name(name.as_bytes(), via, time, by, place, out);
        }
        for (sample, keys) in [(&mut self.pairs, came.pairs), (&mut self.names, came.names)] {
            for key in keys {
                sample.add(hash(key.as_bytes()), || key, &[1]);
            }
        }
        came.skips.into_iter().for_each(|s| self.skip(s, raw.start, raw.line));
    }

    /// Counts damage; its first place is that of its message.
    fn skip(&mut self, skip: Skip, first: u64, line: u64) {
        let known = self.skips.entry(skip.reason.clone()).or_insert(Skip { count: 0, first, line, ..skip.clone() });
        known.count += skip.count;
    }

    fn finish(self, out: &mut dyn Sink) {
        if self.pairs.sampled || self.names.sampled {
            let most = self.caps.profile;
            out.note(Note {
                text: Text::new(
                    format!(
                        "more than {most} pairs of author and recipient, or names of addresses: a fair sample of {most} is \
                         kept, and somebody known may pass for a stranger"
                    ),
                    format!(
                        "plus de {most} paires d’auteur et de destinataire, ou noms d’adresses : un échantillon de {most} \
                         est gardé, et une personne connue peut passer pour inconnue"
                    ),
                ),
            });
        }
        for (kind, sample) in [(PAIR_TALLY, self.pairs), (NAME_TALLY, self.names)] {
            for (key, counts) in sample.rows() {
                out.tally(Tally { kind: kind.into(), key, counts });
            }
        }
        self.met.finish(out);
        self.skips.into_values().for_each(|s| out.skip(s));
    }
}
