//! What only a site's owner may ask of it: files that should not be there, folders that list themselves, names of users, doors to
//! administration, records that can be counted through, ports of databases and debuggers.
//!
//! You may rely on: a path counts as exposed by what came, never by its status alone (many sites answer 200 to anything);
//! nothing is tried with a password, nothing is changed. Left out: doing any of it to a site whose owner did not show that he is.

use crate::answer::Answer;
use crate::markup::tags;
use crate::privacy::Finding;
use model::{Severity, Text};

/// How it is known that a path holds what it should not.
#[derive(Clone, Copy, Debug)]
enum Sign {
    /// It begins with these bytes.
    Begins(&'static [&'static [u8]]),
    /// It holds one of these words.
    Holds(&'static [&'static str]),
    /// It holds all of these words.
    HoldsAll(&'static [&'static str]),
    /// Lines of `NAME=value`.
    Settings,
    /// Lines of a user and a hash.
    Passwords,
    /// A list of a folder's files.
    Listing,
}

/// A path that is asked for: what its exposure is, and how it is known.
type Path = (&'static str, &'static str, Sign);

const ZIP: Sign = Sign::Begins(&[b"PK\x03\x04"]);
const GZIP: Sign = Sign::Begins(&[b"\x1f\x8b"]);
const SQL: Sign = Sign::Holds(&["CREATE TABLE", "INSERT INTO", "-- MySQL dump", "PostgreSQL database dump"]);
const PHP: Sign = Sign::HoldsAll(&["<?php", "DB_"]);
const KEY: Sign = Sign::Holds(&["-----BEGIN "]);

const PATHS: [Path; 58] = [
    ("/.git/HEAD", "secret-exposed", Sign::Begins(&[b"ref: refs/"])),
    ("/.git/config", "secret-exposed", Sign::Holds(&["[core]"])),
    ("/.svn/wc.db", "secret-exposed", Sign::Begins(&[b"SQLite format 3"])),
    ("/.hg/requires", "secret-exposed", Sign::Holds(&["revlogv1"])),
    ("/.env", "secret-exposed", Sign::Settings),
    ("/.env.local", "secret-exposed", Sign::Settings),
    ("/.env.production", "secret-exposed", Sign::Settings),
    ("/.env.backup", "secret-exposed", Sign::Settings),
    ("/.htpasswd", "secret-exposed", Sign::Passwords),
    ("/.aws/credentials", "secret-exposed", Sign::Holds(&["aws_access_key_id", "aws_secret_access_key"])),
    ("/.ssh/id_rsa", "secret-exposed", KEY),
    ("/id_rsa", "secret-exposed", KEY),
    ("/privkey.pem", "secret-exposed", KEY),
    ("/server.key", "secret-exposed", KEY),
    ("/.npmrc", "secret-exposed", Sign::Holds(&["_authToken"])),
    ("/.vscode/sftp.json", "secret-exposed", Sign::HoldsAll(&["\"host\"", "\"password\""])),
    ("/sftp-config.json", "secret-exposed", Sign::HoldsAll(&["\"host\"", "\"password\""])),
    ("/.DS_Store", "secret-exposed", Sign::Begins(&[b"\x00\x00\x00\x01Bud1"])),
    ("/wp-config.php.bak", "secret-exposed", PHP),
    ("/wp-config.php~", "secret-exposed", PHP),
    ("/wp-config.php.save", "secret-exposed", PHP),
    ("/wp-config.php.old", "secret-exposed", PHP),
    ("/wp-config.txt", "secret-exposed", PHP),
    ("/configuration.php.bak", "secret-exposed", Sign::HoldsAll(&["<?php", "JConfig"])),
    ("/sites/default/settings.php.bak", "secret-exposed", Sign::HoldsAll(&["<?php", "databases"])),
    ("/config.php.bak", "secret-exposed", Sign::Holds(&["<?php"])),
    (
        "/wp-content/debug.log",
        "secret-exposed",
        Sign::Holds(&["PHP Notice", "PHP Warning", "PHP Fatal error", "PHP Deprecated"]),
    ),
    ("/error_log", "secret-exposed", Sign::Holds(&["PHP Notice", "PHP Warning", "PHP Fatal error"])),
    ("/storage/logs/laravel.log", "secret-exposed", Sign::Holds(&["production.ERROR", "local.ERROR", "Stack trace"])),
    ("/phpinfo.php", "secret-exposed", Sign::HoldsAll(&["phpinfo()", "PHP Version"])),
    ("/info.php", "secret-exposed", Sign::HoldsAll(&["phpinfo()", "PHP Version"])),
    ("/server-status", "secret-exposed", Sign::Holds(&["Apache Server Status"])),
    ("/server-info", "secret-exposed", Sign::Holds(&["Apache Server Information"])),
    ("/actuator/env", "secret-exposed", Sign::Holds(&["\"propertySources\""])),
    ("/_profiler/phpinfo", "secret-exposed", Sign::HoldsAll(&["phpinfo()", "PHP Version"])),
    ("/composer.lock", "version-file-exposed", Sign::HoldsAll(&["\"packages\"", "content-hash"])),
    ("/package-lock.json", "version-file-exposed", Sign::Holds(&["\"lockfileVersion\""])),
    ("/backup.sql", "backup-exposed", SQL),
    ("/dump.sql", "backup-exposed", SQL),
    ("/database.sql", "backup-exposed", SQL),
    ("/db.sql", "backup-exposed", SQL),
    ("/backup.zip", "backup-exposed", ZIP),
    ("/site.zip", "backup-exposed", ZIP),
    ("/www.zip", "backup-exposed", ZIP),
    ("/backup.tar.gz", "backup-exposed", GZIP),
    ("/backup.sql.gz", "backup-exposed", GZIP),
    ("/dump.sql.gz", "backup-exposed", GZIP),
    ("/uploads/", "directory-listed", Sign::Listing),
    ("/wp-content/uploads/", "directory-listed", Sign::Listing),
    ("/backup/", "directory-listed", Sign::Listing),
    ("/files/", "directory-listed", Sign::Listing),
    ("/images/", "directory-listed", Sign::Listing),
    ("/wp-login.php", "admin-open", Sign::HoldsAll(&["<form", "name=\"pwd\""])),
    ("/administrator/", "admin-open", Sign::HoldsAll(&["<form", "passwd"])),
    ("/user/login", "admin-open", Sign::HoldsAll(&["<form", "user_login"])),
    ("/phpmyadmin/", "admin-open", Sign::Holds(&["pma_username", "phpMyAdmin"])),
    ("/adminer.php", "admin-open", Sign::HoldsAll(&["adminer", "auth[password]"])),
    ("/xmlrpc.php", "admin-open", Sign::Holds(&["XML-RPC server accepts POST requests only"])),
];

/// All findings that only an owner's examination makes.
pub const ALL: [&str; 10] = [
    "secret-exposed",
    "backup-exposed",
    "version-file-exposed",
    "directory-listed",
    "users-enumerated",
    "admin-open",
    "source-map-exposed",
    "records-countable",
    "port-unguarded",
    "port-open",
];

/// Paths to ask for, of a host.
#[must_use]
pub fn paths(host: &str) -> Vec<String> {
    let mut all: Vec<String> = PATHS.iter().map(|p| p.0.to_string()).collect();
    all.extend(["/wp-json/wp/v2/users", "/?author=1"].map(String::from));
    // Archives are often named after their site.
    let short = host.trim_start_matches("www.").split('.').next().unwrap_or(host);
    all.extend([".zip", ".sql", ".tar.gz"].iter().flat_map(|e| [format!("/{host}{e}"), format!("/{short}{e}")]));
    all
}

impl Sign {
    fn is_shown(self, answer: &Answer) -> bool {
        let (body, text) = (&answer.body, answer.text());
        let lines = |fits: &dyn Fn(&str) -> bool| !answer.is_html() && text.lines().take(200).any(|l| fits(l.trim()));
        match self {
            Sign::Begins(all) => all.iter().any(|b| body.starts_with(b)),
            Sign::Holds(all) => all.iter().any(|w| text.contains(w)),
            Sign::HoldsAll(all) => all.iter().all(|w| text.contains(w)),
            Sign::Settings => lines(&|l| {
                let name = |n: &str| {
                    n.len() > 2 && n.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
                };
                l.split_once('=').is_some_and(|(n, _)| name(n.trim_start_matches("export ").trim()))
            }),
            Sign::Passwords => lines(&|l| {
                l.split_once(':').is_some_and(|(user, hash)| {
                    !user.contains(' ')
                        && ["$apr1$", "$2y$", "$2a$", "{SHA}", "$1$", "$5$", "$6$"].iter().any(|h| hash.starts_with(h))
                })
            }),
            Sign::Listing => {
                answer.is_html()
                    && ["<title>Index of /", "Directory listing for /", "<title>Directory listing"]
                        .iter()
                        .any(|w| text.contains(w))
            }
        }
    }
}

fn told(id: &'static str, seen: String) -> Finding {
    let (severity, why, mend): (Severity, (&str, &str), (&str, &str)) = match id {
        "secret-exposed" => (
            Severity::Critical,
            (
                "whoever asks for this path gets code, passwords or keys",
                "qui demande ce chemin obtient code, mots de passe ou clés",
            ),
            ("take it away, and change all that stood in it", "le retirer, et changer tout ce qui y figurait"),
        ),
        "backup-exposed" => (
            Severity::Critical,
            (
                "the whole site with its members can be carried off in one request",
                "tout le site, membres compris, s’emporte en une requête",
            ),
            (
                "take it away; treat what is in it as lost, and tell the authority within 72 hours (GDPR art. 33)",
                "la retirer\u{202f}; tenir son contenu pour perdu et prévenir la CNIL sous 72 heures (RGPD art. 33)",
            ),
        ),
        "version-file-exposed" => (
            Severity::Low,
            (
                "it lists what the site is made of, with versions",
                "il énumère de quoi le site est fait, versions comprises",
            ),
            ("do not serve it", "ne pas le servir"),
        ),
        "directory-listed" => (
            Severity::Medium,
            (
                "files that nobody links can be found, minutes and lists among them",
                "des fichiers qu’aucun lien ne montre se trouvent, dont listes et notes",
            ),
            ("switch listings off", "désactiver les listes de répertoire"),
        ),
        "users-enumerated" => (
            Severity::Medium,
            (
                "who signs in here is told to whoever tries passwords",
                "les noms de connexion sont donnés à qui essaie des mots de passe",
            ),
            ("tell names to those who are signed in only", "ne donner les noms qu’aux personnes connectées"),
        ),
        "admin-open" => (
            Severity::Medium,
            (
                "the whole world may try passwords at this door",
                "le monde entier peut essayer des mots de passe à cette porte",
            ),
            (
                "let in by address or VPN, and ask for a second factor",
                "n’ouvrir qu’à des adresses ou par VPN, et exiger un second facteur",
            ),
        ),
        "source-map-exposed" => (
            Severity::Low,
            (
                "the scripts can be read as they were written, comments included",
                "les scripts se lisent tels qu’écrits, commentaires compris",
            ),
            ("do not publish source maps", "ne pas publier les source maps"),
        ),
        "records-countable" => (
            Severity::High,
            (
                "who counts the number in the address up reads everybody's record",
                "en comptant le numéro de l’adresse, on lit la fiche de tous",
            ),
            (
                "ask who is asking before giving a record, and use numbers that cannot be guessed",
                "vérifier qui demande avant de donner une fiche, et employer des numéros imprévisibles",
            ),
        ),
        "port-unguarded" => (
            Severity::Critical,
            ("it answers anybody without a password", "il répond à tous, sans mot de passe"),
            (
                "close the port to the world, and ask for a password",
                "fermer le port au monde et exiger un mot de passe",
            ),
        ),
        _ => (
            Severity::High,
            (
                "what is meant for this machine alone can be tried by the whole world",
                "ce qui n’est fait que pour cette machine est offert aux essais du monde entier",
            ),
            ("close the port to the world", "fermer le port au monde"),
        ),
    };
    let article = matches!(id, "backup-exposed" | "records-countable" | "users-enumerated" | "port-unguarded")
        .then_some("GDPR art. 32");
    Finding { id, severity, seen, why: Text::new(why.0, why.1), mend: Text::new(mend.0, mend.1), article, points: 0 }
}

/// What answers to [`paths`] show, and a source map that a script names.
#[must_use]
pub fn findings(answers: &[Answer]) -> Vec<Finding> {
    let mut found = Vec::new();
    for answer in answers {
        let path = answer.url.splitn(4, '/').nth(3).map_or_else(|| "/".to_string(), |p| format!("/{p}"));
        if answer.status / 100 == 3 && path.starts_with("/?author=") {
            let to = answer.header("location").unwrap_or_default();
            if to.contains("/author/") {
                found.push(told("users-enumerated", format!("{} → {to}", answer.url)));
            }
            continue;
        }
        // XML-RPC says 405 of what it does not do.
        if answer.status != 200 && !(path == "/xmlrpc.php" && answer.status == 405) {
            continue;
        }
        if path == "/wp-json/wp/v2/users" {
            let text = answer.text();
            if text.trim_start().starts_with('[') && text.contains("\"slug\":") {
                found.push(told("users-enumerated", answer.url.clone()));
            }
            continue;
        }
        let known = PATHS.iter().find(|p| p.0 == path).map(|p| (p.1, p.2));
        let archive = || match path.rsplit('.').next()? {
            "zip" => Some(("backup-exposed", ZIP)),
            "sql" => Some(("backup-exposed", SQL)),
            "gz" => Some(("backup-exposed", GZIP)),
            "map" => Some(("source-map-exposed", Sign::HoldsAll(&["\"mappings\"", "\"sources\""]))),
            _ => None,
        };
        if let Some((id, sign)) = known.or_else(archive)
            && sign.is_shown(answer)
        {
            found.push(told(id, answer.url.clone()));
        }
    }
    found
}

/// Source maps that scripts name, as addresses beside them.
#[must_use]
pub fn source_maps(scripts: &[Answer]) -> Vec<String> {
    let named = |s: &Answer| {
        let text = s.text();
        let map =
            text.rsplit_once("sourceMappingURL=")?.1.split_whitespace().next()?.trim_end_matches("*/").to_string();
        let (base, _) = s.url.split('?').next()?.rsplit_once('/')?;
        (!map.contains(':') && !map.starts_with("//") && map.ends_with(".map")).then(|| match map.strip_prefix('/') {
            Some(_) => format!("{}{map}", s.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")),
            None => format!("{base}/{map}"),
        })
    };
    scripts.iter().filter_map(named).take(6).collect()
}

/// Whether records of the owner's own, asked for by nobody in particular, are given out, and can be counted through.
#[must_use]
pub fn records(answers: &[Answer]) -> Vec<Finding> {
    let personal = |a: &Answer| {
        let text = a.text();
        a.status == 200
            && (text.contains('@')
                || ["phone", "tel", "adresse", "address", "birth", "naissance"]
                    .iter()
                    .any(|w| text.to_lowercase().contains(w)))
    };
    let given: Vec<&Answer> = answers.iter().filter(|a| personal(a)).collect();
    // What an address is without its numbers.
    let shape =
        |url: &str| url.split(|c: char| c.is_ascii_digit()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("0");
    let counted = given
        .iter()
        .enumerate()
        .find(|(i, a)| given[..*i].iter().any(|b| b.url != a.url && shape(&a.url) == shape(&b.url)));
    counted.map(|(_, a)| told("records-countable", a.url.clone())).into_iter().collect()
}

/// Ports that only this machine or a few should reach, and what listens there.
pub const PORTS: [(u16, &str); 26] = [
    (21, "FTP"),
    (23, "Telnet"),
    (445, "SMB"),
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (2049, "NFS"),
    (2375, "Docker"),
    (2379, "etcd"),
    (3306, "MySQL"),
    (3389, "Remote Desktop"),
    (5005, "Java debugger"),
    (5432, "PostgreSQL"),
    (5601, "Kibana"),
    (5672, "RabbitMQ"),
    (5900, "VNC"),
    (5984, "CouchDB"),
    (6379, "Redis"),
    (8500, "Consul"),
    (9000, "PHP-FPM or a debugger"),
    (9042, "Cassandra"),
    (9200, "Elasticsearch"),
    (9229, "Node.js debugger"),
    (10250, "kubelet"),
    (11211, "memcached"),
    (15672, "RabbitMQ management"),
    (27017, "MongoDB"),
];

/// What is said to a port, so that it shows whether it asks who is there: a question that changes nothing.
#[must_use]
pub const fn question(port: u16) -> &'static [u8] {
    match port {
        6379 => b"PING\r\n",
        11211 => b"version\r\n",
        2375 | 2379 | 5601 | 5984 | 8500 | 9200 | 15672 => b"GET / HTTP/1.0\r\n\r\n",
        9229 => b"GET /json/version HTTP/1.0\r\n\r\n",
        _ => b"",
    }
}

/// Of ports that took a connection: what each said.
#[must_use]
pub fn ports(open: &[(u16, Vec<u8>)]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (port, said) in open {
        let name = PORTS.iter().find(|p| p.0 == *port).map_or("", |p| p.1);
        let text = String::from_utf8_lossy(said);
        let answers = match port {
            6379 => text.starts_with("+PONG"),
            11211 => text.starts_with("VERSION"),
            9200 => text.contains("\"cluster_name\""),
            5984 => text.contains("\"couchdb\""),
            9229 => text.contains("webSocketDebuggerUrl") || text.contains("node.js"),
            2375 => text.contains("\"message\":\"page not found\""),
            _ => false,
        };
        let seen = format!("{port} {name} {}", formats::clip(text.trim(), 80));
        found.push(told(if answers { "port-unguarded" } else { "port-open" }, seen.trim_end().to_string()));
    }
    found
}

/// What shows ownership: published by whoever holds the secret, under `_vigie.HOST` in the DNS or at this path.
pub const PROOF: &str = "/.well-known/vigie-owner.txt";

/// Whether a text holds the proof.
#[must_use]
pub fn shows(text: &str, digest: &str) -> bool {
    let wanted = format!("vigie-owner={digest}");
    text.lines().any(|l| l.trim() == wanted)
}

/// Own scripts that a page loads, as addresses.
#[must_use]
pub fn scripts(page: &Answer, host: &str) -> Vec<String> {
    let (scheme, authority) =
        page.url.split_once("://").map_or(("https", host), |(s, r)| (s, r.split('/').next().unwrap_or(host)));
    let all = if page.is_html() { tags(&page.text()) } else { Vec::new() };
    let mut out: Vec<String> = Vec::new();
    for src in all.iter().filter(|t| t.name == "script").filter_map(|t| t.get("src")).map(str::trim) {
        let url = match (src.contains("://"), src.strip_prefix("//")) {
            (true, _) => src.to_string(),
            (_, Some(rest)) => format!("{scheme}://{rest}"),
            _ if src.starts_with('/') => format!("{scheme}://{authority}{src}"),
            _ => format!("{scheme}://{authority}/{src}"),
        };
        if crate::tests::parts(&url).1.eq_ignore_ascii_case(host) && !out.contains(&url) {
            out.push(url);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(path: &str, status: u16, kind: &str, body: &[u8]) -> Answer {
        Answer {
            url: format!("http://a.test{path}"),
            status,
            headers: vec![("content-type".into(), kind.into())],
            body: body.to_vec(),
        }
    }

    fn ids(answers: &[Answer]) -> Vec<&'static str> {
        findings(answers).iter().map(|f| f.id).collect()
    }

    #[test]
    fn what_is_there_is_told_and_what_only_answers_is_not() {
        let plain = "text/plain";
        for (path, body, id) in [
            ("/.git/HEAD", &b"ref: refs/heads/main\n"[..], "secret-exposed"),
            ("/.env", b"# x\nDB_PASSWORD=hunter2\n", "secret-exposed"),
            ("/.htpasswd", b"ada:$apr1$x$y\n", "secret-exposed"),
            ("/backup.zip", b"PK\x03\x04rest", "backup-exposed"),
            ("/dump.sql", b"-- MySQL dump 10.13", "backup-exposed"),
            ("/a.test.sql", b"CREATE TABLE m", "backup-exposed"),
            ("/wp-json/wp/v2/users", b"[{\"id\":1,\"slug\":\"ada\"}]", "users-enumerated"),
            ("/js/a.js.map", b"{\"sources\":[],\"mappings\":\"\"}", "source-map-exposed"),
        ] {
            assert_eq!(ids(&[answer(path, 200, plain, body)]), [id], "{path}");
            // The page a site gives whatever it is asked for.
            assert!(
                ids(&[answer(path, 200, "text/html", b"<html><p>PAGE=1 not found: a@b</p></html>")]).is_empty(),
                "{path}"
            );
            assert!(ids(&[answer(path, 403, plain, body)]).is_empty(), "{path}");
        }
        assert_eq!(
            ids(&[answer("/uploads/", 200, "text/html", b"<title>Index of /uploads/</title>")]),
            ["directory-listed"]
        );
        let mut author = answer("/?author=1", 301, "text/html", b"");
        author.headers.push(("location".into(), "http://a.test/author/ada/".into()));
        assert_eq!(ids(&[author]), ["users-enumerated"]);
    }

    #[test]
    fn records_and_ports() {
        let record = |n: u32, body: &[u8]| answer(&format!("/api/petition/{n}"), 200, "application/json", body);
        assert_eq!(records(&[record(9, b"{\"mail\":\"a@b\"}"), record(10, b"{\"mail\":\"c@d\"}")]).len(), 1);
        assert!(records(&[record(9, b"{\"mail\":\"a@b\"}")]).is_empty());
        assert!(records(&[record(9, b"{}"), record(10, b"{}")]).is_empty());
        let found = ports(&[(6379, b"+PONG\r\n".to_vec()), (3306, b"5.7".to_vec())]);
        assert_eq!([found[0].id, found[1].id], ["port-unguarded", "port-open"]);
        assert!(shows("x\n vigie-owner=ab \n", "ab") && !shows("vigie-owner=abc", "ab"));
    }
}
