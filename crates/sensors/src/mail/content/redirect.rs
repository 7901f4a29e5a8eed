//! Addresses within addresses: what services that rewrite links for safety lead to, and open redirects, where a name
//! one trusts hands on to another.
//!
//! You may rely on: bounded unwrapping ([`MOST`]). Sources: the services' public descriptions (Microsoft Safe Links,
//! Proofpoint URL Defense v1 to v3, Barracuda, Cisco, Trend Micro, Symantec). Left out: Mimecast and others whose
//! addresses hold no target.

use super::ideas::under;
use super::url::{Url, percent};

/// Most layers undone.
pub const MOST: usize = 4;

/// The rewritten address's target; none where this is no rewriting service.
pub fn unwrap(url: &Url) -> Option<String> {
    let value = |key: &str| url.values().find(|(k, _)| *k == key).map(|(_, v)| v).filter(|v| !v.is_empty());
    let host = url.host.as_str();
    if under(host, "safelinks.protection.outlook.com") || under(host, "safelinks.office.net") {
        return value("url");
    }
    if under(host, "urldefense.proofpoint.com") || under(host, "urldefense.com") || under(host, "urldefense.us") {
        if let Some(rest) = url.path.strip_prefix("/v3/__") {
            return Some(proofpoint3(rest, url));
        }
        let coded = value("u")?;
        return Some(match url.path.starts_with("/v2/") {
            true => percent(&coded.replace('-', "%").replace('_', "/")),
            false => coded,
        });
    }
    if under(host, "linkprotect.cudasvc.com") {
        return value("a");
    }
    if under(host, "secure-web.cisco.com") {
        let at = url.path.find("/http")?;
        return Some(percent(url.path.get(at + 1..)?));
    }
    if under(host, "trendmicro.com") && url.path.contains("/wis/clicktime") {
        return value("url");
    }
    if under(host, "clicktime.symantec.com") || under(host, "protect-us.mimecast.com") {
        return value("u");
    }
    None
}

/// Version 3: the address stands between underscores, with `*` for the characters that base64 lists at the end.
fn proofpoint3(rest: &str, url: &Url) -> String {
    let whole = match url.query.is_empty() {
        true => rest.to_string(),
        false => format!("{rest}?{}", url.query),
    };
    let (target, coded) = whole.rsplit_once("__;").unwrap_or((whole.as_str(), ""));
    let coded = coded.split('!').next().unwrap_or("");
    let replaced = formats::transfer::base64(coded.replace('-', "+").replace('_', "/").as_bytes(), 4096).bytes;
    let replaced = String::from_utf8_lossy(&replaced).into_owned();
    let mut characters = replaced.chars();
    let target = target.replacen(":/", "://", usize::from(!target.contains("://")));
    target.chars().map(|c| if c == '*' { characters.next().unwrap_or('*') } else { c }).collect()
}

/// Hosts whose public pages hand on to any address they are given, with the key or the part of the path that does.
const OPEN: [(&str, &str); 26] = [
    ("google.", "/url"),
    ("google.", "/amp/s"),
    ("google.", "/travel/clk"),
    ("googleadservices.com", "/pagead"),
    ("doubleclick.net", ""),
    ("bing.com", "/ck/a"),
    ("bing.com", "/fd/ls"),
    ("youtube.com", "/redirect"),
    ("facebook.com", "/l.php"),
    ("instagram.com", "/"),
    ("linkedin.com", "/slink"),
    ("linkedin.com", "/redir"),
    ("baidu.com", "/link"),
    ("yandex.", "/clck"),
    ("yahoo.com", "/"),
    ("t.co", ""),
    ("medium.com", "/r/"),
    ("slack-redir.net", ""),
    ("vk.com", "/away"),
    ("steamcommunity.com", "/linkfilter"),
    ("adobe.com", "/r/"),
    ("awstrack.me", "/L0"),
    ("microsoft.com", "/redir"),
    ("live.com", "/redir"),
    ("salesforce.com", "/servlet"),
    ("exacttarget.com", ""),
];

/// Whether a host is known to hand on to any address.
pub fn is_open(url: &Url) -> bool {
    OPEN.iter().any(|(host, path)| {
        let named = match host.strip_suffix('.') {
            Some(label) => url.host.split('.').any(|l| l == label),
            None => under(&url.host, host),
        };
        named && url.path.starts_with(path)
    })
}

/// The address that another one holds, in its query, its path or its fragment; base64 is undone.
pub fn inner(url: &Url) -> Option<Url> {
    let plain = url.values().map(|(_, v)| v).find_map(|v| web(&v).or_else(|| web(&percent(&v))));
    plain.or_else(|| url.values().find_map(|(_, v)| coded(&v))).or_else(|| {
        let at = ["/http:/", "/https:/", "/http%3A", "/https%3A", "/s/"]
            .iter()
            .find_map(|m| url.path.find(m).map(|at| (at, *m)))?;
        let rest = percent(url.path.get(at.0 + 1..)?);
        match at.1 == "/s/" && is_open(url) {
            true => Url::parse(&format!("https://{}", rest.strip_prefix("s/")?)),
            false => web(&rest),
        }
    })
}

/// To whom a page that asks for an account's consent hands what was allowed (RFC 6749, 4.1.1).
pub fn consent(url: &Url) -> Option<String> {
    let value = |key: &str| url.values().find(|(k, _)| *k == key).map(|(_, v)| v);
    let page = url.path.contains("oauth") || url.path.contains("/authorize");
    let to = value("redirect_uri").filter(|_| page && value("client_id").is_some())?;
    web(&to).or_else(|| web(&percent(&to))).map(|to| to.host)
}

fn web(text: &str) -> Option<Url> {
    let head = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (head.starts_with("http://") || head.starts_with("https://") || head.starts_with("//") && text.len() > 6)
        .then(|| Url::parse(text))
        .flatten()
        .filter(|u| u.host.contains('.'))
}

/// Bing writes `a1` and then base64.
fn coded(value: &str) -> Option<Url> {
    let text = value.strip_prefix("a1").unwrap_or(value);
    if !text.starts_with("aHR0c") || text.len() > 4096 {
        return None;
    }
    let bytes = formats::transfer::base64(text.replace('-', "+").replace('_', "/").as_bytes(), 4096).bytes;
    web(&String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewritten_addresses_are_undone() {
        for (text, expected) in [
            (
                "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fa&data=05",
                "https://evil.example/a",
            ),
            (
                "https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.example_a-3Fb-3D1&d=DwMF",
                "https://evil.example/a?b=1",
            ),
            ("https://urldefense.com/v3/__https://evil.example/a*b__;Iw!!abc!d$", "https://evil.example/a#b"),
            ("https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fevil.example&c=E", "https://evil.example"),
        ] {
            assert_eq!(Url::parse(text).as_ref().and_then(unwrap).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_page_of_consent_shows_whom_it_answers() {
        let page = |text: &str| Url::parse(text).as_ref().and_then(consent);
        let to = "&redirect_uri=https%3A%2F%2Fevil.example%2Fcb&response_type=code";
        let microsoft = format!("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=4a{to}");
        assert_eq!(page(&microsoft).as_deref(), Some("evil.example"));
        assert_eq!(
            page(&format!("https://accounts.google.com/o/oauth2/v2/auth?client_id=4a{to}")).as_deref(),
            Some("evil.example")
        );
        assert_eq!(page(&format!("https://kiosque.example/login?a=1{to}")), None);
        assert_eq!(page("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=4a"), None);
    }

    #[test]
    fn redirects_show_where_they_lead() {
        for text in [
            "https://www.google.com/url?q=https://evil.example/x&sa=D",
            "https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9ldmlsLmV4YW1wbGUv",
            "https://www.google.fr/amp/s/evil.example/x",
            "https://click.shop.example/r/https://evil.example/a",
        ] {
            let url = Url::parse(text).expect("an address");
            assert_eq!(inner(&url).map(|u| u.host).as_deref(), Some("evil.example"), "{text}");
        }
    }
}
