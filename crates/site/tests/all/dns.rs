//! What the DNS says, each point both ways.

use site::dns::{Replies, Reply, follow, judge, questions};

fn replies(records: &[(&str, &str, &[&str])]) -> Replies {
    let mut all = Replies::new();
    let known = |answers: &[&str]| Reply {
        is_known: true,
        answers: answers.iter().map(ToString::to_string).collect(),
        ..Reply::default()
    };
    for (name, kind) in questions("www.site.fr", &["s1".into()]) {
        all.insert((name, kind.into()), known(&[]));
    }
    for (name, kind, answers) in records {
        all.insert(((*name).into(), (*kind).into()), known(answers));
    }
    all
}

fn found(records: &[(&str, &str, &[&str])]) -> Vec<&'static str> {
    judge("www.site.fr", &replies(records), &["s1".into()]).1.iter().map(|f| f.id).collect()
}

#[test]
fn what_is_missing_is_said() {
    let bare = found(&[("site.fr", "MX", &["10 mx.site.fr"]), ("_25._tcp.mx.site.fr", "TLSA", &[])]);
    for id in [
        "dns-no-ipv6",
        "dns-not-signed",
        "dns-no-caa",
        "mail-no-spf",
        "mail-no-dmarc",
        "mail-no-mta-sts",
        "mail-no-tls-rpt",
        "mail-dkim-not-found",
    ] {
        assert!(bare.contains(&id), "{id} in {bare:?}");
    }
}

#[test]
fn what_is_there_is_not_blamed() {
    let key = format!("v=DKIM1; k=rsa; p={}", "A".repeat(392));
    let good = found(&[
        ("www.site.fr", "AAAA", &["2001:db8::1"]),
        ("site.fr", "DS", &["1 13 2 ab"]),
        ("site.fr", "CAA", &["0 issue \"letsencrypt.org\""]),
        ("site.fr", "MX", &["10 mx.site.fr"]),
        ("_25._tcp.mx.site.fr", "TLSA", &["3 1 1 ab"]),
        ("site.fr", "TXT", &["other", "v=spf1 include:spf.host.fr -all"]),
        ("spf.host.fr", "TXT", &["v=spf1 ip4:192.0.2.0/24 -all"]),
        ("_dmarc.site.fr", "TXT", &["v=DMARC1; p=reject; rua=mailto:d@site.fr"]),
        ("_mta-sts.site.fr", "TXT", &["v=STSv1; id=1"]),
        ("_smtp._tls.site.fr", "TXT", &["v=TLSRPTv1; rua=mailto:t@site.fr"]),
        ("s1._domainkey.site.fr", "TXT", &[&key]),
    ]);
    assert!(good.is_empty(), "{good:?}");
}

#[test]
fn spf_and_dmarc_are_judged() {
    let spf = |record: &str| found(&[("site.fr", "TXT", &[record])]);
    assert!(spf("v=spf1 +all").contains(&"mail-spf-allows-all"));
    assert!(spf("v=spf1 ?all").contains(&"mail-spf-neutral"));
    assert!(spf("v=spf1 mx").contains(&"mail-spf-neutral"));
    assert!(!spf("v=spf1 mx ~all").iter().any(|id| id.starts_with("mail-spf")));
    assert!(spf(&format!("v=spf1 {} -all", "mx ".repeat(11))).contains(&"mail-spf-invalid"));
    assert!(spf("v=spf1 ipv4:192.0.2.1 -all").contains(&"mail-spf-invalid"));
    assert!(found(&[("site.fr", "TXT", &["v=spf1 -all", "v=spf1 mx -all"])]).contains(&"mail-spf-invalid"));
    // A redirection that leads back ends.
    let _ = found(&[
        ("site.fr", "TXT", &["v=spf1 redirect=b.fr"]),
        ("b.fr", "TXT", &["v=spf1 redirect=site.fr include:b.fr"]),
    ]);
    let dmarc = |record: &str| found(&[("_dmarc.site.fr", "TXT", &[record])]);
    assert!(dmarc("v=DMARC1; p=none").contains(&"mail-dmarc-none"));
    assert!(dmarc("v=DMARC1; p=nonsense").contains(&"mail-dmarc-invalid"));
    assert!(dmarc("v=DMARC1; p=reject; pct=20; rua=mailto:a@site.fr").contains(&"mail-dmarc-part"));
    assert!(dmarc("v=DMARC1; p=reject").contains(&"mail-dmarc-unread"));
}

#[test]
fn what_nobody_could_say_is_not_absent() {
    let mut all = replies(&[]);
    all.values_mut().for_each(|r| r.is_known = false);
    let (posture, found) = judge("www.site.fr", &all, &["s1".into()]);
    assert!(found.is_empty() && posture.caa.is_none() && posture.ipv6.is_none(), "{found:?}");
}

#[test]
fn what_answers_name_is_asked_for() {
    let all = replies(&[
        ("site.fr", "MX", &["10 mx.site.fr", "0 ."]),
        ("site.fr", "TXT", &["v=spf1 include:a.fr include:%{d}.b.fr -all"]),
    ]);
    let next = follow("www.site.fr", &all);
    assert_eq!(next, [("_25._tcp.mx.site.fr".to_string(), "TLSA"), ("a.fr".to_string(), "TXT")]);
    let asked: Vec<String> = questions("www.site.fr", &[]).into_iter().filter(|q| q.1 == "CAA").map(|q| q.0).collect();
    assert_eq!(asked, ["site.fr", "www.site.fr"]);
}
