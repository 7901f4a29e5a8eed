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

macro_rules! kinds {
    ($($name:ident $weight:literal $en:literal $fr:literal)*) => {
        /// Which sign.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $(#[doc = $en] $name,)* }

        impl Kind {
            /// All.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];

            fn row(self) -> (i16, &'static str, &'static str) {
                match self { $(Kind::$name => ($weight, $en, $fr),)* }
            }
        }
    };
}

kinds! {
    BrandInName 33
        "the sender calls itself {} but the address is not {}'s"
        "l’expéditeur se présente comme {}, mais l’adresse n’est pas la sienne"
    BrandElsewhere 11
        "under the name of {} it leads anywhere but there"
        "sous le nom de {}, il mène partout sauf là"
    BrandInAddress 8
        "the sender's address borrows a known name: {}"
        "l’adresse de l’expéditeur emprunte un nom connu : {}"
    BrandInSubject 1
        "the subject speaks of {}, who did not send it"
        "l’objet parle de {}, qui n’en est pas l’expéditeur"
    BrandInBody 1
        "the text speaks in the name of {}, who did not send it"
        "le texte parle au nom de {}, qui n’en est pas l’expéditeur"
    BrandAsks 5
        "it asks you to act on behalf of {} and leads somewhere else"
        "il vous demande d’agir au nom de {} et mène ailleurs"
    LookAlikeSender 45
        "the sender's domain is made to look like {}"
        "le domaine de l’expéditeur est fait pour ressembler à {}"
    ProtectedName 40
        "it is signed with the name of {}, from a strange address"
        "il porte le nom de {}, depuis une adresse étrangère"
    OwnDomain 20
        "it claims to come from your own domain {}, and nothing proves it"
        "il prétend venir de votre propre domaine {}, et rien ne le prouve"
    OwnForged 46
        "it shows your own domain {}, and what is proven is that another sent it"
        "il affiche votre propre domaine {}, et il est prouvé qu’un autre l’a envoyé"
    OwnAddressInName 40
        "the sender's name shows an address of your own domain, which did not send it: {}"
        "le nom de l’expéditeur montre une adresse de votre propre domaine, qui ne l’a pas envoyé : {}"
    OwnName 22
        "the sender's name speaks for your own organisation ({}), from outside"
        "le nom de l’expéditeur parle pour votre propre organisation ({}), de l’extérieur"
    AddressInName 16
        "the sender's name shows another address: {}"
        "le nom de l’expéditeur montre une autre adresse : {}"
    RoleFromFreemail 20
        "a service writes from a free mailbox anyone can open: {}"
        "un service écrit depuis une boîte gratuite que chacun peut ouvrir : {}"
    RoleName 17
        "the sender calls itself a service only, and names nobody: {}"
        "l’expéditeur ne se nomme que par un service, sans personne : {}"
    ReplyElsewhere 1
        "answers go to another domain: {}"
        "les réponses partent vers un autre domaine : {}"
    ReplyToFreemail 20
        "answers go to a free mailbox: {}"
        "les réponses partent vers une boîte gratuite : {}"
    ReturnToFreemail 6
        "mail that fails goes back to a free mailbox, not to the sender's domain: {}"
        "les messages non remis reviennent à une boîte gratuite, et non au domaine de l’expéditeur : {}"
    RandomSender 11
        "the sender's address looks made up by a machine: {}"
        "l’adresse de l’expéditeur semble fabriquée par une machine : {}"
    HostedSender 14
        "the sender's domain is one where anybody can have a name: {}"
        "le domaine de l’expéditeur est de ceux où chacun peut prendre un nom : {}"
    CheapSender 14
        "the sender's domain has a suffix often used to throw away: {}"
        "le domaine de l’expéditeur a un suffixe souvent jetable : {}"
    ToItself 5
        "sender and recipient are the same address"
        "l’expéditeur et le destinataire sont la même adresse"
    NoSender 9
        "it does not say who sends it"
        "il ne dit pas qui l’envoie"
    NameStrange 2
        "nothing of the sender's address bears the name it shows: {}"
        "rien dans l’adresse de l’expéditeur ne porte le nom affiché : {}"
    FreemailStrange 9
        "it comes from a free mailbox that does not bear the name shown: {}"
        "il vient d’une boîte gratuite qui ne porte pas le nom affiché : {}"
    ClaimUnborne 2
        "it speaks in the name of {}, which neither the sender's address nor any link bears"
        "il parle au nom de {}, que ni l’adresse de l’expéditeur ni aucun lien ne porte"
    SenderUnnamed 1
        "nothing in it names the domain it comes from: {}"
        "rien n’y nomme le domaine d’où il vient : {}"
    NothingFits 25
        "its words, the domain it comes from and its only way out have nothing to do with each other: {}"
        "ses mots, le domaine d’où il vient et sa seule issue n’ont rien à voir entre eux : {}"
    DemandFromFreemail 7
        "a demand that leads elsewhere comes from a free mailbox: {}"
        "une demande qui mène ailleurs vient d’une boîte gratuite : {}"
    OfficeBorrowed 8
        "a demand that leads elsewhere comes from a school's or office's mailbox, perhaps a stolen one: {}"
        "une demande qui mène ailleurs vient de la boîte d’une école ou d’une administration, peut-être volée : {}"
    ReplyOtherMailbox 11
        "answers go to another free mailbox than the sender's: {}"
        "les réponses partent vers une autre boîte gratuite que celle de l’expéditeur : {}"
    WriteElsewhere 11
        "it wants you to write to a free mailbox that is not the sender's: {}"
        "il veut que vous écriviez à une boîte gratuite qui n’est pas celle de l’expéditeur : {}"
    MadeElsewhere 1
        "it was made on another domain than the sender's: {}"
        "il a été fabriqué sur un autre domaine que celui de l’expéditeur : {}"
    ReturnElsewhere 1
        "mail that fails goes back to another domain than the sender's: {}"
        "les messages non remis reviennent à un autre domaine que celui de l’expéditeur : {}"
    CameFromElsewhere 1
        "no server of the sender's domain had a hand in it"
        "aucun serveur du domaine de l’expéditeur n’y a eu part"
    Unaddressed 8
        "it is addressed to nobody"
        "il n’est adressé à personne"
    OddFrom 12
        "the sender's address is written as no mail program writes one: {}"
        "l’adresse de l’expéditeur est écrite comme aucun logiciel de courriel ne le fait : {}"
    SenderElsewhere 4
        "another domain than the author's says it sent it: {}"
        "un autre domaine que celui de l’auteur dit l’avoir envoyé : {}"
    ReturnNowhere 2
        "mail that fails is to go nowhere"
        "les messages non remis ne doivent revenir nulle part"
    ToAndCopy 9
        "the same address is both recipient and copy"
        "la même adresse est à la fois destinataire et en copie"
    NotToYou 1
        "the address it was delivered to stands nowhere in it: {}"
        "l’adresse où il a été remis n’y figure nulle part : {}"
    OddHeader 10
        "a field of its header has a form that no mail program writes: {}"
        "un champ de son en-tête a une forme qu’aucun logiciel n’écrit : {}"
    StuffedHeader 14
        "a field of its header is stuffed with letters to confuse filters: {}"
        "un champ de son en-tête est bourré de lettres pour égarer les filtres : {}"
    BorrowedTrim 1
        "it borrows pictures or small links of {}, who did not send it, and leads to a third"
        "il emprunte des images ou de petits liens à {}, qui ne l’a pas envoyé, et mène chez un tiers"
    MailButton 23
        "its button writes a mail to a free mailbox that is not the sender's: {}"
        "son bouton écrit à une boîte gratuite qui n’est pas celle de l’expéditeur : {}"
    JunkStyle 14
        "it carries hidden rubbish to confuse filters"
        "il transporte du remplissage caché pour égarer les filtres"
    PictureTwice 14
        "it fetches the same picture twice in two spellings"
        "il va chercher deux fois la même image sous deux écritures"
    LookAlikeLink 34
        "a link leads to a domain made to look like {}"
        "un lien mène à un domaine fait pour ressembler à {}"
    BorrowedLink 6
        "a stranger's link carries the name of {}"
        "le lien d’un inconnu porte le nom de {}"
    ShownOther 21
        "the words of a link show another address than it opens: {}"
        "les mots d’un lien montrent une autre adresse que celle qu’il ouvre : {}"
    LinkToAddress 20
        "a link leads to a machine's number instead of a name: {}"
        "un lien mène à un numéro de machine au lieu d’un nom : {}"
    OddAddress 30
        "a link hides its host in an unusual number: {}"
        "un lien cache son hôte dans un nombre inhabituel : {}"
    UserInLink 33
        "a link is made to look like another before an `@`: {}"
        "un lien se fait passer pour un autre avant un « @ » : {}"
    International 14
        "a link's host is written with unusual letters: {}"
        "l’hôte d’un lien s’écrit avec des lettres inhabituelles : {}"
    Shortener 8
        "a link is shortened, so that you cannot see where it leads: {}"
        "un lien est raccourci : on ne voit pas où il mène : {}"
    FreeHosting 6
        "a link leads to a place where anybody can put a page or a file: {}"
        "un lien mène là où chacun peut déposer une page ou un fichier : {}"
    FreePage 11
        "all it asks is to go to a page that anybody can put up: {}"
        "il ne demande que d’aller sur une page que chacun peut créer : {}"
    Gateway 20
        "a link hides the page behind a gateway: {}"
        "un lien cache la page derrière une passerelle : {}"
    Redirect 23
        "a link uses a known name only to hand you on to {}"
        "un lien n’emploie un nom connu que pour vous renvoyer vers {}"
    RecipientInLink 24
        "a link carries your own address: {}"
        "un lien contient votre propre adresse : {}"
    PlantedPage 32
        "a link leads into the inner folders of a site, where no page belongs: {}"
        "un lien mène dans les dossiers internes d’un site, où aucune page n’a sa place : {}"
    OddPort 8
        "a link opens an unusual port: {}"
        "un lien ouvre un port inhabituel : {}"
    RunsFromLink 20
        "a link fetches a file that can run: {}"
        "un lien télécharge un fichier exécutable : {}"
    DataLink 30
        "a link carries its page within itself"
        "un lien contient lui-même sa page"
    ScriptLink 15
        "a link runs script"
        "un lien exécute un script"
    LinksAway 1
        "what you are to click leads away from the sender's domain: {}"
        "ce qu’il faut cliquer mène hors du domaine de l’expéditeur : {}"
    OneTarget 1
        "everything in it leads to one place: {}"
        "tout y mène à un seul endroit : {}"
    OneButton 1
        "its only way out leads to a stranger: {}"
        "sa seule issue mène chez un inconnu : {}"
    ShortAsk 6
        "it says little but where to click"
        "il ne dit guère que où cliquer"
    RandomLink 15
        "a link's host looks made up by a machine: {}"
        "l’hôte d’un lien semble fabriqué par une machine : {}"
    DeadLinks 8
        "some of its links are painted on and lead nowhere"
        "certains de ses liens sont factices et ne mènent nulle part"
    CheapLink 12
        "a link's domain has a suffix often used to throw away: {}"
        "le domaine d’un lien a un suffixe souvent jetable : {}"
    Credential 2
        "it speaks of an account at risk or to confirm"
        "il parle d’un compte menacé ou à confirmer"
    CredentialStrong 24
        "it insists on an account at risk or to confirm"
        "il insiste sur un compte menacé ou à confirmer"
    Payment 4
        "it speaks of a payment that failed or is due"
        "il parle d’un paiement échoué ou dû"
    Parcel 6
        "it speaks of a parcel that waits"
        "il parle d’un colis en attente"
    Document 14
        "it asks you to open a document or a message"
        "il vous demande d’ouvrir un document ou un message"
    Storage 9
        "it speaks of storage that is full"
        "il parle d’un espace de stockage plein"
    Wallet 11
        "it speaks of crypto money to secure or to receive"
        "il parle de cryptomonnaie à sécuriser ou à recevoir"
    Authority 13
        "it speaks of a tax, a fine or a refund"
        "il parle d’un impôt, d’une amende ou d’un remboursement"
    Prize 14
        "it promises a prize, a gift or points"
        "il promet un prix, un cadeau ou des points"
    PrizeStrong 20
        "it insists on a prize, a gift or points"
        "il insiste sur un prix, un cadeau ou des points"
    Infection 9
        "it says that your device is infected or unprotected"
        "il dit que votre appareil est infecté ou sans protection"
    SeveralLures 11
        "it repeats its demand in several ways"
        "il répète sa demande de plusieurs façons"
    LureInSubject 11
        "the subject itself threatens or promises"
        "l’objet lui-même menace ou promet"
    Fortune 32
        "it offers a stranger's fortune or loan"
        "il offre la fortune d’un inconnu ou un prêt"
    FortuneStrong 51
        "it tells the story of a stranger's fortune at length"
        "il raconte longuement la fortune d’un inconnu"
    Extortion 49
        "it threatens to publish what a camera saw and wants crypto money"
        "il menace de publier ce qu’une caméra a vu et veut de la cryptomonnaie"
    Errand 21
        "it asks for a discreet favour or for new bank details"
        "il demande un service discret ou donne de nouvelles coordonnées bancaires"
    ErrandStrong 49
        "it asks for a discreet favour with money or staff data"
        "il demande un service discret touchant à l’argent ou aux données du personnel"
    Callback 17
        "it wants you to call a number about an order or a charge"
        "il veut que vous appeliez un numéro au sujet d’une commande ou d’un débit"
    CallbackStrong 32
        "it insists that you call a number about an order or a charge"
        "il insiste pour que vous appeliez un numéro au sujet d’une commande ou d’un débit"
    Income 1
        "it promises easy income"
        "il promet un revenu facile"
    Urgency 13
        "it presses for time"
        "il presse par le temps"
    Asks 1
        "it tells you to click, open or sign in"
        "il vous dit de cliquer, d’ouvrir ou de vous connecter"
    Stranger 13
        "it does not know your name"
        "il ne connaît pas votre nom"
    GreetsAddress 8
        "it greets you by your address"
        "il vous salue par votre adresse"
    AskButton 6
        "its button asks you to confirm, pay or sign in: {}"
        "son bouton vous demande de confirmer, payer ou vous connecter : {}"
    GreetsLocal 8
        "it calls you by the name of your mailbox"
        "il vous appelle par le nom de votre boîte"
    SpeaksOfYours 6
        "a stranger speaks in the name of your own domain: {}"
        "un inconnu parle au nom de votre propre domaine : {}"
    BrokenThread 1
        "it pretends to answer, but there is no conversation"
        "il fait mine de répondre, mais il n’y a pas de conversation"
    Pictograms 7
        "its subject or sender draws attention with little pictures"
        "son objet ou son expéditeur attire l’œil par de petites images"
    Shouts 5
        "its subject shouts"
        "son objet crie"
    CaseNumber 4
        "its subject shows a number of a case or an order"
        "son objet montre un numéro de dossier ou de commande"
    RandomSubject 14
        "its subject ends in letters and figures made by a machine: {}"
        "son objet finit par des lettres et chiffres fabriqués par une machine : {}"
    Amount 9
        "it names a sum of money"
        "il nomme une somme d’argent"
    LargeSum 12
        "it names a large sum of money"
        "il nomme une grosse somme d’argent"
    Hours 9
        "it counts the hours that are left"
        "il compte les heures qui restent"
    FreePicture 10
        "its pictures lie where anybody can put one: {}"
        "ses images sont là où chacun peut en déposer : {}"
    PicturesElsewhere 11
        "its pictures belong neither to the sender nor to where it leads: {}"
        "ses images ne sont ni à l’expéditeur ni là où il mène : {}"
    BelowGap 1
        "it hides text far below the rest"
        "il cache du texte loin sous le reste"
    ImageOnly 12
        "it is a picture to click, with next to no text"
        "c’est une image à cliquer, presque sans texte"
    HiddenText 12
        "it hides text from you"
        "il vous cache du texte"
    MixedLetters 24
        "it writes words with letters of other alphabets: {}"
        "il écrit des mots avec des lettres d’autres alphabets : {}"
    DisguisedWord 18
        "it writes a word with a figure or capital that only looks like the letter: {}"
        "il écrit un mot avec un chiffre ou une capitale qui n’a que l’air de la lettre : {}"
    InvisibleLetters 12
        "it breaks words with invisible characters"
        "il coupe des mots par des caractères invisibles"
    StyledLetters 13
        "it writes with decorative letters that filters do not read"
        "il écrit avec des lettres décoratives que les filtres ne lisent pas"
    PasswordForm 42
        "it holds a form that asks for a password"
        "il contient un formulaire qui demande un mot de passe"
    Form 1
        "it holds a form to fill in"
        "il contient un formulaire à remplir"
    Script 1
        "it holds script"
        "il contient un script"
    Smuggling 42
        "it builds a file or page out of script: {}"
        "il fabrique un fichier ou une page par un script : {}"
    HtmlAttachment 18
        "a web page is attached: {}"
        "une page web est jointe : {}"
    HtmlAttachmentForm 43
        "an attached web page asks for a password or runs script: {}"
        "une page web jointe demande un mot de passe ou exécute un script : {}"
    RunsAttachment 42
        "an attachment can run on your computer: {}"
        "une pièce jointe peut s’exécuter sur votre ordinateur : {}"
    MacroAttachment 26
        "an attached document holds macros: {}"
        "un document joint contient des macros : {}"
    AutoMacro 40
        "an attached document runs macros as it opens: {}"
        "un document joint exécute des macros à l’ouverture : {}"
    ActiveDocument 36
        "an attached document fetches or runs something when opened: {}"
        "un document joint télécharge ou exécute quelque chose à l’ouverture : {}"
    DiskImage 34
        "a disk image is attached: {}"
        "une image disque est jointe : {}"
    Disguised 34
        "an attachment's name hides what it is: {}"
        "le nom d’une pièce jointe cache ce qu’elle est : {}"
    LockedArchive 14
        "an attachment is locked, so that no filter can look inside: {}"
        "une pièce jointe est verrouillée : aucun filtre ne peut y regarder : {}"
    PasswordInBody 30
        "an attachment is locked and its password is in the message: {}"
        "une pièce jointe est verrouillée et son mot de passe est dans le message : {}"
    DocumentLink 10
        "an attached document holds little but a link: {}"
        "un document joint ne contient guère qu’un lien : {}"
    QrCode 25
        "a QR code leads to {}"
        "un code QR mène à {}"
    InvitationLink 8
        "a calendar invitation holds a link: {}"
        "une invitation d’agenda contient un lien : {}"
    NameFitsDomain -20
        "the domain it comes from bears the sender's name: {}"
        "le domaine d’où il vient porte le nom de l’expéditeur : {}"
    NameFitsLink -11
        "where it leads bears the sender's name"
        "là où il mène porte le nom de l’expéditeur"
    NameFitsAddress -7
        "the sender's address bears the person's name"
        "l’adresse de l’expéditeur porte le nom de la personne"
    SenderNamed -9
        "it names the domain it comes from: {}"
        "il nomme le domaine d’où il vient : {}"
    PicturesHome -8
        "its pictures lie on the sender's own domain"
        "ses images sont sur le domaine de l’expéditeur"
    CameFromHome -6
        "a server of the sender's domain handed it over"
        "un serveur du domaine de l’expéditeur l’a remis"
    LinksHome -13
        "its links lead to the sender's own domain"
        "ses liens mènent au domaine de l’expéditeur"
    OnlyHome -10
        "all its links lead to the sender's own domain, and it speaks for nobody else"
        "tous ses liens mènent au domaine de l’expéditeur, et il ne parle au nom de personne d’autre"
    OwnBrand -14
        "it comes from the domain of the one it speaks for: {}"
        "il vient du domaine de celui pour qui il parle : {}"
    Conversation -17
        "it answers in a conversation and quotes it"
        "il répond dans une conversation et la cite"
    MailingList -21
        "it came through a discussion list: {}"
        "il est passé par une liste de discussion : {}"
    NothingToDo -19
        "it asks for nothing: no link, no file, no number"
        "il ne demande rien : ni lien, ni fichier, ni numéro"
    LongText -14
        "it is a long text"
        "c’est un long texte"
    KnownSender -30
        "this mailbox has long known the sender: {}"
        "cette boîte connaît l’expéditeur depuis longtemps : {}"
    Authenticated -16
        "its sender is proven: {}"
        "son expéditeur est prouvé : {}"
    OwnThread -25
        "it answers a message this mailbox sent"
        "il répond à un message envoyé par cette boîte"
    Forged 26
        "the sender's domain says that this mail is forged: {}"
        "le domaine de l’expéditeur dit que ce courriel est un faux : {}"
    OtherProven 26
        "its results prove another sender than the one it shows: {}"
        "ses résultats prouvent un autre expéditeur que celui qu’il affiche : {}"
    NameForged 20
        "it bears the name of the domain that disowns it: {}"
        "il porte le nom du domaine qui le désavoue : {}"
    FirstTime 5
        "nobody here ever had mail from this sender"
        "personne ici n’a jamais eu de courriel de cet expéditeur"
    UnknownThread 6
        "it answers a conversation that this mailbox does not hold, and quotes nothing of it"
        "il répond à une conversation que cette boîte ne contient pas, et n’en cite rien"
    LikeCorrespondent 40
        "the sender is made to look like one of your correspondents: {}"
        "l’expéditeur est fait pour ressembler à l’un de vos correspondants : {}"
    CorrespondentName 30
        "it carries the name of one of your correspondents, from another address: {}"
        "il porte le nom d’un de vos correspondants, depuis une autre adresse : {}"
    HijackedThread 20
        "it continues a conversation from another address: {}"
        "il poursuit une conversation depuis une autre adresse : {}"
}

/// Log-odds of phishing before anything is seen, in tenths; fitted so that ordinary mail stays below half.
pub const PRIOR: i16 = -35;

impl Kind {
    /// Tenths of log-odds.
    pub fn weight(self) -> i16 {
        self.row().0
    }

    /// Whether it speaks for phishing.
    pub fn supports(self) -> bool {
        self.weight() > 0
    }

    /// Whether it is about who sends, whatever the message holds.
    pub fn is_of_sender(self) -> bool {
        use Kind::*;
        matches!(
            self,
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

    /// Whether it shows that one's own house is made to speak: whatever speaks for such a message, it is *medium*.
    pub fn is_proof(self) -> bool {
        matches!(self, Kind::OwnForged | Kind::OwnAddressInName)
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
        let (weight, en, fr) = self.sign.row();
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

/// The score, 0–100: the chance of phishing that the signs leave, the logistic of the sum of their weights, each kind
/// counted once. That signs which say the same thing are not independent, the fit of the weights has seen. What shows
/// one's own house and is not from there is likely at least.
pub fn score(signs: &[Sign]) -> u8 {
    let mut kinds: Vec<Kind> = signs.iter().map(|s| s.sign).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let sum: f32 = kinds.iter().fold(f32::from(PRIOR), |sum, k| sum + f32::from(k.weight()));
    let least = if kinds.iter().any(|k| k.is_proof()) { f32::from(LIKELY) } else { 0.0 };
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
        let reason = Kind::Shortener.on("bit.ly").reason();
        assert!(reason.supports && reason.text.en.ends_with("`bit.ly`"));
        assert_eq!(
            severity(score(&[Kind::OwnForged.on(""), Kind::NothingToDo.on(""), Kind::OwnThread.on("")])),
            Some(Severity::Medium)
        );
        assert!(Kind::Shortener.on("").reason().text.en.ends_with("leads"));
    }
}
