//! DNS against Unbound on this machine, and against nobody.

use crate::unbound::{now, one, port, resolver, unbound};
use collect::Online;
use collect::dns::{Kind, Question, ask};
use std::net::UdpSocket;
use std::time::Duration;

#[test]
fn answers_absence_and_failure_are_told_apart() {
    let Some(unbound) = unbound("") else { return };
    let mut unbound = unbound;
    let check = |name: &str, kind: Kind, rcode: &str, answers: &[&str]| {
        let record = one(&unbound.resolver, name, kind);
        assert_eq!(
            (record.rcode.as_str(), &record.answers[..]),
            (rcode, &answers.iter().map(|a| a.to_string()).collect::<Vec<_>>()[..]),
            "{name} {kind:?}"
        );
        record
    };
    assert_eq!(check("decoy.example", Kind::A, "NOERROR", &["192.0.2.6", "192.0.2.7"]).ttl, Some(60));
    check("decoy.example", Kind::Aaaa, "NOERROR", &["2001:db8::7"]);
    check("decoy.example", Kind::Mx, "NOERROR", &["10 mx.decoy.example"]);
    check("decoy.example", Kind::Ns, "NOERROR", &["ns1.host.example"]);
    check("decoy.example", Kind::Txt, "NOERROR", &["v=spf1 include:spf.example a:out.example -all"]);
    check("out.example", Kind::Mx, "NOERROR", &[]);
    check("nobody.example", Kind::A, "NXDOMAIN", &[]);
    check("refused.example", Kind::A, "REFUSED", &[]);
    check("no name.example", Kind::A, "NO NAME", &[]);
    assert_eq!(one(&unbound.resolver, "alias.example", Kind::Ns).aliases, ["decoy.example"]);
    unbound.resolver.timeout = Duration::from_millis(300);
    assert_eq!(one(&unbound.resolver, "silent.example", Kind::A).rcode, "TIMEOUT");
    unbound.resolver.timeout = Duration::from_secs(20);
    assert_eq!(one(&unbound.resolver, "broken.example", Kind::A).rcode, "SERVFAIL");
}

#[test]
fn what_does_not_fit_comes_by_tcp() {
    let Some(unbound) = unbound("") else { return };
    let record = one(&unbound.resolver, "large.example", Kind::Txt);
    assert_eq!((record.rcode.as_str(), record.answers.len()), ("NOERROR", 60));
}

#[test]
fn many_questions_are_answered_in_their_order() {
    let Some(unbound) = unbound("") else { return };
    let questions: Vec<Question> = (0..3000)
        .map(|i| Question::new(if i % 2 == 0 { "decoy.example".into() } else { format!("n{i}.example") }, Kind::A))
        .collect();
    let mut got = Vec::new();
    ask(&Online::granted(), &unbound.resolver, &questions, &now, &mut |r| {
        got.push((r.name, r.rcode));
        Ok(())
    })
    .expect("asked");
    let expected = questions
        .into_iter()
        .enumerate()
        .map(|(i, q)| (q.name, if i % 2 == 0 { "NOERROR" } else { "NXDOMAIN" }.to_string()));
    assert!(got.into_iter().eq(expected));
}

#[test]
fn the_keys_of_a_domain_are_fetched_with_what_spf_includes() {
    let Some(unbound) = unbound("") else { return };
    let questions = collect::keys::questions("decoy.example", "decoy.example", &["s1".into(), "s2".into()]);
    let mut got = Vec::new();
    collect::keys::fetch(&Online::granted(), &unbound.resolver, questions, &now, &mut |r| {
        got.push(format!("{} {:?} {} {}", r.name, r.kind, r.rcode, r.answers.join("|")));
        Ok(())
    })
    .expect("asked");
    assert_eq!(
        got,
        [
            "s1._domainkey.decoy.example Txt NOERROR v=DKIM1; k=rsa; p=MIIB",
            "s2._domainkey.decoy.example Txt NXDOMAIN ",
            "decoy.example Txt NOERROR v=spf1 include:spf.example a:out.example -all",
            "decoy.example Mx NOERROR 10 mx.decoy.example",
            "_dmarc.decoy.example Txt NOERROR v=DMARC1; p=none",
            "_mta-sts.decoy.example Txt NXDOMAIN ",
            "_smtp._tls.decoy.example Txt NXDOMAIN ",
            "spf.example Txt NOERROR v=spf1 redirect=spf2.example",
            "out.example A NOERROR 192.0.2.99",
            "out.example Aaaa NOERROR ",
            "mx.decoy.example A NOERROR 192.0.2.25",
            "mx.decoy.example Aaaa NOERROR ",
            "spf2.example Txt NOERROR v=spf1 ip4:192.0.2.0/24 include:spf.example -all",
        ]
    );
}

#[test]
fn nobody_there_and_nonsense_are_failures() {
    let mut quick = resolver(port());
    quick.timeout = Duration::from_millis(300);
    assert!(matches!(one(&quick, "a.example", Kind::A).rcode.as_str(), "UNREACHABLE" | "TIMEOUT"));
    // Answers to other questions, from the right address, are not heard.
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let mut quick = resolver(socket.local_addr().expect("an address").port());
    quick.timeout = Duration::from_millis(300);
    std::thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((n, from)) = socket.recv_from(&mut buffer) {
            buffer[2] |= 0x80;
            for wrong in [0, 13] {
                buffer[wrong] ^= 1;
                let _ = socket.send_to(&buffer[..n], from);
                buffer[wrong] ^= 1;
            }
            let _ = socket.send_to(b"nonsense", from);
        }
    });
    assert_eq!(one(&quick, "a.example", Kind::A).rcode, "TIMEOUT");
}
