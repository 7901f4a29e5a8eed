//! What a site answered.

/// One answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The address asked.
    pub url: String,
    /// The status.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, cut at a bound.
    pub body: Vec<u8>,
}

impl Answer {
    /// All values of a header.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A header as one value: where it comes more than once, joined as HTTP says.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let all: Vec<&str> = self.all(name).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// Whether it is a page.
    #[must_use]
    pub fn is_html(&self) -> bool {
        let mime = self.header("content-type").unwrap_or_default();
        matches!(mime.split(';').next().unwrap_or(""), "text/html" | "application/xhtml+xml")
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        formats::charset::eight_bit(&self.body).into_owned()
    }
}

/// A way from an address to where it ends.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Answers, the first first. An address of another host that was not asked stands last with status 0.
    pub route: Vec<Answer>,
    /// The certificate was good, or none was needed.
    pub verified: bool,
}

impl Visit {
    /// The last answer.
    #[must_use]
    pub fn last(&self) -> Option<&Answer> {
        self.route.iter().rev().find(|a| a.status > 0)
    }
}

/// What was seen of a site.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Its name.
    pub host: String,
    /// Over HTTP; none where nobody answers.
    pub http: Option<Visit>,
    /// Over HTTPS.
    pub https: Option<Visit>,
    /// To a preflight from a foreign origin: that origin and the answer.
    pub preflight: Option<(String, Answer)>,
    /// `/robots.txt`.
    pub robots: Option<Answer>,
    /// `/.well-known/security.txt`.
    pub security_txt: Option<Answer>,
    /// The front page, asked for compressed.
    pub compressed: Option<Answer>,
    /// Its legal and privacy notices.
    pub notices: Vec<Answer>,
    /// Pages of its own on which people say who they are, or give.
    pub pages: Vec<Answer>,
    /// Names of its own that are aliases, with where they lead.
    pub aliases: Vec<(String, String)>,
    /// What a browser saw while nobody clicked.
    pub before: Option<Before>,
    /// Scripts of its own that the front page loads.
    pub scripts: Vec<Answer>,
    /// What its TLS can do; none where it speaks none, or was not asked.
    pub tls: Option<crate::tls::Named>,
    /// It took connections for TLS and did not say whether it speaks it.
    pub tls_silent: bool,
    /// What was asked and not answered, or not in full, and why.
    pub missed: Vec<(String, &'static str)>,
    /// Whether its certificate is good could not be said: this machine knows no authorities.
    pub unknown_authorities: bool,
    /// Documents that its front page offers.
    pub documents: Vec<Answer>,
}

impl Seen {
    /// The visit that is graded: over HTTPS where it answers.
    #[must_use]
    pub fn main(&self) -> Option<&Visit> {
        self.https.as_ref().or(self.http.as_ref())
    }

    /// Whether a question was not answered, or not in full: what begins with these words.
    #[must_use]
    pub fn has_missed(&self, what: &str) -> bool {
        self.missed.iter().any(|(w, _)| w.starts_with(what))
    }

    /// Whether HTTPS was asked for in vain, so that nothing is known of it.
    #[must_use]
    pub fn is_https_silent(&self) -> bool {
        self.https.is_none() && (self.tls_silent || self.has_missed("GET https://"))
    }

    /// Whether that is over HTTPS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https.is_some()
    }

    /// Cookies set on the way, the later of two of one name.
    #[must_use]
    pub fn cookies(&self) -> Vec<Cookie> {
        let mut all: Vec<Cookie> = Vec::new();
        let route = self.main().into_iter().flat_map(|v| &v.route);
        // A browser keeps what comes with these as well, and so does the Observatory.
        for answer in route.chain(&self.robots).chain(self.preflight.iter().map(|(_, a)| a)) {
            for cookie in answer.all("set-cookie").filter_map(Cookie::parse) {
                all.retain(|c| (&c.name, &c.path) != (&cookie.name, &cookie.path));
                all.push(cookie);
            }
        }
        all
    }
}

/// What a browser did before anybody agreed to anything.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// Addresses it asked.
    pub requests: Vec<String>,
    /// Cookies that were there, and whether they stay.
    pub cookies: Vec<(String, bool)>,
    /// Names in the page's storage.
    pub storage: Vec<String>,
    /// The page as scripts had made it.
    pub page: String,
}

/// A cookie (RFC 6265bis).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its path, as set.
    pub path: String,
    /// Over HTTPS only.
    pub secure: bool,
    /// Not for script.
    pub http_only: bool,
    /// `strict`, `lax` or `none`, where it says one of them.
    pub same_site: Option<String>,
    /// How long it is kept, as set.
    pub kept: Option<String>,
}

impl Cookie {
    fn parse(line: &str) -> Option<Cookie> {
        let mut parts = line.split(';').map(str::trim);
        let (name, _) = parts.next()?.split_once('=')?;
        let mut cookie = Cookie { name: name.trim().to_string(), ..Cookie::default() };
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "path" => cookie.path = value.into(),
                "samesite" => {
                    let word = value.to_ascii_lowercase();
                    cookie.same_site = ["strict", "lax", "none"].contains(&word.as_str()).then_some(word);
                }
                "max-age" | "expires" => cookie.kept = Some(value.into()),
                _ => {}
            }
        }
        (!cookie.name.is_empty()).then_some(cookie)
    }
}
