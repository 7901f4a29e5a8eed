//! One's own site: what nginx and OpenSSL here can do with TLS is found, and what is broken ends.

use super::nginx::{Nginx, nginx};
use super::unbound::now;
use collect::Online;
use collect::site::{Door, Site, Why};
use site::tls::{Judged, Named, Scan, Suites, judge, scan};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

fn asked<'c>(host: &str, ports: (u16, u16), ca: Option<&str>) -> Site<'c> {
    let here = "127.0.0.1".parse().ok();
    Site::new(&Online::granted(), host, ports, here, ca.map(str::as_bytes), &now).expect("a site")
}

fn scanned(nginx: &Nginx) -> (Scan, Named) {
    let (site, suites) = (asked("site.test", nginx.ports, Some(&nginx.ca)), Suites::embedded());
    let mut scan = scan(Some("site.test"), &suites, &mut |b, w| site.speak(b, w)).expect("answers");
    if scan.chains.is_empty() {
        let shown = site.shown();
        scan.staples |= shown.as_ref().is_some_and(|(_, stapled)| *stapled);
        scan.chains.extend(shown.map(|(chain, _)| chain));
    }
    let trust: Vec<_> = scan.chains.iter().map(|c| site.trust(c, now())).collect();
    let named = judge(&scan, &suites, "site.test", now(), &trust, Some(false), None);
    (scan, named)
}

fn told<'n>(named: &'n Named, id: &str) -> (&'n str, &'n str) {
    let judged: Option<&Judged> = named.iter().find(|(n, _)| n == id).map(|(_, j)| j);
    judged.map_or(("", ""), |j| (j.severity, j.finding.as_str()))
}

#[test]
fn old_versions_and_every_suite_are_found() {
    let old = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0; ssl_prefer_server_ciphers on;";
    let Some(nginx) = nginx(old, "return 200 'hello';") else { return };
    let (scan, named) = scanned(&nginx);
    assert!(!scan.is_cut);
    for (id, expected) in [
        ("SSLv2", ("OK", "not offered")),
        ("SSLv3", ("OK", "not offered")),
        ("TLS1", ("LOW", "offered (deprecated)")),
        ("TLS1_1", ("LOW", "offered (deprecated)")),
        ("TLS1_2", ("OK", "offered")),
        ("TLS1_3", ("OK", "offered with final")),
        ("cipherlist_aNULL", ("CRITICAL", "offered")),
        ("cipherlist_NULL", ("OK", "not offered")),
        ("cipherlist_AVERAGE", ("LOW", "offered")),
        ("cipherlist_STRONG", ("OK", "offered")),
        ("PFS", ("OK", "offered")),
        ("cert_numbers", ("INFO", "1")),
        ("cert_keySize", ("OK", "EC 256 bits")),
        ("cert_chain_of_trust", ("OK", "passed.")),
        ("cert_trust", ("OK", "Ok via SAN and CN (same w/o SNI)")),
        ("secure_renego", ("OK", "supported")),
        ("CRIME_TLS", ("OK", "not vulnerable")),
        ("fallback_SCSV", ("OK", "supported")),
        ("BEAST", ("LOW", "VULNERABLE -- but also supports higher protocols TLSv1.1 TLSv1.2 (likely mitigated)")),
        ("protocol_negotiated", ("OK", "Default protocol TLS1.3")),
    ] {
        assert_eq!(told(&named, id), expected, "{id} in {named:?}");
    }
    assert!(told(&named, "PFS_ECDHE_curves").1.contains("prime256v1"), "{named:?}");
    assert!(scan.picked[&0x0303].len() > 10, "{:?}", scan.picked);
    let found: Vec<&str> = site::tls::findings(&named).iter().map(|f| f.id).collect();
    assert!(found.contains(&"tls-old-version") && found.contains(&"tls-weak-cipher"), "{found:?}");
}

#[test]
fn what_is_modern_is_not_blamed() {
    let new = "ssl_protocols TLSv1.3;";
    let Some(nginx) = nginx(new, "return 200 'hello';") else { return };
    let (scan, named) = scanned(&nginx);
    assert!(scan.speaks(0x0304) && scan.chains.len() == 1);
    for (id, expected) in [
        ("TLS1", ("INFO", "not offered")),
        ("TLS1_2", ("INFO", "not offered")),
        ("TLS1_3", ("OK", "offered with final")),
        ("cert_chain_of_trust", ("OK", "passed.")),
        ("BEAST", ("OK", "not vulnerable, no SSL3 or TLS1")),
        ("LUCKY13", ("OK", "not vulnerable, TLS 1.3 only")),
    ] {
        assert_eq!(told(&named, id), expected, "{id}");
    }
    let found: Vec<&str> =
        site::tls::findings(&named).iter().map(|f| f.id).filter(|id| !id.starts_with("tls-certificate")).collect();
    assert!(found.is_empty(), "{found:?}");
    // Trusted by nobody, and asked for under another name.
    let site = asked("other.test", nginx.ports, None);
    let suites = Suites::embedded();
    let trust = [site.trust(&scan.chains[0], now())];
    let named = judge(&scan, &suites, "other.test", now(), &trust, None, None);
    assert_eq!(told(&named, "cert_chain_of_trust"), ("CRITICAL", "failed (chain incomplete)."));
    assert_eq!(told(&named, "cert_trust").0, "HIGH");
}

#[test]
fn who_speaks_no_tls13_is_not_blamed_for_breaking_off() {
    let Some(nginx) = nginx("ssl_protocols TLSv1.2; ssl_ciphers ECDHE+AESGCM;", "return 200 'hello';") else { return };
    let (_, named) = scanned(&nginx);
    assert_eq!(told(&named, "TLS1_3"), ("INFO", "not offered + downgraded to weaker protocol"));
    assert!(!site::tls::findings(&named).iter().any(|f| f.id == "tls-no-new-version"));
}

/// Answers each connection in this way; gives the port.
fn answering(how: fn(std::net::TcpStream)) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || listener.incoming().flatten().for_each(|s| drop(std::thread::spawn(move || how(s)))));
    port
}

#[test]
fn broken_tls_ends() {
    let suites = Suites::embedded();
    for (what, how) in [
        ("closes", (|_| ()) as fn(std::net::TcpStream)),
        ("speaks HTTP", |mut s| {
            let _ = s.read(&mut [0; 100]);
            let _ = s.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }),
        ("sends what never ends", |mut s| while s.write_all(&[22, 3, 3, 64, 0, 2]).is_ok() {}),
        ("chooses what was not offered", |mut s| {
            let _ = s.read(&mut [0; 4096]);
            let mut body = vec![2, 0, 0, 38, 3, 3];
            body.extend([7; 32]);
            body.extend([0, 0xfa, 0xfa, 0]);
            let mut record = vec![22, 3, 3, 0, body.len() as u8];
            record.extend(body);
            record.extend([22, 3, 3, 0, 4, 14, 0, 0, 0]);
            let _ = s.write_all(&record);
        }),
        ("answers one byte a second", |mut s| {
            for byte in [22u8, 3, 3, 0, 40, 2] {
                std::thread::sleep(Duration::from_secs(1));
                if s.write_all(&[byte]).is_err() {
                    return;
                }
            }
        }),
    ] {
        let port = answering(how);
        let site = asked("site.test", (1, port), None);
        let mut asked = 0;
        let found = scan(Some("site.test"), &suites, &mut |b, w| {
            asked += 1;
            // The slow one is given up sooner than a user would, for the sake of the test.
            if asked > 3 && what.contains("second") { None } else { site.speak(b, w) }
        });
        assert!(found.is_some_and(|f| !f.speaks_any()), "{what}");
    }
    // A handshake that goes on for ever, a byte at a time: each byte is an answer in time, all of them are none.
    let dripping = answering(|mut s| {
        let _ = s.write_all(&[22, 3, 3, 64, 0]);
        while s.write_all(&[0]).is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let began = std::time::Instant::now();
    std::thread::scope(|scope| {
        let visit = scope.spawn(move || {
            let site = asked("site.test", (1, dripping), None);
            (site.visit(true).is_none(), site.missed())
        });
        let shown = scope.spawn(move || asked("site.test", (1, dripping), None).shown().is_none());
        let (none, missed) = visit.join().expect("ends");
        assert!(none && shown.join().expect("ends"));
        assert!(missed.iter().any(|m| m.why == Why::Late && m.what.starts_with("GET https://")), "{missed:?}");
    });
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    // Nobody there.
    let site = asked("site.test", (1, 1), None);
    assert!(site.visit(false).is_none() && site.missed().is_empty());
    assert_eq!(site.knock(1, b""), Door::Closed);
    assert!(scan(None, &suites, &mut |b, w| site.speak(b, w)).is_none());
}

/// Where TLS 1.3 is all that is spoken, an answer of OCSP comes encrypted.
#[test]
fn an_answer_of_ocsp_is_seen_in_tls_1_3_alone() {
    let place = tempfile::tempdir().expect("a folder");
    // The least answer there is: *unauthorized*.
    let ocsp = place.path().join("ocsp.der");
    std::fs::write(&ocsp, [0x30, 3, 0x0a, 1, 6]).expect("written");
    let stapling = format!("ssl_protocols TLSv1.3; ssl_stapling on; ssl_stapling_file {};", ocsp.display());
    for (tls, expected) in [(stapling.as_str(), true), ("ssl_protocols TLSv1.3;", false)] {
        let Some(nginx) = nginx(tls, "return 200 'hello';") else { return };
        assert_eq!(scanned(&nginx).0.staples, expected, "{tls}");
    }
}

/// A resolver that names another address each time it is asked, as who rebinds a name does; with how often it was asked.
fn rebinding(addresses: Vec<[u8; 4]>) -> (u16, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let port = socket.local_addr().expect("an address").port();
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let end = 12 + buffer[12..length].iter().position(|b| *b == 0).expect("a name") + 5;
            let is_a = buffer[end - 4..end - 2] == [0, 1];
            let mut answer = buffer[..end].to_vec();
            answer[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, u8::from(is_a), 0, 0, 0, 0]);
            if is_a {
                let n = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                answer.extend(addresses[n.min(addresses.len() - 1)]);
            }
            let _ = socket.send_to(&answer, from);
        }
    });
    (port, asked)
}

#[test]
fn a_name_that_is_rebound_between_check_and_use_leads_nowhere_else() {
    let online = Online::granted();
    // A public address first, this machine ever after: asked once, the first is the one that is used.
    let (port, asked) = rebinding(vec![[198, 51, 100, 7], [127, 0, 0, 1]]);
    let resolver = super::unbound::resolver(port);
    let found = collect::site::resolve_by(&online, &resolver, "rebind.example", &now).expect("an address");
    let site = Site::new(&online, "rebind.example", (80, 443), found, None, &now).expect("a site");
    assert_eq!(site.address().to_string(), "198.51.100.7");
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1);
    // Private ones are refused, whatever they are dressed as.
    for private in [[127, 0, 0, 1], [10, 1, 2, 3], [169, 254, 169, 254], [100, 64, 0, 1], [198, 18, 0, 1], [0, 0, 0, 0]]
    {
        let resolver = super::unbound::resolver(rebinding(vec![private]).0);
        assert!(collect::site::resolve_by(&online, &resolver, "rebind.example", &now).is_err(), "{private:?}");
    }
}
