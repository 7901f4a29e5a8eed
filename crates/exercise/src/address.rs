//! Addresses that the registries really gave to a country, so that an exercise tests the offline country look-up too.
//!
//! You may rely on: every address maps to its country in `iptocc` (as do its network's first and last), none is
//! special-purpose, and no network used by an attempt is ever used by ordinary traffic: a hash splits them in two
//! halves, which costs no memory however many visitors there are. Left out: who really uses these addresses; they are
//! drawn by lot, and nothing is ever sent to them.

use crate::random::Random;
use model::{Address, Error, Network, Result};
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A country's two letters.
pub(crate) type Country = [u8; 2];

/// Blocks of 4,096 IPv4 addresses (/20) and of IPv6 (/32), by country.
pub(crate) struct Addresses {
    v4: BTreeMap<Country, Vec<u32>>,
    v6: BTreeMap<Country, Vec<u32>>,
}

/// Who draws: attempts and ordinary traffic never share a network.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Ordinary,
    Attempts,
}

/// The country of an address, as the registries have it.
pub(crate) fn country(a: Address) -> Option<&'static str> {
    iptocc::country_code(a.ip())
}

pub(crate) fn two_letters(text: &str) -> Option<Country> {
    let b = text.as_bytes();
    (b.len() == 2 && b.iter().all(u8::is_ascii_uppercase)).then(|| [b[0], b[1]])
}

impl Addresses {
    /// Probes the registry data for the countries wanted.
    pub(crate) fn of(countries: impl IntoIterator<Item = Country>) -> Result<Addresses> {
        let mut v4: BTreeMap<Country, Vec<u32>> = countries.into_iter().map(|c| (c, Vec::new())).collect();
        let mut v6 = v4.clone();
        for block in 0..1u32 << 20 {
            let first = block << 12;
            if let Some(blocks) = lookup4(first | 1).and_then(|c| v4.get_mut(&c)) {
                blocks.push(first);
            }
        }
        // The registries' IPv6 space begins with these sixteen bits (IANA IPv6 Global Unicast Address Assignments).
        let tops = [0x2001u32, 0x2400, 0x2401, 0x2402, 0x2600, 0x2604, 0x2620, 0x2800, 0x2803, 0x2c0f];
        for top in tops.into_iter().chain(0x2a00..0x2a10) {
            for low in (0..=0xffffu32).step_by(8) {
                if let Some(blocks) = lookup6(u128::from(top << 16 | low) << 96).and_then(|c| v6.get_mut(&c)) {
                    blocks.push(top << 16 | low);
                }
            }
        }
        for (c, blocks) in &v4 {
            if blocks.is_empty() {
                let name = String::from_utf8_lossy(c);
                return Err(Error::new(format!("no IPv4 addresses are registered to the country `{name}`"))
                    .hint("use a two-letter code of ISO 3166 such as `UA` or `FR`"));
            }
        }
        Ok(Addresses { v4, v6 })
    }

    /// An IPv4 address of a country. The country must be one of those probed.
    pub(crate) fn draw(&self, country: Country, side: Side, random: &mut Random) -> Address {
        let blocks = &self.v4[&country];
        let mut found = blocks[0] | 1;
        // A block may be shared by several countries or lie on the other side: a bounded number of other lots.
        for _ in 0..10_000 {
            found = blocks[random.below(blocks.len() as u64) as usize] | random.below(1 << 12) as u32;
            if matches!(found & 0xff, 0 | 255) || half(u128::from(found) >> 8) != side {
                continue;
            }
            if Address::from(IpAddr::V4(found.into())).special().is_none() && whole(found, country) {
                break;
            }
        }
        IpAddr::V4(found.into()).into()
    }

    /// An IPv6 address of a country; IPv4 where it has none.
    pub(crate) fn draw6(&self, country: Country, side: Side, random: &mut Random) -> Address {
        let blocks = &self.v6[&country];
        for _ in 0..10_000 {
            if blocks.is_empty() {
                break;
            }
            let block = u128::from(blocks[random.below(blocks.len() as u64) as usize]);
            let network = block << 16 | u128::from(random.below(1 << 16));
            let found = network << 80 | u128::from(random.below(16)) << 64 | u128::from(random.bits());
            let address = Address(found);
            if half(network) == side && address.special().is_none() && lookup6(found) == Some(country) {
                return address;
            }
        }
        self.draw(country, side, random)
    }
}

/// When attempts used networks, in seconds. Independent attempts have networks of their own while there are any; then
/// one is used again, but only days apart, or two attempts would be one.
#[derive(Default)]
pub(crate) struct Used(HashMap<Network, Vec<(i64, i64)>>);

/// Seconds between two attempts from one network: more than the longest pause within a slow one.
const APART: i64 = 72 * 3600;

impl Used {
    /// A source whose network no attempt has used yet, as far as that can be had.
    pub(crate) fn fresh(&mut self, from: &Addresses, c: Country, v6: bool, random: &mut Random) -> Address {
        let draw = |random: &mut Random| match v6 {
            true => from.draw6(c, Side::Attempts, random),
            false => from.draw(c, Side::Attempts, random),
        };
        let mut found = draw(random);
        for _ in 0..64 {
            if !self.0.contains_key(&found.network()) {
                break;
            }
            found = draw(random);
        }
        self.0.entry(found.network()).or_default();
        found
    }

    /// Whether a source's network has rest around this time.
    pub(crate) fn rests(&self, source: Address, first: i64, last: i64) -> bool {
        let used = self.0.get(&source.network());
        used.is_none_or(|times| times.iter().all(|&(from, to)| first - to > APART || from - last > APART))
    }

    /// Sources are used at a time.
    pub(crate) fn take(&mut self, sources: impl Iterator<Item = Address>, first: i64, last: i64) {
        for source in sources {
            let times = self.0.entry(source.network()).or_default();
            if times.last() != Some(&(first, last)) {
                times.push((first, last));
            }
        }
    }
}

fn half(network: u128) -> Side {
    if Random::mix(network as u64) & 1 == 1 { Side::Attempts } else { Side::Ordinary }
}

/// Whether the whole /24 around an address is one country's.
fn whole(a: u32, country: Country) -> bool {
    [a & !0xff, a, a | 0xff].into_iter().all(|a| lookup4(a) == Some(country))
}

fn lookup4(a: u32) -> Option<Country> {
    two_letters(iptocc::country_code(Ipv4Addr::from(a))?)
}

fn lookup6(a: u128) -> Option<Country> {
    two_letters(iptocc::country_code(Ipv6Addr::from(a))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_belong_to_their_country() {
        let from = Addresses::of([*b"UA", *b"FR"]).unwrap();
        let mut random = Random::new(1);
        let mut used = Used::default();
        for _ in 0..500 {
            let a = used.fresh(&from, *b"UA", false, &mut random);
            let b = from.draw6(*b"FR", Side::Ordinary, &mut random);
            assert_eq!((country(a), country(b)), (Some("UA"), Some("FR")), "{a} {b}");
            assert!(a.special().is_none() && b.special().is_none());
        }
        assert_eq!(used.0.len(), 500);
    }
}
