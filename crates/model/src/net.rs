//! Addresses as one 128-bit number, IPv4 in its IPv6-mapped place (RFC 4291 2.5.5.2), so that maps and sorting treat
//! both alike and a mapped address in a log equals the plain one.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const MAPPED: u128 = 0xffff_0000_0000;

/// An IPv4 or IPv6 address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Address(pub u128);

impl Address {
    /// From four octets.
    pub const fn v4(octets: [u8; 4]) -> Address {
        Address(MAPPED | u32::from_be_bytes(octets) as u128)
    }

    /// Whether this is IPv4 (plain or mapped: they are the same here).
    pub const fn is_v4(self) -> bool {
        self.0 >> 32 == MAPPED >> 32
    }

    /// As the standard library has it.
    pub fn ip(self) -> IpAddr {
        if self.is_v4() { IpAddr::V4(Ipv4Addr::from(self.0 as u32)) } else { IpAddr::V6(Ipv6Addr::from(self.0)) }
    }

    /// The network an operator usually hands to one customer: /24 of IPv4, /48 of IPv6 (RFC 6177).
    pub const fn network(self) -> Network {
        if self.is_v4() { Network(self.0 & !0xff, 24) } else { Network(self.0 & !((1 << 80) - 1), 48) }
    }

    /// Why this address says nothing of a country, if so: private, loopback, link-local, documentation, reserved …
    /// (IANA special-purpose address registries, RFC 6890).
    pub fn special(self) -> Option<&'static str> {
        match self.ip() {
            IpAddr::V4(a) => {
                let o = a.octets();
                Some(match o {
                    [10, ..] | [192, 168, ..] => "private",
                    [172, b, ..] if b & 0xf0 == 16 => "private",
                    [127, ..] => "loopback",
                    [169, 254, ..] => "link-local",
                    [100, b, ..] if b & 0xc0 == 64 => "shared",
                    [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "documentation",
                    [198, 18 | 19, ..] => "benchmarking",
                    [192, 0, 0, _] | [0, ..] | [240..=255, ..] => "reserved",
                    [224..=239, ..] => "multicast",
                    _ => return None,
                })
            }
            IpAddr::V6(a) => {
                let s = a.segments();
                Some(match s {
                    [0, 0, 0, 0, 0, 0, 0, 1] => "loopback",
                    [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => "documentation",
                    [f, ..] if f & 0xfe00 == 0xfc00 => "private",
                    [f, ..] if f & 0xffc0 == 0xfe80 => "link-local",
                    [f, ..] if f & 0xff00 == 0xff00 => "multicast",
                    [f, ..] if f & 0xe000 != 0x2000 => "reserved",
                    _ => return None,
                })
            }
        }
    }

    /// Parses a textual address; brackets and a zone index (`%eth0`) are accepted.
    pub fn parse(text: &[u8]) -> Option<Address> {
        if let Some(a) = parse_v4(text) {
            return Some(a);
        }
        if let Some(a) = parse_v6(text) {
            return Some(a);
        }
        let text = std::str::from_utf8(text).ok()?;
        let text = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
        let text = text.split_once('%').map_or(text, |(a, _)| a);
        text.parse::<IpAddr>().ok().map(Address::from)
    }
}

/// The dotted form, without going through UTF-8: this is on every log line's path.
fn parse_v4(text: &[u8]) -> Option<Address> {
    if text.len() < 7 || text.len() > 15 {
        return None;
    }
    let (mut octets, mut part, mut digits, mut value) = ([0u8; 4], 0, 0, 0u32);
    for &b in text {
        match b {
            b'0'..=b'9' if digits < 3 => {
                value = value * 10 + u32::from(b - b'0');
                digits += 1;
            }
            b'.' if digits > 0 && part < 3 && value < 256 => {
                octets[part] = value as u8;
                (part, digits, value) = (part + 1, 0, 0);
            }
            _ => return None,
        }
    }
    if part != 3 || digits == 0 || value > 255 {
        return None;
    }
    octets[3] = value as u8;
    Some(Address::v4(octets))
}

/// Groups of hexadecimal digits, perhaps with one `::` (RFC 4291 2.2, forms 1 and 2), for the same reason. Refuses the
/// form that ends in dots; that is the standard library's.
fn parse_v6(text: &[u8]) -> Option<Address> {
    let (mut groups, mut n, mut gap) = ([0u16; 8], 0, None);
    let mut rest = text;
    if let Some(tail) = rest.strip_prefix(b"::") {
        (gap, rest) = (Some(0), tail);
    }
    while !rest.is_empty() {
        let (mut value, mut digits) = (0, 0);
        while let Some(&b) = rest.get(digits)
            && let digit @ 0..=15 = HEXADECIMAL[usize::from(b)]
        {
            value = value << 4 | u16::from(digit);
            digits += 1;
            if digits == 4 {
                break;
            }
        }
        if digits == 0 {
            return None;
        }
        *groups.get_mut(n)? = value;
        n += 1;
        rest = match &rest[digits..] {
            [] => break,
            [b':', b':', tail @ ..] if gap.is_none() => {
                gap = Some(n);
                tail
            }
            [b':', tail @ ..] if !tail.is_empty() => tail,
            _ => return None,
        };
    }
    match gap {
        Some(at) if n < 8 => {
            groups.copy_within(at..n, 8 - (n - at));
            groups[at..8 - (n - at)].fill(0);
        }
        None if n == 8 => {}
        _ => return None,
    }
    Some(Address::from(IpAddr::from(groups)))
}

/// The value of a hexadecimal digit; 16 for what is none. A table, for whether the next one is a letter is chance.
const HEXADECIMAL: [u8; 256] = {
    let (mut table, mut i) = ([16; 256], 0);
    while i < 16 {
        table[b"0123456789abcdef"[i] as usize] = i as u8;
        table[b"0123456789ABCDEF"[i] as usize] = i as u8;
        i += 1;
    }
    table
};

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Address {
        match ip {
            IpAddr::V4(a) => Address::v4(a.octets()),
            IpAddr::V6(a) => Address(u128::from(a)),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let IpAddr::V4(v4) = self.ip() else { return self.ip().fmt(f) };
        // A flood's rows are full of them, and the standard library formats each number by itself.
        let (mut text, mut end) = ([b'.'; 16], 0);
        for octet in v4.octets() {
            for (least, unit) in [(100, 100), (10, 10), (0, 1)] {
                if octet >= least {
                    text[end] = b'0' + octet / unit % 10;
                    end += 1;
                }
            }
            end += 1;
        }
        f.pad(std::str::from_utf8(&text[..end - 1]).unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ip().fmt(f)
    }
}

/// A network: first address and prefix length in its own family.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Network(pub u128, pub u8);

impl Network {
    /// Its last address; of one that is longer than an address, its first.
    pub const fn last(self) -> Address {
        let family = if Address(self.0).is_v4() { 32 } else { 128 };
        match family - self.1 as i32 {
            128 => Address(u128::MAX),
            free @ 1..128 => Address(self.0 | ((1 << free) - 1)),
            _ => Address(self.0),
        }
    }

    /// Whether it holds an address.
    pub const fn contains(self, address: Address) -> bool {
        let family = if Address(self.0).is_v4() { 32 } else { 128 };
        if Address(self.0).is_v4() != address.is_v4() || self.1 > family {
            return false;
        }
        let free = family - self.1;
        free >= 128 || self.0 >> free == address.0 >> free
    }
}

impl std::str::FromStr for Network {
    type Err = String;
    /// CIDR notation, or one address.
    fn from_str(text: &str) -> Result<Network, String> {
        let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
        let address =
            Address::parse(address.as_bytes()).ok_or_else(|| format!("`{text}` is no network in CIDR notation"))?;
        let family = if address.is_v4() { 32 } else { 128 };
        let length = length.map_or(Ok(family), |l| l.parse().map_err(|_| format!("`{text}` has no usable length")))?;
        if length > family {
            return Err(format!("`{text}` is longer than an address"));
        }
        Ok(Network(address.0, length))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Address(self.0), self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_the_standard_library_reads_them() {
        // Texts of these pieces, most of them wrong, in a fixed pseudorandom order.
        let pieces = ["", ":", "::", ":", "0", "1f", "ABCD", ":0", "12345", ":", "g", ":", "a:b:c:d:"];
        let mut seed = 1u64;
        for _ in 0..200_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
                let expected = text.parse::<IpAddr>().ok().map(Address::from);
                assert_eq!(Address::parse(text.as_bytes()), expected, "{text}");
            }
        }
    }

    #[test]
    fn addresses_are_written_as_the_standard_library_writes_them() {
        for octet in 0..=255 {
            let all = [octet, 255 - octet, octet / 10, octet % 10];
            assert_eq!(Address::v4(all).to_string(), Ipv4Addr::from(all).to_string());
            assert_eq!(format!("{:>17}", Address::v4(all)), format!("{:>17}", Ipv4Addr::from(all)));
        }
    }

    #[test]
    fn networks_hold_their_own() {
        let check = |network: &str, address: &str, expected: bool| {
            let network: Network = network.parse().expect("a network");
            let address = Address::parse(address.as_bytes()).expect("an address");
            assert_eq!(network.contains(address), expected, "{network} {address}");
        };
        check("192.0.2.0/24", "192.0.2.255", true);
        check("192.0.2.0/24", "192.0.3.0", false);
        check("192.0.2.1", "::ffff:192.0.2.1", true);
        check("0.0.0.0/0", "203.0.113.9", true);
        check("0.0.0.0/0", "2001:db8::1", false);
        check("2001:db8::/32", "2001:db8:1::", true);
        check("::/0", "2001:db8:1::", true);
        assert!("192.0.2.0/33".parse::<Network>().is_err());
        assert!("x/8".parse::<Network>().is_err());
    }
}
