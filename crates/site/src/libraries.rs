//! Script libraries a page loads, in which version, and what is known to be wrong with it.

use crate::markup::Tag;
use knowledge::libraries::Libraries;

/// A library that was met.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Met {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What is wrong with it, and which advisory says so.
    pub faults: Vec<String>,
    /// An advisory says so; else the ranges are from memory.
    pub is_verified: bool,
}

/// A version: two numbers at least, dots between.
fn version(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let text = text[..end].trim_end_matches('.');
    (text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('.') && text.len() <= 20).then_some(text)
}

/// Name and version that the address of a script tells: `jquery-3.4.1.min.js`, `jquery@3.4.1/…`, `…/jquery/3.4.1/jquery.min.js`,
/// `jquery.min.js?ver=3.4.1`.
fn told(url: &str, files: &[String]) -> Option<String> {
    let url = url.to_ascii_lowercase();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let parts: Vec<&str> = path.split('/').collect();
    let own = |part: &str| files.iter().any(|f| part == f || part == format!("{f}.js"));
    for (i, part) in parts.iter().enumerate() {
        // The longest name that fits: `jquery-ui-1.12.1.js` is none of jQuery.
        let split =
            files.iter().filter_map(|f| part.strip_prefix(f.as_str())?.strip_prefix(['-', '@', '.'])).find_map(version);
        if let Some(v) = split {
            return Some(v.to_string());
        }
        if own(part)
            && let Some(v) = parts.get(i + 1).and_then(|n| version(n))
        {
            return Some(v.to_string());
        }
    }
    let stem = parts.last()?.trim_end_matches(".js").trim_end_matches(".min").trim_end_matches(".slim");
    let named = query.split('&').find_map(|p| p.strip_prefix("ver=").or_else(|| p.strip_prefix("v=")));
    named.filter(|_| own(stem)).and_then(version).map(str::to_string)
}

/// Libraries in the addresses of scripts, and in scripts that were fetched (their first bytes name them).
#[must_use]
pub fn met(tags: &[Tag], scripts: &[String]) -> Vec<Met> {
    let known = Libraries::embedded();
    let mut all = Vec::new();
    for library in &known.libraries {
        let urls = tags.iter().filter(|t| t.name == "script").filter_map(|t| t.get("src"));
        let by_url = urls.filter_map(|u| told(u, &library.files));
        let by_text = scripts.iter().filter_map(|s| {
            let (head, banner) = (formats::clip(s, 4096), library.banner.as_ref()?);
            version(&head[head.find(banner.as_str())? + banner.len()..]).map(str::to_string)
        });
        for version in by_url.chain(by_text) {
            let hurt: Vec<_> = library.faults.iter().filter(|f| f.hurts(&version)).collect();
            let told = |f: &&knowledge::libraries::Fault| {
                format!("{} ({}; {})", f.cve, f.what, f.source.as_deref().unwrap_or("range not verified"))
            };
            let is_verified = hurt.iter().any(|f| f.source.is_some());
            all.push(Met { name: library.name.clone(), faults: hurt.iter().map(told).collect(), version, is_verified });
        }
    }
    all.sort();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::tags;

    #[test]
    fn versions_are_told() {
        let versions = |html: &str| -> Vec<String> {
            met(&tags(html), &[]).iter().map(|m| format!("{} {}", m.name, m.version)).collect()
        };
        for (src, expected) in [
            ("/js/jquery-3.4.1.min.js", "jquery 3.4.1"),
            ("https://cdn.example/npm/jquery@1.12.4/dist/jquery.min.js", "jquery 1.12.4"),
            ("https://cdn.example/ajax/libs/jquery/2.2.4/jquery.js", "jquery 2.2.4"),
            ("/wp-includes/js/jquery/jquery.min.js?ver=3.7.1", "jquery 3.7.1"),
            ("/js/jquery-ui-1.12.1.js", "jquery-ui 1.12.1"),
        ] {
            assert_eq!(versions(&format!("<script src=\"{src}\"></script>")), [expected], "{src}");
        }
        for other in
            ["/js/jquery.js", "/js/jquery-migrate-1.4.1.js", "/js/app.js?ver=1.2.3", "/js/jquery.fancybox.js?ver=2.1"]
        {
            assert!(versions(&format!("<script src=\"{other}\"></script>")).is_empty(), "{other}");
        }
        let found = met(&[], &["/*! jQuery v1.8.3 | (c) */".into()]);
        assert_eq!((found[0].version.as_str(), found[0].faults.len()), ("1.8.3", 5));
    }
}
