//! Signs: what speaks for phishing in a message, and what against, each with its weight of evidence and its words.
//!
//! A weight is in tenths of a natural log-odds: what the sign adds to the odds that the message is phishing. The first
//! weights are judgement; they were then drawn towards what a regularised logistic regression over measured signs gives
//! (`bench/mail_weights.py`; see `phishing.md`).
//! You may rely on: the score is a function of the set of signs alone, so it can be recomputed from an observation.
//! Left out: who the sender is to this mailbox, which the verdict adds from the case.

use model::{Reason, Severity, Text};
use serde::{Deserialize, Serialize};

/// A sign, with what it was seen on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Sign {
    /// Which.
    pub sign: Kind,
    /// On what: a name, a host, a file. Text of the evidence; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on: String,
}

/// Groups of signs that say the same thing: of each group the strongest counts whole, the others a third.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Group {
    Sender,
    Brand,
    Link,
    Lure,
    Tone,
    File,
    Text,
    Against,
}

macro_rules! kinds {
    ($($name:ident $group:ident $weight:literal $en:literal $fr:literal)*) => {
        /// Which sign.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $(#[doc = $en] $name,)* }

        impl Kind {
            /// All.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];

            fn row(self) -> (Group, i16, &'static str, &'static str) {
                match self { $(Kind::$name => (Group::$group, $weight, $en, $fr),)* }
            }
        }
    };
}

kinds! {
    BrandInName Brand 40
        "the sender calls itself {} but the address is not {}'s"
        "l’expéditeur se présente comme {}, mais l’adresse n’est pas la sienne"
    BrandInAddress Brand 30
        "the sender's address borrows a known name: {}"
        "l’adresse de l’expéditeur emprunte un nom connu : {}"
    BrandInSubject Brand 14
        "the subject speaks of {}, who did not send it"
        "l’objet parle de {}, qui n’en est pas l’expéditeur"
    BrandInBody Brand 8
        "the text speaks in the name of {}, who did not send it"
        "le texte parle au nom de {}, qui n’en est pas l’expéditeur"
    BrandAsks Brand 16
        "it asks you to act on behalf of {} and leads somewhere else"
        "il vous demande d’agir au nom de {} et mène ailleurs"
    LookAlikeSender Sender 45
        "the sender's domain is made to look like {}"
        "le domaine de l’expéditeur est fait pour ressembler à {}"
    ProtectedName Sender 40
        "it is signed with the name of {}, from a strange address"
        "il porte le nom de {}, depuis une adresse étrangère"
    OwnDomain Sender 20
        "it claims to come from your own domain {}, and nothing proves it"
        "il prétend venir de votre propre domaine {}, et rien ne le prouve"
    OwnName Sender 22
        "the sender's name speaks for your own organisation ({}), from outside"
        "le nom de l’expéditeur parle pour votre propre organisation ({}), de l’extérieur"
    AddressInName Sender 24
        "the sender's name shows another address: {}"
        "le nom de l’expéditeur montre une autre adresse : {}"
    RoleFromFreemail Sender 18
        "a service writes from a free mailbox anyone can open: {}"
        "un service écrit depuis une boîte gratuite que chacun peut ouvrir : {}"
    RoleName Sender 5
        "the sender calls itself a service only, and names nobody: {}"
        "l’expéditeur ne se nomme que par un service, sans personne : {}"
    ReplyElsewhere Sender 3
        "answers go to another domain: {}"
        "les réponses partent vers un autre domaine : {}"
    ReplyToFreemail Sender 16
        "answers go to a free mailbox: {}"
        "les réponses partent vers une boîte gratuite : {}"
    ReturnToFreemail Sender 6
        "mail that fails goes back to a free mailbox, not to the sender's domain: {}"
        "les messages non remis reviennent à une boîte gratuite, et non au domaine de l’expéditeur : {}"
    RandomSender Sender 7
        "the sender's address looks made up by a machine: {}"
        "l’adresse de l’expéditeur semble fabriquée par une machine : {}"
    HostedSender Sender 12
        "the sender's domain is one where anybody can have a name: {}"
        "le domaine de l’expéditeur est de ceux où chacun peut prendre un nom : {}"
    CheapSender Sender 11
        "the sender's domain has a suffix often used to throw away: {}"
        "le domaine de l’expéditeur a un suffixe souvent jetable : {}"
    ToItself Sender 6
        "sender and recipient are the same address"
        "l’expéditeur et le destinataire sont la même adresse"
    NoSender Sender 8
        "it does not say who sends it"
        "il ne dit pas qui l’envoie"
    LookAlikeLink Link 28
        "a link leads to a domain made to look like {}"
        "un lien mène à un domaine fait pour ressembler à {}"
    BorrowedLink Link 15
        "a stranger's link carries the name of {}"
        "le lien d’un inconnu porte le nom de {}"
    ShownOther Link 22
        "the words of a link show another address than it opens: {}"
        "les mots d’un lien montrent une autre adresse que celle qu’il ouvre : {}"
    LinkToAddress Link 20
        "a link leads to a machine's number instead of a name: {}"
        "un lien mène à un numéro de machine au lieu d’un nom : {}"
    OddAddress Link 30
        "a link hides its host in an unusual number: {}"
        "un lien cache son hôte dans un nombre inhabituel : {}"
    UserInLink Link 32
        "a link is made to look like another before an `@`: {}"
        "un lien se fait passer pour un autre avant un « @ » : {}"
    International Link 14
        "a link's host is written with unusual letters: {}"
        "l’hôte d’un lien s’écrit avec des lettres inhabituelles : {}"
    Shortener Link 13
        "a link is shortened, so that you cannot see where it leads: {}"
        "un lien est raccourci : on ne voit pas où il mène : {}"
    FreeHosting Link 11
        "a link leads to a place where anybody can put a page or a file: {}"
        "un lien mène là où chacun peut déposer une page ou un fichier : {}"
    FreePage Link 18
        "all it asks is to go to a page that anybody can put up: {}"
        "il ne demande que d’aller sur une page que chacun peut créer : {}"
    Gateway Link 20
        "a link hides the page behind a gateway: {}"
        "un lien cache la page derrière une passerelle : {}"
    Redirect Link 14
        "a link uses a known name only to hand you on to {}"
        "un lien n’emploie un nom connu que pour vous renvoyer vers {}"
    RecipientInLink Link 18
        "a link carries your own address: {}"
        "un lien contient votre propre adresse : {}"
    PlantedPage Link 30
        "a link leads into the inner folders of a site, where no page belongs: {}"
        "un lien mène dans les dossiers internes d’un site, où aucune page n’a sa place : {}"
    OddPort Link 8
        "a link opens an unusual port: {}"
        "un lien ouvre un port inhabituel : {}"
    RunsFromLink Link 20
        "a link fetches a file that can run: {}"
        "un lien télécharge un fichier exécutable : {}"
    DataLink Link 30
        "a link carries its page within itself"
        "un lien contient lui-même sa page"
    ScriptLink Link 15
        "a link runs script"
        "un lien exécute un script"
    LinksAway Link 8
        "what you are to click leads away from the sender's domain: {}"
        "ce qu’il faut cliquer mène hors du domaine de l’expéditeur : {}"
    OneTarget Link 6
        "everything in it leads to one place: {}"
        "tout y mène à un seul endroit : {}"
    CheapLink Link 10
        "a link's domain has a suffix often used to throw away: {}"
        "le domaine d’un lien a un suffixe souvent jetable : {}"
    Credential Lure 11
        "it speaks of an account at risk or to confirm"
        "il parle d’un compte menacé ou à confirmer"
    CredentialStrong Lure 24
        "it insists on an account at risk or to confirm"
        "il insiste sur un compte menacé ou à confirmer"
    Payment Lure 6
        "it speaks of a payment that failed or is due"
        "il parle d’un paiement échoué ou dû"
    Parcel Lure 6
        "it speaks of a parcel that waits"
        "il parle d’un colis en attente"
    Document Lure 7
        "it asks you to open a document or a message"
        "il vous demande d’ouvrir un document ou un message"
    Storage Lure 9
        "it speaks of storage that is full"
        "il parle d’un espace de stockage plein"
    Wallet Lure 9
        "it speaks of crypto money to secure or to receive"
        "il parle de cryptomonnaie à sécuriser ou à recevoir"
    Authority Lure 9
        "it speaks of a tax, a fine or a refund"
        "il parle d’un impôt, d’une amende ou d’un remboursement"
    Prize Lure 9
        "it promises a prize, a gift or points"
        "il promet un prix, un cadeau ou des points"
    PrizeStrong Lure 20
        "it insists on a prize, a gift or points"
        "il insiste sur un prix, un cadeau ou des points"
    Infection Lure 9
        "it says that your device is infected or unprotected"
        "il dit que votre appareil est infecté ou sans protection"
    SeveralLures Lure 10
        "it repeats its demand in several ways"
        "il répète sa demande de plusieurs façons"
    LureInSubject Lure 9
        "the subject itself threatens or promises"
        "l’objet lui-même menace ou promet"
    Fortune Lure 30
        "it offers a stranger's fortune or loan"
        "il offre la fortune d’un inconnu ou un prêt"
    FortuneStrong Lure 48
        "it tells the story of a stranger's fortune at length"
        "il raconte longuement la fortune d’un inconnu"
    Extortion Lure 46
        "it threatens to publish what a camera saw and wants crypto money"
        "il menace de publier ce qu’une caméra a vu et veut de la cryptomonnaie"
    Errand Lure 16
        "it asks for a discreet favour or for new bank details"
        "il demande un service discret ou donne de nouvelles coordonnées bancaires"
    ErrandStrong Lure 36
        "it asks for a discreet favour with money or staff data"
        "il demande un service discret touchant à l’argent ou aux données du personnel"
    Callback Lure 14
        "it wants you to call a number about an order or a charge"
        "il veut que vous appeliez un numéro au sujet d’une commande ou d’un débit"
    CallbackStrong Lure 28
        "it insists that you call a number about an order or a charge"
        "il insiste pour que vous appeliez un numéro au sujet d’une commande ou d’un débit"
    Income Lure 6
        "it promises easy income"
        "il promet un revenu facile"
    Urgency Tone 7
        "it presses for time"
        "il presse par le temps"
    Asks Tone 3
        "it tells you to click, open or sign in"
        "il vous dit de cliquer, d’ouvrir ou de vous connecter"
    Stranger Tone 9
        "it does not know your name"
        "il ne connaît pas votre nom"
    GreetsAddress Tone 8
        "it greets you by your address"
        "il vous salue par votre adresse"
    AskButton Tone 9
        "its button asks you to confirm, pay or sign in: {}"
        "son bouton vous demande de confirmer, payer ou vous connecter : {}"
    ImageOnly Text 14
        "it is a picture to click, with next to no text"
        "c’est une image à cliquer, presque sans texte"
    HiddenText Text 12
        "it hides text from you"
        "il vous cache du texte"
    MixedLetters Text 24
        "it writes words with letters of other alphabets: {}"
        "il écrit des mots avec des lettres d’autres alphabets : {}"
    InvisibleLetters Text 12
        "it breaks words with invisible characters"
        "il coupe des mots par des caractères invisibles"
    StyledLetters Text 10
        "it writes with decorative letters that filters do not read"
        "il écrit avec des lettres décoratives que les filtres ne lisent pas"
    PasswordForm Text 36
        "it holds a form that asks for a password"
        "il contient un formulaire qui demande un mot de passe"
    Form Text 4
        "it holds a form to fill in"
        "il contient un formulaire à remplir"
    Script Text 2
        "it holds script"
        "il contient un script"
    Smuggling File 42
        "it builds a file or page out of script: {}"
        "il fabrique un fichier ou une page par un script : {}"
    HtmlAttachment File 18
        "a web page is attached: {}"
        "une page web est jointe : {}"
    HtmlAttachmentForm File 36
        "an attached web page asks for a password or runs script: {}"
        "une page web jointe demande un mot de passe ou exécute un script : {}"
    RunsAttachment File 42
        "an attachment can run on your computer: {}"
        "une pièce jointe peut s’exécuter sur votre ordinateur : {}"
    MacroAttachment File 26
        "an attached document holds macros: {}"
        "un document joint contient des macros : {}"
    AutoMacro File 40
        "an attached document runs macros as it opens: {}"
        "un document joint exécute des macros à l’ouverture : {}"
    ActiveDocument File 36
        "an attached document fetches or runs something when opened: {}"
        "un document joint télécharge ou exécute quelque chose à l’ouverture : {}"
    DiskImage File 34
        "a disk image is attached: {}"
        "une image disque est jointe : {}"
    Disguised File 34
        "an attachment's name hides what it is: {}"
        "le nom d’une pièce jointe cache ce qu’elle est : {}"
    LockedArchive File 14
        "an attachment is locked, so that no filter can look inside: {}"
        "une pièce jointe est verrouillée : aucun filtre ne peut y regarder : {}"
    PasswordInBody File 30
        "an attachment is locked and its password is in the message: {}"
        "une pièce jointe est verrouillée et son mot de passe est dans le message : {}"
    DocumentLink File 10
        "an attached document holds little but a link: {}"
        "un document joint ne contient guère qu’un lien : {}"
    QrCode File 24
        "a QR code leads to {}"
        "un code QR mène à {}"
    InvitationLink File 8
        "a calendar invitation holds a link: {}"
        "une invitation d’agenda contient un lien : {}"
    LinksHome Against -8
        "its links lead to the sender's own domain"
        "ses liens mènent au domaine de l’expéditeur"
    OnlyHome Against -14
        "all its links lead to the sender's own domain, and it speaks for nobody else"
        "tous ses liens mènent au domaine de l’expéditeur, et il ne parle au nom de personne d’autre"
    OwnBrand Against -12
        "it comes from the domain of the one it speaks for: {}"
        "il vient du domaine de celui pour qui il parle : {}"
    Conversation Against -16
        "it answers in a conversation and quotes it"
        "il répond dans une conversation et la cite"
    MailingList Against -20
        "it came through a discussion list: {}"
        "il est passé par une liste de discussion : {}"
    NothingToDo Against -20
        "it asks for nothing: no link, no file, no number"
        "il ne demande rien : ni lien, ni fichier, ni numéro"
    LongText Against -14
        "it is a long text"
        "c’est un long texte"
    KnownSender Against -30
        "this mailbox has long known the sender: {}"
        "cette boîte connaît l’expéditeur depuis longtemps : {}"
    Authenticated Against -16
        "its sender is proven: {}"
        "son expéditeur est prouvé : {}"
    OwnThread Against -25
        "it answers a message this mailbox sent"
        "il répond à un message envoyé par cette boîte"
    Forged Sender 26
        "the sender's domain says that this mail is forged: {}"
        "le domaine de l’expéditeur dit que ce courriel est un faux : {}"
    FirstTime Sender 5
        "nobody here ever had mail from this sender"
        "personne ici n’a jamais eu de courriel de cet expéditeur"
    LikeCorrespondent Sender 40
        "the sender is made to look like one of your correspondents: {}"
        "l’expéditeur est fait pour ressembler à l’un de vos correspondants : {}"
    CorrespondentName Sender 30
        "it carries the name of one of your correspondents, from another address: {}"
        "il porte le nom d’un de vos correspondants, depuis une autre adresse : {}"
    HijackedThread Sender 20
        "it continues a conversation from another address: {}"
        "il poursuit une conversation depuis une autre adresse : {}"
}

/// Log-odds of phishing before anything is seen, in tenths; fitted so that ordinary mail stays below half.
pub const PRIOR: i16 = -33;

impl Kind {
    /// Tenths of log-odds.
    pub fn weight(self) -> i16 {
        self.row().1
    }

    /// Whether it speaks for phishing.
    pub fn supports(self) -> bool {
        self.weight() > 0
    }

    /// Whether it is about who sends, whatever the message holds.
    pub fn is_of_sender(self) -> bool {
        self.row().0 == Group::Sender
    }

    /// On something.
    pub fn on(self, what: impl Into<String>) -> Sign {
        let on: String = what.into();
        Sign { sign: self, on: on.chars().take(200).collect() }
    }

    /// The word used in JSON.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
    }
}

impl Sign {
    /// In words, with its weight as a share of 100.
    pub fn reason(&self) -> Reason {
        let (_, weight, en, fr) = self.sign.row();
        let fill = |text: &str| match text.contains("{}") {
            true if self.on.is_empty() => {
                text.replace(" {}", "").replace("{}", "").trim_end_matches([':', ' ']).to_string()
            }
            true => text.replace("{}", &format!("`{}`", self.on)),
            false => text.to_string(),
        };
        let share = (weight.unsigned_abs() * 2).min(100) as u8;
        let text = Text::new(fill(en), fill(fr));
        if weight > 0 { Reason::supporting(share, text) } else { Reason::against(share, text) }
    }
}

/// The score, 0–100: the chance of phishing that the signs leave, as a logistic of their weights. Within a group the
/// strongest counts whole and every other a third of its weight, for signs of one group are not independent.
pub fn score(signs: &[Sign]) -> u8 {
    let mut kinds: Vec<Kind> = signs.iter().map(|s| s.sign).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let sum = f32::from(PRIOR) + evidence(&kinds);
    (100.0 / (1.0 + (-sum / 10.0).exp())).round().clamp(0.0, 100.0) as u8
}

/// The severity a score has; none below what is worth counting. *Medium* is where phishing is likelier than not.
pub fn severity(score: u8) -> Option<Severity> {
    match score {
        95.. => Some(Severity::High),
        50.. => Some(Severity::Medium),
        25.. => Some(Severity::Low),
        _ => None,
    }
}

fn evidence(kinds: &[Kind]) -> f32 {
    let mut sum = 0.0;
    let mut groups: Vec<(Group, f32)> = kinds.iter().map(|k| (k.row().0, f32::from(k.weight()))).collect();
    groups.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.abs().total_cmp(&a.1.abs())));
    let mut last = None;
    for (group, weight) in groups {
        let first = last != Some(group);
        sum += if first || matches!(group, Group::Lure | Group::Tone | Group::Against) { weight } else { weight / 3.0 };
        last = Some(group);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_add_up_and_say_so() {
        assert!(score(&[]) < 5);
        assert!(score(&[Kind::BrandInName.on("DHL"), Kind::Parcel.on("")]) >= 50);
        assert!(score(&[Kind::ShownOther.on("x")]) < 50);
        let reason = Kind::Shortener.on("bit.ly").reason();
        assert!(reason.supports && reason.text.en.ends_with("`bit.ly`"));
        assert!(Kind::Shortener.on("").reason().text.en.ends_with("leads"));
    }
}
