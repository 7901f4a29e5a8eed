//! Ordinary web traffic: people who read some pages and their assets, crawlers, a monitoring service, and staff who
//! log in (and mistype). Much of it looks like an attack to a careless eye: an O'Neil in a parameter, a search for a
//! union, dead links, an error 500 now and then.

use super::format::Request;
use super::pages::{self, Pages, about};
use super::payload::Answer;
use super::tables::Ordinary;
use crate::address::{Addresses, Country, Side, two_letters};
use crate::random::{Random, Weighted};
use model::Address;
use std::io::Write;

/// Requests in an average visit, as measured below.
pub(crate) const PER_VISIT: f64 = 11.0;

const AGENTS: [(&str, f64); 12] = [
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.87 Safari/537.36",
        22.0,
    ),
    (
        "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.87 Safari/537.36",
        16.0,
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 10_2 like Mac OS X) AppleWebKit/602.3.12 (KHTML, like Gecko) Version/10.0 Mobile/14C92 Safari/602.1",
        18.0,
    ),
    (
        "Mozilla/5.0 (Linux; Android 6.0.1; SM-G920F Build/MMB29K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.91 Mobile Safari/537.36",
        14.0,
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_2) AppleWebKit/602.3.12 (KHTML, like Gecko) Version/10.0.2 Safari/602.3.12",
        9.0,
    ),
    ("Mozilla/5.0 (Windows NT 10.0; WOW64; rv:50.0) Gecko/20100101 Firefox/50.0", 9.0),
    ("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", 6.0),
    (
        "Mozilla/5.0 (iPad; CPU OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46 (KHTML, like Gecko) Version/9.0 Mobile/13G36 Safari/601.1",
        6.0,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/51.0.2704.79 Safari/537.36 Edge/14.14393",
        4.0,
    ),
    ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:50.0) Gecko/20100101 Firefox/50.0", 2.0),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 10_2 like Mac OS X) AppleWebKit/602.3.12 (KHTML, like Gecko) Mobile/14C92 [FBAN/FBIOS;FBAV/75.0.0.48.61]",
        6.0,
    ),
    ("Mozilla/5.0 (Android 5.1; Mobile; rv:50.0) Gecko/50.0 Firefox/50.0", 3.0),
];

const CRAWLERS: [&str; 5] = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; AhrefsBot/5.1; +http://ahrefs.com/robot/)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
];

/// What all visitors of a site have in common.
pub(crate) struct Public<'a> {
    pub(crate) pages: Pages,
    addresses: &'a Addresses,
    countries: Vec<Country>,
    by_country: Weighted,
    agents: Weighted,
    pub(crate) ordinary: &'a Ordinary,
    host: &'a str,
    /// Offices of the staff and the monitoring service.
    offices: Vec<Address>,
}

/// Somebody, or something, on the site.
pub(crate) struct Visitor {
    kind: Kind,
    source: Address,
    agent: &'static str,
    /// Pages and assets still to come.
    pages: u64,
    assets: u64,
    /// The page before, as the referer of the next request.
    last: Vec<u8>,
    returning: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Reader,
    Crawler,
    Monitor,
    /// Staff at the login page; the number says how far.
    Staff(u8, bool),
}

impl<'a> Public<'a> {
    pub(crate) fn new(
        ordinary: &'a Ordinary,
        addresses: &'a Addresses,
        host: &'a str,
        random: &mut Random,
    ) -> Public<'a> {
        let countries: Vec<Country> = ordinary.countries.keys().filter_map(|c| two_letters(c)).collect();
        let home = ordinary.countries.iter().max_by(|a, b| a.1.total_cmp(b.1)).and_then(|(c, _)| two_letters(c));
        let home = home.or(countries.first().copied()).unwrap_or(*b"FR");
        Public {
            pages: Pages::new(&ordinary.pages),
            addresses,
            by_country: Weighted::new(ordinary.countries.values().copied()),
            countries,
            agents: Weighted::new(AGENTS.iter().map(|a| a.1)),
            ordinary,
            host,
            offices: (0..6).map(|_| addresses.draw(home, Side::Ordinary, random)).collect(),
        }
    }

    /// Visits in a minute of this many requests.
    pub(crate) fn arrivals(&self, requests: f64, random: &mut Random) -> u64 {
        random.poisson(requests / PER_VISIT)
    }

    /// Somebody comes.
    pub(crate) fn arrive(&self, random: &mut Random) -> Visitor {
        let crawler = random.chance(self.ordinary.crawlers);
        let country = self.countries[self.by_country.draw(random)];
        let mut visitor = Visitor {
            kind: Kind::Reader,
            source: Address(0),
            agent: "",
            pages: 1,
            assets: 0,
            last: Vec::new(),
            returning: random.chance(0.35),
        };
        if crawler {
            let n = random.below(CRAWLERS.len() as u64);
            (visitor.kind, visitor.agent, visitor.pages) = (Kind::Crawler, CRAWLERS[n as usize], random.range(6, 16));
            // The networks these crawlers are known to come from.
            let network = [[66, 249, 64], [40, 77, 167], [5, 255, 250], [54, 36, 148], [173, 252, 88]][n as usize];
            visitor.source = Address::v4([network[0], network[1], network[2], random.range(1, 254) as u8]);
            return visitor;
        }
        visitor.agent = AGENTS[self.agents.draw(random)].0;
        visitor.source = if random.chance(self.ordinary.ipv6) {
            self.addresses.draw6(country, Side::Ordinary, random)
        } else {
            self.addresses.draw(country, Side::Ordinary, random)
        };
        // Half of all visits end after a page.
        while visitor.pages < 12 && random.chance(0.5) {
            visitor.pages += 1;
        }
        visitor
    }

    /// The monitoring service.
    pub(crate) fn monitor(&self) -> Visitor {
        self.of_staff(Kind::Monitor, "UptimeRobot/2.0 (http://www.uptimerobot.com/)", 0)
    }

    /// A member of staff at the login page, who mistypes now and then.
    pub(crate) fn staff(&self, random: &mut Random) -> Visitor {
        let kind = Kind::Staff(0, random.chance(0.15));
        self.of_staff(kind, AGENTS[random.below(4) as usize].0, random.range(1, 5))
    }

    fn of_staff(&self, kind: Kind, agent: &'static str, office: u64) -> Visitor {
        Visitor {
            kind,
            source: self.offices[office as usize],
            agent,
            pages: 0,
            assets: 0,
            last: Vec::new(),
            returning: true,
        }
    }
}

impl Visitor {
    pub(crate) fn source(&self) -> Address {
        self.source
    }

    /// The next request, its answer, and milliseconds until the one after, if any.
    pub(crate) fn step(
        &mut self,
        public: &Public,
        random: &mut Random,
        request: &mut Request,
    ) -> (Answer, Option<i64>) {
        request.begin("GET", self.agent);
        match self.kind {
            Kind::Monitor => {
                request.method = "HEAD";
                request.target.push(b'/');
                (Answer { status: 200, bytes: 0 }, Some(public.ordinary.monitoring_minutes as i64 * 60_000))
            }
            Kind::Staff(step, typo) => self.staff(step, typo, public, random, request),
            Kind::Crawler => {
                self.pages -= 1;
                if self.pages == 9 {
                    request.target.extend_from_slice(b"/robots.txt");
                } else {
                    let bytes = public.pages.visit(random, &mut request.target);
                    return (
                        Answer { status: 200, bytes: about(bytes, random) },
                        self.after(random.range(2_000, 40_000)),
                    );
                }
                (Answer { status: 200, bytes: 312 }, self.after(random.range(1_000, 9_000)))
            }
            Kind::Reader if self.assets > 0 => self.asset(random, request),
            Kind::Reader => self.page(public, random, request),
        }
    }

    fn page(&mut self, public: &Public, random: &mut Random, request: &mut Request) -> (Answer, Option<i64>) {
        self.pages -= 1;
        if self.last.is_empty() {
            let from = ["", "https://www.google.fr/", "https://t.co/x7Kq2Lm", "https://m.facebook.com/", ""];
            request.referer.extend_from_slice(random.pick(&from).as_bytes());
            if random.chance(public.ordinary.broken_links) {
                pages::dead(random, &mut request.target);
                return (Answer { status: 404, bytes: about(9_412, random) }, self.after(random.range(3_000, 20_000)));
            }
        } else {
            request.referer.append(&mut self.last);
        }
        let bytes = public.pages.visit(random, &mut request.target);
        let _ = write!(self.last, "https://{}", public.host);
        self.last.extend_from_slice(&request.target);
        self.assets = if self.returning { 1 + random.below(3) } else { 3 + random.below(7) };
        let answer = match random.chance(public.ordinary.errors) {
            true => Answer { status: 500, bytes: 612 },
            false => Answer { status: 200, bytes: about(bytes, random) },
        };
        (answer, Some(random.range(80, 900) as i64))
    }

    fn asset(&mut self, random: &mut Random, request: &mut Request) -> (Answer, Option<i64>) {
        self.assets -= 1;
        let (path, bytes) = pages::asset(self.assets + u64::from(self.source.0 as u8 & 1));
        request.target.extend_from_slice(path.as_bytes());
        request.referer.extend_from_slice(&self.last);
        let answer = match self.returning && random.chance(0.6) {
            true => Answer { status: 304, bytes: 0 },
            false => Answer { status: 200, bytes },
        };
        if self.assets > 0 {
            return (answer, Some(random.range(5, 250) as i64));
        }
        let reading = (random.wait(45_000.0) as u64).clamp(2_000, 900_000);
        (answer, self.after(reading))
    }

    fn after(&self, ms: u64) -> Option<i64> {
        (self.pages > 0).then_some(ms as i64)
    }

    fn staff(
        &mut self,
        step: u8,
        typo: bool,
        public: &Public,
        random: &mut Random,
        request: &mut Request,
    ) -> (Answer, Option<i64>) {
        let (method, path, status, bytes) = match step {
            0 => ("GET", "/wp-login.php", 200, 3_812),
            1 if typo => ("POST", "/wp-login.php", 200, 4_127),
            1 | 2 => ("POST", "/wp-login.php", 302, 0),
            3 => ("GET", "/wp-admin/", 200, 61_320),
            4 => ("GET", "/wp-admin/edit.php", 200, 74_211),
            5 => ("GET", "/wp-admin/post-new.php", 200, 88_034),
            _ => ("POST", "/wp-admin/admin-ajax.php", 200, 58),
        };
        request.method = method;
        request.target.extend_from_slice(path.as_bytes());
        if step > 0 {
            let _ = write!(request.referer, "https://{}/wp-login.php", public.host);
        }
        // Without a mistake the second password is not needed.
        let next = if step == 1 && !typo { 3 } else { step + 1 };
        self.kind = Kind::Staff(next, typo);
        let bytes = if bytes > 1000 { about(bytes, random) } else { bytes };
        (Answer { status, bytes }, (next < 9).then(|| random.range(2_000, 60_000) as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_have_the_mean_length() {
        let ordinary = Ordinary::default();
        let addresses = Addresses::of([*b"FR"]).unwrap();
        let mut random = Random::new(1);
        let public = Public::new(&ordinary, &addresses, "www.campaign.example", &mut random);
        let mut request = Request::default();
        let requests: u64 = (0..20_000)
            .map(|_| {
                let mut visitor = public.arrive(&mut random);
                (1..).take_while(|_| visitor.step(&public, &mut random, &mut request).1.is_some()).count() as u64 + 1
            })
            .sum();
        let mean = requests as f64 / 20_000.0;
        assert!((mean - PER_VISIT).abs() < 0.3, "{mean}");
    }
}
