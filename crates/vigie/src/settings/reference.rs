//! The tables of `case.toml` in words: the template that `vigie init` writes, the reference that `vigie explain` prints.

use super::tables;
use model::{Lang, Table};
use sensors::Proposal;

/// The text of a new case's `case.toml`: what was answered, every key explained, and what the evidence proposes for it, as a
/// remark that somebody has to make a setting.
pub fn template(answers: &toml::Table, proposed: &[(&'static str, Proposal)], lang: Lang) -> String {
    let name = answers.get("name").map_or_else(|| "\"\"".into(), ToString::to_string);
    let mut out = format!(
        "# {}\n\nname = {name}\n# en, fr\nlang = \"{}\"\n",
        lang.of("Whom this case protects. Read by `vigie run`.", "Qui ce dossier protège. Lu par `vigie run`."),
        lang.of("en", "fr"),
    );
    for table in tables() {
        // What everybody is asked stands there, and what was answered; of the rest the defaults, as remarks.
        let common = model::COMMON.iter().any(|t| t.name == table.name);
        let given = answers.get(table.name).and_then(|t| t.as_table());
        out += &match (common, given) {
            (true, _) => format!("\n[{}]\n", table.name),
            (false, Some(_)) => format!("\n# {}\n[{}]\n", table.text().get(lang), table.name),
            (false, None) => format!("\n# {}\n# [{}]\n", table.text().get(lang), table.name),
        };
        for key in table.keys {
            let answer = given.and_then(|t| t.get(key.name));
            let proposals: Vec<&Proposal> =
                proposed.iter().filter(|(t, p)| *t == table.name && p.key == key.name).map(|(_, p)| p).collect();
            let value = match answer {
                Some(answer) => answer.to_string(),
                None if proposals.is_empty() => key.default.to_string(),
                None => toml::Value::from(proposals.iter().map(|p| p.value.clone()).collect::<Vec<_>>()).to_string(),
            };
            out += &format!("# {}\n", key.text().get(lang));
            let seen = lang.of("seen", "vu");
            proposals
                .iter()
                .for_each(|p| out += &format!("# {seen}{2}{}{2}{}\n", p.value, p.why.get(lang), lang.colon()));
            let mark = if answer.is_some() || common && proposals.is_empty() { "" } else { "# " };
            out += &format!("{mark}{} = {value}\n", key.name);
        }
    }
    out
}

/// A table's keys, a line each.
pub fn table(table: &Table, lang: Lang) -> Vec<String> {
    let mut lines = vec![format!("  [{}]", table.name)];
    for key in table.keys {
        let options: Vec<String> = key
            .options
            .iter()
            .map(|o| format!("--{}{}", o.name, o.value.map(|v| format!(" {v}")).unwrap_or_default()))
            .collect();
        let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(", ")) };
        lines.push(format!("  {} = {}    # {}{options}", key.name, key.default, key.text().get(lang)));
    }
    lines
}
