//! The waves: plainly synthetic lures, one text each with small changes, sent to part of the staff over some hours; and
//! the visits of those who followed one and were sent on to the real webmail.

use super::message::{Message, Part, Person, id, time, visit};
use super::{Lure, Office, TrueWave, Wave};
use crate::random::Random;

/// Sends a wave.
pub(super) fn send(office: &mut Office, wave: &Wave, start: i64, random: &mut Random) -> TrueWave {
    let mut order: Vec<usize> = (1..office.staff.len()).collect();
    random.shuffle(&mut order);
    order.truncate(wave.recipients as usize);
    let server = (
        format!("vps{}.hebergeur-libre.example", random.range(10, 99)),
        format!("203.0.113.{}", random.range(100, 250)),
    );
    let brand = office.domain.split('.').next().unwrap_or_default().to_string();
    let decoy = if wave.decoy.is_empty() { format!("onedrive-{brand}.example") } else { wave.decoy.clone() };
    let mut truth = TrueWave {
        name: wave.name.clone(),
        lure: wave.lure,
        messages: Vec::new(),
        recipients: Vec::new(),
        clicked: Vec::new(),
        decoy: wave.decoy.clone(),
        first: time(i64::MAX / 4),
        last: time(0),
    };
    for (n, &person) in order.iter().enumerate() {
        let to = office.staff[person].clone();
        let at = start + random.below(wave.hours * 3600) as i64;
        let token = format!("{:010x}", random.bits() >> 24);
        let message = match wave.lure {
            Lure::Credentials => credentials(&to, &decoy, &token, random),
            Lure::Attachment => attachment(&to, &brand, &token, random),
            Lure::Impersonation => impersonation(&to, &brand, random),
        };
        let message = Message { at, via: Some(server.clone()), ..message };
        (truth.first, truth.last) = (truth.first.min(time(at)), truth.last.max(time(at)));
        truth.messages.push(message.id.clone());
        truth.recipients.push(to.address.clone());
        if (n as u64) < wave.clicks {
            let address = format!("192.0.2.{}", random.range(1, 250));
            let referer = format!("https://{decoy}/partage/{token}");
            office.visits.push(visit(at + random.range(60, 5400) as i64, &address, "/login", &referer));
            truth.clicked.push(to.address.clone());
        }
        office.messages.push(message);
    }
    truth.messages.sort();
    truth.recipients.sort();
    truth.clicked.sort();
    truth
}

fn message(from: Person, to: &Person, subject: String, text: String, parts: Vec<Part>, random: &mut Random) -> Message {
    let domain = from.address.split('@').nth(1).unwrap_or_default().to_string();
    Message {
        at: 0,
        id: id(random, &domain),
        from,
        reply_to: None,
        to: to.clone(),
        subject,
        answers: None,
        text,
        parts,
        via: None,
        authenticated: None,
        list: None,
    }
}

fn credentials(to: &Person, decoy: &str, token: &str, random: &mut Random) -> Message {
    let url = format!("https://{decoy}/partage/{token}");
    let first = to.name.split(' ').next().unwrap_or_default();
    let when = random.pick(&["dans les 24 heures", "avant ce soir", "sous un jour"]);
    let text = format!(
        "Bonjour {first},\n\nUn document confidentiel a été partagé avec vous. Identifiez-vous {when} avec votre mot de passe de messagerie, sinon l’accès sera supprimé :\n{url}\n\n[exercice]"
    );
    let html = format!(
        "<html><body><p>Bonjour {first},</p><p>Un document confidentiel a été partagé avec vous. Identifiez-vous {when} \
         avec votre mot de passe de messagerie, sinon l’accès sera supprimé.</p><p><a href=\"{url}\">\
         https://onedrive.live.com/partage</a></p><p style=\"display:none\">exercice</p></body></html>"
    );
    let from = Person { name: "Microsoft OneDrive".into(), address: format!("no-reply@{decoy}") };
    let subject = format!("{first}, un document vous attend ({})", random.range(1, 9));
    message(from, to, subject, text, vec![Part::Html(html)], random)
}

fn attachment(to: &Person, brand: &str, token: &str, random: &mut Random) -> Message {
    let html = format!(
        "<html><body><h1>Messagerie {brand}</h1><form action=\"https://accounts-{brand}.example/{token}\" method=\"post\">\
         <input name=\"login\" value=\"{}\"><input type=\"password\" name=\"pw\"><button>Ouvrir la facture</button></form>\
         <p>Exercise: this form leads nowhere.</p></body></html>",
        to.address
    );
    let text = format!(
        "Bonjour,\n\nVeuillez trouver ci-joint la facture {} impayée. Sans règlement {} votre compte sera suspendu.\n\nLe service comptable\n[exercice]",
        random.range(10_000, 99_999),
        random.pick(&["aujourd’hui", "ce jour", "d’ici demain"])
    );
    let from = Person { name: "Service facturation".into(), address: format!("compta@facture-{brand}.example") };
    let part = Part::Attachment("facture.pdf.html", "text/html", html);
    message(from, to, "Facture impayée, dernier rappel".into(), text, vec![part], random)
}

fn impersonation(to: &Person, brand: &str, random: &mut Random) -> Message {
    let first = to.name.split(' ').next().unwrap_or_default();
    let text = format!(
        "{first},\n\nJe suis en réunion et ne peux pas téléphoner. J’ai besoin que tu m’envoies {} la liste des donateurs et le numéro de portable de chacun. Reste discret, je t’expliquerai.\n\n{}\nEnvoyé de mon téléphone\n[exercice]",
        random.pick(&["tout de suite", "dans l’heure", "avant midi"]),
        super::CHIEF,
    );
    let from = Person { name: super::CHIEF.into(), address: "direction.perso@poste-libre.example".into() };
    let reply_to = Some(format!("helene.marchand@{brand}-equipe.example"));
    let subject = random.pick(&["Urgent", "Demande urgente", "Tu es là ?"]).to_string();
    Message { reply_to, ..message(from, to, subject, text, Vec::new(), random) }
}
