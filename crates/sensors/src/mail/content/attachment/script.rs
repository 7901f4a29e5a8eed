//! Script as HTML parts and attachments carry it: what it would do, told by the names it must use to do so.

/// The way a script builds a file or a page of its own and hands it over (HTML smuggling, ATT&CK T1027.006); none where
/// it does not.
pub fn smuggles(code: &str) -> Option<&'static str> {
    if code.len() < 16 {
        return None;
    }
    let code = code.to_ascii_lowercase();
    let has = |what: &str| memchr::memmem::find(code.as_bytes(), what.as_bytes()).is_some();
    let decodes = has("atob(")
        || has("unescape(")
        || has("decodeuricomponent(")
        || has("string.fromcharcode")
        || has("charcodeat")
        || has("cryptojs")
        || longest_word(&code) > 1500;
    let makes = has("new blob")
        || has("createobjecturl")
        || has("mssaveblob")
        || has("mssaveoropenblob")
        || has(".download")
        || has("uint8array");
    let writes = has("document.write")
        || has("innerhtml")
        || has("outerhtml")
        || has("insertadjacenthtml")
        || has("eval(")
        || has("new function(");
    let goes = has("location.href")
        || has("location.replace")
        || has("window.location")
        || has("location.assign")
        || has("location=")
        || has("location =");
    match () {
        () if makes && decodes => Some("Blob"),
        () if writes && decodes => Some("document.write"),
        () if goes && decodes => Some("location"),
        () => None,
    }
}

/// Whether a script sends the reader elsewhere or loads more script.
pub fn goes(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    [
        "location.href",
        "location.replace",
        "window.location",
        "location.assign",
        "window.open",
        "fetch(",
        "xmlhttprequest",
        "importscripts",
        "http://",
        "https://",
    ]
    .iter()
    .any(|w| code.contains(w))
}

/// The longest run without a space or a quote: data, not code.
fn longest_word(code: &str) -> usize {
    code.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ';' | '('))
        .map(str::len)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smuggling_is_told_from_ordinary_script() {
        assert_eq!(
            smuggles("var b = new Blob([atob('TVqQ')]); a.href = URL.createObjectURL(b); a.download='x.iso'"),
            Some("Blob")
        );
        assert_eq!(smuggles("document.write(unescape('%3Cform%3E'))"), Some("document.write"));
        assert_eq!(smuggles("function toggle(id) { document.getElementById(id).style.display = 'none' }"), None);
        assert!(goes("window.location='https://kiosque.fr'"));
    }
}
