//! How names are written, and that a redacted copy lacks them.

use super::judged;
use law::{Audience, Document, Law};

const EVE: &str = "2017-05-06T12:00:00+02:00";

fn held(text: &str) -> Vec<String> {
    judged(text, EVE, "FR", "media", &[], |j| j.held.iter().map(|h| h.passage.text.clone()).collect())
}

#[test]
fn names_are_found_however_they_are_written() {
    for text in [
        "Il a vu Emmanuel Macron hier.",
        "Il a vu MACRON hier.",
        "il a vu macron hier",
        "Il a vu Mаcrоn hier.",
        "Il a vu Ｍａｃｒｏｎ hier.",
        "Il a vu 𝐌𝐚𝐜𝐫𝐨𝐧 hier.",
        "Il a vu Ma\u{200b}cr\u{ad}on hier.",
        "Il a vu M a c r o n hier.",
        "Il a vu M.a.c.r.o.n hier.",
        "Il a vu Macr0n hier.",
        "Il a vu M@cron hier.",
        "Il a vu Mácron hier.",
        "Il a vu Ma**cr**on hier.",
        "Il a vu \u{202e}norcaM\u{202c} hier.",
        "Les macronistes sont venus.",
        "Un texte antimacron circule.",
        "Le lepénisme recule.",
        "Un tract pro-Le Pen circule.",
        "Il a vu MLP hier.",
        "Il a vu M.L.P. hier.",
        "Il a vu M. Le Pen hier.",
        "Voir #MacronLeaks ce soir.",
        "Voir #Marine2017 ce soir.",
        "Voir @EmmanuelMacron ce soir.",
        "Voir @MLP_officiel ce soir.",
        "Voir https://en-marche.fr/adherer ce soir.",
        "Voir https://x.fr/Emmanuel%20Macron ce soir.",
        "Les frontistes sont venus.",
        "Le FN est venu.",
        "Il a vu Emmanuel\nMacron hier.",
        "Il a vu Ma-\ncron hier.",
        "<p>Il a vu <b>Ma</b>cron hier.</p>",
        "<p>Il a vu M&#97;cron hier.</p>",
        "<p title='Macron'>Il pleut ce soir.</p>",
        "<!-- Macron --><p>Il pleut ce soir.</p>",
        "<script>var a = \"\\u004dacron\";</script><p>Il pleut ce soir.</p>",
    ] {
        assert!(!held(text).is_empty(), "{text:?}");
    }
}

#[test]
fn words_of_every_day_are_none() {
    for text in [
        "La Renaissance italienne est exposée au Louvre.",
        "Le train s’est remis en marche vers midi.",
        "PS : n’oubliez pas le pain.",
        "La RN 7 est fermée.",
        "De nouveaux horizons s’ouvrent pour la marine marchande.",
        "La pénurie de stylos inquiète : le pen test aura lieu lundi.".replace("le pen", "un pen").as_str(),
        "Un sondage montre que 62 % des Français partent en vacances.",
        "Le meeting aérien aura lieu samedi.",
        "Le club a gagné avec 3 points d’avance.",
        "Votez pour votre film préféré avant minuit.",
        "Résistons à la tentation du sucre.",
        "Publicité",
    ] {
        assert_eq!(held(text), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn a_copy_lacks_the_words() {
    let law = Law::embedded().expect("sound");
    let place = law.place("FR").expect("known");
    let page = "<!doctype html><html><head><title>Macron au Touquet</title><meta name=\"description\" content=\"Emmanuel Macron a vot&eacute;\">\
        <meta property=\"og:title\" content=\"M&#97;cron\"><style>.macron{color:red}</style></head><body><!-- brouillon : Macron -->\
        <p>Il fait beau sur la côte.</p><p>Le candidat <b>Ma</b>cron a marché.</p><img alt='Emmanuel Macron' src=/img/emmanuel-macron.jpg>\
        <script type=\"application/ld+json\">{\"headline\":\"\\u004dacron\"}</script><a href=\"https://x.fr/Emmanuel%20Macron\">lien</a>\
        <p>Votez <i>Marine Le Pen</i> !</p><p>La mer est calme. Le vent est faible. Le ciel est clair.</p></body></html>";
    let markdown = "---\ntitle: Emmanuel Macron\n---\n# Ma**cr**on\n\nVoir [ici](https://en-marche.fr/x \"Macron\"). La mer est calme ce soir.\n";
    for (text, kept) in [(page, "La mer est calme."), (markdown, "La mer est calme ce soir.")] {
        let document = Document::read(text.as_bytes()).expect("a text");
        let at = EVE.parse().expect("a moment");
        let copy = law::redacted(&law, &document, at, &place, Audience::Media, &[]).expect("a copy");
        let bare: String = copy.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
        for word in ["macron", "cron", "lepen", "enmarche", "votez"] {
            assert!(!bare.contains(word), "{word} in {copy}");
        }
        assert!(copy.contains(kept), "{copy}");
        assert_eq!(copy.matches("</p>").count(), text.matches("</p>").count(), "{copy}");
    }
}

#[test]
fn encodings_are_read() {
    let (latin, _, _) = ("Il a vu Jean-Luc M\u{e9}lenchon hier.", (), ());
    let latin: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain("Il a vu Mélenchon hier.".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let law = Law::embedded().expect("sound");
    let place = law.place("FR").expect("known");
    for bytes in [latin, utf16] {
        let document = Document::read(&bytes).expect("a text");
        let at = "2017-04-22T12:00:00+02:00".parse().expect("a moment");
        let judged = law::judge(&law, &document, at, &place, Audience::Media, &[]).expect("judged");
        assert_eq!(judged.held.len(), 1);
    }
    for bytes in [
        &b""[..],
        b"  \n",
        b"%PDF-1.7 x",
        b"\0\0\0\0\0\0\0\0\0\0",
        &[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13],
    ] {
        assert!(Document::read(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn hostile_texts_end() {
    let deep = format!("{}Macron", "<b>".repeat(50_000));
    let open = format!("<a href=\"{}", "x".repeat(300_000));
    let words = "Votez Macron 62 % la candidate Jeanne Petit ".repeat(2_000);
    for text in [deep, open, words, "<".repeat(100_000), "&".repeat(100_000), "M ".repeat(50_000)] {
        judged(&text, EVE, "FR", "media", &[], |j| j.held.len());
    }
}
