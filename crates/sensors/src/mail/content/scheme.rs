//! Links that are not of the web: what each kind can do where a person clicks it or scans it as a code. One table; what
//! stands in none is not known to do harm.
//!
//! You may rely on: the address alone decides; nothing is opened. Sources: Microsoft's documentation of Office URI schemes,
//! `ms-appinstaller` and `search-ms`; Mandiant and Microsoft on linked devices of Signal and Telegram (2025), both public;
//! the WHATWG URL standard. Left out: what an installed program's own scheme does.

use super::url::{Url, percent};

/// What a link of a scheme does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Does {
    /// The page is in the address itself, or was made by script.
    Carries,
    /// Runs script.
    Scripts,
    /// Starts a program of the computer with what the address says: an installer, an editor, a search on a stranger's server.
    Starts,
    /// Opens a file on another computer, which gets the reader's log-in to answer for it.
    Fetches,
    /// Gives another device the reader's account.
    Links,
    /// Starts an app of a telephone with what the address says.
    Hands,
}

/// Schemes, each with what it does. One that ends in `:` with more behind it counts only where the address goes on so.
const TABLE: &[(&str, Does)] = &[
    ("data:", Does::Carries),
    ("blob:", Does::Carries),
    ("filesystem:", Does::Carries),
    ("javascript:", Does::Scripts),
    ("vbscript:", Does::Scripts),
    ("livescript:", Does::Scripts),
    ("ms-appinstaller:", Does::Starts),
    ("ms-msdt:", Does::Starts),
    ("ms-officecmd:", Does::Starts),
    ("ms-cxh-full:", Does::Starts),
    ("ms-word:", Does::Starts),
    ("ms-excel:", Does::Starts),
    ("ms-powerpoint:", Does::Starts),
    ("ms-access:", Does::Starts),
    ("ms-visio:", Does::Starts),
    ("ms-project:", Does::Starts),
    ("ms-publisher:", Does::Starts),
    ("ms-infopath:", Does::Starts),
    ("ms-spd:", Does::Starts),
    ("onenote:", Does::Starts),
    ("search-ms:", Does::Starts),
    ("search:", Does::Starts),
    ("shell:", Does::Starts),
    ("jnlp:", Does::Starts),
    ("jnlps:", Does::Starts),
    ("itms-services:", Does::Starts),
    ("ms-settings:", Does::Starts),
    ("ms-quick-assist:", Does::Starts),
    ("vscode:", Does::Starts),
    ("ms-windows-store:", Does::Starts),
    ("rdp:", Does::Starts),
    ("teamviewer8:", Does::Starts),
    ("teamviewerapi:", Does::Starts),
    ("anydesk:", Does::Starts),
    ("ssh:", Does::Starts),
    ("telnet:", Does::Starts),
    ("ldap:", Does::Fetches),
    ("file:", Does::Fetches),
    ("smb:", Does::Fetches),
    ("cifs:", Does::Fetches),
    ("nfs:", Does::Fetches),
    ("dav:", Does::Fetches),
    ("davs:", Does::Fetches),
    ("tg://login", Does::Links),
    ("sgnl://linkdevice", Does::Links),
    ("intent:", Does::Hands),
    ("market:", Does::Hands),
    ("android-app:", Does::Hands),
];

/// What an address does by itself; none where it is a web page, a mailbox, a telephone number or unknown.
pub fn does(url: &Url) -> Option<Does> {
    let address = format!("{}:{}", url.scheme, url.path);
    let lower = address.get(..64).unwrap_or(&address).to_ascii_lowercase();
    let found = TABLE.iter().find(|(start, _)| lower.starts_with(start)).map(|(_, does)| *does)?;
    // The disk of whoever reads it is nobody else's.
    let own = |path: &str| {
        let path = path.trim_start_matches('/');
        path.get(1..2) == Some(":") || path.is_empty()
    };
    match found {
        Does::Fetches if url.scheme == "file" && (own(&url.path) || url.path.starts_with("///")) => None,
        // A picture in the address opens no page.
        Does::Carries if url.path.trim_start().to_ascii_lowercase().starts_with("image/") && !lower.contains("svg") => {
            None
        }
        // Mail programs write such links where there was a button without one.
        Does::Scripts if matches!(url.path.trim().trim_end_matches(';'), "" | "void(0)" | "void 0" | "//") => None,
        found => Some(found),
    }
}

/// The address of the web that such a link hands to a program: `ms-word:ofe|u|https://…`, `ms-appinstaller:?source=https://…`.
pub fn target(url: &Url) -> Option<String> {
    let text = percent(&url.path);
    let at = text.to_ascii_lowercase().find("http")?;
    let rest = &text[at..];
    let end = rest.find([' ', '|', '\'', '"', '&', '<', '>', ')', ';']).unwrap_or(rest.len());
    Some(rest[..end].to_string()).filter(|t| t.contains("://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_do_what_they_do() {
        let check = |text: &str, expected: Option<Does>| {
            assert_eq!(Url::parse(text).as_ref().and_then(does), expected, "{text}");
        };
        check("ms-appinstaller:?source=https://x.example/a.appinstaller", Some(Does::Starts));
        check("MS-WORD:ofe|u|https://x.example/a.docx", Some(Does::Starts));
        check("search-ms:query=a&crumb=location:\\\\x.example\\s", Some(Does::Starts));
        check("file://203.0.113.7/dav/facture.pdf", Some(Does::Fetches));
        check("file:///C:/Users/anna/a.pdf", None);
        check("\\\\x.example\\share\\a.pdf", Some(Does::Fetches));
        check("data:text/html;base64,PGI+", Some(Does::Carries));
        check("data:image/png;base64,iVBO", None);
        check("blob:https://x.example/1", Some(Does::Carries));
        check("javascript:location='https://x.example'", Some(Does::Scripts));
        check("javascript:void(0);", None);
        check("tg://login?token=AQJK", Some(Does::Links));
        check("tg://resolve?domain=parti", None);
        check("sgnl://linkdevice?uuid=1&pub_key=2", Some(Does::Links));
        check("sgnl://signal.group/#abc", None);
        check("intent://x.example#Intent;scheme=https;end", Some(Does::Hands));
        for text in ["mailto:a@b.fr", "tel:+33100", "https://x.example", "cid:1", "webcal://x.example/a.ics"] {
            check(text, None);
        }
        let target = |text: &str| Url::parse(text).as_ref().and_then(target);
        assert_eq!(target("ms-word:ofe|u|https://x.example/a.docx").as_deref(), Some("https://x.example/a.docx"));
        assert_eq!(target("sgnl://linkdevice?uuid=1"), None);
    }
}
