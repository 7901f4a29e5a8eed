//! All signs of a message: those of its content, what proves or disproves its sender, and what this mailbox knows of
//! them. Read from an observation's fields, whether of the whole message or of its signs alone.
//!
//! You may rely on: sorted, each kind once. Left out: weighing them.

use super::content::sign::{Kind, Sign};
use super::phishing::text;
use super::profile::{self, Profile};
use super::{NAME_TALLY, PAIR_TALLY, SETTINGS, SIGNS};
use crate::names::kernel::Scratch;
use model::{Config, Context, Observation, Result, View};

/// What signs of content are read from.
pub const CONTENT: &[&str] = &[SIGNS];
/// What the mailbox's history is read from besides.
pub const HISTORY: &[&str] = &[SIGNS, PAIR_TALLY, NAME_TALLY];

/// What senders are held against.
pub struct Standing<'c> {
    profile: Option<Profile>,
    config: &'c Config,
    scratch: Scratch,
}

impl<'c> Standing<'c> {
    /// With the mailbox's history.
    pub fn new(case: &dyn View, context: &Context<'c>) -> Result<Standing<'c>> {
        let correspondents: Vec<String> = context.config.setting("mail", &SETTINGS[1])?;
        let profile = Profile::new(case, context.config, &correspondents)?;
        Ok(Standing { profile: Some(profile), ..Standing::without_history(context) })
    }

    /// Of what the message itself shows.
    pub fn without_history(context: &Context<'c>) -> Standing<'c> {
        Standing { profile: None, config: context.config, scratch: Scratch::default() }
    }

    /// All signs of a message.
    pub fn signs(&mut self, o: &Observation) -> Vec<Sign> {
        let fields = &o.fields;
        let content = fields.get("signs").and_then(|v| v.as_array()).into_iter().flatten();
        let mut signs: Vec<Sign> = content.filter_map(|v| serde_json::from_value(v.clone()).ok()).collect();
        let from = text(fields, "from");
        let domain = profile::domain(from);
        let (proven, forged) = (text(fields, "dmarc") == "pass", text(fields, "dmarc") == "fail");
        signs.extend(proven.then(|| Kind::Authenticated.on(domain)));
        signs.extend(forged.then(|| Kind::Forged.on(domain)));
        // A reader may be shown any of several authors: each that is ours must be proven.
        let authors = profile::texts(fields, "authors").into_iter().chain([from]);
        let ours = authors.filter(|a| profile::is_own(self.config, a)).map(profile::domain).min();
        // Mail that never travelled, as among sent messages, or only within the house has nothing to prove.
        let travelled = fields.contains_key("received") && !fields.contains_key("within");
        if let Some(ours) = ours {
            signs.extend((!(proven && ours == domain) && travelled).then(|| Kind::OwnDomain.on(ours)));
        }
        if !profile::is_own(self.config, from) {
            self.history(o, proven, &mut signs);
        }
        signs.sort();
        signs.dedup_by_key(|s| s.sign);
        signs
    }

    fn history(&mut self, o: &Observation, proven: bool, signs: &mut Vec<Sign>) {
        let Some(profile) = &self.profile else { return };
        let fields = &o.fields;
        let from = text(fields, "from");
        let domain = profile::domain(from);
        let month = if o.first.0 > 0 { o.first.to_string().chars().take(7).collect() } else { String::from("undated") };
        let known = profile.knows(from, &month);
        if known && proven {
            signs.push(Kind::KnownSender.on(from));
        } else if !known && profile.is_first(from) {
            signs.push(Kind::FirstTime.on(from));
        }
        if !known {
            let imitated = profile.resembles(domain, &mut self.scratch).filter(|w| w != domain);
            signs.extend(imitated.map(|w| Kind::LikeCorrespondent.on(w)));
            signs.extend(profile.bearer(text(fields, "from_name"), from).map(|w| Kind::CorrespondentName.on(w)));
        }
        let mut answered = profile::texts(fields, "references");
        answered.extend(profile::texts(fields, "in_reply_to"));
        match profile.thread(&answered, domain) {
            Some((true, true)) => signs.push(Kind::OwnThread.on("")),
            // On a discussion list everybody may answer.
            Some((_, false)) if !known && !signs.iter().any(|s| s.sign == Kind::MailingList) => {
                signs.push(Kind::HijackedThread.on(from))
            }
            None if !answered.is_empty() && !known && profile.is_first(from) => {
                let told = |s: &Sign| matches!(s.sign, Kind::MailingList | Kind::Conversation);
                signs.extend((!signs.iter().any(told)).then(|| Kind::UnknownThread.on("")));
            }
            _ => {}
        }
    }
}
