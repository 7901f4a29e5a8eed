//! The tables of `case.toml` in words: the template that `vigie init` writes, the reference that `vigie explain` prints.

use super::tables;
use model::{Lang, Table};

/// The text of a new case's `case.toml`: what was answered, and every key explained.
pub fn template(answers: &toml::Table, lang: Lang) -> String {
    let name = answers.get("name").map_or_else(|| "\"\"".into(), ToString::to_string);
    let mut out = format!(
        "# {}\n\nname = {name}\n# en, fr\nlang = \"{}\"\n",
        lang.of("Whom this case protects. Read by `vigie run`.", "Qui ce dossier protège. Lu par `vigie run`."),
        lang.of("en", "fr"),
    );
    for table in tables() {
        // What everybody answers stands there; of the rest the defaults, as remarks.
        let common = model::COMMON.iter().any(|t| t.name == table.name);
        let mark = if common { "" } else { "# " };
        out += &match common {
            true => format!("\n[{}]\n", table.name),
            false => format!("\n# {}\n# [{}]\n", table.text().get(lang), table.name),
        };
        let given = answers.get(table.name).and_then(|t| t.as_table());
        for key in table.keys {
            let value =
                given.and_then(|t| t.get(key.name)).map_or_else(|| key.default.to_string(), ToString::to_string);
            out += &format!("# {}\n{mark}{} = {value}\n", key.text().get(lang), key.name);
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
