//! The single detectors of mail: each tells of one family of signs where it is worth telling. One implementation over
//! [`TABLE`]; the verdict on the whole message is `mail/phishing`.
//!
//! You may rely on: one finding per detector and message, of the severity of its gravest sign. Left out: weighing signs
//! against each other, which only the verdict does.

use super::SIGNS;
use super::content::sign::{Kind, Sign, reason, score, weight};
use super::standing::{self, Standing};
use crate::sensor::once;
use crate::{Detector, Specification};
use model::{Context, Finding, Level, Result, Severity, Text, View, Visit};
use rows::mail::message::Claims;
use rows::mail::phishing::{Suspected, Suspicion};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::ControlFlow;

/// A detector of one family of signs.
pub struct SignDetector {
    id: &'static str,
    /// The signs it tells of, and how grave each is by itself.
    kinds: &'static [(Kind, Severity)],
    /// ATT&CK.
    technique: &'static str,
    /// What the message's content must score at least: signs of every day are worth telling beside others only.
    least: u8,
    /// What it reads: the signs alone, or the mailbox's history too.
    inputs: &'static [&'static str],
    specification: &'static str,
}

/// What a finding of a message is called: its subject, who says to have sent it (by name, where no address is given, as Exchange
/// leaves its own), and what is said of it.
pub fn titled(message: &Claims, why: &Text) -> Text {
    let subject: String = message.subject.chars().take(80).collect();
    match [message.from, message.from_name].into_iter().find(|w| !w.is_empty()) {
        Some(who) => {
            Text::new(format!("`{subject}` from `{who}`: {}", why.en), format!("« {subject} » de `{who}` : {}", why.fr))
        }
        None => Text::new(format!("`{subject}`: {}", why.en), format!("« {subject} » : {}", why.fr)),
    }
}

/// Most messages of which it is noted who has something to tell of them.
const NOTED: usize = 4 << 20;

/// Most findings that whoever looks first makes for the others.
const MADE: usize = 20_000;

/// What detectors have to tell, of those that read the mailbox's history or of the others: whoever looks first finds for all.
/// Where that is much, it is but noted of which messages each tells, as bits in the order of [`ALL`] by the messages' order, and
/// each makes its own.
#[derive(Default)]
struct Told<const HISTORY: bool> {
    bits: Vec<u16>,
    /// By detector; taken by it.
    made: RefCell<Vec<Vec<Finding>>>,
    count: usize,
}

impl<const HISTORY: bool> Told<HISTORY> {
    fn new(case: &dyn View, standing: &mut Standing) -> Result<Told<HISTORY>> {
        let mut told = Told { made: RefCell::new(vec![Vec::new(); ALL.len()]), ..Told::default() };
        let made = told.made.get_mut();
        each_message(case, &mut |visit, n| {
            if n >= NOTED {
                told.count = MADE;
                return Ok(());
            }
            let o = &visit.observation;
            let claims = Claims::of(&o.fields)?;
            let signs = standing.signs(&claims, o.first);
            let mut bits = 0;
            for (at, d) in ALL.iter().enumerate().filter(|(_, d)| (d.inputs == standing::HISTORY) == HISTORY) {
                if signs.iter().any(|s| d.severity(s.sign).is_some()) {
                    bits |= 1 << at;
                    if told.count < MADE
                        && let Some(finding) = d.finding(visit, &claims, &signs)?
                    {
                        made[at].push(finding);
                        told.count += 1;
                    }
                }
            }
            told.bits.push(bits);
            Ok(())
        })?;
        if told.count >= MADE {
            told.made.get_mut().clear();
        }
        Ok(told)
    }

    fn tell(
        &self,
        detector: &SignDetector,
        case: &dyn View,
        standing: &mut Standing,
        found: &mut dyn FnMut(Finding) -> Result<()>,
    ) -> Result<()> {
        let Some(at) = ALL.iter().position(|d| d.id == detector.id) else { return Ok(()) };
        if self.count < MADE {
            let made = self.made.borrow_mut().get_mut(at).map(std::mem::take).unwrap_or_default();
            return made.into_iter().try_for_each(found);
        }
        let tells = |n: usize| self.bits.get(n).is_none_or(|bits| bits & 1 << at != 0);
        each_message(case, &mut |visit, n| {
            if tells(n) {
                let o = &visit.observation;
                let claims = Claims::of(&o.fields)?;
                let signs = standing.signs(&claims, o.first);
                detector.finding(visit, &claims, &signs)?.map_or(Ok(()), &mut *found)?;
            }
            Ok(())
        })
    }
}

/// Visits messages with their number; the same message kept twice is one.
fn each_message(case: &dyn View, each: &mut dyn FnMut(&Visit, usize) -> Result<()>) -> Result<()> {
    let (mut last, mut count) = (String::new(), 0);
    case.observations(SIGNS, &mut |visit| {
        if visit.observation.key != last {
            last.clone_from(&visit.observation.key);
            each(&visit, count)?;
            count += 1;
        }
        Ok(ControlFlow::Continue(()))
    })
}

macro_rules! table {
    ($($constant:ident $name:literal $technique:literal $least:literal $inputs:ident [$($kind:ident $severity:ident),* $(,)?])*) => {
        $(
            #[doc = concat!("`mail/", $name, "`.")]
            pub static $constant: SignDetector = SignDetector {
                id: concat!("mail/", $name),
                kinds: &[$((Kind::$kind, Severity::$severity)),*],
                technique: $technique,
                least: $least,
                inputs: standing::$inputs,
                specification: include_str!(concat!($name, ".md")),
            };
        )*
        /// All of them.
        static ALL: &[&SignDetector] = &[$(&$constant),*];
    };
}

table! {
    DISPLAY_NAME "display_name" "T1656" 0 HISTORY [
        ProtectedName Low, CorrespondentName Low, AddressInName Low, OwnAddressInName Low, OwnName Low, RoleFromFreemail Info,
    ]
    OWN_DOMAIN "own_domain" "T1656" 0 CONTENT [OwnForged Medium, OwnDomain Low, OwnMailer Info]
    REPLY_PATH "reply_path" "T1566" 10 CONTENT [ReplyToFreemail Low, ReturnToFreemail Info, ReplyElsewhere Info]
    LOOKALIKE "lookalike" "T1583.001" 0 HISTORY [
        LookAlikeSender Low, LookAlikeLink Low, LikeCorrespondent Low,
    ]
    LINK "link" "T1566.002" 3 CONTENT [
        DeviceLink Medium, DeviceCode Low, Consent Low, ProgramLink Low, FileLink Low, DataLink Low, ScriptLink Low,
        UserInLink Low, OddAddress Low, QrCode Low, ShownOther Low, LinkToAddress Low,
        RunsFromLink Low, Gateway Low, International Info, Redirect Info, Shortener Info, RecipientInLink Info,
        PlantedPage Info,
        InvitationLink Info,
    ]
    FORM "form" "T1566.002" 10 CONTENT [
        Smuggling Medium, PasswordForm Low, HtmlAttachmentForm Low, Form Info, Script Info,
    ]
    ATTACHMENT "attachment" "T1566.001" 0 CONTENT [
        AutoMacro Medium, ActiveDocument Medium, Disguised Medium, RunsAttachment Low, MacroAttachment Low,
        DiskImage Low, Profile Low, Notebook Low, PasswordInBody Low, HtmlAttachment Info, LockedArchive Info, DocumentLink Info,
    ]
    HIDDEN_TEXT "hidden_text" "T1027" 0 CONTENT [
        MixedLetters Low, HiddenText Low, InvisibleLetters Info, StyledLetters Info,
    ]
    PRESSURE "pressure" "T1566" 25 CONTENT [
        Extortion Low, FortuneStrong Info, ErrandStrong Info, CredentialStrong Info, PrizeStrong Info, Errand Info,
        CallbackStrong Info, Callback Info, Fortune Info, Urgency Info,
    ]
    FIRST_TIME "first_time" "T1566" 25 HISTORY [FirstTime Info]
    THREAD "thread" "T1566" 0 HISTORY [HijackedThread Low]
    BRAND "brand" "T1656" 0 CONTENT [BrandInName Low, BrandInAddress Low, BrandAsks Low]
}

impl Detector for SignDetector {
    fn id(&self) -> &'static str {
        self.id
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape { name: self.id, ..Shape::of::<Suspicion>() })
    }

    fn inputs(&self) -> &'static [&'static str] {
        self.inputs
    }

    fn specification(&self) -> Specification {
        Specification(self.specification)
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let history = self.inputs == standing::HISTORY;
        let mut standing = if history { Standing::new(case, context)? } else { Standing::without_history(context) };
        match history {
            true => once(case, || Told::<true>::new(case, &mut standing))?.tell(self, case, &mut standing, found),
            false => once(case, || Told::<false>::new(case, &mut standing))?.tell(self, case, &mut standing, found),
        }
    }
}

impl SignDetector {
    fn severity(&self, kind: Kind) -> Option<Severity> {
        self.kinds.iter().find(|(k, _)| *k == kind).map(|(_, s)| *s)
    }

    fn finding(&self, visit: &Visit, claims: &Claims, all: &[Sign]) -> Result<Option<Finding>> {
        let o = &visit.observation;
        let mut own: Vec<(Severity, &Sign)> = all.iter().filter_map(|s| Some((self.severity(s.sign)?, s))).collect();
        own.sort_by_key(|(severity, sign)| (std::cmp::Reverse(*severity), -weight(sign.sign), sign.sign));
        let Some(&(severity, chief)) = own.first() else { return Ok(None) };
        let score = score(all);
        if score < self.least {
            return Ok(None);
        }
        let row = Suspicion { message: Suspected::of(&o.fields)?, signs: own.iter().map(|(_, s)| s.sign).collect() };
        let why = reason(chief).text;
        let dated = (o.first.0 > 0).then_some(o.first);
        Ok(Some(Finding {
            detector: Cow::Borrowed(self.id),
            key: o.key.clone(),
            severity,
            // How sure one is of the sign, which was seen; not of the message, whose verdict weighs all.
            confidence: score.max(50),
            level: Level::Grey,
            title: titled(claims, &why),
            reasons: own.iter().map(|(_, s)| reason(s)).collect(),
            techniques: vec![self.technique.into()],
            first: dated,
            last: dated,
            entities: super::observe::attacked(o),
            traces: vec![visit.trace()],
            fields: row.fields(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_reads_the_rows_knows_all_detectors() {
        let mut ids: Vec<&str> = crate::mail::DETECTORS.iter().map(|d| d.id()).collect();
        ids.retain(|id| !["mail/phishing", "mail/wave", "mail/dmarc"].contains(id));
        ids.sort_unstable();
        assert_eq!(ids, Suspicion::DETECTORS);
    }
}
