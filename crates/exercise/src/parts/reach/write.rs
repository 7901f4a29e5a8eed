//! The platform's log, hour by hour.

use super::{Platform, TruePlatform, TrueTrouble};
use crate::address::{Addresses, Side};
use crate::evidence::Evidence;
use crate::stage::Stage;
use model::{Result, Time};
use rows::reach::How;
use std::fmt::Write;

const HOUR: i64 = 3600;
/// People of one country.
const PEOPLE: usize = 300;
const PAGES: [(&str, u64); 4] = [("/", 18_200), ("/vote", 9_400), ("/inscription", 11_700), ("/aide", 23_100)];
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:52.0) Gecko/20100101 Firefox/52.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 10_3 like Mac OS X) AppleWebKit/603.1.30 (KHTML, like Gecko) Version/10.0 Mobile/14E277 Safari/602.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_4) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/57.0.2987.133 Safari/537.36",
];
const CRAWLER: &str = "Mozilla/5.0 (compatible; ExampleBot/1.0; +http://bot.example/)";
const HOSTILE: &str = "/vote?id=1%27%20UNION%20SELECT%20login,password%20FROM%20users--";

/// A request, before it is put in order.
struct Request {
    at: i64,
    address: String,
    path: &'static str,
    status: u16,
    bytes: u64,
    agent: &'static str,
}

/// Writes `platform.access.log`.
pub(super) fn write(p: &Platform, stage: &Stage, evidence: &mut Evidence) -> Result<TruePlatform> {
    let zone = &stage.period.zone;
    let (from, to) = (p.from.start(zone), p.to.end(zone));
    let addresses = Addresses::of(p.countries.iter().map(|c| c.0))?;
    let random = &mut stage.random("reach/people", 0);
    let people: Vec<Vec<String>> = p
        .countries
        .iter()
        .map(|c| (0..PEOPLE).map(|_| addresses.draw(c.0, Side::Ordinary, random).to_string()).collect())
        .collect();
    let troubles: Vec<(TrueTrouble, Option<usize>)> = p
        .troubles
        .iter()
        .map(|t| {
            let begin = t.at.start(zone).div_euclid(HOUR) * HOUR;
            let country = t.country.as_ref().and_then(|c| p.countries.iter().position(|d| d == c));
            let region = t.country.as_ref().map_or(String::new(), |c| String::from_utf8_lossy(&c.0).into_owned());
            let until = Time::from_seconds(begin + t.hours as i64 * HOUR);
            (TrueTrouble { how: t.how, region, from: Time::from_seconds(begin), until }, country)
        })
        .collect();
    let random = &mut stage.random("reach/requests", 0);
    let mut all: Vec<Request> = Vec::new();
    let mut hour = from;
    while hour < to {
        let now: Vec<&(TrueTrouble, Option<usize>)> = troubles
            .iter()
            .filter(|(t, _)| (t.from.seconds()..t.until.seconds()).contains(&(hour.div_euclid(HOUR) * HOUR)))
            .collect();
        for (country, people) in people.iter().enumerate() {
            let of = |how: How| now.iter().any(|(t, c)| t.how == how && c.is_none_or(|c| c == country));
            if of(How::Absent) {
                continue;
            }
            // As many by day as are asked for, six in ten of that by night.
            let share = if (6..23).contains(&(hour.div_euclid(HOUR).rem_euclid(24))) { 10 } else { 6 };
            let requests = p.per_hour * share / 10 + random.below(p.per_hour / 10 + 1);
            for _ in 0..requests {
                let (path, bytes) = PAGES[random.below(PAGES.len() as u64) as usize];
                let status = match () {
                    () if of(How::Errors) && random.chance(0.7) => 502,
                    () if of(How::Queue) && random.chance(0.7) => 503,
                    () if of(How::Gone) && random.chance(0.7) => 499,
                    () if random.chance(0.002) => 500,
                    () => 200,
                };
                let at = hour + random.below(HOUR as u64) as i64;
                let address = people[random.below(PEOPLE as u64) as usize].clone();
                let agent = AGENTS[random.below(AGENTS.len() as u64) as usize];
                all.push(Request { at, address, path, status, bytes: if status == 200 { bytes } else { 0 }, agent });
            }
        }
        // One crawler that is told to slow down, and one scanner.
        for n in 0..30 {
            let address = people[0][0].clone();
            all.push(Request { at: hour + n * 110, address, path: "/", status: 429, bytes: 0, agent: CRAWLER });
        }
        let address = people[1][0].clone();
        all.push(Request { at: hour + 7, address, path: "/.env", status: 404, bytes: 0, agent: "curl/7.52.1" });
        if now.iter().any(|(t, _)| t.how == How::Attempts) {
            for n in 0..400 {
                let from = &people[n % people.len()];
                let address = from[random.below(PEOPLE as u64) as usize].clone();
                let at = hour + random.below(HOUR as u64) as i64;
                all.push(Request {
                    at,
                    address,
                    path: HOSTILE,
                    status: 403,
                    bytes: 0,
                    agent: "python-requests/2.13.0",
                });
            }
        }
        hour += HOUR;
    }
    all.sort_by(|a, b| (a.at, &a.address, a.path, a.status).cmp(&(b.at, &b.address, b.path, b.status)));
    let mut text = String::new();
    for r in &all {
        let at = Time::from_seconds(r.at).timestamp().strftime("%d/%b/%Y:%H:%M:%S");
        // A text takes all that is written to it.
        let _ = writeln!(
            text,
            "{} {} - - [{at} +0000] \"GET {} HTTP/1.1\" {} {} \"-\" \"{}\"",
            p.host, r.address, r.path, r.status, r.bytes, r.agent
        );
    }
    evidence.file("platform.access.log", text.as_bytes())?;
    evidence.lines.insert("platform".into(), all.len() as u64);
    evidence.bytes += text.len() as u64;
    let troubles = troubles.into_iter().map(|(t, _)| t).collect();
    Ok(TruePlatform { host: p.host.clone(), requests: all.len() as u64, troubles })
}
