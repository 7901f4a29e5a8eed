//! A communiqué for the last hour: what is shown and no more, nobody accused, nothing that could sway a voter; to be read by a
//! person and signed. What stands in brackets is to be filled in.

use super::Edition;
use rows::story::Step;

impl Edition<'_> {
    pub(super) fn communique(&self) -> String {
        let mut out = self.head(&self.say("Communiqué", "Communiqué"));
        let day = |step: Step| self.found(step).and_then(|s| s.first).map(|t| self.moment(t));
        let mut told: Vec<String> = Vec::new();
        if let Some(when) = day(Step::Published) {
            told.push(self.say(
                &format!("Documents presented as ours were published on {when}."),
                &format!("Des documents présentés comme les nôtres ont été publiés le {when}."),
            ));
        }
        if let Some(step) = self.found(Step::DocumentsTaken).or_else(|| self.found(Step::CredentialUsed)) {
            let until = step.last.map(|t| self.day(t)).unwrap_or_default();
            told.push(self.say(
                &format!("Mailboxes of our team were used by strangers; what we have seen of it ends on {until}."),
                &format!("Des boîtes de notre équipe ont été utilisées par des tiers ; ce que nous en avons constaté s’arrête le {until}."),
            ));
        }
        if self.found(Step::Mail).is_some() && told.len() < 2 {
            told.push(self.say(
                "Messages made to steal passwords were sent to our team.",
                "Des messages destinés à voler des mots de passe ont été envoyés à notre équipe.",
            ));
        }
        told.push(match self.found(Step::DocumentsDoctored) {
            Some(_) => self.say(
                "Some of these documents were altered: they differ from originals that we hold.",
                "Certains de ces documents ont été altérés : ils diffèrent d’originaux que nous détenons.",
            ),
            None => self.say(
                "Genuine and false documents can stand side by side in such a publication; we have not yet compared all of them with our originals.",
                "Dans une telle publication, le vrai et le faux peuvent se côtoyer ; nous n’avons pas encore tout confronté à nos originaux.",
            ),
        });
        if self.found(Step::Amplified).is_some() {
            told.push(self.say(
                "Accounts that act together carry this publication on.",
                "Des comptes agissant de concert relaient cette publication.",
            ));
        }
        told.push(self.say(
            "We do not say who did this: the evidence is with the authorities ([which, since when]).",
            "Nous ne disons pas qui en est l’auteur : les éléments sont remis aux autorités ([lesquelles, depuis quand]).",
        ));
        told.push(self.say(
            "We ask everybody not to pass these documents on. [Name, function, telephone]",
            "Nous demandons à chacun de ne pas relayer ces documents. [Nom, fonction, téléphone]",
        ));
        out += &told.join("\n\n");
        out + "\n"
    }
}
