//! The verdict on each message, 0–100: what its content shows, what proves or disproves its sender, and what this
//! mailbox knows of them. Specification: `phishing.md`.

use super::content::sign::{self, Kind, Sign, is_of_history, reason, supports, weight};
use super::signs::titled;
use super::standing::Standing;
use super::{MESSAGE, NAME_TALLY, PAIR_TALLY, SIGNS};
use crate::{Detector, Specification, Verdict};
use model::{Context, Finding, Level, Reason, Result, Severity, Text, View, Visit};
use rows::mail::message::Claims;
use rows::mail::phishing::{Judged, Phishing};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::ops::ControlFlow;

/// `mail/phishing`.
pub struct PhishingDetector;

impl Detector for PhishingDetector {
    fn id(&self) -> &'static str {
        Phishing::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Phishing>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[MESSAGE, SIGNS, PAIR_TALLY, NAME_TALLY]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("phishing.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut standing = Standing::new(case, context)?;
        let mut last = String::new();
        case.observations(MESSAGE, &mut |visit| {
            // The same message kept twice is one.
            if visit.observation.key != last {
                last.clone_from(&visit.observation.key);
                if let Some(finding) = judge(&visit, &mut standing)? {
                    found(finding)?;
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }
}

fn judge(visit: &Visit, standing: &mut Standing) -> Result<Option<Finding>> {
    let o = &visit.observation;
    let claims = Claims::of(&o.fields)?;
    let mut signs = standing.signs(&claims, o.first);
    let score = sign::score(&signs);
    let judged = Judged::of(&o.fields)?;
    // Whoever reported a message waits for an answer, also where it is harmless.
    let reported = (!judged.forwarded_by.is_empty()).then_some(Severity::Info);
    let Some(severity) = sign::severity(score).or(reported) else { return Ok(None) };
    signs.sort_by_key(|s| (!supports(s.sign), -weight(s.sign).abs(), s.sign));
    let mut reasons: Vec<Reason> = signs.iter().map(reason).collect();
    let own: Vec<Sign> = signs.iter().filter(|s| !is_of_history(s.sign)).cloned().collect();
    let alone = Some(sign::score(&own)).filter(|alone| sign::severity(*alone) != sign::severity(score));
    reasons.extend(alone.map(|alone| {
        let text = Text::new(
            format!("judged alone, without this mailbox's other messages, it would come to {alone} of 100"),
            format!("jugé seul, sans les autres messages de cette boîte, il n’aurait que {alone} sur 100"),
        );
        if score > alone { Reason::supporting(0, text) } else { Reason::against(0, text) }
    }));
    let row = Phishing {
        message: judged,
        score,
        alone,
        signs: signs.iter().map(|s| s.sign).collect(),
        what_to_do: what_to_do(&signs, severity),
    };
    let dated = (o.first.0 > 0).then_some(o.first);
    Ok(Some(Finding {
        detector: Cow::Borrowed(Phishing::NAME),
        key: o.key.clone(),
        severity,
        confidence: score,
        level: Level::Illegal,
        title: title(&claims, &signs),
        reasons,
        techniques: techniques(&signs),
        first: dated,
        last: dated.map(|_| o.last),
        entities: super::observe::attacked(o),
        traces: vec![visit.trace()],
        fields: row.fields(),
    }))
}

fn title(message: &Claims, signs: &[Sign]) -> Text {
    titled(message, &signs.first().map(|s| reason(s).text).unwrap_or_default())
}

/// What is said of every message, whatever its score.
pub fn verdicts(view: &dyn View, context: &Context, each: &mut dyn FnMut(Verdict) -> Result<()>) -> Result<()> {
    let mut standing = Standing::new(view, context)?;
    let mut last = String::new();
    view.observations(MESSAGE, &mut |visit| {
        let o = &visit.observation;
        if o.key == last {
            return Ok(ControlFlow::Continue(()));
        }
        last.clone_from(&o.key);
        let claims = Claims::of(&o.fields)?;
        let mut signs = standing.signs(&claims, o.first);
        let score = sign::score(&signs);
        signs.sort_by_key(|s| (!supports(s.sign), -weight(s.sign).abs(), s.sign));
        let severity = sign::severity(score).unwrap_or(Severity::Info);
        let word = match severity {
            Severity::Info => Text::new("harmless", "sans danger"),
            Severity::Low => Text::new("doubtful", "douteux"),
            _ => Text::new("phishing", "hameçonnage"),
        };
        let what = claims.subject.chars().take(80).collect();
        each(Verdict {
            severity,
            score,
            word,
            what,
            from: claims.from.to_string(),
            reasons: signs.iter().map(reason).collect(),
            todo: what_to_do(&signs, severity),
            place: visit.trace(),
        })?;
        Ok(ControlFlow::Continue(()))
    })
}

/// ATT&CK: phishing by link, attachment, service or message; smuggling; spoofed names.
fn techniques(signs: &[Sign]) -> Vec<String> {
    use Kind::*;
    let any = |kinds: &[Kind]| signs.iter().any(|s| kinds.contains(&s.sign));
    let mut all = Vec::new();
    if any(&[
        HtmlAttachment,
        HtmlAttachmentForm,
        RunsAttachment,
        MacroAttachment,
        AutoMacro,
        ActiveDocument,
        DiskImage,
        Disguised,
        LockedArchive,
        PasswordInBody,
        Profile,
        Notebook,
        DocumentLink,
    ]) {
        all.push("T1566.001".to_string());
    }
    if any(&[
        LinksAway,
        OneTarget,
        AskButton,
        LookAlikeLink,
        ShownOther,
        QrCode,
        BrandAsks,
        FreeHosting,
        Shortener,
        ProgramLink,
        FileLink,
        DataLink,
        ScriptLink,
    ]) || all.is_empty()
    {
        all.push("T1566.002".to_string());
    }
    if any(&[Callback, CallbackStrong]) {
        all.push("T1566.004".to_string());
    }
    if any(&[DeviceCode, Consent]) {
        all.push("T1528".to_string());
    }
    if any(&[FileLink]) {
        all.push("T1187".to_string());
    }
    if any(&[Smuggling]) {
        all.push("T1027.006".to_string());
    }
    if any(&[
        BrandInName,
        BrandInAddress,
        LookAlikeSender,
        ProtectedName,
        OwnDomain,
        OwnForged,
        OwnAddressInName,
        NameForged,
        OwnName,
        CorrespondentName,
        LikeCorrespondent,
    ]) {
        all.push("T1656".to_string());
    }
    all
}

/// What the person who has this mail should do next.
fn what_to_do(signs: &[Sign], severity: Severity) -> Text {
    use Kind::*;
    let any = |kinds: &[Kind]| signs.iter().any(|s| kinds.contains(&s.sign));
    if severity < Severity::Medium {
        return Text::new(
            "Probably harmless. If in doubt, ask the sender by a way you already know, not by answering.",
            "Sans doute anodin. En cas de doute, demandez à l’expéditeur par un moyen que vous connaissez déjà, sans répondre.",
        );
    }
    if any(&[
        RunsAttachment,
        AutoMacro,
        MacroAttachment,
        ActiveDocument,
        DiskImage,
        Smuggling,
        HtmlAttachmentForm,
        PasswordInBody,
        Profile,
        Notebook,
        Disguised,
    ]) {
        return Text::new(
            "Do not open the attachment. If it was opened, disconnect the computer from the network, do not switch it off, and call your security contact.",
            "N’ouvrez pas la pièce jointe. Si elle a été ouverte, débranchez l’ordinateur du réseau, ne l’éteignez pas, et appelez votre responsable de la sécurité.",
        );
    }
    if any(&[Callback, CallbackStrong, Extortion, Errand, ErrandStrong, Fortune, FortuneStrong]) {
        return Text::new(
            "Do not answer, call or pay. Check by a way you already know whether the person or company really wrote.",
            "Ne répondez pas, n’appelez pas, ne payez pas. Vérifiez par un moyen que vous connaissez déjà si la personne ou la société a vraiment écrit.",
        );
    }
    Text::new(
        "Do not click. If a password was entered, change it now on the real site, end all sessions, and tell your security contact. Then block the link's domain.",
        "Ne cliquez pas. Si un mot de passe a été saisi, changez-le tout de suite sur le vrai site, fermez toutes les sessions et prévenez votre responsable de la sécurité. Bloquez ensuite le domaine du lien.",
    )
}
