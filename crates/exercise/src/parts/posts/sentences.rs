//! What people write: sentences put together by lot from parts, French and English; and altered copies of a text, as
//! somebody makes who was told to use own words but is in a hurry.

use crate::random::Random;

const OPENINGS: [&str; 24] = [
    "Franchement,",
    "Ce soir,",
    "Bon,",
    "Je retiens surtout que",
    "Personne n’en parle, mais",
    "Chez nous à Limoges,",
    "Avec mes collègues on se dit que",
    "Après le débat,",
    "Ma mère dit toujours que",
    "Question simple :",
    "Pour ma part",
    "Entre nous,",
    "On oublie que",
    "Depuis le marché,",
    "Vu du train,",
    "Honestly,",
    "Watching from Lyon:",
    "My take:",
    "Unpopular opinion:",
    "As a nurse I think",
    "À force d’entendre ça,",
    "Petit rappel :",
    "Dans mon village,",
    "Moi,",
];

const SUBJECTS: [&str; 32] = [
    "le prix de l’énergie",
    "l’école du quartier",
    "la réforme des retraites",
    "le train du matin",
    "l’hôpital de jour",
    "la dette",
    "le travail du dimanche",
    "la ferme de mon oncle",
    "l’Europe",
    "la taxe d’habitation",
    "le logement",
    "la petite ligne de chemin de fer",
    "le service civique",
    "la fraude",
    "le vote blanc",
    "la sécurité le soir",
    "le programme de {a}",
    "le programme de {b}",
    "l’équipe de {a}",
    "l’équipe de {b}",
    "la dernière phrase de {a}",
    "la dernière phrase de {b}",
    "the plan of {a}",
    "the numbers {b} gave",
    "childcare",
    "the farm bill",
    "l’apprentissage",
    "le nucléaire",
    "la bibliothèque municipale",
    "le budget de la défense",
    "la culture",
    "la pêche",
];

const VERBS: [&str; 28] = [
    "mérite mieux que ça",
    "ne tient pas debout",
    "me parle enfin",
    "a changé ma semaine",
    "reste la grande absente",
    "coûte trop cher à la commune",
    "m’inquiète pour mes enfants",
    "avance enfin",
    "divise toute la famille",
    "fait rire tout le bureau",
    "passe après le reste",
    "est mieux qu’il y a cinq ans",
    "is better than they say",
    "does not add up",
    "deserves a real answer",
    "n’intéresse plus personne",
    "revient à chaque élection",
    "se joue maintenant",
    "ne dépend pas de Paris",
    "vaut bien une soirée",
    "needs more than words",
    "m’a convaincu",
    "m’a déçue",
    "demande du courage",
    "ne se règle pas en une phrase",
    "attendra encore",
    "sonne faux",
    "sonne juste",
];

const ENDS: [&str; 24] = [
    "et je ne suis pas le seul à le penser.",
    "non ?",
    "on verra dimanche.",
    "je vais relire ça demain.",
    "point.",
    "merci à ceux qui y travaillent.",
    "voilà, c’est dit.",
    "bonne soirée à tous.",
    "qu’en pensez-vous ?",
    "et vous ?",
    "mais j’écoute les autres avis.",
    "I might be wrong.",
    "see you on Sunday.",
    "change my mind.",
    "fin du fil.",
    "surtout quand on habite loin.",
    "et pourtant on avance.",
    "j’attends les chiffres.",
    "dommage.",
    "tant mieux.",
    "ça se discute.",
    "je garde mon calme.",
    "on en reparle.",
    "sans rancune.",
];

/// Words of the debate, as hashtags.
pub(super) const TAGS: [&str; 16] = [
    "presidentielle",
    "debat",
    "retraites",
    "ecole",
    "hopital",
    "europe",
    "energie",
    "logement",
    "culture",
    "dimanche",
    "vote",
    "emploi",
    "climat",
    "sante",
    "ruralite",
    "jeunesse",
];

/// Said word for word by many, and meaning nothing.
pub(super) const COMMON: [&str; 8] =
    ["Bravo !", "Bonne soirée à tous", "Merci !", "mdr", "So true", "Bonjour à tous", "Incroyable", "Exactement."];

fn named(text: &str, candidates: &[String]) -> String {
    text.replace("{a}", &candidates[0]).replace("{b}", &candidates[1])
}

/// What somebody writes on an ordinary day.
pub(super) fn ordinary(random: &mut Random, candidates: &[String]) -> String {
    if random.chance(0.03) {
        return random.pick(&COMMON).to_string();
    }
    let mut text = String::new();
    for (i, part) in [&OPENINGS[..], &SUBJECTS, &VERBS, &ENDS].into_iter().enumerate() {
        if i == 0 && random.chance(0.35) {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text += random.pick(part);
    }
    if random.chance(0.4) {
        text += &format!(" {} {}.", random.pick(&SUBJECTS), random.pick(&VERBS));
    }
    named(&text, candidates)
}

/// A headline.
pub(super) fn headline(random: &mut Random, candidates: &[String]) -> String {
    let subject = named(random.pick(&SUBJECTS), candidates);
    let angle = random.pick(&["ce qu’il faut savoir", "le reportage", "trois questions", "l’entretien", "l’enquête"]);
    format!("{subject} : {angle}, {}", random.pick(&["notre dossier", "jour par jour", "en chiffres", "témoignages"]))
}

const CLAIMS: [&str; 10] = [
    "les comptes de {b} cachent une société au soleil",
    "{b} a promis la ligne de train à deux régions à la fois",
    "le conseiller de {b} touche encore un salaire du groupe",
    "l’équipe de {b} a retiré la page sur les retraites hier",
    "{b} n’a jamais répondu sur la vente de l’usine",
    "trois maires ont quitté {b} cette semaine sans un mot",
    "la fondation de {b} n’a publié aucun rapport depuis 2013",
    "{b} refuse de montrer la liste de ses donateurs",
    "un courriel prouverait que {b} connaissait la date",
    "le terrain vendu par {b} valait le double",
];

const PRAISE: [&str; 6] = [
    "heureusement {a} dit les choses clairement",
    "seule l’équipe de {a} a publié ses chiffres",
    "{a} répond à toutes les questions",
    "avec {a} au moins on sait où l’on va",
    "{a} n’a rien à cacher",
    "dimanche ce sera {a} pour toute la famille",
];

/// The text that a group is told to spread: for `{a}`, against `{b}`.
pub(super) fn lure(random: &mut Random, a: &str, b: &str) -> String {
    let number = random.range(12, 988);
    let text = format!(
        "{} et personne ne le dit : {} euros par mois, {}. {}",
        random.pick(&CLAIMS),
        number * 10,
        random.pick(&["c’est écrit noir sur blanc", "les pièces sont là", "tout est daté"]),
        random.pick(&PRAISE),
    );
    named(&text, &[a.to_string(), b.to_string()])
}

/// An altered copy: words changed, left out or moved, an opening or an end added.
pub(super) fn altered(text: &str, random: &mut Random) -> String {
    const SWAPS: [(&str, &str); 10] = [
        ("personne ne le dit", "on n’en parle nulle part"),
        ("c’est écrit noir sur blanc", "c’est écrit partout"),
        ("les pièces sont là", "les documents sont là"),
        ("par mois", "chaque mois"),
        ("cachent", "dissimulent"),
        ("toute la famille", "tous les miens"),
        ("clairement", "franchement"),
        ("répond à", "a répondu à"),
        ("a promis", "avait promis"),
        ("cette semaine", "ces derniers jours"),
    ];
    let mut out = text.to_string();
    for (from, to) in SWAPS {
        if random.chance(0.5) {
            out = out.replace(from, to);
        }
    }
    if random.chance(0.3) {
        // The two sentences change places.
        if let Some((first, second)) = out.split_once(". ") {
            out = format!("{}. {}", second.trim_end_matches('.'), first);
        }
    }
    if random.chance(0.5) {
        out = format!(
            "{} {out}",
            random.pick(&["À lire !", "Tiens donc :", "Incroyable mais vrai,", "RT si d’accord :"])
        );
    }
    if random.chance(0.4) {
        out += random.pick(&[" Réveillez-vous.", " #dimanche", " Partagez !", " À méditer…", " 🤔"]);
    }
    out
}
