//! Counting by region and hour while a log is read.

use super::Settings;
use foldhash::HashMap;
use model::{Address, Context, Origins, Result, Sink, Tally, Time};
use rows::reach::{CELLS, Hour, HourKey};

/// Rows held before they are written out; tallies merge, so that nothing is lost.
const HELD: usize = 1 << 14;

/// The sites that are watched.
pub struct Watch<'c> {
    sites: Vec<String>,
    waiting: Vec<String>,
    origins: &'c dyn Origins,
}

impl<'c> Watch<'c> {
    /// Of a case; none where it names no platform.
    pub fn of(context: &Context<'c>) -> Result<Option<Watch<'c>>> {
        let Settings { sites, waiting, .. } = context.config.settings()?;
        let sites: Vec<String> = sites.iter().map(|s| s.trim().trim_end_matches('.').to_lowercase()).collect();
        Ok((!sites.is_empty()).then_some(Watch { sites, waiting, origins: context.origins }))
    }

    /// Whether a host is watched.
    pub fn watches(&self, host: &[u8]) -> bool {
        is_named(&self.sites, &String::from_utf8_lossy(host).to_lowercase())
    }
}

/// Whether a name, in lower case, is among these or below one of them.
pub fn is_named(all: &[String], name: &str) -> bool {
    all.iter().any(|s| {
        s == "*" || s == name || name.strip_suffix(s.as_str()).is_some_and(|rest| rest.ends_with('.')) && !s.is_empty()
    })
}

/// One request, as any web log tells it.
pub struct Asked<'r> {
    /// The site's number, as whoever reads the log counts them.
    pub site: u32,
    /// Who asked.
    pub source: Address,
    /// When.
    pub time: Time,
    /// What for.
    pub target: &'r [u8],
    /// The answer's status.
    pub status: u16,
    /// Whether it is hostile by itself.
    pub hostile: bool,
}

/// Counts by site, hour and region.
#[derive(Default)]
pub struct Hours {
    rows: HashMap<(u32, i64, u32), Hour>,
    regions: Vec<String>,
    numbers: HashMap<String, u32>,
    /// Regions of addresses that were met.
    met: HashMap<Address, u32>,
    /// Whether a site is watched, by its number.
    watched: Vec<Option<bool>>,
}

impl Hours {
    /// Counts a request, if its site is watched.
    pub fn request(&mut self, watch: &Watch, host: &[u8], asked: &Asked) {
        let at = asked.site as usize;
        if self.watched.len() <= at {
            self.watched.resize(at + 1, None);
        }
        if !*self.watched[at].get_or_insert_with(|| watch.watches(host)) {
            return;
        }
        let region = match self.met.get(&asked.source) {
            Some(region) => *region,
            None => {
                let region = self.number(watch.origins.region(asked.source));
                self.met.insert(asked.source, region);
                region
            }
        };
        let hour = self.rows.entry((asked.site, asked.time.seconds().div_euclid(3600), region)).or_default();
        let cell = cell(asked.source);
        if asked.hostile {
            hour.hostile += 1;
            hour.attackers[cell] += 1;
            return;
        }
        hour.requests += 1;
        let path = asked.target.split(|b| *b == b'?').next().unwrap_or_default();
        let lost = match asked.status {
            429 | 503 => &mut hour.busy,
            500.. => &mut hour.errors,
            0 | 408 | 444 | 460 | 499 => &mut hour.gone,
            _ if watch.waiting.iter().any(|w| path.starts_with(w.as_bytes())) => &mut hour.busy,
            401 | 403 | 451 => {
                hour.refused += 1;
                return;
            }
            _ => {
                hour.served += 1;
                return;
            }
        };
        *lost += 1;
        hour.lost[cell] += 1;
    }

    fn number(&mut self, region: String) -> u32 {
        let next = self.regions.len() as u32;
        let number = *self.numbers.entry(region.clone()).or_insert(next);
        if number == next {
            self.regions.push(region);
        }
        number
    }

    /// Takes in what a part of the log came to; `sites` are the whole's numbers of the part's.
    pub fn take(&mut self, part: Hours, sites: &[u32]) {
        for ((site, hour, region), counts) in part.rows {
            let region = self.number(part.regions[region as usize].clone());
            self.rows.entry((sites[site as usize], hour, region)).or_default().add(&counts);
        }
    }

    /// Writes out what is held, where that is much, or `all`.
    pub fn tell<'n>(&mut self, name: impl Fn(u32) -> &'n str, all: bool, out: &mut dyn Sink) {
        if self.rows.len() <= HELD && !all {
            return;
        }
        let mut rows: Vec<((u32, i64, u32), Hour)> = self.rows.drain().collect();
        rows.sort_by(|a, b| {
            (a.0.0, a.0.1, &self.regions[a.0.2 as usize]).cmp(&(b.0.0, b.0.1, &self.regions[b.0.2 as usize]))
        });
        for ((site, hour, region), counts) in rows {
            let key = HourKey {
                site: name(site).into(),
                hour: Time::from_seconds(hour * 3600),
                region: self.regions[region as usize].clone(),
            };
            out.tally(Tally { kind: Hour::NAME.into(), key: key.to_string(), counts: counts.counts() });
        }
    }
}

/// The cell of a source: a network of IPv6 is one.
pub fn cell(source: Address) -> usize {
    let bits = source.0;
    // An address of IPv4 stands in the low bits.
    let part = if bits >> 48 == 0 { bits as u64 } else { (bits >> 64) as u64 };
    let mixed = part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 40) as usize) % CELLS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_those_below_them_are_watched() {
        let all = ["vote.example".to_string()];
        for (name, watched) in
            [("vote.example", true), ("a.vote.example", true), ("devote.example", false), ("-", false)]
        {
            assert_eq!(is_named(&all, name), watched, "{name}");
        }
        assert!(is_named(&["*".to_string()], "-"));
    }

    #[test]
    fn many_sources_fill_many_cells() {
        let mut cells: Vec<usize> =
            (0..64).filter_map(|n| Address::parse(format!("198.51.100.{n}").as_bytes())).map(cell).collect();
        cells.sort_unstable();
        cells.dedup();
        assert!(cells.len() > 20, "{cells:?}");
    }
}
