//! What the heads of columns say, in the languages of ministries, offices and newsrooms: folded to plain words first, so that
//! accents, capitals and punctuation do not matter.

use rows::station_minutes::{Figure, Level};
use unicode_normalization::UnicodeNormalization;

/// Plain words: lower case, no accents, one blank between.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    let mut lower = false;
    for c in text.nfkd() {
        if unicode_normalization::char::is_combining_mark(c) {
            continue;
        }
        if c == '\u{df}' {
            out.push_str("ss");
            (blank, lower) = (false, true);
        } else if c.is_alphanumeric() {
            // `CodeDepartement`, `libDep`: two words.
            if c.is_uppercase() && lower && !blank {
                out.push(' ');
            }
            lower = c.is_lowercase();
            out.extend(c.to_lowercase());
            blank = false;
        } else if c == '\u{153}' || c == '\u{e6}' {
            out.push_str(if c == '\u{153}' { "oe" } else { "ae" });
            blank = false;
        } else if !blank && c != '\'' && c != '\u{2019}' {
            out.push(' ');
            (blank, lower) = (true, false);
        } else if c == '\'' || c == '\u{2019}' {
            if !blank {
                out.push(' ');
            }
            (blank, lower) = (true, false);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What a column tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// An area of a level: its code, its name, or one of them.
    Area(Level, Part),
    /// An area of a level that another column, the sheet or the file tells.
    Somewhere(Part),
    /// The level of the area.
    Level,
    /// The code of the area above.
    Above,
    /// A figure that is no candidate's.
    Count(Figure),
    /// Of a candidate: family name.
    Last,
    /// First name.
    First,
    /// The whole name, or the list.
    Candidate,
    /// The party.
    Party,
    /// Votes.
    Votes,
    /// Votes cast in one way (by post, on the day …), of which others are told too.
    Mode,
    /// What is told of a candidate besides.
    Beside,
    /// Which election, office or round.
    Contest,
    /// By which way votes were cast.
    Way,
    /// When it was published.
    Time,
    /// Who collected or typed it.
    By,
    /// The round of an audit of the paper.
    Round,
    /// Known, and of no use here: percentages, places.
    Ignored,
    /// Not known.
    Unknown,
}

/// What of an area a column says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Its code.
    Code,
    /// Its name.
    Name,
    /// One of them: its values show which.
    Either,
}

/// The level that words name.
pub fn level(words: &str) -> Option<Level> {
    let mut found = None;
    for word in words.split(' ') {
        let level = match word.trim_end_matches(|c: char| c.is_ascii_digit()) {
            "bureau" | "bureaux" | "bdv" | "bv" | "burvot" | "station" | "stations" | "precinct" | "precincts"
            | "polling" | "wahlbezirk" | "wahlbezirke" | "stimmbezirk" | "stimmbezirke" | "urnenwahlbezirk"
            | "briefwahlbezirk" | "wahllokal" | "vtd" | "pct_key" | "mesa" | "sezione" => Level::Station,
            "vote" if words.contains("b vote") => Level::Station,
            "commune" | "communes" | "com" | "municipality" | "municipalities" | "municipio" | "comune"
            | "gemeinde" | "gemeinden" | "city" | "town" | "muni" | "mcd" | "insee" | "codgeo" | "depcom" | "ags"
            | "stadt" | "subcom" => Level::Commune,
            "canton" | "cantons" | "kanton" => Level::Canton,
            "circonscription" | "circonscriptions" | "circo" | "circ" | "constituency" | "constituencies"
            | "wahlkreis" | "wahlkreise" | "riding" | "congressional" | "cd" => Level::Constituency,
            "county" | "counties" | "parish" | "borough" | "fips" | "countyfips" => Level::County,
            "departement" | "departements" | "department" | "departments" | "dep" | "dept" | "dpt" | "provincia"
            | "province" | "kreis" | "landkreis" => Level::Department,
            "state" | "states" | "land" | "lander" | "laender" | "bundesland" | "bundeslander" | "po" => Level::State,
            "region" | "regions" | "reg" | "regione" => Level::Region,
            "country" | "pays" | "national" | "bund" | "bundesgebiet" | "france" | "nation" | "deutschland" => {
                Level::Country
            }
            _ => continue,
        };
        // `Circonscription du département`: the smallest is meant.
        if found.is_none_or(|f| level < f) {
            found = Some(level);
        }
    }
    found
}

/// The figure that words name, where they name no more.
pub fn figure(words: &str) -> Option<Figure> {
    let has = |list: &[&str]| words.split(' ').any(|w| list.contains(&w));
    let null = has(&[
        "nul",
        "nuls",
        "null",
        "invalid",
        "ungultige",
        "ungueltige",
        "ungultig",
        "rejected",
        "spoilt",
        "spoiled",
        "invalides",
    ]);
    let blank = has(&["blanc", "blancs", "blank", "blanks", "blanche", "blanches"]);
    let few = words.split(' ').count() <= 6;
    if !few {
        return None;
    }
    match () {
        () if null => Some(Figure::Null),
        () if blank => Some(Figure::Blank),
        () if has(&[
            "inscrits",
            "inscrit",
            "ins",
            "registered",
            "registration",
            "electors",
            "eligible",
            "electorate",
            "wahlberechtigte",
            "wahlberechtigten",
            "registrations",
        ]) =>
        {
            Some(Figure::Registered)
        }
        () if has(&["abstentions", "abstention", "abs", "abstenciones", "nichtwahler"]) => Some(Figure::Abstentions),
        () if has(&["exprimes", "exprime", "exp", "valid", "gultige", "gueltige", "valides"]) => Some(Figure::Valid),
        () if words.starts_with("total vot") || words == "total" || words == "gesamt" => Some(Figure::Valid),
        () if has(&[
            "votants",
            "votant",
            "vot",
            "voters",
            "turnout",
            "wahler",
            "waehler",
            "wahlende",
            "cast",
            "participation",
            "voted",
        ]) || words == "ballots"
            || words == "total ballots" =>
        {
            Some(Figure::Voters)
        }
        () => None,
    }
}

/// What the head of a column says.
pub fn column(head: &str) -> Column {
    let words = fold(head);
    if words.is_empty() {
        return if head.contains('%') { Column::Ignored } else { Column::Unknown };
    }
    let has =
        |list: &[&str]| words.split(' ').any(|w| list.contains(&w.trim_end_matches(|c: char| c.is_ascii_digit())));
    let share = [
        "pct",
        "percent",
        "percentage",
        "prozent",
        "anteil",
        "taux",
        "ratio",
        "share",
        "rate",
        "prc",
        "differenz",
        "diff",
        "rapport",
    ];
    let of_what = head.contains('/') && has(&["ins", "vot", "exp", "inscrits", "votants", "exprimes"]);
    if head.contains('%') || has(&share) || of_what || words.ends_with("pp") && words.contains(' ') {
        return Column::Ignored;
    }
    let bare = words.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    match bare {
        "voix" | "votes" | "vote" | "stimmen" | "anzahl" | "votos" | "voti" | "votes count" | "vote count"
        | "candidatevotes" | "candidate votes" | "nb voix" | "nombre de voix" | "votes total" => return Column::Votes,
        "totalvotes" => return Column::Count(Figure::Valid),
        "nom" | "name" | "lastname" | "last name" | "surname" | "nachname" | "nom candidat" | "nom du candidat" => {
            return Column::Last;
        }
        "prenom" | "firstname" | "first name" | "vorname" | "prenom candidat" | "prenom du candidat" => {
            return Column::First;
        }
        "candidat" | "candidate" | "candidats" | "candidates" | "kandidat" | "candidate name" | "choice"
        | "choice name" | "selection" | "candidato" | "liste" | "list" | "nom prenom" | "binome" | "gruppenname"
        | "option" => return Column::Candidate,
        "nuance" | "party" | "parti" | "partei" | "code nuance" | "nuance candidat" | "party name"
        | "party detailed" | "party simplified" | "nuance liste" | "libelle nuance" => return Column::Party,
        "sexe"
        | "sex"
        | "panneau"
        | "n panneau"
        | "numero de panneau"
        | "no panneau"
        | "num panneau"
        | "n liste"
        | "elu"
        | "sieges"
        | "sieges elu"
        | "writein"
        | "write in"
        | "winner"
        | "incumbent"
        | "libelle abrege liste"
        | "libelle etendu liste"
        | "nom tete de liste" => {
            return Column::Beside;
        }
        "office" | "contest" | "contest name" | "race" | "scrutin" | "tour" | "round" | "election" | "wahl"
        | "wahlart" | "stimme" | "num tour" | "numero tour" | "id election" | "stage" => return Column::Contest,
        "mode" | "vote type" | "vote mode" | "voting method" | "method" => return Column::Way,
        "gebiet" | "gebiet name" | "gebietsname" | "area" | "area name" | "zone" | "location" | "unit" | "lieu"
        | "territoire" | "bezeichnung" | "reporting unit" | "jurisdiction" | "jurisdiction name" | "libelle" => {
            return Column::Somewhere(Part::Name);
        }
        "gebiet nr" | "gebietsnummer" | "area code" | "nr" | "code" | "gebiet nummer" => {
            return Column::Somewhere(Part::Code);
        }
        "gebietsart" | "level" | "niveau" | "type" | "type de zone" | "area type" | "gebiet art" => {
            return Column::Level;
        }
        "gehort zu" | "gehoert zu" | "parent" | "ueg gebietsnummer" | "ueg gebiets nummer" => return Column::Above,
        "snapshot" | "horodatage" | "timestamp" | "as of" | "published" | "published at" | "publie le" | "heure"
        | "time" | "datetime" => {
            return Column::Time;
        }
        "audit round" | "round of audit" | "round of the audit" | "tour d audit" | "tour audit" | "tour de l audit" => {
            return Column::Round;
        }
        "collector" | "collecteur" | "collected by" | "typed by" | "saisi par" | "entered by" | "observer"
        | "delegue" | "collecte par" => {
            return Column::By;
        }
        "etat saisie"
        | "code postal"
        | "adresse"
        | "address"
        | "latitude"
        | "longitude"
        | "lat"
        | "lon"
        | "geometry"
        | "date"
        | "datum"
        | "year"
        | "special"
        | "magnitude"
        | "version"
        | "readme verified"
        | "date updated"
        | "dataverse"
        | "emargements"
        | "url"
        | "id"
        | "notes"
        | "max schnellmeldungen"
        | "anz schnellmeldungen"
        | "ueg gebietsart"
        | "wahltag"
        | "gruppenart"
        | "gruppenreihenfolge"
        | "bemerkung" => {
            return Column::Ignored;
        }
        "election day"
        | "early voting"
        | "early"
        | "absentee"
        | "provisional"
        | "mail"
        | "early votes"
        | "absentee by mail"
        | "absentee mail"
        | "one stop"
        | "early vote"
        | "election day votes"
        | "advance voting"
        | "advance in person"
        | "absentee by mail votes"
        | "in person"
        | "mail votes"
        | "provisional votes"
        | "vote by mail"
        | "military" => return Column::Mode,
        _ => {}
    }
    if words.starts_with("vorp") || has(&["vorperiode", "previous", "prior"]) {
        return Column::Ignored;
    }
    if let Some(figure) = figure(&words) {
        return Column::Count(figure);
    }
    let part = match () {
        () if has(&[
            "code",
            "nr",
            "num",
            "numero",
            "number",
            "id",
            "no",
            "n",
            "key",
            "fips",
            "insee",
            "ags",
            "nummer",
            "codgeo",
            "depcom",
            "countyfips",
            "cod",
        ]) =>
        {
            Part::Code
        }
        () if has(&["libelle", "lib", "name", "nom", "desc", "label", "bezeichnung", "libellé", "intitule"]) => {
            Part::Name
        }
        () => Part::Either,
    };
    match level(&words) {
        // A candidate may well be called `Mr County`: heads of areas are short.
        Some(level) if words.split(' ').count() <= 6 => Column::Area(level, part),
        _ if has(&["district"]) => Column::Contest,
        _ => Column::Unknown,
    }
}

/// Whether the name of an area says that the row is the total of those above it.
pub fn is_total(name: &str) -> bool {
    // Most names begin otherwise; one may begin with any mark.
    let begins = |c: char| !c.is_alphanumeric() || "tegisfacTEGISFAC".contains(c);
    if !name.starts_with(begins) {
        return false;
    }
    let words = fold(name);
    let first = words.split(' ').next().unwrap_or_default();
    matches!(
        first,
        "total" | "totaux" | "totals" | "gesamt" | "insgesamt" | "summe" | "ensemble" | "sum" | "gesamtergebnis"
    ) || words == "france entiere"
        || words == "all precincts"
        || words == "countywide"
        || words == "grand total"
}

/// Honorifics and marks that are no part of a name.
const NOT_NAMES: &[&str] = &["m", "mme", "mlle", "mr", "mrs", "ms", "dr", "madame", "monsieur"];

/// The words of a candidate's name, sorted, without honorifics.
pub fn name_words(name: &str) -> Vec<String> {
    let folded = fold(&name.to_lowercase());
    let mut words: Vec<String> = folded.split(' ').filter(|w| !NOT_NAMES.contains(w)).map(String::from).collect();
    words.sort();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use rows::station_minutes::Level as L;

    #[test]
    fn heads_are_known_in_their_languages() {
        use Column::*;
        for (head, said) in [
            ("Code du département", Area(L::Department, Part::Code)),
            ("Libellé de la commune", Area(L::Commune, Part::Name)),
            ("Code du b.vote", Area(L::Station, Part::Code)),
            ("desc_commune", Area(L::Commune, Part::Name)),
            ("CodeDepartement", Area(L::Department, Part::Code)),
            ("Inscrits", Count(Figure::Registered)),
            ("% Abs/Ins", Ignored),
            ("Blancs et nuls", Count(Figure::Null)),
            ("N°Panneau", Beside),
            ("Prénom", First),
            ("Voix", Votes),
            ("% Voix/Exp", Ignored),
            ("Wahlberechtigte", Count(Figure::Registered)),
            ("Ungültige", Count(Figure::Null)),
            ("Gültige", Count(Figure::Valid)),
            ("precinct", Area(L::Station, Part::Either)),
            ("LE PEN", Unknown),
            ("Registered Voters", Count(Figure::Registered)),
            ("party", Party),
            ("Wahlbezirk-Nr.", Area(L::Station, Part::Code)),
        ] {
            assert_eq!(column(head), said, "{head}");
        }
    }

    #[test]
    fn names_are_words() {
        assert_eq!(name_words("M. Emmanuel MACRON"), ["emmanuel", "macron"]);
        assert_eq!(name_words("MÉLENCHON Jean-Luc"), ["jean", "luc", "melenchon"]);
    }
}
