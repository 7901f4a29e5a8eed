//! The series test: the curve somebody gave beside the attempts, what the test says, and what it does not.

use super::super::series::{FEWEST, Tested};
use super::{FIGURES, Page, Part};
use crate::chart::{self, Curve};
use crate::page::{Place, Source};
use crate::show;
use maud::{Markup, html};

pub const PART: Part = Part {
    leaf: FIGURES,
    place: Place::Body,
    id: "series",
    title: ("Against other curves", "Face à d’autres courbes"),
    markup,
};

/// Below this, chance alone seldom does as well.
const SELDOM: f64 = 0.05;

/// What the test says, in a sentence.
pub fn sentence(page: &Page, index: usize, t: &Tested) -> Markup {
    let name = t.name.as_str();
    let rho = page.cite(&format!("series-{index}"), &page.words.decimal(t.rho, 2), || Source {
        what: page.say("correlation with ", "corrélation avec ") + &show::plain(name, 60),
        how: page.say(
            "Spearman's ρ between what attempts and the curve bring beyond the point before, at the best lag; p by the harder of two null models that may each choose their best lag, one of which goes as smoothly as the curve.",
            "ρ de Spearman entre ce que les tentatives et la courbe apportent au-delà du point précédent, au meilleur décalage ; p d’après le plus exigeant de deux modèles nuls choisissant chacun leur meilleur décalage, dont l’un évolue aussi lentement que la courbe.",
        ),
        rows: page.say("series in brief.json; attempts per day in ledger.csv", "series dans brief.json ; tentatives par jour dans ledger.csv"),
        opens: Vec::new(),
        find: String::new(),
    });
    let [low, high] = t.interval.map(|v| page.decimal(v, 2));
    let parts = [html! { (show::text(name, 60)) }, rho, low, high, page.decimal(t.p, 3)];
    if t.p <= SELDOM {
        page.sentence(
            "Attempts move with the curve “{0}” more than chance and a common trend explain (ρ = {1}, 95 % {2} to {3}; p = {4}); this is no proof of cause.",
            "Les tentatives suivent la courbe « {0} » plus que le hasard et une tendance commune ne l’expliquent (ρ = {1} ; à 95 %, {2} à {3} ; p = {4}) ; ce n’est pas une preuve de cause.",
            &parts,
        )
    } else {
        page.sentence(
            "That attempts move with the curve “{0}” cannot be told from chance or a common trend (ρ = {1}, 95 % {2} to {3}; p = {4}).",
            "Que les tentatives suivent la courbe « {0} » ne se distingue pas du hasard ou d’une tendance commune (ρ = {1} ; à 95 %, {2} à {3} ; p = {4}).",
            &parts,
        )
    }
}

fn markup(page: &Page) -> Option<Markup> {
    if page.gathered.figures.tests.is_empty() {
        return None;
    }
    Some(html! {
        @for (index, ((name, test), series)) in page.gathered.figures.tests.iter().zip(&page.options.series).enumerate() {
            h3 { (show::text(name, 80)) }
            @match test {
                None => {
                    p { (page.sentence(
                        "It cannot be tested: of the points given at least {0} must lie within the ledger's days, and both must move.",
                        "Elle ne peut être testée : au moins {0} des points fournis doivent tomber dans les jours du registre, et l’une et l’autre doivent varier.",
                        &[html! { (FEWEST) }],
                    )) }
                    (picture(page, index, series))
                },
                Some(t) => {
                    p { (sentence(page, index, t)) }
                    (picture(page, index, series))
                    (table(page, t))
                }
            }
        }
        p.quiet { (page.say(
            "Two things that move together need not have anything to do with one another: a campaign grows, and so does all that surrounds it. A correlation is no proof of cause, and its absence is no proof of the contrary.",
            "Deux choses qui évoluent ensemble peuvent n’avoir aucun rapport : une campagne grandit, et tout ce qui l’entoure avec elle. Une corrélation n’est pas une preuve de cause, et son absence n’est pas une preuve du contraire.",
        )) }
    })
}

fn picture(page: &Page, index: usize, series: &super::super::series::Series) -> Markup {
    let days = &page.gathered.figures.days;
    let points: Vec<(f64, f64)> =
        days.iter().enumerate().filter_map(|(i, (day, _))| series.on(*day).map(|value| (i as f64, value))).collect();
    let id = format!("series-{index}-title");
    let title = page.say("The curve and the attempts of each day: ", "La courbe et les tentatives de chaque jour : ");
    let measured = series
        .points
        .iter()
        .filter_map(|(day, value)| days.binary_search_by_key(day, |d| d.0).ok().map(|i| (i as f64, *value)))
        .collect();
    let title = title + &show::plain(&series.name, 60);
    let curve = Curve {
        id: &id,
        title: &title,
        points,
        measured,
        behind: days.iter().map(|d| d.1).collect(),
        ticks: page.month_ticks(),
    };
    html! { figure {
        (chart::curve(&curve, page.words))
        figcaption { (title) ". " (page.sentence(
            "Dots are the values given; columns are attempts, at most {0} a day.",
            "Les points sont les valeurs fournies ; les colonnes sont les tentatives, au plus {0} par jour.",
            &[html! { (page.words.number(days.iter().map(|d| d.1).max().unwrap_or(0))) }],
        )) }
    } }
}

fn table(page: &Page, t: &Tested) -> Markup {
    let words = page.words;
    let unit = |n: u64| words.count(n, ("day", "jour"), ("days", "jours"));
    let lag = match t.lag {
        0 => page.say("none", "aucun"),
        l if l > 0 => format!(
            "{} {}",
            unit(l.unsigned_abs()),
            page.say("(attempts follow the curve)", "(les tentatives suivent la courbe)")
        ),
        l => format!(
            "{} {}",
            unit(l.unsigned_abs()),
            page.say("(attempts go before the curve)", "(les tentatives précèdent la courbe)")
        ),
    };
    let edge = t.lag.abs() == t.lags;
    let edge = if edge {
        page.say("; it lies at the edge of that range", " ; il est au bord de cet intervalle")
    } else {
        String::new()
    };
    let rows = [
        (
            page.say("Points given", "Points fournis"),
            format!("{}, {} – {}", words.number(t.points as u64), t.first, t.last),
        ),
        (
            page.say("Attempts to each point", "Tentatives de chaque point"),
            format!("{} {}", page.say("mean of", "moyenne de"), unit(t.window as u64)),
        ),
        (
            page.say("Taken off: part of the point before", "Retirée : part du point précédent"),
            words.decimal(t.autocorrelation, 2),
        ),
        (
            page.say("Coefficient, 95 % interval", "Coefficient, intervalle à 95 %"),
            format!(
                "{} {} [{}; {}]",
                page.say("Spearman's ρ =", "ρ de Spearman ="),
                words.decimal(t.rho, 3),
                words.decimal(t.interval[0], 2),
                words.decimal(t.interval[1], 2)
            ),
        ),
        (page.say("Without lag", "Sans décalage"), format!("ρ = {}", words.decimal(t.rho_at_zero, 3))),
        (
            page.say("Best lag", "Meilleur décalage"),
            format!("{lag} – {} ±{}{edge}", page.say("searched", "recherché sur"), unit(t.lags as u64)),
        ),
        (
            page.say("p-value", "Valeur p"),
            format!(
                "{} ({})",
                words.decimal(t.p, 3),
                match t.together {
                    1 => page.say("paid for the search over lags", "corrigée de la recherche du décalage"),
                    n => page.say(
                        &format!("paid for the search over lags and for {n} curves"),
                        &format!("corrigée de la recherche du décalage et de {n} courbes"),
                    ),
                }
            ),
        ),
        (
            page.say("Null model", "Modèle nul"),
            page.say(
                "the harder of two: the curve's steps in any order; random phases, which go as smoothly as they do (Ebisuzaki 1997)",
                "le plus exigeant de deux : les pas de la courbe dans un ordre quelconque ; des phases aléatoires, aussi lentes qu’eux (Ebisuzaki 1997)",
            ),
        ),
        (page.say("Surrogates, seed", "Tirages, graine"), format!("{}, {}", words.number(t.surrogates as u64), t.seed)),
    ];
    html! { table.plain {
        caption { (page.say("The test and its parameters", "Le test et ses paramètres")) }
        tbody { @for (name, value) in rows { tr { th scope="row" { (name) } td { (value) } } } }
    } }
}
