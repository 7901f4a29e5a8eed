//! Signs: what speaks for phishing in a message, and what against, with its words. How much each weighs is the judge's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A sign, with what it was seen on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Sign {
    /// Which.
    pub sign: SignKind,
    /// On what: a name, a host, a file. Text of the evidence; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on: String,
}

impl SignKind {
    /// On something.
    pub fn on(self, what: impl Into<String>) -> Sign {
        let on: String = what.into();
        Sign { sign: self, on: on.chars().take(200).collect() }
    }
}

model::vocabulary! {
    /// Which sign. `{}` in its words stands for what it was seen on.
    #[allow(missing_docs)] // Its words say what it is.
    pub enum SignKind {
        BrandInName = "brand_in_name"
            ("the sender calls itself {} but the address is not {}'s",
            "l’expéditeur se présente comme {}, mais l’adresse n’est pas la sienne"),
        BrandElsewhere = "brand_elsewhere"
            ("under the name of {} it leads anywhere but there",
            "sous le nom de {}, il mène partout sauf là"),
        BrandInAddress = "brand_in_address"
            ("the sender's address borrows a known name: {}",
            "l’adresse de l’expéditeur emprunte un nom connu : {}"),
        BrandInSubject = "brand_in_subject"
            ("the subject speaks of {}, who did not send it",
            "l’objet parle de {}, qui n’en est pas l’expéditeur"),
        BrandInBody = "brand_in_body"
            ("the text speaks in the name of {}, who did not send it",
            "le texte parle au nom de {}, qui n’en est pas l’expéditeur"),
        BrandAsks = "brand_asks"
            ("it asks you to act on behalf of {} and leads somewhere else",
            "il vous demande d’agir au nom de {} et mène ailleurs"),
        LookAlikeSender = "look_alike_sender"
            ("the sender's domain is made to look like {}",
            "le domaine de l’expéditeur est fait pour ressembler à {}"),
        ProtectedName = "protected_name"
            ("it is signed with the name of {}, from a strange address",
            "il porte le nom de {}, depuis une adresse étrangère"),
        OwnDomain = "own_domain"
            ("it claims to come from your own domain {}, and nothing proves it",
            "il prétend venir de votre propre domaine {}, et rien ne le prouve"),
        OwnForged = "own_forged"
            ("it shows your own domain {}, and what is proven is that another sent it",
            "il affiche votre propre domaine {}, et il est prouvé qu’un autre l’a envoyé"),
        OwnAddressInName = "own_address_in_name"
            ("the sender's name shows an address of your own domain, which did not send it: {}",
            "le nom de l’expéditeur montre une adresse de votre propre domaine, qui ne l’a pas envoyé : {}"),
        OwnName = "own_name"
            ("the sender's name speaks for your own organisation ({}), from outside",
            "le nom de l’expéditeur parle pour votre propre organisation ({}), de l’extérieur"),
        AddressInName = "address_in_name"
            ("the sender's name shows another address: {}",
            "le nom de l’expéditeur montre une autre adresse : {}"),
        RoleFromFreemail = "role_from_freemail"
            ("a service writes from a free mailbox anyone can open: {}",
            "un service écrit depuis une boîte gratuite que chacun peut ouvrir : {}"),
        RoleName = "role_name"
            ("the sender calls itself a service only, and names nobody: {}",
            "l’expéditeur ne se nomme que par un service, sans personne : {}"),
        ReplyElsewhere = "reply_elsewhere"
            ("answers go to another domain: {}",
            "les réponses partent vers un autre domaine : {}"),
        ReplyToFreemail = "reply_to_freemail"
            ("answers go to a free mailbox: {}",
            "les réponses partent vers une boîte gratuite : {}"),
        ReturnToFreemail = "return_to_freemail"
            ("mail that fails goes back to a free mailbox, not to the sender's domain: {}",
            "les messages non remis reviennent à une boîte gratuite, et non au domaine de l’expéditeur : {}"),
        RandomSender = "random_sender"
            ("the sender's address looks made up by a machine: {}",
            "l’adresse de l’expéditeur semble fabriquée par une machine : {}"),
        HostedSender = "hosted_sender"
            ("the sender's domain is one where anybody can have a name: {}",
            "le domaine de l’expéditeur est de ceux où chacun peut prendre un nom : {}"),
        CheapSender = "cheap_sender"
            ("the sender's domain has a suffix often used to throw away: {}",
            "le domaine de l’expéditeur a un suffixe souvent jetable : {}"),
        ToItself = "to_itself"
            ("sender and recipient are the same address",
            "l’expéditeur et le destinataire sont la même adresse"),
        NoSender = "no_sender"
            ("it does not say who sends it",
            "il ne dit pas qui l’envoie"),
        NameStrange = "name_strange"
            ("nothing of the sender's address bears the name it shows: {}",
            "rien dans l’adresse de l’expéditeur ne porte le nom affiché : {}"),
        FreemailStrange = "freemail_strange"
            ("it comes from a free mailbox that does not bear the name shown: {}",
            "il vient d’une boîte gratuite qui ne porte pas le nom affiché : {}"),
        ClaimUnborne = "claim_unborne"
            ("it speaks in the name of {}, which neither the sender's address nor any link bears",
            "il parle au nom de {}, que ni l’adresse de l’expéditeur ni aucun lien ne porte"),
        SenderUnnamed = "sender_unnamed"
            ("nothing in it names the domain it comes from: {}",
            "rien n’y nomme le domaine d’où il vient : {}"),
        NothingFits = "nothing_fits"
            ("its words, the domain it comes from and its only way out have nothing to do with each other: {}",
            "ses mots, le domaine d’où il vient et sa seule issue n’ont rien à voir entre eux : {}"),
        DemandFromFreemail = "demand_from_freemail"
            ("a demand that leads elsewhere comes from a free mailbox: {}",
            "une demande qui mène ailleurs vient d’une boîte gratuite : {}"),
        OfficeBorrowed = "office_borrowed"
            ("a demand that leads elsewhere comes from a school's or office's mailbox, perhaps a stolen one: {}",
            "une demande qui mène ailleurs vient de la boîte d’une école ou d’une administration, peut-être volée : {}"),
        DomainOfDemand = "domain_of_demand"
            ("the sender's domain is made of what it asks for and names nobody: {}",
            "le domaine de l’expéditeur est fait de ce qu’il demande et ne nomme personne : {}"),
        ReplyOtherMailbox = "reply_other_mailbox"
            ("answers go to another free mailbox than the sender's: {}",
            "les réponses partent vers une autre boîte gratuite que celle de l’expéditeur : {}"),
        WriteElsewhere = "write_elsewhere"
            ("it wants you to write to a free mailbox that is not the sender's: {}",
            "il veut que vous écriviez à une boîte gratuite qui n’est pas celle de l’expéditeur : {}"),
        MadeElsewhere = "made_elsewhere"
            ("it was made on another domain than the sender's: {}",
            "il a été fabriqué sur un autre domaine que celui de l’expéditeur : {}"),
        ReturnElsewhere = "return_elsewhere"
            ("mail that fails goes back to another domain than the sender's: {}",
            "les messages non remis reviennent à un autre domaine que celui de l’expéditeur : {}"),
        CameFromElsewhere = "came_from_elsewhere"
            ("no server of the sender's domain had a hand in it",
            "aucun serveur du domaine de l’expéditeur n’y a eu part"),
        Unaddressed = "unaddressed"
            ("it is addressed to nobody",
            "il n’est adressé à personne"),
        OddFrom = "odd_from"
            ("the sender's address is written as no mail program writes one: {}",
            "l’adresse de l’expéditeur est écrite comme aucun logiciel de courriel ne le fait : {}"),
        SenderElsewhere = "sender_elsewhere"
            ("another domain than the author's says it sent it: {}",
            "un autre domaine que celui de l’auteur dit l’avoir envoyé : {}"),
        ReturnNowhere = "return_nowhere"
            ("mail that fails is to go nowhere",
            "les messages non remis ne doivent revenir nulle part"),
        ToAndCopy = "to_and_copy"
            ("the same address is both recipient and copy",
            "la même adresse est à la fois destinataire et en copie"),
        NotToYou = "not_to_you"
            ("the address it was delivered to stands nowhere in it: {}",
            "l’adresse où il a été remis n’y figure nulle part : {}"),
        OddHeader = "odd_header"
            ("a field of its header has a form that no mail program writes: {}",
            "un champ de son en-tête a une forme qu’aucun logiciel n’écrit : {}"),
        StuffedHeader = "stuffed_header"
            ("a field of its header is stuffed with letters to confuse filters: {}",
            "un champ de son en-tête est bourré de lettres pour égarer les filtres : {}"),
        BorrowedTrim = "borrowed_trim"
            ("it borrows pictures or small links of {}, who did not send it, and leads to a third",
            "il emprunte des images ou de petits liens à {}, qui ne l’a pas envoyé, et mène chez un tiers"),
        MailButton = "mail_button"
            ("its button writes a mail to a free mailbox that is not the sender's: {}",
            "son bouton écrit à une boîte gratuite qui n’est pas celle de l’expéditeur : {}"),
        JunkStyle = "junk_style"
            ("it carries hidden rubbish to confuse filters",
            "il transporte du remplissage caché pour égarer les filtres"),
        PictureTwice = "picture_twice"
            ("it fetches the same picture twice in two spellings",
            "il va chercher deux fois la même image sous deux écritures"),
        LookAlikeLink = "look_alike_link"
            ("a link leads to a domain made to look like {}",
            "un lien mène à un domaine fait pour ressembler à {}"),
        BorrowedLink = "borrowed_link"
            ("a stranger's link carries the name of {}",
            "le lien d’un inconnu porte le nom de {}"),
        ShownOther = "shown_other"
            ("the words of a link show another address than it opens: {}",
            "les mots d’un lien montrent une autre adresse que celle qu’il ouvre : {}"),
        LinkToAddress = "link_to_address"
            ("a link leads to a machine's number instead of a name: {}",
            "un lien mène à un numéro de machine au lieu d’un nom : {}"),
        OddAddress = "odd_address"
            ("a link hides its host in an unusual number: {}",
            "un lien cache son hôte dans un nombre inhabituel : {}"),
        UserInLink = "user_in_link"
            ("a link is made to look like another before an `@`: {}",
            "un lien se fait passer pour un autre avant un « @ » : {}"),
        International = "international"
            ("a link's host is written with unusual letters: {}",
            "l’hôte d’un lien s’écrit avec des lettres inhabituelles : {}"),
        Shortener = "shortener"
            ("a link is shortened, so that you cannot see where it leads: {}",
            "un lien est raccourci : on ne voit pas où il mène : {}"),
        FreeHosting = "free_hosting"
            ("a link leads to a place where anybody can put a page or a file: {}",
            "un lien mène là où chacun peut déposer une page ou un fichier : {}"),
        FreePage = "free_page"
            ("all it asks is to go to a page that anybody can put up: {}",
            "il ne demande que d’aller sur une page que chacun peut créer : {}"),
        Gateway = "gateway"
            ("a link hides the page behind a gateway: {}",
            "un lien cache la page derrière une passerelle : {}"),
        Redirect = "redirect"
            ("a link uses a known name only to hand you on to {}",
            "un lien n’emploie un nom connu que pour vous renvoyer vers {}"),
        RecipientInLink = "recipient_in_link"
            ("a link carries your own address: {}",
            "un lien contient votre propre adresse : {}"),
        PlantedPage = "planted_page"
            ("a link leads into the inner folders of a site, where no page belongs: {}",
            "un lien mène dans les dossiers internes d’un site, où aucune page n’a sa place : {}"),
        OddPort = "odd_port"
            ("a link opens an unusual port: {}",
            "un lien ouvre un port inhabituel : {}"),
        RunsFromLink = "runs_from_link"
            ("a link fetches a file that can run: {}",
            "un lien télécharge un fichier exécutable : {}"),
        DataLink = "data_link"
            ("a link carries its page within itself",
            "un lien contient lui-même sa page"),
        ScriptLink = "script_link"
            ("a link runs script",
            "un lien exécute un script"),
        ProgramLink = "program_link"
            ("a link starts a program of your computer with what it says: {}",
            "un lien lance un programme de votre ordinateur avec ce qu’il contient : {}"),
        FileLink = "file_link"
            ("a link opens a file on a stranger's computer, which your own greets with your log-in",
            "un lien ouvre un fichier sur l’ordinateur d’un inconnu, auquel le vôtre présente votre identifiant"),
        DeviceLink = "device_link"
            ("a link or code gives another device your account",
            "un lien ou un code donne votre compte à un autre appareil"),
        DeviceCode = "device_code"
            ("it wants you to enter a code on a log-in page for devices, which lets another one into your account: {}",
            "il veut que vous saisissiez un code sur une page de connexion d’appareils, ce qui ouvre votre compte à un autre : {}"),
        Consent = "consent"
            ("a link asks you to let another's program into your account; what you allow goes to {}",
            "un lien vous demande d’ouvrir votre compte au programme d’un autre ; ce que vous accordez va à {}"),
        LinksAway = "links_away"
            ("what you are to click leads away from the sender's domain: {}",
            "ce qu’il faut cliquer mène hors du domaine de l’expéditeur : {}"),
        OneTarget = "one_target"
            ("everything in it leads to one place: {}",
            "tout y mène à un seul endroit : {}"),
        OneButton = "one_button"
            ("its only way out leads to a stranger: {}",
            "sa seule issue mène chez un inconnu : {}"),
        ShortAsk = "short_ask"
            ("it says little but where to click",
            "il ne dit guère que où cliquer"),
        RandomLink = "random_link"
            ("a link's host looks made up by a machine: {}",
            "l’hôte d’un lien semble fabriqué par une machine : {}"),
        DeadLinks = "dead_links"
            ("some of its links are painted on and lead nowhere",
            "certains de ses liens sont factices et ne mènent nulle part"),
        CheapLink = "cheap_link"
            ("a link's domain has a suffix often used to throw away: {}",
            "le domaine d’un lien a un suffixe souvent jetable : {}"),
        Credential = "credential"
            ("it speaks of an account at risk or to confirm",
            "il parle d’un compte menacé ou à confirmer"),
        CredentialStrong = "credential_strong"
            ("it insists on an account at risk or to confirm",
            "il insiste sur un compte menacé ou à confirmer"),
        Payment = "payment"
            ("it speaks of a payment that failed or is due",
            "il parle d’un paiement échoué ou dû"),
        Parcel = "parcel"
            ("it speaks of a parcel that waits",
            "il parle d’un colis en attente"),
        Document = "document"
            ("it asks you to open a document or a message",
            "il vous demande d’ouvrir un document ou un message"),
        Storage = "storage"
            ("it speaks of storage that is full",
            "il parle d’un espace de stockage plein"),
        Wallet = "wallet"
            ("it speaks of crypto money to secure or to receive",
            "il parle de cryptomonnaie à sécuriser ou à recevoir"),
        Authority = "authority"
            ("it speaks of a tax, a fine or a refund",
            "il parle d’un impôt, d’une amende ou d’un remboursement"),
        Prize = "prize"
            ("it promises a prize, a gift or points",
            "il promet un prix, un cadeau ou des points"),
        PrizeStrong = "prize_strong"
            ("it insists on a prize, a gift or points",
            "il insiste sur un prix, un cadeau ou des points"),
        Infection = "infection"
            ("it says that your device is infected or unprotected",
            "il dit que votre appareil est infecté ou sans protection"),
        SeveralLures = "several_lures"
            ("it repeats its demand in several ways",
            "il répète sa demande de plusieurs façons"),
        LureInSubject = "lure_in_subject"
            ("the subject itself threatens or promises",
            "l’objet lui-même menace ou promet"),
        Fortune = "fortune"
            ("it offers a stranger's fortune or loan",
            "il offre la fortune d’un inconnu ou un prêt"),
        FortuneStrong = "fortune_strong"
            ("it tells the story of a stranger's fortune at length",
            "il raconte longuement la fortune d’un inconnu"),
        Extortion = "extortion"
            ("it threatens to publish what a camera saw and wants crypto money",
            "il menace de publier ce qu’une caméra a vu et veut de la cryptomonnaie"),
        Errand = "errand"
            ("it asks for a discreet favour or for new bank details",
            "il demande un service discret ou donne de nouvelles coordonnées bancaires"),
        ErrandStrong = "errand_strong"
            ("it asks for a discreet favour with money or staff data",
            "il demande un service discret touchant à l’argent ou aux données du personnel"),
        Callback = "callback"
            ("it wants you to call a number about an order or a charge",
            "il veut que vous appeliez un numéro au sujet d’une commande ou d’un débit"),
        CallbackStrong = "callback_strong"
            ("it insists that you call a number about an order or a charge",
            "il insiste pour que vous appeliez un numéro au sujet d’une commande ou d’un débit"),
        Income = "income"
            ("it promises easy income",
            "il promet un revenu facile"),
        Urgency = "urgency"
            ("it presses for time",
            "il presse par le temps"),
        Asks = "asks"
            ("it tells you to click, open or sign in",
            "il vous dit de cliquer, d’ouvrir ou de vous connecter"),
        Stranger = "stranger"
            ("it does not know your name",
            "il ne connaît pas votre nom"),
        GreetsAddress = "greets_address"
            ("it greets you by your address",
            "il vous salue par votre adresse"),
        AskButton = "ask_button"
            ("its button asks you to confirm, pay or sign in: {}",
            "son bouton vous demande de confirmer, payer ou vous connecter : {}"),
        GreetsLocal = "greets_local"
            ("it calls you by the name of your mailbox",
            "il vous appelle par le nom de votre boîte"),
        SpeaksOfYours = "speaks_of_yours"
            ("a stranger speaks in the name of your own domain: {}",
            "un inconnu parle au nom de votre propre domaine : {}"),
        BrokenThread = "broken_thread"
            ("it pretends to answer, but there is no conversation",
            "il fait mine de répondre, mais il n’y a pas de conversation"),
        Pictograms = "pictograms"
            ("its subject or sender draws attention with little pictures",
            "son objet ou son expéditeur attire l’œil par de petites images"),
        Shouts = "shouts"
            ("its subject shouts",
            "son objet crie"),
        CaseNumber = "case_number"
            ("its subject shows a number of a case or an order",
            "son objet montre un numéro de dossier ou de commande"),
        RandomSubject = "random_subject"
            ("its subject ends in letters and figures made by a machine: {}",
            "son objet finit par des lettres et chiffres fabriqués par une machine : {}"),
        Amount = "amount"
            ("it names a sum of money",
            "il nomme une somme d’argent"),
        LargeSum = "large_sum"
            ("it names a large sum of money",
            "il nomme une grosse somme d’argent"),
        Hours = "hours"
            ("it counts the hours that are left",
            "il compte les heures qui restent"),
        FreePicture = "free_picture"
            ("its pictures lie where anybody can put one: {}",
            "ses images sont là où chacun peut en déposer : {}"),
        PicturesElsewhere = "pictures_elsewhere"
            ("its pictures belong neither to the sender nor to where it leads: {}",
            "ses images ne sont ni à l’expéditeur ni là où il mène : {}"),
        BelowGap = "below_gap"
            ("it hides text far below the rest",
            "il cache du texte loin sous le reste"),
        ImageOnly = "image_only"
            ("it is a picture to click, with next to no text",
            "c’est une image à cliquer, presque sans texte"),
        HiddenText = "hidden_text"
            ("it hides text from you",
            "il vous cache du texte"),
        MixedLetters = "mixed_letters"
            ("it writes words with letters of other alphabets: {}",
            "il écrit des mots avec des lettres d’autres alphabets : {}"),
        DisguisedWord = "disguised_word"
            ("it writes a word with a figure or capital that only looks like the letter: {}",
            "il écrit un mot avec un chiffre ou une capitale qui n’a que l’air de la lettre : {}"),
        InvisibleLetters = "invisible_letters"
            ("it breaks words with invisible characters",
            "il coupe des mots par des caractères invisibles"),
        StyledLetters = "styled_letters"
            ("it writes with decorative letters that filters do not read",
            "il écrit avec des lettres décoratives que les filtres ne lisent pas"),
        PasswordForm = "password_form"
            ("it holds a form that asks for a password",
            "il contient un formulaire qui demande un mot de passe"),
        Form = "form"
            ("it holds a form to fill in",
            "il contient un formulaire à remplir"),
        Script = "script"
            ("it holds script",
            "il contient un script"),
        Smuggling = "smuggling"
            ("it builds a file or page out of script: {}",
            "il fabrique un fichier ou une page par un script : {}"),
        HtmlAttachment = "html_attachment"
            ("a web page is attached: {}",
            "une page web est jointe : {}"),
        HtmlAttachmentForm = "html_attachment_form"
            ("an attached web page asks for a password or runs script: {}",
            "une page web jointe demande un mot de passe ou exécute un script : {}"),
        RunsAttachment = "runs_attachment"
            ("an attachment can run on your computer: {}",
            "une pièce jointe peut s’exécuter sur votre ordinateur : {}"),
        MacroAttachment = "macro_attachment"
            ("an attached document holds macros: {}",
            "un document joint contient des macros : {}"),
        AutoMacro = "auto_macro"
            ("an attached document runs macros as it opens: {}",
            "un document joint exécute des macros à l’ouverture : {}"),
        ActiveDocument = "active_document"
            ("an attached document fetches or runs something when opened: {}",
            "un document joint télécharge ou exécute quelque chose à l’ouverture : {}"),
        DiskImage = "disk_image"
            ("a disk image is attached: {}",
            "une image disque est jointe : {}"),
        Disguised = "disguised"
            ("an attachment's name hides what it is: {}",
            "le nom d’une pièce jointe cache ce qu’elle est : {}"),
        LockedArchive = "locked_archive"
            ("an attachment is locked, so that no filter can look inside: {}",
            "une pièce jointe est verrouillée : aucun filtre ne peut y regarder : {}"),
        Profile = "profile"
            ("a configuration profile is attached, which hands the device to whoever made it: {}",
            "un profil de configuration est joint, qui livre l’appareil à celui qui l’a fait : {}"),
        Notebook = "notebook"
            ("a page of OneNote is attached, in which anything can lie behind a picture: {}",
            "une page de OneNote est jointe, où n’importe quoi peut se trouver derrière une image : {}"),
        PasswordInBody = "password_in_body"
            ("an attachment is locked and its password is in the message: {}",
            "une pièce jointe est verrouillée et son mot de passe est dans le message : {}"),
        DocumentLink = "document_link"
            ("an attached document holds little but a link: {}",
            "un document joint ne contient guère qu’un lien : {}"),
        QrCode = "qr_code"
            ("a QR code leads to {}",
            "un code QR mène à {}"),
        InvitationLink = "invitation_link"
            ("a calendar invitation holds a link: {}",
            "une invitation d’agenda contient un lien : {}"),
        WalletStrong = "wallet_strong"
            ("it wants what opens a wallet, or leads to one, in so many words",
            "il veut ce qui ouvre un portefeuille, ou mène à un tel, avec insistance"),
        IncomeStrong = "income_strong"
            ("it promises easy money by the day to whoever answers a stranger",
            "il promet de l’argent facile, payé à la journée, à qui répond à un inconnu"),
        FilterFraud = "filter_fraud"
            ("a field of its head says that a mail filter took it for fraud: {}",
            "un champ de son en-tête dit qu’un filtre de messagerie l’a pris pour une fraude : {}"),
        FilterSpam = "filter_spam"
            ("a field of its head says that a mail filter took it for spam: {}",
            "un champ de son en-tête dit qu’un filtre de messagerie l’a pris pour un pourriel : {}"),
        Unvouched = "unvouched"
            ("the server that took it found nothing that vouches for its sender: {}",
            "le serveur qui l’a reçu n’a rien trouvé qui réponde de son expéditeur : {}"),
        NameFitsDomain = "name_fits_domain"
            ("the domain it comes from bears the sender's name: {}",
            "le domaine d’où il vient porte le nom de l’expéditeur : {}"),
        NameFitsLink = "name_fits_link"
            ("where it leads bears the sender's name",
            "là où il mène porte le nom de l’expéditeur"),
        NameFitsAddress = "name_fits_address"
            ("the sender's address bears the person's name",
            "l’adresse de l’expéditeur porte le nom de la personne"),
        SenderNamed = "sender_named"
            ("it names the domain it comes from: {}",
            "il nomme le domaine d’où il vient : {}"),
        PicturesHome = "pictures_home"
            ("its pictures lie on the sender's own domain",
            "ses images sont sur le domaine de l’expéditeur"),
        CameFromHome = "came_from_home"
            ("a server of the sender's domain handed it over",
            "un serveur du domaine de l’expéditeur l’a remis"),
        LinksHome = "links_home"
            ("its links lead to the sender's own domain",
            "ses liens mènent au domaine de l’expéditeur"),
        OnlyHome = "only_home"
            ("all its links lead to the sender's own domain, and it speaks for nobody else",
            "tous ses liens mènent au domaine de l’expéditeur, et il ne parle au nom de personne d’autre"),
        OwnBrand = "own_brand"
            ("it comes from the domain of the one it speaks for: {}",
            "il vient du domaine de celui pour qui il parle : {}"),
        Conversation = "conversation"
            ("it answers in a conversation and quotes it",
            "il répond dans une conversation et la cite"),
        MailingList = "mailing_list"
            ("it came through a discussion list: {}",
            "il est passé par une liste de discussion : {}"),
        ServerReport = "server_report"
            ("it is a mail server's report on a delivery",
            "c’est le rapport d’un serveur de messagerie sur une remise"),
        Invitation = "invitation"
            ("it is an invitation that a calendar made",
            "c’est une invitation faite par un agenda"),
        Digest = "digest"
            ("it lists what a mail filter held back, and leads to that filter only: {}",
            "il énumère ce qu’un filtre de messagerie a retenu, et ne mène qu’à ce filtre : {}"),
        Mailer = "mailer"
            ("a service that sends letters to many took it in, and it says how to leave: {}",
            "un service d’envoi en nombre l’a pris en charge, et il dit comment se désinscrire : {}"),
        OwnMailer = "own_mailer"
            ("it is sent in the name of your own domain by a mailer or list, which you can confirm (`[mail] ours`): {}",
            "il est envoyé au nom de votre propre domaine par un service d’envoi ou une liste, ce que vous pouvez confirmer (`[mail] ours`) : {}"),
        OwnService = "own_service"
            ("it comes from a service that you named as yours: {}",
            "il vient d’un service que vous avez désigné comme vôtre : {}"),
        NothingToDo = "nothing_to_do"
            ("it asks for nothing: no link, no file, no number",
            "il ne demande rien : ni lien, ni fichier, ni numéro"),
        LongText = "long_text"
            ("it is a long text",
            "c’est un long texte"),
        KnownSender = "known_sender"
            ("this mailbox has long known the sender: {}",
            "cette boîte connaît l’expéditeur depuis longtemps : {}"),
        Authenticated = "authenticated"
            ("its sender is proven: {}",
            "son expéditeur est prouvé : {}"),
        OwnThread = "own_thread"
            ("it answers a message this mailbox sent",
            "il répond à un message envoyé par cette boîte"),
        Forged = "forged"
            ("the sender's domain says that this mail is forged: {}",
            "le domaine de l’expéditeur dit que ce courriel est un faux : {}"),
        OtherProven = "other_proven"
            ("its results prove another sender than the one it shows: {}",
            "ses résultats prouvent un autre expéditeur que celui qu’il affiche : {}"),
        NameForged = "name_forged"
            ("it bears the name of the domain that disowns it: {}",
            "il porte le nom du domaine qui le désavoue : {}"),
        FirstTime = "first_time"
            ("no earlier mail from this sender is in evidence",
            "aucun courriel antérieur de cet expéditeur ne figure parmi les pièces"),
        UnknownThread = "unknown_thread"
            ("it answers a conversation that this mailbox does not hold, and quotes nothing of it",
            "il répond à une conversation que cette boîte ne contient pas, et n’en cite rien"),
        LikeCorrespondent = "like_correspondent"
            ("the sender is made to look like one of your correspondents: {}",
            "l’expéditeur est fait pour ressembler à l’un de vos correspondants : {}"),
        CorrespondentName = "correspondent_name"
            ("it carries the name of one of your correspondents, from another address: {}",
            "il porte le nom d’un de vos correspondants, depuis une autre adresse : {}"),
        HijackedThread = "hijacked_thread"
            ("it continues a conversation from another address: {}",
            "il poursuit une conversation depuis une autre adresse : {}"),
    }
}
