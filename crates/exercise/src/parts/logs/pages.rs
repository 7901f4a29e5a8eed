//! The pages of a campaign's site: what visitors ask for, how large the answers usually are, and which pages take
//! parameters (at those an attack is aimed, so that it meets pages whose habit is known).

use super::format::number;
use super::tables::Page;
use crate::random::{Random, Weighted};

/// Pages with one parameter: path, parameter, size, how often.
pub(crate) const TARGETS: [(&str, &str, u64, f64); 10] = [
    ("/recherche", "q", 18_400, 9.0),
    ("/actualites", "page", 24_800, 10.0),
    ("/agenda", "region", 31_200, 8.0),
    ("/comites", "id", 22_600, 6.0),
    ("/evenement", "id", 27_500, 8.0),
    ("/boutique/article", "ref", 35_100, 3.0),
    ("/presse", "annee", 16_300, 3.0),
    ("/index.php", "p", 29_000, 4.0),
    ("/video", "v", 21_700, 4.0),
    ("/contact", "sujet", 14_200, 3.0),
];

/// Pages without.
const PLAIN: [(&str, u64, f64); 16] = [
    ("/", 42_300, 30.0),
    ("/programme", 51_700, 14.0),
    ("/actualites/{slug}-{n}", 33_800, 26.0),
    ("/agenda/{slug}-{n}", 26_400, 12.0),
    ("/comites/{slug}", 23_900, 8.0),
    ("/equipe", 28_100, 5.0),
    ("/adherer", 15_600, 8.0),
    ("/don", 17_900, 6.0),
    ("/inscription?utm_source=newsletter&utm_medium=email&utm_campaign=lettre-{n}", 13_400, 5.0),
    ("/mentions-legales", 19_300, 1.0),
    ("/programme/{slug}", 30_600, 10.0),
    ("/feed/", 11_800, 4.0),
    ("/ressources/100%25-{slug}.pdf", 412_000, 1.0),
    ("/temoignages?nom=O%27Neil&select=tous&order=date", 20_500, 0.6),
    ("/l-union-fait-la-force?from=accueil&where=une", 22_200, 0.8),
    ("/connexion?next=%2Fespace%2F{slug}", 12_900, 2.0),
];

/// What a page brings with it: path, size.
const ASSETS: [(&str, u64); 10] = [
    ("/assets/css/main.css?ver=4.7", 38_211),
    ("/assets/js/app.js?ver=4.7", 91_442),
    ("/assets/js/jquery.js?ver=1.12.4", 97_184),
    ("/assets/img/logo.svg", 4_821),
    ("/assets/img/bandeau.jpg", 148_902),
    ("/assets/fonts/texte.woff2", 23_580),
    ("/assets/img/portrait-une.jpg", 86_413),
    ("/assets/img/icones.png", 12_774),
    ("/wp-includes/js/wp-embed.min.js?ver=4.7", 1_403),
    ("/favicon.ico", 1_150),
];

/// What people search for, as browsers encode it: honest words that look like something else.
const SEARCHES: [&str; 24] = [
    "retraites",
    "l%27union+europ%C3%A9enne",
    "select+committee",
    "programme+%C3%A9ducation",
    "O%27Neil",
    "union+and+select",
    "d%C3%A9ficit+%3C+3+%25",
    "smic+%3E+1500",
    "100+%25+renouvelable",
    "taxe+d%27habitation",
    "o%C3%B9+voter+%3F",
    "loi+travail+(2016)",
    "drop+the+bomb+nucl%C3%A9aire",
    "order+by+mail",
    "script+du+clip",
    "emploi+%26+formation",
    "etc.",
    "root+causes",
    "insert+coin",
    "meeting+lyon+4+f%C3%A9vrier",
    "%22chez+nous%22",
    "bretagne+--+p%C3%AAche",
    "1%3D1+%3F",
    "r%C3%A9f%C3%A9rendum",
];

const SLUGS: [&str; 32] = [
    "reunion",
    "publique",
    "emploi",
    "ecole",
    "sante",
    "europe",
    "jeunes",
    "territoires",
    "agriculture",
    "culture",
    "climat",
    "logement",
    "retraites",
    "securite",
    "justice",
    "numerique",
    "lettre",
    "ouverte",
    "rencontre",
    "marche",
    "grande",
    "discours",
    "lyon",
    "lille",
    "paris",
    "nantes",
    "toulouse",
    "strasbourg",
    "avec",
    "pour",
    "notre",
    "projet",
];

const DEAD: [&str; 8] = [
    "/ancien-site/index.html",
    "/blog/",
    "/apple-touch-icon-precomposed.png",
    "/actualite/{slug}",
    "/images/{slug}.jpg",
    "/newsletter/archives-{n}.html",
    "/fr/",
    "/ads.txt",
];

/// The pages of one site.
pub(crate) struct Pages {
    list: Vec<(String, u64)>,
    weights: Weighted,
}

impl Pages {
    pub(crate) fn new(own: &[Page]) -> Pages {
        let mut list: Vec<(String, u64, f64)> =
            PLAIN.iter().map(|&(path, bytes, weight)| (path.to_string(), bytes, weight)).collect();
        for (path, parameter, bytes, weight) in TARGETS {
            let value = match parameter {
                "q" => "{q}",
                "annee" => "2016",
                _ => "{n}",
            };
            list.push((format!("{path}?{parameter}={value}"), bytes, weight));
        }
        list.extend(own.iter().map(|p| (p.path.clone(), p.bytes, p.weight)));
        let weights = Weighted::new(list.iter().map(|p| p.2));
        Pages { list: list.into_iter().map(|(path, bytes, _)| (path, bytes)).collect(), weights }
    }

    /// Writes some page and says how large its answer usually is.
    pub(crate) fn visit(&self, random: &mut Random, out: &mut Vec<u8>) -> u64 {
        let (path, bytes) = &self.list[self.weights.draw(random)];
        let start = out.len();
        fill(path, random, out);
        // Every spelling of a path has a size of its own, the same at every visit.
        let path = out[start..].split(|&b| b == b'?').next().unwrap_or_default();
        if path.len() == self.list[0].0.len() || !self.varies(path) { *bytes } else { own_size(path, *bytes) }
    }

    /// Whether a path was made from a pattern.
    fn varies(&self, path: &[u8]) -> bool {
        path.contains(&b'-') || path.iter().filter(|&&b| b == b'/').count() > 1
    }
}

/// A page's own size: within a fifth of the usual, decided by its path.
fn own_size(path: &[u8], usual: u64) -> u64 {
    let hash = path.iter().fold(0u64, |h, &b| Random::mix(h ^ u64::from(b)));
    usual * (80 + hash % 40) / 100
}

/// What is sent of a page of a size: pages are never quite the same twice.
pub(crate) fn about(bytes: u64, random: &mut Random) -> u64 {
    let spread = bytes / 64;
    bytes - spread + random.below(2 * spread + 1)
}

/// An asset of a page.
pub(crate) fn asset(n: u64) -> (&'static str, u64) {
    ASSETS[n as usize % ASSETS.len()]
}

/// A link that leads nowhere any more.
pub(crate) fn dead(random: &mut Random, out: &mut Vec<u8>) {
    fill(random.pick(&DEAD), random, out);
}

fn fill(pattern: &str, random: &mut Random, out: &mut Vec<u8>) {
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.extend_from_slice(&rest.as_bytes()[..open]);
        let close = rest[open..].find('}').map_or(rest.len(), |c| open + c + 1);
        match &rest[open..close] {
            "{n}" => number(out, zipf(random, 4000)),
            "{q}" => out.extend_from_slice(random.pick(&SEARCHES).as_bytes()),
            "{slug}" => slug(random, out),
            other => out.extend_from_slice(other.as_bytes()),
        }
        rest = &rest[close..];
    }
    out.extend_from_slice(rest.as_bytes());
}

fn slug(random: &mut Random, out: &mut Vec<u8>) {
    let mut bits = random.bits();
    for i in 0..2 + bits % 3 {
        if i > 0 {
            out.push(b'-');
        }
        bits >>= 7;
        out.extend_from_slice(SLUGS[(bits % 32) as usize].as_bytes());
    }
}

/// A number from 1 to `most`, small ones far more often: some pages are read by everybody, most by few.
fn zipf(random: &mut Random, most: u64) -> u64 {
    let u = random.unit();
    ((u * u * u * most as f64) as u64).min(most - 1) + 1
}
