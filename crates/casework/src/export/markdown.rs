//! What all dossiers share: where the evidence lies, and text of evidence that is never markup.

use model::{Evidence, Finding, Lang};

/// The chapter of evidence: which files, by their SHA-256, and where in them.
pub fn evidence(finding: &Finding, register: &[Evidence], lang: Lang) -> String {
    let mut lines = vec![format!("## {}\n", lang.of("Evidence", "Preuves"))];
    for trace in &finding.traces {
        let known = register.iter().find(|e| e.id == trace.evidence);
        let path = known.map_or("", |e| e.path.as_str());
        let added = known.map_or(String::new(), |e| format!(", {}", e.added));
        let places: Vec<String> = trace
            .spans
            .iter()
            .take(20)
            .map(|s| if s.line > 0 { format!("{}", s.line) } else { format!("{}+{}", s.start, s.len) })
            .collect();
        lines.push(format!(
            "- `{}` SHA-256 `{}`{added}, {} {}",
            plain(path).replace('`', ""),
            trace.evidence,
            lang.of("lines", "lignes"),
            places.join(", ")
        ));
    }
    lines.join("\n")
}

/// Text of evidence is never markup: what Markdown or HTML would read is left out.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '<' | '>' | '[' | ']' | '|' | '*' | '\\'))
        .take(500)
        .collect()
}
