//! What whoever holds leaked papers answers for, and how this case handles them: purpose and basis as they were given, what is
//! masked, what is recorded, how it ends. You may rely on: it is told in both languages and is no advice. Left out: the law of other
//! countries than those of the GDPR.

use super::Page;
use crate::show;
use maud::{Markup, html};

/// The part of the page.
pub fn handling(page: &Page) -> Markup {
    let settings = page.context.config.settings::<crate::Settings>().unwrap_or_default();
    let given = |text: &str| match text.is_empty() {
        true => {
            html! { em { (page.say("not given: `[brief] purpose` and `legal_basis` in case.toml", "non indiqué : `[brief] purpose` et `legal_basis` dans case.toml")) } }
        }
        false => html! { (show::text(text, 300)) },
    };
    html! {
        h3 id="lawful" { (page.say("Handling what leaked lawfully", "Traiter licitement ce qui a fuité")) }
        table.register { tbody {
            tr { th scope="row" { (page.say("Purpose", "Finalité")) } td { (given(&settings.purpose)) } }
            tr { th scope="row" { (page.say("Legal basis", "Base légale")) } td { (given(&settings.legal_basis)) } }
            tr { th scope="row" { (page.say("Kept until", "Conservé jusqu’au")) } td { (given(&settings.keep_until)) } }
        } }
        ul {
            @for (en, fr) in POINTS { li { (page.say(en, fr)) } }
        }
        p.quiet { (page.say(
            "This says what may apply. It is no legal advice; ask a lawyer or the data protection officer before anything is published.",
            "Ceci dit ce qui peut s’appliquer. Ce n’est pas un avis juridique ; consulter un avocat ou le délégué à la protection des données avant toute publication.",
        )) }
    }
}

/// What may apply, and what the program does about it.
const POINTS: [(&str, &str); 7] = [
    (
        "GDPR article 9: political opinions, health, religion, union membership and sexual life are special categories; processing them is forbidden unless an exception of its paragraph 2 holds. Here words of health, accounts, numbers and passwords are masked in pages, searches and exports.",
        "RGPD, article 9 : opinions politiques, santé, religion, appartenance syndicale et vie sexuelle sont des catégories particulières ; les traiter est interdit hors des exceptions de son paragraphe 2. Ici, mots de santé, comptes, numéros et mots de passe sont masqués dans les pages, recherches et exports.",
    ),
    (
        "GDPR article 14: who processes data that he did not get from the person tells the person within a month, unless that is impossible, disproportionate, or would defeat the purpose (paragraph 5).",
        "RGPD, article 14 : qui traite des données non recueillies auprès de la personne l’en informe dans le mois, sauf impossibilité, effort disproportionné ou si cela ruinait la finalité (paragraphe 5).",
    ),
    (
        "GDPR article 85: journalism has exemptions, which each state sets; in France article 80 of the act of 6 January 1978. A campaign has none.",
        "RGPD, article 85 : le journalisme a des dérogations, que fixe chaque État ; en France, article 80 de la loi du 6 janvier 1978. Une équipe de campagne n’en a pas.",
    ),
    (
        "GDPR articles 33 and 34: whose data were taken tells the authority within 72 hours, and the persons where the risk to them is high.",
        "RGPD, articles 33 et 34 : celui dont les données ont été prises prévient l’autorité sous 72 heures, et les personnes si le risque est élevé pour elles.",
    ),
    (
        "Possession and publication: to hold or pass on what one knows to come from a crime can be receiving (France: Code pénal, article 321-1); secrecy of correspondence is protected (article 226-15); near a vote, news that are known to be false are an offence (Code électoral, article L97).",
        "Détention et publication : détenir ou transmettre ce que l’on sait venir d’un délit peut être un recel (Code pénal, article 321-1) ; le secret des correspondances est protégé (article 226-15) ; près d’un scrutin, de fausses nouvelles sont un délit (Code électoral, article L97).",
    ),
    (
        "Every search, every text that was opened and every export of texts stands in the audit trail, with the purpose given: `vigie verify` shows whether it is whole.",
        "Chaque recherche, chaque texte ouvert et chaque export de textes figure au journal, avec la finalité indiquée : `vigie verify` montre s’il est intact.",
    ),
    (
        "It ends: `vigie forget` erases a piece of evidence and all that was made of it; `[documents] excluded` keeps a source out of everything that leaves.",
        "Cela prend fin : `vigie forget` efface une pièce et tout ce qui en a été tiré ; `[documents] excluded` tient une source hors de tout ce qui sort.",
    ),
];
