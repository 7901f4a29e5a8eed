//! The papers of a campaign: notes, minutes, budgets, posters, by the staff, over months. What they say is made up.

use super::package::{Properties, docx, pdf, png, xlsx};
use crate::random::Random;

/// A paper: what it says, and how it is kept.
#[derive(Clone, Debug)]
pub(super) struct Paper {
    pub(super) name: String,
    pub(super) said: Properties,
    pub(super) content: Content,
}

/// What it says or shows.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// Paragraphs of a note.
    Note(Vec<String>),
    /// Rows of a budget.
    Budget(Vec<Vec<String>>),
    /// Lines of minutes, on a page.
    Minutes(Vec<String>),
    /// A poster: its width and pixels.
    Poster(usize, Vec<u8>),
}

impl Paper {
    /// As the file that a program would write.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match &self.content {
            Content::Note(paragraphs) => docx(paragraphs, &self.said),
            Content::Budget(rows) => xlsx(rows, &self.said),
            Content::Minutes(lines) => pdf(lines, &self.said),
            Content::Poster(width, pixels) => png(*width, pixels),
        }
    }

    /// Whether it has text or cells that somebody may change.
    pub(super) fn is_of(&self, kind: &str) -> bool {
        matches!(
            (&self.content, kind),
            (Content::Note(_), "note")
                | (Content::Budget(_), "budget")
                | (Content::Minutes(_), "minutes")
                | (Content::Poster(..), "poster")
        )
    }
}

const SUBJECTS: [&str; 12] = [
    "réunion publique",
    "déplacement en région",
    "collecte de dons",
    "débat télévisé",
    "programme économique",
    "comité de soutien",
    "tractage du week-end",
    "location de la salle",
    "site de campagne",
    "relations avec la presse",
    "formation des bénévoles",
    "bilan de la semaine",
];
const CITIES: [&str; 14] = [
    "Lyon",
    "Lille",
    "Nantes",
    "Toulouse",
    "Bordeaux",
    "Strasbourg",
    "Rennes",
    "Dijon",
    "Nancy",
    "Tours",
    "Metz",
    "Angers",
    "Reims",
    "Limoges",
];
const SENTENCES: [&str; 16] = [
    "La salle de {c} est réservée pour {n} personnes et coûte {e} euros.",
    "Le trésorier a validé la dépense de {e} euros après deux devis.",
    "Les bénévoles de {c} distribueront {n} tracts avant la fin de la semaine.",
    "Il reste {n} places dans le car qui part de {c} à huit heures.",
    "Le responsable local demande {n} affiches de plus pour les communes autour de {c}.",
    "La presse régionale a été prévenue ; {n} journalistes ont répondu qu’ils viendraient.",
    "Le prestataire du site propose un contrat de {e} euros par mois.",
    "Le comité de {c} compte maintenant {n} adhérents.",
    "Nous proposons de reporter la visite de {c} au mois suivant.",
    "La facture de l’imprimeur de {c}, {e} euros, est à régler sous trente jours.",
    "Le service d’ordre prévoit {n} personnes à l’entrée.",
    "Les dons reçus en ligne cette semaine s’élèvent à {e} euros.",
    "Le candidat souhaite rencontrer les élus de {c} avant la réunion.",
    "Une deuxième caméra est nécessaire pour la retransmission depuis {c}.",
    "La traduction en langue des signes sera assurée à {c}.",
    "Le budget de communication est tenu, avec {e} euros de réserve.",
];

/// A sentence of the house.
pub(super) fn sentence(random: &mut Random) -> String {
    random
        .pick(&SENTENCES)
        .replace("{c}", random.pick(&CITIES))
        .replace("{n}", &random.range(12, 900).to_string())
        .replace("{e}", &(random.range(12, 900) * 50).to_string())
}

fn lines(random: &mut Random, from: u64, to: u64) -> Vec<String> {
    (0..random.range(from, to)).map(|_| sentence(random)).collect()
}

fn note(random: &mut Random, subject: &str) -> Vec<String> {
    let mut all = vec![format!("Note sur : {subject}")];
    for _ in 0..random.range(4, 9) {
        all.push(lines(random, 2, 4).join(" "));
    }
    all
}

fn budget(random: &mut Random, city: &str) -> Vec<Vec<String>> {
    const POSTS: [&str; 9] = [
        "Salle",
        "Sonorisation",
        "Éclairage",
        "Transport",
        "Impression",
        "Sécurité",
        "Traiteur",
        "Captation",
        "Divers",
    ];
    let mut rows = vec![vec![format!("Budget {city}"), "Prévu".into(), "Réalisé".into()]];
    for post in POSTS {
        let planned = random.range(10, 400) * 25;
        let real = planned * random.range(85, 112) / 100;
        rows.push(vec![post.into(), planned.to_string(), real.to_string()]);
    }
    rows
}

fn poster(random: &mut Random) -> (usize, Vec<u8>) {
    let (width, height) = (160usize, 200usize);
    let mut pixels = vec![0u8; width * height];
    let (tilt, depth) = (random.range(1, 5) as usize, random.range(20, 60) as usize);
    for (n, p) in pixels.iter_mut().enumerate() {
        *p = (depth + (n % width) * tilt / 2 % 120 + n / width / 2) as u8;
    }
    // Blocks as letters would be.
    for _ in 0..14 {
        let (x, y) = (random.below(120) as usize, random.below(170) as usize);
        let (w, h, shade) = (random.range(12, 38) as usize, random.range(6, 24) as usize, random.below(256) as u8);
        for row in y..(y + h).min(height) {
            pixels[row * width + x..row * width + (x + w).min(width)].fill(shade);
        }
    }
    (width, pixels)
}

/// A minute of a working day between two moments: programs of Word keep no seconds.
fn working(random: &mut Random, from: i64, to: i64) -> i64 {
    let day = from + random.below((to - from).max(1) as u64) as i64;
    let minute = day.div_euclid(86_400) * 86_400 + 8 * 3600 + random.below(10 * 60) as i64 * 60;
    minute.clamp(from, to)
}

/// The archive: so many papers by these people, the oldest first.
pub(super) fn papers(count: u64, people: &[String], (from, to): (i64, i64), random: &mut Random) -> Vec<Paper> {
    let mut all: Vec<Paper> = Vec::new();
    // Papers are numbered as they are made.
    let mut days: Vec<i64> = (0..count).map(|_| working(random, from, to - 86_400) / 60 * 60).collect();
    days.sort_unstable();
    for (n, created) in (0..count).zip(days) {
        let author = people[random.below(people.len() as u64) as usize].clone();
        let saved_by = if random.chance(0.4) {
            people[random.below(people.len() as u64) as usize].clone()
        } else {
            author.clone()
        };
        let until = (created + random.range(1, 12) as i64 * 86_400).min(to);
        let modified = working(random, created + 60, until);
        let modified = modified.max(created + 60) / 60 * 60;
        let said = Properties {
            author,
            saved_by,
            company: "En Avant".into(),
            language: "fr-FR",
            created,
            modified,
            root: random.bits() as u32 | 0x10,
            tracked: None,
        };
        let (subject, city) = (random.pick(&SUBJECTS), random.pick(&CITIES));
        let slug = |t: &str| t.replace(['é', 'è'], "e").replace(' ', "-");
        let (name, content) = match n % 7 {
            0..=2 => (format!("notes/{n:03}-{}.docx", slug(subject)), Content::Note(note(random, subject))),
            3 | 4 => (format!("budgets/{n:03}-{}.xlsx", slug(city)), Content::Budget(budget(random, city))),
            5 => {
                let mut text = vec![format!("Compte rendu : {subject}")];
                text.extend(lines(random, 8, 16));
                (format!("comptes-rendus/{n:03}-{}.pdf", slug(city)), Content::Minutes(text))
            }
            _ => {
                let (width, pixels) = poster(random);
                (format!("affiches/{n:03}-{}.png", slug(city)), Content::Poster(width, pixels))
            }
        };
        all.push(Paper { name, said, content });
    }
    all
}
