//! DNS against Unbound on this machine, and against nobody.

use collect::Online;
use collect::dns::{Kind, Question, Record, Resolver, ask};
use std::net::{TcpListener, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Unbound with zones of its own, asked by nobody but us, asking nobody.
struct Unbound {
    child: Child,
    resolver: Resolver,
    _place: tempfile::TempDir,
}

impl Drop for Unbound {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn port() -> u16 {
    let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
    tcp.local_addr().expect("an address").port()
}

/// A name server that fails whatever it is asked.
fn broken() -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let port = socket.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((n, from)) = socket.recv_from(&mut buffer) {
            (buffer[2], buffer[3]) = (0x81, 0x82);
            let _ = socket.send_to(&buffer[..n], from);
        }
    });
    port
}

fn resolver(port: u16) -> Resolver {
    let mut resolver = Resolver::parse(&format!("127.0.0.1:{port}")).expect("an address");
    (resolver.timeout, resolver.tries) = (Duration::from_millis(1500), 1);
    resolver
}

fn unbound() -> Option<Unbound> {
    let place = tempfile::tempdir().expect("a folder");
    let (ours, broken) = (port(), broken());
    let mut conf = format!(
        "server:\n interface: 127.0.0.1@{ours}\n port: {ours}\n do-daemonize: no\n username: \"\"\n chroot: \"\"\n \
         directory: {0:?}\n pidfile: \"\"\n use-syslog: no\n logfile: \"log\"\n do-ip6: no\n module-config: \"iterator\"\n \
         do-not-query-localhost: no\n num-threads: 1\n local-zone: \".\" static\n local-zone: \"broken.example.\" transparent\n \
         local-zone: \"refused.example.\" refuse\n local-zone: \"silent.example.\" deny\n \
         local-data: 'decoy.example. 300 IN A 192.0.2.7'\n local-data: 'decoy.example. 60 IN A 192.0.2.6'\n \
         local-data: 'decoy.example. 300 IN AAAA 2001:db8::7'\n local-data: 'decoy.example. 300 IN MX 10 mx.decoy.example.'\n \
         local-data: 'decoy.example. 300 IN NS ns1.host.example.'\n \
         local-data: 'decoy.example. 300 IN TXT \"v=spf1 include:spf.example\" \" a:out.example -all\"'\n \
         local-data: 'spf.example. 300 IN TXT \"v=spf1 redirect=spf2.example\"'\n \
         local-data: 'spf2.example. 300 IN TXT \"v=spf1 ip4:192.0.2.0/24 include:spf.example -all\"'\n \
         local-data: 'out.example. 300 IN A 192.0.2.99'\n \
         local-data: 'mx.decoy.example. 300 IN A 192.0.2.25'\n \
         local-data: 's1._domainkey.decoy.example. 300 IN TXT \"v=DKIM1; k=rsa; \" \"p=MIIB\"'\n \
         local-data: '_dmarc.decoy.example. 300 IN TXT \"v=DMARC1; p=none\"'\n \
         local-data: 'alias.example. 300 IN CNAME decoy.example.'\n",
        place.path()
    );
    for i in 0..60 {
        conf += &format!(" local-data: 'large.example. 300 IN TXT \"{i:03} {}\"'\n", "x".repeat(200));
    }
    conf += &format!("forward-zone:\n name: \"broken.example.\"\n forward-addr: 127.0.0.1@{broken}\n");
    let file = place.path().join("unbound.conf");
    std::fs::write(&file, conf).expect("written");
    let mut command = Command::new("unbound");
    let search = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
    command.env("PATH", search).args(["-d", "-p", "-c"]).arg(&file).stdin(Stdio::null()).stdout(Stdio::null());
    let Ok(child) = command.stderr(Stdio::null()).spawn() else {
        println!("skipped: Unbound is not installed (`apt-get install unbound`)");
        return None;
    };
    let mut unbound = Unbound { child, resolver: resolver(ours), _place: place };
    for _ in 0..100 {
        if one(&unbound.resolver, "decoy.example", Kind::A).rcode == "NOERROR" {
            return Some(unbound);
        }
        assert!(unbound.child.try_wait().expect("a child").is_none(), "Unbound ended");
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("Unbound does not answer");
}

fn now() -> model::Time {
    model::Time::from_seconds(1_795_300_000)
}

fn one(resolver: &Resolver, name: &str, kind: Kind) -> Record {
    resolver.ask(&Online::granted(), &Question::new(name, kind), &now)
}

#[test]
fn answers_absence_and_failure_are_told_apart() {
    let Some(unbound) = unbound() else { return };
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
    let Some(unbound) = unbound() else { return };
    let record = one(&unbound.resolver, "large.example", Kind::Txt);
    assert_eq!((record.rcode.as_str(), record.answers.len()), ("NOERROR", 60));
}

#[test]
fn many_questions_are_answered_in_their_order() {
    let Some(unbound) = unbound() else { return };
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
    let Some(unbound) = unbound() else { return };
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
