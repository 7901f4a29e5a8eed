//! Words for people: numbers, dates and sentences as English and French typography want them, and the names of classes,
//! shapes and purposes. You may rely on: French has its narrow no-break spaces, and what goes in here is our own text,
//! never evidence. Left out: names of countries (`country`).

use jiff::{civil::Date, tz::TimeZone};
use model::{Lang, Time};

const NARROW: char = '\u{202f}';
const MONTHS: [(&str, &str); 12] = [
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
];

/// A word in English and French.
pub type Pair = (&'static str, &'static str);

/// How one language says things.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words(pub Lang);

impl Words {
    /// The sentence of this language, its punctuation spaced as the language wants.
    pub fn say(self, en: &str, fr: &str) -> String {
        match self.0 {
            Lang::En => en.to_string(),
            Lang::Fr => spaced(fr),
        }
    }

    /// [`Words::say`] of a pair.
    pub fn pair(self, pair: Pair) -> String {
        self.say(pair.0, pair.1)
    }

    /// `1,922` or `1 922`.
    pub fn number(self, n: u64) -> String {
        let digits = n.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
        for (i, d) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(if self.0 == Lang::En { ',' } else { NARROW });
            }
            out.push(d);
        }
        out
    }

    /// A number with so many decimals; the sign is a true minus.
    pub fn decimal(self, value: f64, places: usize) -> String {
        let plain = format!("{:.places$}", value.abs());
        let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut out = String::new();
        if value < 0.0 && plain.bytes().any(|b| b.is_ascii_digit() && b != b'0') {
            out.push('\u{2212}');
        }
        out += &whole.parse().map_or_else(|_| whole.to_string(), |n| self.number(n));
        if !rest.is_empty() {
            out.push(if self.0 == Lang::En { '.' } else { ',' });
            out += rest;
        }
        out
    }

    /// A share in percent; what is neither none nor all never rounds to none or all.
    pub fn percent(self, part: u64, whole: u64) -> String {
        let share = if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 };
        let digits = match share {
            s if s > 0.0 && s < 1.0 => self.say("< 1", "<\u{a0}1"),
            s if s > 99.0 && s < 100.0 => self.say("> 99", ">\u{a0}99"),
            s => self.decimal(s, 0),
        };
        if self.0 == Lang::En { format!("{digits}%") } else { format!("{digits}{NARROW}%") }
    }

    /// `1 attempt`, `2 attempts`; French counts none in the singular.
    pub fn count(self, n: u64, one: Pair, many: Pair) -> String {
        format!("{}\u{a0}{}", self.number(n), self.plural(n, one, many))
    }

    /// The word alone, in the number `n` asks for.
    pub fn plural(self, n: u64, one: Pair, many: Pair) -> &'static str {
        let single = n == 1 || (n == 0 && self.0 == Lang::Fr);
        let (en, fr) = if single { one } else { many };
        self.0.of(en, fr)
    }

    /// `3 January 2017`, `1er janvier 2017`.
    pub fn day(self, day: Date) -> String {
        let (en, fr) = MONTHS[(day.month() - 1) as usize];
        let n = if self.0 == Lang::Fr && day.day() == 1 { "1er".to_string() } else { day.day().to_string() };
        format!("{n}\u{a0}{}\u{a0}{}", self.0.of(en, fr), day.year())
    }

    /// `January 2017`.
    pub fn month(self, day: Date) -> String {
        let (en, fr) = MONTHS[(day.month() - 1) as usize];
        format!("{} {}", self.0.of(en, fr), day.year())
    }

    /// `14 Feb`, for the axis of a picture.
    pub fn short_day(self, day: Date) -> String {
        const SHORT: [Pair; 12] = [
            ("Jan", "janv."),
            ("Feb", "févr."),
            ("Mar", "mars"),
            ("Apr", "avr."),
            ("May", "mai"),
            ("Jun", "juin"),
            ("Jul", "juil."),
            ("Aug", "août"),
            ("Sep", "sept."),
            ("Oct", "oct."),
            ("Nov", "nov."),
            ("Dec", "déc."),
        ];
        let (en, fr) = SHORT[(day.month() - 1) as usize];
        format!("{}\u{a0}{}", day.day(), self.0.of(en, fr))
    }

    /// `2017-02-14 15:32`, the same in both languages.
    pub fn moment(self, time: Time, zone: &TimeZone) -> String {
        time.in_zone(zone).strftime("%Y-%m-%d\u{a0}%H:%M").to_string()
    }

    /// A size with its unit, in powers of ten.
    pub fn bytes(self, n: u64) -> String {
        const UNITS: [Pair; 5] = [("bytes", "octets"), ("kB", "ko"), ("MB", "Mo"), ("GB", "Go"), ("TB", "To")];
        let mut unit = 0;
        let mut value = n as f64;
        while value >= 1000.0 && unit < 4 {
            value /= 1000.0;
            unit += 1;
        }
        let number = if unit == 0 { self.number(n) } else { self.decimal(value, if value < 10.0 { 1 } else { 0 }) };
        format!("{number}\u{a0}{}", self.0.of(UNITS[unit].0, UNITS[unit].1))
    }

    /// The name of an attempt's class; an unknown one is shown as it is written.
    pub fn class(self, class: &str) -> String {
        lookup(CLASSES, class).map_or_else(|| class.replace('_', " "), |p| self.pair(p))
    }

    /// The name of an attempt's purpose.
    pub fn purpose(self, purpose: &str) -> String {
        lookup(PURPOSES, purpose).map_or_else(|| purpose.to_string(), |p| self.pair(p))
    }

    /// How a decoy address imitates, in a few words.
    pub fn technique(self, technique: &str) -> String {
        lookup(TECHNIQUES, technique).map_or_else(|| technique.replace('_', " "), |p| self.pair(p))
    }

    /// What names of one hand share.
    pub fn shared(self, thing: &str) -> String {
        lookup(SHARED, thing).map_or_else(|| thing.replace('_', " "), |p| self.pair(p))
    }

    /// What accounts share, in the plural.
    pub fn co_action(self, kind: &str) -> String {
        lookup(CO_ACTIONS, kind).map_or_else(|| kind.replace('_', " "), |p| self.pair(p))
    }

    /// What an outlet is held to be.
    pub fn outlet(self, class: &str) -> String {
        lookup(OUTLETS, class).map_or_else(|| class.replace('_', " "), |p| self.pair(p))
    }

    /// A sign of automation.
    pub fn sign(self, sign: &str) -> String {
        lookup(SIGNS, sign).map_or_else(|| sign.replace('_', " "), |p| self.pair(p))
    }

    /// An innocent explanation, or what came of looking for it.
    pub fn innocent(self, word: &str) -> String {
        lookup(INNOCENT, word).map_or_else(|| word.to_string(), |p| self.pair(p))
    }

    /// How an attempt's events lie.
    pub fn shape(self, shape: &str) -> String {
        lookup(SHAPES, shape).map_or_else(|| shape.to_string(), |p| self.pair(p))
    }
}

/// French spacing of our own sentences: no-break before `:` and inside guillemets, narrow before `;`, `?`, `!`, `%`.
fn spaced(fr: &str) -> String {
    fr.replace(" :", "\u{a0}:")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»")
        .replace(" ;", "\u{202f};")
        .replace(" ?", "\u{202f}?")
        .replace(" !", "\u{202f}!")
        .replace(" %", "\u{202f}%")
        .replace('\'', "\u{2019}")
}

/// Serialises a day as ISO 8601 has it.
pub fn iso<S: serde::Serializer>(day: &Date, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(day)
}

fn lookup(table: &[(&str, Pair)], key: &str) -> Option<Pair> {
    table.iter().find(|(k, _)| *k == key).map(|(_, p)| *p)
}

const CLASSES: &[(&str, Pair)] = &[
    ("sql_injection", ("SQL injection", "injection SQL")),
    ("cross_site_scripting", ("cross-site scripting", "script intersite (XSS)")),
    ("path_traversal", ("path traversal", "traversée de répertoires")),
    ("file_inclusion", ("file inclusion", "inclusion de fichier")),
    ("command_injection", ("command injection", "injection de commandes")),
    ("template_injection", ("template injection", "injection de gabarit")),
    ("jndi_injection", ("JNDI injection (Log4Shell)", "injection JNDI (Log4Shell)")),
    ("shellshock", ("Shellshock", "Shellshock")),
    ("deserialization", ("unsafe deserialisation", "désérialisation non sûre")),
    ("open_redirect", ("open-redirect abuse", "redirection ouverte")),
    ("proxy_abuse", ("proxy abuse", "abus de mandataire")),
    ("scanner", ("vulnerability scanner", "balayage de vulnérabilités")),
    ("secret_probe", ("search for secrets and backups", "recherche de secrets et de sauvegardes")),
    ("known_cve", ("known vulnerability (CVE)", "vulnérabilité connue (CVE)")),
    ("admin_probe", ("search for admin pages", "recherche de pages d'administration")),
    ("user_enumeration", ("user enumeration", "énumération de comptes")),
    ("web_shell", ("web shell", "porte dérobée web")),
    ("malformed", ("malformed requests", "requêtes malformées")),
    ("forced_browsing", ("forced browsing", "navigation forcée")),
    ("flood", ("flood of requests", "afflux de requêtes")),
    ("brute_force", ("password guessing", "essais de mots de passe")),
    ("password_spraying", ("password spraying", "pulvérisation de mots de passe")),
    ("credential_stuffing", ("credential stuffing", "réutilisation d'identifiants volés")),
];

const PURPOSES: &[(&str, Pair)] = &[
    ("web", ("web site", "site web")),
    ("web-login", ("login page of the web site", "page de connexion du site")),
    ("ssh", ("SSH login", "connexion SSH")),
    ("smtp", ("mail sending (SMTP)", "envoi de courriel (SMTP)")),
    ("imap", ("mailbox (IMAP)", "boîte aux lettres (IMAP)")),
    ("pop3", ("mailbox (POP3)", "boîte aux lettres (POP3)")),
    ("ftp", ("file transfer (FTP)", "transfert de fichiers (FTP)")),
    ("sudo", ("administrator rights (sudo)", "droits d'administration (sudo)")),
    ("postgresql", ("PostgreSQL database", "base de données PostgreSQL")),
    ("mysql", ("MySQL database", "base de données MySQL")),
];

const TECHNIQUES: &[(&str, Pair)] = &[
    ("homoglyph", ("letters that look alike", "lettres qui se ressemblent")),
    ("mixed_script", ("letters of several scripts", "lettres de plusieurs écritures")),
    ("leet", ("digits for letters", "chiffres pour des lettres")),
    ("omission", ("a letter left out", "une lettre omise")),
    ("repetition", ("a letter doubled", "une lettre doublée")),
    ("transposition", ("letters exchanged", "lettres interverties")),
    ("neighbouring_key", ("a neighbouring key", "une touche voisine")),
    ("vowel_swap", ("a vowel exchanged", "une voyelle remplacée")),
    ("bit_flip", ("one bit flipped", "un bit inversé")),
    ("insertion", ("a letter added", "une lettre ajoutée")),
    ("substitution", ("a letter replaced", "une lettre remplacée")),
    ("hyphenation", ("a hyphen more or less", "un trait d'union en plus ou en moins")),
    ("plural", ("singular for plural", "singulier pour pluriel")),
    ("subdomain", ("our name below a stranger's", "notre nom sous celui d'un tiers")),
    ("tld_swap", ("another suffix", "un autre suffixe")),
    ("compound", ("our name beside words of logging in", "notre nom accolé à des mots de connexion")),
    ("service_decoy", ("a login service's word", "le mot d'un service de connexion")),
    ("person", ("a person's name", "le nom d'une personne")),
];

const SHARED: &[(&str, Pair)] = &[
    ("registrant", ("registrant", "titulaire")),
    ("certificate", ("certificate", "certificat")),
    ("address", ("address", "adresse")),
    ("name_server", ("name server", "serveur de noms")),
    ("mail", ("mail server", "serveur de courrier")),
    ("registered", ("registered", "enregistrés")),
];

const CO_ACTIONS: &[(&str, Pair)] = &[
    ("url", ("the same addresses", "les mêmes adresses")),
    ("domain", ("addresses of the same sites", "des adresses des mêmes sites")),
    ("hashtags", ("the same series of hashtags", "les mêmes suites de mots-dièse")),
    ("hashtag", ("the same hashtags", "les mêmes mots-dièse")),
    ("repost", ("reposts of the same posts", "les mêmes publications reprises")),
    ("reply", ("replies to the same posts", "des réponses aux mêmes publications")),
    ("mentions", ("mentions of the same accounts", "des mentions des mêmes comptes")),
    ("image", ("the same pictures", "les mêmes images")),
    ("text", ("the same texts", "les mêmes textes")),
    ("object", ("the same things", "les mêmes objets")),
    ("verbatim", ("word for word", "mot pour mot")),
    ("edited", ("edited", "retouché")),
    ("reworded", ("reworded", "reformulé")),
];

const OUTLETS: &[(&str, Pair)] = &[
    ("state_media", ("a state's media", "un média d'État")),
    ("operation", ("a site of an influence operation", "un site d'une opération d'influence")),
    ("mirror", ("copies of state media's articles", "des copies d'articles de médias d'État")),
    ("leak_site", ("a site that publishes leaked papers", "un site qui publie des documents volés")),
    ("anonymous_board", ("an anonymous board", "un forum anonyme")),
    ("lookalike", ("a name that imitates an outlet", "un nom qui imite un média")),
    ("listed", ("on a list", "sur une liste")),
    ("ordinary", ("an ordinary outlet", "un média ordinaire")),
];

const SIGNS: &[(&str, Pair)] = &[
    ("pace", ("pace", "cadence")),
    ("intervals", ("regular intervals", "intervalles réguliers")),
    ("pauses", ("no pauses", "sans pauses")),
    ("seconds", ("the same second of the minute", "toujours la même seconde")),
    ("repetition", ("repetition", "répétition")),
    ("reposts", ("mostly reposts", "surtout des reprises")),
];

const INNOCENT: &[(&str, Pair)] = &[
    ("fans", ("fans of one show", "des amateurs d'une même émission")),
    ("newsroom", ("a newsroom's shared accounts", "les comptes partagés d'une rédaction")),
    ("feeds", ("automatic news feeds", "des fils d'actualité automatiques")),
    ("feed", ("automatic news feeds", "des fils d'actualité automatiques")),
    (
        "chance",
        (
            "chance, or the same tastes at the same hours (fans of one show)",
            "le hasard, ou les mêmes goûts aux mêmes heures (les amateurs d'une même émission)",
        ),
    ),
    ("planned", ("a planned campaign that says so", "une campagne annoncée comme telle")),
    ("campaign", ("a planned campaign that says so", "une campagne annoncée comme telle")),
    ("holds", ("holds", "tient")),
    ("does not hold", ("does not hold", "ne tient pas")),
    ("rejected", ("set aside", "écartée")),
    ("possible", ("possible", "possible")),
];

const SHAPES: &[(&str, Pair)] = &[
    ("burst", ("one burst", "une rafale")),
    ("slow", ("slow, over days", "lente, étalée sur plusieurs jours")),
    ("distributed", ("distributed over one network", "répartie dans un même réseau")),
    ("spray", ("spread over many sources", "répartie entre de nombreuses sources")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let (en, fr) = (Words(Lang::En), Words(Lang::Fr));
        assert_eq!(en.number(1_922), "1,922");
        assert_eq!(fr.number(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(fr.number(907), "907");
        assert_eq!(en.percent(907, 1922), "47%");
        assert_eq!(fr.percent(907, 1922), "47\u{202f}%");
        assert_eq!(en.percent(1, 1000), "< 1%");
        assert_eq!(en.percent(999, 1000), "> 99%");
        assert_eq!(fr.decimal(-0.25, 2), "\u{2212}0,25");
        assert_eq!(en.decimal(-0.001, 2), "0.00");
        assert_eq!(en.bytes(999), "999\u{a0}bytes");
        assert_eq!(fr.bytes(1_234_000), "1,2\u{a0}Mo");
    }

    #[test]
    fn plurals_follow_the_language() {
        let (one, many) = (("attempt", "tentative"), ("attempts", "tentatives"));
        assert_eq!(Words(Lang::En).count(0, one, many), "0\u{a0}attempts");
        assert_eq!(Words(Lang::Fr).count(0, one, many), "0\u{a0}tentative");
        assert_eq!(Words(Lang::Fr).count(2, one, many), "2\u{a0}tentatives");
    }

    #[test]
    fn days_follow_the_language() {
        let day = jiff::civil::date(2017, 1, 1);
        assert_eq!(Words(Lang::Fr).day(day), "1er\u{a0}janvier\u{a0}2017");
        assert_eq!(Words(Lang::En).day(day), "1\u{a0}January\u{a0}2017");
        assert_eq!(
            Words(Lang::Fr).say("", "« quoi » ? l'un : 3 %"),
            "«\u{a0}quoi\u{a0}»\u{202f}? l’un\u{a0}: 3\u{202f}%"
        );
    }
}
