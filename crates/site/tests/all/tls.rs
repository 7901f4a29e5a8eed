//! What a server does not answer is not told as a *no*.

use site::tls::{Judged, Suites, findings, judge, scan, unjudged};

/// A server hello of TLS 1.2 with ECDHE-RSA-AES128-GCM-SHA256, P-256 and the renegotiation extension.
fn hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([0, 0xc0, 0x2f, 0, 0, 5, 0xff, 1, 0, 1, 0]);
    let mut handshake = vec![2, 0, 0, body.len() as u8];
    handshake.extend(&body);
    handshake.extend([12, 0, 0, 4, 3, 0, 23, 0, 14, 0, 0, 0]);
    let mut record = vec![22, 3, 3, 0, handshake.len() as u8];
    record.extend(handshake);
    record
}

fn severity<'n>(named: &'n [(String, Judged)], id: &str) -> &'n str {
    named.iter().find(|(n, _)| n == id).map_or("", |(_, j)| j.severity)
}

#[test]
fn a_server_that_drips_is_given_up_and_nothing_is_called_sound() {
    let suites = Suites::embedded();
    let mut asked = 0;
    let found = scan(Some("a.test"), &suites, &mut |_, _| {
        asked += 1;
        Some((vec![22], false))
    })
    .expect("it takes connections");
    assert!(asked <= 6 && found.is_cut && !found.speaks_any() && !found.unknown.is_empty(), "{asked} {found:?}");
    let named = judge(&found, &suites, "a.test", at(), &[], None, None);
    let sound: Vec<&str> = named.iter().filter(|(_, j)| j.severity == "OK").map(|(n, _)| n.as_str()).collect();
    assert!(sound.is_empty(), "{sound:?}");
    let told: Vec<&str> = findings(&named).iter().map(|f| f.id).collect();
    assert_eq!(told, ["tls-not-known"]);
}

#[test]
fn what_is_silent_about_old_versions_may_speak_them() {
    let suites = Suites::embedded();
    let found = scan(Some("a.test"), &suites, &mut |bytes, _| {
        let old = bytes.len() > 11 && bytes[0] == 22 && bytes[9..11] < [3, 3][..];
        let offers = bytes.windows(2).any(|w| w == [0xc0, 0x2f]);
        Some(match (old || bytes[0] & 0x80 != 0, offers) {
            (true, _) => (Vec::new(), false),
            (false, true) => (hello(), true),
            (false, false) => (vec![21, 3, 3, 0, 2, 2, 40], true),
        })
    })
    .expect("answers");
    assert!(found.speaks(0x0303) && !found.is_cut, "{found:?}");
    let named = judge(&found, &suites, "a.test", at(), &[], Some(false), None);
    for (id, expected) in [
        ("SSLv2", "WARN"),
        ("SSLv3", "WARN"),
        ("TLS1", "WARN"),
        ("TLS1_2", "OK"),
        ("PFS", "OK"),
        ("cipherlist_NULL", "WARN"),
        ("RC4", "WARN"),
        ("POODLE_SSL", "WARN"),
        ("DROWN", "WARN"),
        ("secure_renego", "OK"),
        ("BREACH", "OK"),
    ] {
        assert_eq!(severity(&named, id), expected, "{id} in {named:?}");
    }
    let told: Vec<&str> = findings(&named).iter().map(|f| f.id).collect();
    assert!(!told.contains(&"tls-old-version") && told.contains(&"tls-not-known"), "{told:?}");
    let open = unjudged(&named);
    assert!(open.contains(&"tls-old-version") && open.contains(&"tls-weak-cipher"), "{open:?}");
}

fn at() -> model::Time {
    "2026-11-29T00:00:00Z".parse().expect("a time")
}
