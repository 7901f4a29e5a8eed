//! All signs of a message: those of its content, what proves or disproves its sender, and what this mailbox knows of
//! them. Read from an observation's fields, whether of the whole message or of its signs alone.
//!
//! You may rely on: sorted, each kind once. Left out: weighing them.

use super::content::ideas::under;
use super::content::links::{HOSTS, Trait, related};
use super::content::sign::{Kind, Sign};
use super::profile::{self, Profile};
use super::settings::Settings;
use super::{NAME_TALLY, PAIR_TALLY, SIGNS};
use crate::names::kernel::Scratch;
use model::{Config, Context, Result, Time, View};
use rows::mail::authentication::Word;
use rows::mail::message::Claims;
use std::rc::Rc;

/// What signs of content are read from.
pub const CONTENT: &[&str] = &[SIGNS];
/// What the mailbox's history is read from besides.
pub const HISTORY: &[&str] = &[SIGNS, PAIR_TALLY, NAME_TALLY];

/// Who sent a mail in our name.
enum Sent {
    /// A service that the case names.
    ByOurs,
    /// A mailer or list that sends for many.
    ByMailer(String),
    /// Nobody who says so.
    Otherwise,
}

/// What senders are held against.
pub struct Standing<'c> {
    profile: Option<Rc<Profile>>,
    config: &'c Config,
    /// Services that are one's own.
    ours: Vec<String>,
    scratch: Scratch,
}

impl<'c> Standing<'c> {
    /// With the mailbox's history.
    pub fn new(case: &dyn View, context: &Context<'c>) -> Result<Standing<'c>> {
        let correspondents: Vec<String> = context.config.settings::<Settings>()?.correspondents;
        let profile = crate::sensor::once(case, || Profile::new(case, context.config, &correspondents))?;
        Ok(Standing { profile: Some(profile), ..Standing::without_history(context) })
    }

    /// Of what the message itself shows.
    pub fn without_history(context: &Context<'c>) -> Standing<'c> {
        let ours = context.config.settings::<Settings>().map(|s| s.ours).unwrap_or_default();
        Standing { profile: None, config: context.config, ours, scratch: Scratch::default() }
    }

    /// All signs of a message.
    pub fn signs(&mut self, claims: &Claims, time: Time) -> Vec<Sign> {
        let mut signs = claims.signs.clone();
        let from = claims.from;
        let domain = profile::domain(from);
        // Proof is of the domain shown: `dmarc` is of nobody else.
        let (proven, forged) = (claims.dmarc == Some(Word::Pass), claims.dmarc == Some(Word::Fail));
        let other = claims.header_from;
        signs.extend(proven.then(|| Kind::Authenticated.on(domain)));
        signs.extend(forged.then(|| Kind::Forged.on(domain)));
        signs.extend((!other.is_empty()).then(|| Kind::OtherProven.on(other)));
        let list = signs.iter().any(|s| s.sign == Kind::MailingList);
        let report = signs.iter().any(|s| s.sign == Kind::ServerReport);
        // The server asked, and neither its network nor a signature answers for anybody.
        let asked = claims.dmarc == Some(Word::None) && claims.passed.is_empty();
        if asked && claims.travelled() && !claims.is_within() && !list && !report && !domain.is_empty() {
            signs.push(Kind::Unvouched.on(domain));
        }
        // A reader may be shown any of several authors: each that is ours must be proven.
        let authors = claims.authors.iter().copied().chain([from]);
        let ours = authors.filter(|a| profile::is_own(self.config, a)).map(profile::domain).min();
        if let Some(ours) = ours.filter(|ours| !(claims.is_within() || proven && *ours == domain)) {
            // Mail that never travelled, as among sent messages, has nothing to prove.
            match is_another(claims, ours, list) {
                true => signs.push(Kind::OwnForged.on(ours)),
                false if !claims.travelled() => {}
                false => match self.sent_for_us(claims, &signs) {
                    _ if forged => signs.push(Kind::OwnDomain.on(ours)),
                    Sent::ByOurs => {}
                    Sent::ByMailer(who) => signs.push(Kind::OwnMailer.on(who)),
                    Sent::Otherwise => signs.push(Kind::OwnDomain.on(ours)),
                },
            }
        }
        if forged {
            // What a filter says of a forged sender is that it is forged.
            signs.retain(|s| s.sign != Kind::FilterSpam);
        }
        if forged || !other.is_empty() {
            disprove(domain, list || other.is_empty() && is_idle(&signs), &mut signs);
        } else if !proven && !claims.passed.iter().any(|d| related(d, domain)) {
            unproven(claims.dmarc == Some(Word::None), &mut signs);
        }
        if HOSTS.of(domain).contains(&Trait::Voice) {
            another_voice(&mut signs);
        }
        if let Some(service) = self.ours.iter().find(|o| under(domain, o)).filter(|_| !forged) {
            signs.push(Kind::OwnService.on(service));
        }
        if !profile::is_own(self.config, from) {
            self.history(claims, time, proven, &mut signs);
        }
        signs.sort();
        signs.dedup_by_key(|s| s.sign);
        signs
    }

    /// Who sent a mail in our name that nothing proves, by its own word.
    fn sent_for_us(&self, claims: &Claims, signs: &[Sign]) -> Sent {
        let back = profile::domain(claims.return_path);
        let named = |kind| signs.iter().find(|s| s.sign == kind).map(|s| s.on.clone());
        let is_ours = |d: &str| self.ours.iter().any(|o| under(d, o) || under(o, d));
        match named(Kind::Mailer) {
            _ if is_ours(back) => Sent::ByOurs,
            Some(mailer) if is_ours(&mailer) => Sent::ByOurs,
            Some(mailer) => Sent::ByMailer(mailer),
            None if named(Kind::ServerReport).is_some() => Sent::ByOurs,
            None => named(Kind::MailingList).map_or(Sent::Otherwise, Sent::ByMailer),
        }
    }

    fn history(&mut self, claims: &Claims, time: Time, proven: bool, signs: &mut Vec<Sign>) {
        let Some(profile) = &self.profile else { return };
        let from = claims.from;
        let domain = profile::domain(from);
        let month = if time.0 > 0 { time.to_string().chars().take(7).collect() } else { String::from("undated") };
        let known = profile.knows(from, &month);
        if known && proven {
            signs.push(Kind::KnownSender.on(from));
        } else if !known && profile.is_first(from) {
            signs.push(Kind::FirstTime.on(from));
        }
        if !known {
            let imitated = profile.resembles(domain, &mut self.scratch).filter(|w| w != domain);
            signs.extend(imitated.map(|w| Kind::LikeCorrespondent.on(w)));
            signs.extend(profile.bearer(claims.from_name, from).map(|w| Kind::CorrespondentName.on(w)));
        }
        let mut answered = claims.references.clone();
        answered.extend(Some(claims.in_reply_to).filter(|id| !id.is_empty()));
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

/// Whether what is known of a mail that shows `ours` proves that another sent it. Lists pass on what they change, and
/// mailers send for many: what they vouch for tells nothing, but a DMARC result for another author does.
fn is_another(claims: &Claims, ours: &str, list: bool) -> bool {
    if !claims.header_from.is_empty() {
        return true;
    }
    let passed = &claims.passed;
    if list || passed.iter().any(|d| related(d, ours)) {
        return false;
    }
    let bulk = |d: &&str| HOSTS.of(d).contains(&Trait::Bulk);
    match claims.dmarc {
        Some(Word::Fail) => passed.is_empty() || !passed.iter().all(bulk),
        // A domain without a policy leaves it open who may write for it.
        Some(Word::None) => false,
        _ => !passed.is_empty() && !passed.iter().all(bulk),
    }
}

/// Whether a sign speaks for a message by what its sender's address says.
fn claims(sign: &Sign) -> bool {
    use Kind::*;
    matches!(sign.sign, OwnBrand | NameFitsDomain | SenderNamed | PicturesHome | CameFromHome)
}

/// Whether a message brings what runs.
fn brings(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        Smuggling
            | HtmlAttachmentForm
            | RunsAttachment
            | AutoMacro
            | ActiveDocument
            | DiskImage
            | Disguised
            | PasswordInBody
    )
}

/// Where nothing was checked, anybody may have written the sender's address. As long as all that one is to do stays with
/// that sender, writing it falsely gains nobody anything; where it leads to a stranger, or brings what runs, the address
/// says nothing. A mailer that counts clicks is no stranger: who sends through it is its customer. `asked`: the domain was
/// asked, and vouches for nobody.
fn unproven(asked: bool, signs: &mut Vec<Sign>) {
    use Kind::*;
    let away = |s: &Sign| {
        let leads = matches!(s.sign, LinksAway | OneTarget) && !HOSTS.of(&s.on).contains(&Trait::Bulk);
        leads
            || matches!(
                s.sign,
                OneButton
                    | FreePage
                    | QrCode
                    | ShownOther
                    | LookAlikeLink
                    | Gateway
                    | DataLink
                    | ScriptLink
                    | ProgramLink
                    | FileLink
                    | DeviceLink
                    | DeviceCode
                    | Consent
            )
            || brings(s.sign)
    };
    match signs.iter().any(away) {
        true => signs.retain(|s| !claims(s)),
        false if asked => signs.retain(|s| s.sign != OwnBrand),
        false => {}
    }
}

/// A service that sends what its users write vouches for itself, not for them: what no service would write, or a demand of
/// somebody who is answered at a free mailbox, is theirs. That one answers them is its way.
fn another_voice(signs: &mut Vec<Sign>) {
    use Kind::*;
    let answers = |s: &Sign| matches!(s.sign, ReplyToFreemail | ReplyElsewhere | WriteElsewhere);
    let demands = |s: &Sign| {
        matches!(
            s.sign,
            Credential
                | CredentialStrong
                | Prize
                | PrizeStrong
                | Wallet
                | WalletStrong
                | Authority
                | Errand
                | ErrandStrong
        )
    };
    // A service's own mail is often answered at another of its domains.
    let strange = |s: &Sign| matches!(s.sign, ReplyToFreemail | WriteElsewhere);
    let demanded = signs.iter().any(strange) && signs.iter().any(demands);
    if demanded || signs.iter().any(|s| is_users(s.sign)) {
        signs.retain(|s| !claims_any(s));
    } else {
        signs.retain(|s| !answers(s));
    }
}

/// Whether a message asks nothing, or leads to the one it names alone: so looks mail that was forwarded.
fn is_idle(signs: &[Sign]) -> bool {
    signs.iter().any(|s| matches!(s.sign, Kind::NothingToDo | Kind::OnlyHome)) && !signs.iter().any(gains)
}

/// Whether it brings something to whoever borrows a name: a story, a file, an answer that goes elsewhere.
fn gains(sign: &Sign) -> bool {
    use Kind::*;
    let asks = |k| matches!(k, Errand | ErrandStrong | Callback | CallbackStrong | Fortune | FortuneStrong | Extortion);
    let answer = |k| matches!(k, ReplyToFreemail | ReplyElsewhere | WriteElsewhere | MailButton | ReplyOtherMailbox);
    asks(sign.sign) || answer(sign.sign) || brings(sign.sign)
}

/// Whether it is what a service's user wrote, and no service would.
fn is_users(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        CallbackStrong
            | FreePage
            | FreeHosting
            | Gateway
            | InvitationLink
            | Consent
            | DeviceCode
            | Extortion
            | Fortune
            | FortuneStrong
            | MailButton
            | LargeSum
            | QrCode
            | MixedLetters
            | InvisibleLetters
    )
}

/// Whether a sign speaks for a message by its sender, proven or not.
fn claims_any(sign: &Sign) -> bool {
    use Kind::*;
    claims(sign) || matches!(sign.sign, Authenticated | NameFitsLink | LinksHome | OnlyHome | Mailer | NothingToDo)
}

/// A name, domain or brand speaks for a message only as its sender's: where they are disproven it speaks against. A list
/// that breaks what it passes on borrows nothing, nor does who gains nothing by it ([`is_idle`]).
fn disprove(domain: &str, innocent: bool, signs: &mut Vec<Sign>) {
    use Kind::*;
    if !innocent && signs.iter().any(claims) {
        signs.push(NameForged.on(domain));
    }
    let vouches = |s: &Sign| claims(s) || matches!(s.sign, NameFitsLink | NameFitsAddress | LinksHome | OnlyHome);
    signs.retain(|s| !vouches(s));
}
