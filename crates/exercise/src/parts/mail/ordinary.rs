//! What an office gets on any day: colleagues, the press, volunteers, newsletters, notices of services. Much of it looks
//! odd to a careless eye: passwords that were really asked to be reset, links that pass through a counter, urgent
//! requests, people who write from a private address for the first time.

use super::Office;
use super::message::{Message, Part, Person, id, person, visit};
use crate::random::Random;

const THEMES: [&str; 16] = [
    "le déplacement à Reims",
    "la réunion de mardi",
    "le tract écologie",
    "la salle de Nantes",
    "le budget d’avril",
    "la note sur l’apprentissage",
    "l’affichage",
    "le planning des bénévoles",
    "the Brussels visit",
    "the press kit",
    "la liste des intervenants",
    "le discours de samedi",
    "la vidéo de campagne",
    "les badges",
    "le car de Limoges",
    "the donor dinner",
];
const SENTENCES: [&str; 20] = [
    "Je t’envoie la dernière version ce soir.",
    "Peux-tu relire avant midi ?",
    "On se voit à 14 h comme prévu.",
    "La préfecture a donné son accord.",
    "Il manque encore deux signatures.",
    "Merci pour ton aide hier !",
    "J’ai corrigé les chiffres de la page 3.",
    "Le traiteur attend notre confirmation.",
    "C’est urgent, désolée.",
    "Could you check the figures before noon?",
    "Thanks, that works for me.",
    "Le lien vers le dossier n’a pas changé.",
    "Je suis joignable sur mon portable.",
    "La salle est libre jusqu’à 22 h.",
    "Rien de neuf côté transport.",
    "On garde l’ancien titre.",
    "Les épreuves sont chez l’imprimeur.",
    "Let me know if anything changes.",
    "Je transmets à l’équipe.",
    "Bonne journée,",
];
/// Newsletters and services: domain, name, what they write of.
const SENDERS: [(&str, &str, &str); 8] = [
    ("le-courrier.example", "Le Courrier, la lettre", "Les titres du matin"),
    ("la-gazette.example", "La Gazette politique", "Ce qu’il faut retenir"),
    ("think-tank.example", "Institut des territoires", "Nouvelle étude"),
    ("rail-voyages.example", "Rail Voyages", "Votre billet"),
    ("agenda-partage.example", "Agenda partagé", "Invitation"),
    ("visio-salle.example", "Visio Salle", "Meeting reminder"),
    ("imprimerie-dulac.example", "Imprimerie Dulac", "Votre facture"),
    ("nuage-fichiers.example", "Nuage Fichiers", "Un document a été partagé avec vous"),
];

/// Seconds of a working day's moment within the period.
fn moment(office: &Office, random: &mut Random) -> i64 {
    loop {
        let at = office.from + random.below((office.to - office.from) as u64) as i64;
        if (7..20).contains(&(at.rem_euclid(86_400) / 3600)) || random.chance(0.06) {
            return at;
        }
    }
}

fn body(random: &mut Random, to: &Person, from: &Person) -> String {
    let greeting = random.pick(&["Bonjour", "Salut", "Hello", "Cher collègue, chère collègue"]);
    let said: Vec<&str> = (0..random.range(1, 5)).map(|_| random.pick(&SENTENCES)).collect();
    let first = to.name.split(' ').next().unwrap_or_default();
    format!("{greeting} {first},\n\n{}\n\n{}", said.join(" "), from.name)
}

/// Fills the inboxes.
pub(super) fn fill(office: &mut Office, count: u64, random: &mut Random) {
    let outside: Vec<Person> = (0..60)
        .map(|i| {
            let domains =
                ["radio-plus.example", "mairie-nantes.example", "asso-quartiers.example", "poste-libre.example"];
            person(random, domains[i % domains.len()])
        })
        .collect();
    let mut last: Vec<(String, Person, Person, String)> = Vec::new();
    while (office.messages.len() as u64) < count {
        let at = moment(office, random);
        let to = office.staff[random.below(office.staff.len() as u64) as usize].clone();
        let message = match random.below(10) {
            0..4 => colleague(office, at, to, &mut last, random),
            4..7 => visitor(at, to, &outside, random),
            _ => service(at, to, random),
        };
        office.messages.push(message);
    }
    for _ in 0..count * 2 {
        let at = moment(office, random);
        let address = format!("192.0.2.{}", random.range(1, 250));
        let path = random.pick(&["/", "/login", "/inbox", "/agenda", "/static/app.css", "/inbox?folder=press"]);
        office.visits.push(visit(at, &address, path, &format!("https://webmail.{}/", office.domain)));
    }
}

fn colleague(
    office: &Office,
    at: i64,
    to: Person,
    last: &mut Vec<(String, Person, Person, String)>,
    random: &mut Random,
) -> Message {
    let answered = (random.chance(0.5) && !last.is_empty()).then(|| random.below(last.len() as u64) as usize);
    let (from, to, subject, answers) = match answered.map(|i| last.swap_remove(i)) {
        Some((id, author, reader, subject)) => (reader, author, format!("Re: {subject}"), Some(id)),
        None => {
            let from = office.staff[random.below(office.staff.len() as u64) as usize].clone();
            (from, to, random.pick(&THEMES).to_string(), None)
        }
    };
    let id = id(random, &office.domain);
    last.push((id.clone(), from.clone(), to.clone(), subject.trim_start_matches("Re: ").into()));
    let text = body(random, &to, &from);
    Message {
        at,
        id,
        from,
        reply_to: None,
        to,
        subject,
        answers,
        text,
        parts: Vec::new(),
        via: None,
        authenticated: None,
        list: None,
    }
}

fn visitor(at: i64, to: Person, outside: &[Person], random: &mut Random) -> Message {
    // One in ten writes for the first time.
    let from = match random.chance(0.1) {
        true => person(random, "poste-libre.example"),
        false => outside[random.below(outside.len() as u64) as usize].clone(),
    };
    let domain = from.address.split('@').nth(1).unwrap_or_default().to_string();
    let text = body(random, &to, &from);
    Message {
        at,
        id: id(random, &domain),
        reply_to: None,
        to,
        subject: format!("{} {}", random.pick(&["Question sur", "À propos de", "About"]), random.pick(&THEMES)),
        answers: None,
        text,
        parts: Vec::new(),
        via: Some((format!("smtp.{domain}"), format!("198.51.100.{}", random.range(1, 40)))),
        authenticated: Some(domain),
        from,
        list: None,
    }
}

fn service(at: i64, to: Person, random: &mut Random) -> Message {
    let (domain, name, what) = SENDERS[random.below(8) as usize];
    let number = random.range(1000, 99_999);
    let page = format!("https://www.{domain}/lettre/{number}");
    let counted = format!("https://clic.{domain}/r/{:012x}?u={number}", random.bits() >> 16);
    let text = format!("{what}\n\n{page}\n\nPour ne plus recevoir ces messages : https://www.{domain}/desabonnement");
    let html = format!(
        "<html><body><table><tr><td><h1>{what}</h1><p>{}</p><p><a href=\"{counted}\">Lire la suite</a></p>\
         <p><a href=\"https://www.{domain}/desabonnement\">Se désabonner</a></p></td></tr></table>\
         <img src=\"https://clic.{domain}/o/{number}.gif\" width=\"1\" height=\"1\" alt=\"\"></body></html>",
        random.pick(&SENTENCES)
    );
    Message {
        at,
        id: id(random, domain),
        from: Person { name: name.into(), address: format!("lettre@{domain}") },
        reply_to: None,
        to,
        subject: format!("{what} – {number}"),
        answers: None,
        text,
        parts: vec![Part::Html(html)],
        via: Some((format!("out.{domain}"), format!("203.0.113.{}", random.range(1, 40)))),
        authenticated: Some(domain.into()),
        list: Some(format!("https://www.{domain}/desabonnement")),
    }
}
