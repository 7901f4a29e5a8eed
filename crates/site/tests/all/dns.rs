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

#[test]
fn spf_is_read_as_receivers_read_it() {
    let about = |records: &[(&str, &str, &[&str])]| -> (usize, Vec<&'static str>) {
        let (posture, found) = judge("www.site.fr", &replies(records), &[]);
        (posture.spf_lookups, found.iter().map(|f| f.id).filter(|id| id.starts_with("mail-spf")).collect())
    };
    let all = ("a.fr", "TXT", &["v=spf1 a:x.fr mx:x.fr -all"][..]);
    let there = [("x.fr", "A", &["192.0.2.1"][..]), ("x.fr", "AAAA", &[][..]), ("x.fr", "MX", &["1 m.fr"][..])];
    let with = |records: &[(&'static str, &'static str, &'static [&'static str])]| {
        about(&[&there[..], &[all], records].concat())
    };
    // A redirection counts only where there is no `all`, and what stands behind `all` is not read.
    assert_eq!(with(&[("site.fr", "TXT", &["v=spf1 redirect=a.fr -all"])]), (0, vec![]));
    assert_eq!(with(&[("site.fr", "TXT", &["v=spf1 -all include:a.fr nonsense"])]), (0, vec![]));
    assert_eq!(with(&[("site.fr", "TXT", &["v=spf1 redirect=a.fr"])]), (3, vec![]));
    // Counted as often as they are made.
    assert_eq!(with(&[("site.fr", "TXT", &["v=spf1 include:a.fr include:a.fr -all"])]), (6, vec![]));
    assert_eq!(
        with(&[("site.fr", "TXT", &["v=spf1 include:a.fr include:a.fr include:a.fr include:a.fr -all"])]),
        (12, vec!["mail-spf-invalid"])
    );
    // Modifiers that nobody knows are passed over; another version is no SPF record.
    assert_eq!(
        with(&[("site.fr", "TXT", &["v=spf1 ra=postmaster exp=e.fr ip4:192.0.2.0/24 -all", "v=spf10 +all"])]),
        (0, vec![])
    );
    // Who includes everybody lets everybody in, and so does an address that is all of them.
    assert_eq!(
        with(&[("site.fr", "TXT", &["v=spf1 include:b.fr -all"]), ("b.fr", "TXT", &["v=spf1 +all"])]).1,
        ["mail-spf-allows-all"]
    );
    assert_eq!(with(&[("site.fr", "TXT", &["v=spf1 ip4:0.0.0.0/0 -all"])]).1, ["mail-spf-allows-all"]);
    // Three lookups that find nothing, and two.
    let gone = [("n.fr", "A", &[][..]), ("n.fr", "AAAA", &[][..]), ("n.fr", "MX", &[][..])];
    let void = |record: &'static [&'static str]| about(&[&gone[..], &[("site.fr", "TXT", record)]].concat()).1;
    assert_eq!(void(&["v=spf1 a:n.fr mx:n.fr a:n.fr -all"]), ["mail-spf-invalid"]);
    assert!(void(&["v=spf1 a:n.fr mx:n.fr -all"]).is_empty());
    // What includes itself, and what has no record.
    assert_eq!(about(&[("site.fr", "TXT", &["v=spf1 include:site.fr -all"])]).1, ["mail-spf-invalid"]);
    assert_eq!(
        about(&[("site.fr", "TXT", &["v=spf1 include:n.fr -all"]), ("n.fr", "TXT", &["x"])]).1,
        ["mail-spf-invalid"]
    );
    assert_eq!(about(&[("site.fr", "TXT", &["v=spf1 ip4:192.0.2.999 -all"])]).1, ["mail-spf-invalid"]);
    // What was not answered: neither neutral nor wrong, and said.
    let (posture, found) = judge("www.site.fr", &replies(&[("site.fr", "TXT", &["v=spf1 redirect=slow.fr"])]), &[]);
    assert!(!found.iter().any(|f| f.id.starts_with("mail-spf")) && posture.not_known.contains("spf"), "{found:?}");
    assert!(site::dns::unjudged(&posture).contains(&"mail-spf-neutral"));
    let many = "include:site.fr ".repeat(400);
    let _ = about(&[("site.fr", "TXT", &[&format!("v=spf1 {many}")])]);
}

#[test]
fn dnssec_is_broken_only_where_it_was_shown() {
    let dnssec = |change: &dyn Fn(&mut Reply)| {
        let mut all = replies(&[("site.fr", "DS", &["1 13 2 ab"])]);
        for kind in ["A", "AAAA"] {
            change(all.get_mut(&("www.site.fr".to_string(), kind.to_string())).expect("asked"));
        }
        let (posture, found) = judge("www.site.fr", &all, &[]);
        (posture.dnssec, found.iter().any(|f| f.id == "dns-broken-dnssec"), posture.not_known.contains("dnssec"))
    };
    assert_eq!(dnssec(&|r| r.is_known = false), (None, false, true));
    assert_eq!(dnssec(&|r| (r.is_known, r.is_bogus) = (false, true)), (Some("broken"), true, false));
    assert_eq!(dnssec(&|r| r.authentic = true), (Some("signed"), false, false));
    assert_eq!(dnssec(&|_| ()), (Some("signed, not checked by this resolver"), false, false));
}

#[test]
fn a_parent_that_was_silent_may_have_caa() {
    let mut all = replies(&[]);
    all.get_mut(&("site.fr".to_string(), "CAA".to_string())).expect("asked").is_known = false;
    let (posture, found) = judge("www.site.fr", &all, &[]);
    assert!(posture.caa.is_none() && !found.iter().any(|f| f.id == "dns-no-caa"));
}
