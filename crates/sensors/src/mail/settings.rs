//! What a case says of mail, and the answers of the DNS that mail is judged by.

use model::{Argument, Config, Files, Loaded, Paths, Result, Settings as _};
use std::collections::BTreeMap;

model::settings! {
    /// What a case says of mail.
    pub struct Settings in "mail", "Mail", "Courriels" {
        trusted: Vec<String> = "[]",
            "where one's mail arrives: servers whose Received and Authentication-Results are believed, by name, or a service (`Microsoft 365`, `Google`, `OVH`, `Proofpoint`, `Mimecast`, `Gandi`)",
            "où arrive le courrier : serveurs dont les champs Received et Authentication-Results sont crus, par leur nom, ou un service (`Microsoft 365`, `Google`, `OVH`, `Proofpoint`, `Mimecast`, `Gandi`)",
            asked: Some((
                "Where your mail arrives (Microsoft 365, Google, OVH, or the name of a server)",
                "Où arrive votre courrier (Microsoft 365, Google, OVH ou le nom d’un serveur)",
            ));
        correspondents: Vec<String> = "[]",
            "addresses and domains one writes with: they are imitated, and they are no strangers",
            "adresses et domaines avec lesquels on correspond : on les imite, et ils ne sont pas des inconnus";
        ours: Vec<String> = "[]",
            "addresses of services that are one's own: `[\"parti-bleu.zendesk.com\", \"email.nationbuilder.com\"]`",
            "adresses de services qui sont les vôtres : `[\"parti-bleu.zendesk.com\", \"email.nationbuilder.com\"]`";
        records: Paths = "[]",
            "files of DNS answers that mail is judged by: zones, or what `vigie keys fetch` wrote",
            "fichiers de réponses DNS d’après lesquelles le courriel est jugé : zones, ou ce que `vigie keys fetch` a écrit",
            files: Some(&FILES), options: &[
                Argument {
                    name: "records",
                    value: Some("FILE"),
                    help: (
                        "DNS answers to judge mail by: JSON lines of `vigie keys fetch`, or a zone file (repeatable)",
                        "Réponses DNS d’après lesquelles juger le courriel : lignes JSON de `vigie keys fetch`, ou une zone (répétable)",
                    ),
                    many: true,
                    ..Argument::PLAIN
                },
                Argument {
                    name: "keys",
                    value: Some("DIR"),
                    help: (
                        "A folder of such files, or a case whose archived keys are used (repeatable)",
                        "Un dossier de tels fichiers, ou un dossier d’affaire dont les clés archivées servent (répétable)",
                    ),
                    many: true,
                    ..Argument::PLAIN
                },
            ];
        answers: Vec<String> = "[]",
            "the text of such files (the program fills it from `records`)",
            "le texte de tels fichiers (rempli par le programme d’après `records`)";
        report_to: Vec<String> = "[]",
            "addresses that people forward odd messages to; where none is named, every message forwarded as an attachment is a report",
            "adresses auxquelles on transfère les messages douteux ; à défaut, tout message transféré en pièce jointe vaut signalement";
        teams: BTreeMap<String, Vec<String>> = "{}",
            "teams and their addresses, for figures of exercises: `{ press = [\"a@…\"] }`",
            "équipes et leurs adresses, pour les chiffres d’exercices : `{ presse = [\"a@…\"] }`";
    }
}

static FILES: Files = Files {
    what: "DNS answers",
    form: "JSON lines as `vigie keys fetch` writes them, or a zone file; `[mail] records` names files beside case.toml, \
           `--keys` a folder of them or a case that `vigie keys fetch` filled",
    most: 256 << 20,
    aside: &[],
    evidence: Some("keys"),
    deep: false,
    seals: false,
    load,
};

/// Puts what such files say into a configuration; which lines are answers is told when mail is read.
fn load(config: &mut Config, files: &mut dyn Iterator<Item = Result<Loaded>>) -> Result<()> {
    let mut texts = config.settings::<Settings>()?.answers;
    for file in files {
        let file = file?;
        texts.push(String::from_utf8(file.bytes).map_err(|e| FILES.wrong(&file.path).because(e.utf8_error()))?);
    }
    config.set(Settings::TABLE.name, "answers", texts);
    Ok(())
}
