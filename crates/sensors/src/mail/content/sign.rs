//! Signs: what speaks for phishing in a message, and what against, each with its weight of evidence and its words.
//!
//! A weight is in tenths of a natural log-odds: what the sign adds to the odds that the message is phishing. The first
//! weights are judgement; they were then drawn towards what a regularised logistic regression over measured signs gives
//! (`bench/mail_weights.py`; see `phishing.md`).
//! You may rely on: the score is a function of the set of signs alone, so it can be recomputed from an observation.
//! Left out: who the sender is to this mailbox, which the verdict adds from the case.

use model::{Reason, Severity, Text};

pub use rows::mail::sign::{Sign, SignKind as Kind};

macro_rules! weights {
    ($($name:ident $weight:literal)*) => {
        /// Tenths of log-odds.
        pub fn weight(kind: Kind) -> i16 {
            match kind { $(Kind::$name => $weight,)* }
        }
    };
}

weights! {
    BrandInName 33
    BrandElsewhere 11
    BrandInAddress 8
    BrandInSubject 1
    BrandInBody 1
    BrandAsks 5
    LookAlikeSender 45
    ProtectedName 40
    OwnDomain 20
    OwnForged 46
    OwnAddressInName 40
    OwnName 22
    AddressInName 16
    RoleFromFreemail 20
    RoleName 17
    ReplyElsewhere 1
    ReplyToFreemail 20
    ReturnToFreemail 6
    RandomSender 11
    HostedSender 14
    CheapSender 14
    ToItself 5
    NoSender 9
    NameStrange 2
    FreemailStrange 9
    ClaimUnborne 2
    SenderUnnamed 1
    NothingFits 25
    DemandFromFreemail 7
    OfficeBorrowed 8
    DomainOfDemand 18
    ReplyOtherMailbox 11
    WriteElsewhere 11
    MadeElsewhere 1
    ReturnElsewhere 1
    CameFromElsewhere 1
    Unaddressed 8
    OddFrom 12
    SenderElsewhere 4
    ReturnNowhere 2
    ToAndCopy 9
    NotToYou 1
    OddHeader 10
    StuffedHeader 14
    BorrowedTrim 1
    MailButton 23
    JunkStyle 14
    PictureTwice 14
    LookAlikeLink 34
    BorrowedLink 6
    ShownOther 21
    LinkToAddress 20
    OddAddress 30
    UserInLink 33
    International 14
    Shortener 8
    FreeHosting 6
    FreePage 11
    Gateway 20
    Redirect 23
    RecipientInLink 24
    PlantedPage 32
    OddPort 8
    RunsFromLink 20
    DataLink 40
    ScriptLink 25
    ProgramLink 40
    FileLink 34
    DeviceLink 56
    DeviceCode 44
    Consent 36
    LinksAway 1
    OneTarget 1
    OneButton 1
    ShortAsk 6
    RandomLink 15
    DeadLinks 8
    CheapLink 12
    Credential 2
    CredentialStrong 24
    Payment 4
    Parcel 6
    Document 14
    Storage 9
    Wallet 11
    Authority 13
    Prize 14
    PrizeStrong 20
    Infection 9
    SeveralLures 11
    LureInSubject 11
    Fortune 32
    FortuneStrong 51
    Extortion 49
    Errand 21
    ErrandStrong 49
    Callback 17
    CallbackStrong 32
    Income 1
    Urgency 13
    Asks 1
    Stranger 13
    GreetsAddress 8
    AskButton 6
    GreetsLocal 8
    SpeaksOfYours 6
    BrokenThread 1
    Pictograms 7
    Shouts 5
    CaseNumber 4
    RandomSubject 14
    Amount 9
    LargeSum 12
    Hours 9
    FreePicture 10
    PicturesElsewhere 11
    BelowGap 1
    ImageOnly 12
    HiddenText 12
    MixedLetters 24
    DisguisedWord 18
    InvisibleLetters 12
    StyledLetters 13
    PasswordForm 42
    Form 1
    Script 1
    Smuggling 42
    HtmlAttachment 18
    HtmlAttachmentForm 43
    RunsAttachment 42
    MacroAttachment 26
    AutoMacro 40
    ActiveDocument 36
    DiskImage 38
    Disguised 34
    LockedArchive 14
    Profile 44
    Notebook 24
    PasswordInBody 38
    DocumentLink 10
    QrCode 25
    InvitationLink 8
    WalletStrong 20
    IncomeStrong 26
    FilterFraud 34
    FilterSpam 20
    Unvouched 10
    NameFitsDomain -20
    NameFitsLink -11
    NameFitsAddress -7
    SenderNamed -9
    PicturesHome -8
    CameFromHome -6
    LinksHome -13
    OnlyHome -10
    OwnBrand -14
    Conversation -17
    MailingList -21
    OwnMailer 2
    ServerReport -40
    Invitation -22
    Digest -25
    Mailer -10
    OwnService -25
    NothingToDo -19
    LongText -14
    KnownSender -30
    Authenticated -9
    OwnThread -25
    Forged 26
    OtherProven 26
    NameForged 20
    FirstTime 5
    UnknownThread 6
    LikeCorrespondent 40
    CorrespondentName 30
    HijackedThread 20
}

/// Log-odds of phishing before anything is seen, in tenths; fitted so that ordinary mail stays below half.
pub const PRIOR: i16 = -35;

/// Whether it speaks for phishing.
pub fn supports(kind: Kind) -> bool {
    weight(kind) > 0
}

/// Whether it is about who sends, whatever the message holds.
pub fn is_of_sender(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        BrandInName
            | BrandInAddress
            | LookAlikeSender
            | ProtectedName
            | OwnName
            | AddressInName
            | OwnAddressInName
            | RoleFromFreemail
    )
}

/// Whether it is what this mailbox's other messages say of the sender.
pub fn is_of_history(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        KnownSender | OwnThread | FirstTime | UnknownThread | LikeCorrespondent | CorrespondentName | HijackedThread
    )
}

/// Whether it shows that one's own house is made to speak, or gives an account away to whoever wrote: whatever speaks for such a
/// message, it is *medium*.
fn is_proof(kind: Kind) -> bool {
    matches!(kind, Kind::OwnForged | Kind::OwnAddressInName | Kind::DeviceCode | Kind::DeviceLink)
}

/// A sign in words, with its weight as a share of 100.
pub fn reason(sign: &Sign) -> Reason {
    let fill = |text: &str| match text.contains("{}") {
        true if sign.on.is_empty() => {
            text.replace(" {}", "").replace("{}", "").trim_end_matches([':', ' ']).to_string()
        }
        true => text.replace("{}", &format!("`{}`", sign.on)),
        false => text.to_string(),
    };
    let (weight, words) = (weight(sign.sign), sign.sign.text());
    let share = (weight.unsigned_abs() * 2).min(100) as u8;
    let text = Text::new(fill(&words.en), fill(&words.fr));
    if weight > 0 { Reason::supporting(share, text) } else { Reason::against(share, text) }
}

/// The score, 0–100: the chance of phishing that the signs leave, the logistic of the sum of their weights, each kind
/// counted once. That signs which say the same thing are not independent, the fit of the weights has seen. What is proof
/// ([`is_proof`]) is likely at least.
pub fn score(signs: &[Sign]) -> u8 {
    let mut kinds: Vec<Kind> = signs.iter().map(|s| s.sign).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let sum: f32 = kinds.iter().fold(f32::from(PRIOR), |sum, k| sum + f32::from(weight(*k)));
    let least = if kinds.iter().any(|k| is_proof(*k)) { f32::from(LIKELY) } else { 0.0 };
    (100.0 / (1.0 + (-sum / 10.0).exp())).round().clamp(least, 100.0) as u8
}

/// The score from which phishing is likelier than not.
const LIKELY: u8 = 50;

/// The severity a score has; none below what is worth counting. *Medium* is where phishing is likelier than not.
pub fn severity(score: u8) -> Option<Severity> {
    match score {
        95.. => Some(Severity::High),
        LIKELY.. => Some(Severity::Medium),
        25.. => Some(Severity::Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_add_up_and_say_so() {
        assert!(score(&[]) < 5);
        let (name, file) = (Kind::BrandInName.on("DHL"), Kind::Smuggling.on("x"));
        assert!(score(std::slice::from_ref(&file)) > 50);
        assert!(score(&[file.clone(), name.clone()]) > score(&[file.clone(), Kind::KnownSender.on("")]));
        assert_eq!(score(&[name.clone(), name.clone()]), score(&[name]));
        assert!(score(&[Kind::ShownOther.on("x")]) < 50);
        let shortened = reason(&Kind::Shortener.on("bit.ly"));
        assert!(shortened.supports && shortened.text.en.ends_with("`bit.ly`"));
        assert_eq!(
            severity(score(&[Kind::OwnForged.on(""), Kind::NothingToDo.on(""), Kind::OwnThread.on("")])),
            Some(Severity::Medium)
        );
        assert!(reason(&Kind::Shortener.on("")).text.en.ends_with("leads"));
    }
}
