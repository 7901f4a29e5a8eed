//! Discrepancies and coverage in sentences, for the terminal and for findings.

use model::{Lang, Text};
use rows::station_minutes::{Coverage, Differing, Disagreement, Discrepancy, Figure, Level, Upload};

/// A number with its thousands apart: a comma in English, a narrow blank in French.
pub fn number(n: u64, lang: Lang) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(lang.of(",", "\u{202f}").chars().next().unwrap_or(','));
        }
        out.push(d);
    }
    out
}

/// A difference with its sign.
pub fn signed(n: i64, lang: Lang) -> String {
    format!("{}{}", if n < 0 { "−" } else { "+" }, number(n.unsigned_abs(), lang))
}

/// A figure or a candidate, in words.
pub fn figure(name: &str, lang: Lang) -> String {
    name.parse::<Figure>().map_or_else(|_| name.to_string(), |f| f.text().get(lang).to_string())
}

fn one(d: &Differing, lang: Lang) -> String {
    let count = |n: Option<u64>| n.map_or("–".to_string(), |n| number(n, lang));
    format!("{} {} → {} ({})", figure(&d.figure, lang), count(d.expected), count(d.found), signed(d.difference, lang))
}

/// The figures that differ, the largest first; so many at most.
pub fn figures(d: &Discrepancy, most: usize, lang: Lang) -> String {
    let mut all: Vec<&Differing> = d.figures.iter().collect();
    all.sort_by_key(|f| (f.figure.parse::<Figure>().is_ok(), std::cmp::Reverse(f.difference.unsigned_abs())));
    let mut told: Vec<String> = all.iter().take(most).map(|f| one(f, lang)).collect();
    if all.len() > most {
        told.push(format!("{} {}", lang.of("and", "et"), all.len() - most));
    }
    told.join(", ")
}

/// An area by level, code and name.
pub fn area(d: &Discrepancy, lang: Lang) -> String {
    let name = if d.name.is_empty() || d.name == d.area { String::new() } else { format!(" {}", d.name) };
    let area = if d.area == d.level.as_str() { String::new() } else { format!(" {}", d.area) };
    format!("{}{area}{name}", d.level.text().get(lang))
}

/// A place by its level and code; the whole has none.
pub fn place(level: Level, area: &str, lang: Lang) -> String {
    let code = if area == level.as_str() { String::new() } else { format!(" {area}") };
    format!("{}{code}", level.text().get(lang))
}

/// Totals by level and code.
pub fn totals(areas: &[(Level, String)], lang: Lang) -> String {
    areas.iter().map(|(level, area)| place(*level, area, lang)).collect::<Vec<_>>().join(", ")
}

/// So many areas of a level.
pub fn areas(n: u64, level: Level, lang: Lang) -> String {
    let text = level.text();
    let one = text.get(lang);
    let many = match (level, lang) {
        (Level::Country, Lang::Fr) => one.to_string(),
        (Level::Station, Lang::Fr) => "bureaux de vote".to_string(),
        (Level::Constituency | Level::County | Level::Country, Lang::En) => {
            one.trim_end_matches('y').to_string() + "ies"
        }
        _ => format!("{one}s"),
    };
    // None and one are one in French.
    let is_one = n == 1 || n == 0 && lang == Lang::Fr;
    format!("{} {}", number(n, lang), if is_one { one } else { &many })
}

/// What a discrepancy is held against: a file, another line, the sum of so many parts.
pub fn against(d: &Discrepancy, lang: Lang) -> String {
    let parts = d.against.split_once(" × ").and_then(|(n, level)| Some((n.parse().ok()?, level.parse().ok()?)));
    match (parts, d.against.strip_prefix("line ")) {
        (Some((n, level)), _) => format!("{} {}", lang.of("the sum of", "la somme de"), areas(n, level, lang)),
        (None, Some(line)) => format!("{} {line}", lang.of("line", "la ligne")),
        (None, None) => d.against.clone(),
    }
}

/// A number with so many decimals: a comma in French.
pub fn decimal(x: f64, decimals: usize, lang: Lang) -> String {
    let text = format!("{x:.decimals$}");
    if lang == Lang::Fr { text.replace('.', ",") } else { text }
}

/// A share in hundredths.
pub fn percent(share: f64, lang: Lang) -> String {
    decimal(share, 1, lang) + lang.of(" %", "\u{202f}%")
}

/// A snapshot.
pub fn upload(u: &Upload) -> String {
    u.time.map_or_else(|| u.source.clone(), |t| format!("{} ({})", t.timestamp(), u.source))
}

/// What is wrong, in one line.
pub fn title(d: &Discrepancy) -> Text {
    let in_lang = |lang: Lang| {
        let contest = if d.contest.is_empty() { String::new() } else { format!(" [{}]", d.contest) };
        let figures = figures(d, 2, lang);
        let colon = lang.of(":", "\u{202f}:");
        let sep = if figures.is_empty() { "" } else { colon };
        format!("{}, {}{contest}{sep} {figures}", area(d, lang), d.kind.text().get(lang)).trim_end().to_string()
    };
    Text::new(in_lang(Lang::En), in_lang(Lang::Fr))
}

/// What that means for the result.
pub fn effect(d: &Discrepancy, coverage: Option<&Coverage>) -> Text {
    let least = coverage.and_then(|c| c.margins.iter().min_by_key(|m| m.votes));
    let Some(m) = least else { return Text::new("no margin is known", "aucun écart n’est connu") };
    let says = |lang: Lang| {
        let (swing, margin) = (number(d.swing, lang), number(m.votes, lang));
        match (d.swing, d.could_change_result) {
            (0, _) => lang.of("moves no candidate’s votes", "ne change les voix d’aucun candidat").to_string(),
            (_, true) => format!(
                "{} {swing} {} {margin} ({} / {})",
                lang.of("could change the result: moves", "pourrait changer le résultat\u{202f}: déplace"),
                lang.of("votes of a margin of", "voix sur un écart de"),
                m.winner,
                m.loser
            ),
            _ => format!(
                "{} {swing} {} {margin} ({} / {})",
                lang.of("moves", "déplace"),
                lang.of("votes of a margin of", "voix sur un écart de"),
                m.winner,
                m.loser
            ),
        }
    };
    Text::new(says(Lang::En), says(Lang::Fr))
}

/// What a cause of a difference is.
pub fn cause(word: &str, lang: Lang) -> &'static str {
    match word {
        "overlap" => lang.of("counted twice", "compté deux fois"),
        "abroad" => {
            lang.of("votes from abroad, which the parts do not hold", "votes de l’étranger, absents des parties")
        }
        "part" => lang.of("differs itself", "diffère lui-même"),
        _ => lang.of("unexplained", "inexpliqué"),
    }
}

/// What a kind of discrepancy means, and what speaks against fraud.
pub fn innocent(kind: Disagreement) -> Text {
    match kind {
        Disagreement::Sum => Text::new(
            "a part may be published elsewhere (abroad, by post) and not in these files",
            "une partie peut être publiée ailleurs (étranger, correspondance) et manquer dans ces fichiers",
        ),
        Disagreement::Changed => Text::new(
            "corrections of a provisional count are ordinary",
            "corriger un décompte provisoire est ordinaire",
        ),
        Disagreement::Missing => Text::new(
            "a station may have been merged, renamed or not yet entered",
            "un bureau peut avoir été fusionné, renommé ou pas encore saisi",
        ),
        Disagreement::Overlap => Text::new(
            "whoever publishes a city beside its districts says nothing wrong",
            "publier une ville à côté de ses arrondissements n’a rien de faux",
        ),
        Disagreement::DoubleEntry => {
            Text::new("a slip of whoever typed is the likeliest", "une faute de frappe est le plus probable")
        }
        _ => Text::new(
            "a slip in copying is likelier than intent; the sheet of minutes decides",
            "une erreur de copie est plus probable qu’une intention ; le procès-verbal tranche",
        ),
    }
}
