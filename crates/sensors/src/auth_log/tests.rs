mod formats;

use super::AuthLog;
use crate::testing::{Memory, config};
use model::{Observation, Time};
use rows::Row;
use rows::attempt::Purpose;
use rows::auth_log::{Local, Login, Outcome};

const AT: &str = "2017-05-01T00:00:00Z";

fn at() -> Time {
    AT.parse().unwrap()
}

fn read(evidence: &[u8]) -> Memory {
    let mut memory = Memory::new();
    memory.read(&AuthLog, "auth.log", evidence, &config(""), at());
    memory
}

fn login(o: &Observation) -> Login {
    Login::of(&o.fields).unwrap()
}

fn count(memory: &Memory, outcome: Outcome) -> u64 {
    memory.count(Login::NAME, |o| login(o).outcome == outcome)
}

/// Public logs beside the project, where they exist.
fn data(path: &str) -> Option<Vec<u8>> {
    let root =
        std::env::var("VIGIE_DATA").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let read = std::fs::read(format!("{root}/{path}")).ok();
    if read.is_none() {
        println!("skipped: {root}/{path} is not here");
    }
    read
}

#[test]
fn a_real_server_is_counted_exactly() {
    let Some(log) = data("auth-logs/elastic-auth/auth.log") else { return };
    let memory = read(&log);
    assert_eq!(count(&memory, Outcome::Accepted), 226);
    assert_eq!(count(&memory, Outcome::InvalidUser), 178);
    assert_eq!(count(&memory, Outcome::Failed), 1042);
    assert_eq!(memory.skips, []);
    let allowed = |o: &Observation| login(o).service == Purpose::Sudo && login(o).outcome == Outcome::Accepted;
    assert_eq!(memory.count(Local::NAME, allowed), 186);
}

/// Reads evidence as of a date, and compares each run, `time service outcome count source users`, in order of place.
fn check_at(at: &str, evidence: &[u8], expected: &[&str]) {
    let mut memory = Memory::new();
    memory.read(&AuthLog, "auth.log", evidence, &config(""), at.parse().unwrap());
    let mut seen: Vec<_> = memory.observations.iter().map(|v| &v.observation).collect();
    seen.sort_by_key(|o| o.spans.iter().next());
    let text = |o: &&Observation| {
        let Login { service, outcome, users, .. } = login(o);
        let users: Vec<&String> = users.keys().collect();
        let source = o.key.rsplit('|').next().unwrap();
        let users = if users.is_empty() { String::new() } else { format!(" {users:?}") };
        format!("{} {service} {outcome} {} {source}{users}", o.first, o.count)
    };
    let seen: Vec<String> = seen.iter().map(text).collect();
    assert_eq!(seen, expected, "\n{}", String::from_utf8_lossy(evidence));
}

fn check(evidence: &str, expected: &[&str]) {
    check_at(AT, evidence.as_bytes(), expected);
}

#[test]
fn the_year_is_the_latest_that_fits() {
    let line = |stamp: &str| format!("{stamp} h sshd[1]: Failed password for a from 8.8.4.4 port 1 ssh2\n");
    let years = |at: &str, stamps: &[&str], expected: &[&str]| {
        let evidence: String = stamps.iter().map(|s| line(s)).collect();
        let mut memory = Memory::new();
        memory.read(&AuthLog, "auth.log", evidence.as_bytes(), &config(""), at.parse().unwrap());
        let mut seen: Vec<String> = memory.observations.iter().map(|v| v.observation.first.to_string()).collect();
        seen.sort();
        assert_eq!(seen, expected, "{at} {stamps:?}");
        assert_eq!(memory.notes.len(), 1);
    };
    years("2017-05-01T00:00:00Z", &["Feb 14 09:12:00"], &["2017-02-14T09:12:00Z"]);
    years("2017-02-13T10:00:00Z", &["Feb 14 09:12:00"], &["2017-02-14T09:12:00Z"]);
    years("2017-02-13T09:00:00Z", &["Feb 14 09:12:00"], &["2016-02-14T09:12:00Z"]);
    years(
        "2017-03-01T00:00:00Z",
        &["Dec 31 23:59:59", "Jan  1 01:00:00"],
        &["2016-12-31T23:59:59Z", "2017-01-01T01:00:00Z"],
    );
    // It turns out only later that the first lines lie a year further back.
    years(
        "2017-03-01T00:00:00Z",
        &["Feb 10 00:00:00", "Dec 31 00:00:00", "Feb 20 00:00:00"],
        &["2016-02-10T00:00:00Z", "2016-12-31T00:00:00Z", "2017-02-20T00:00:00Z"],
    );
    years(
        "2017-03-01T00:00:00Z",
        &["Feb 10 00:00:00", "Apr 20 00:00:00"],
        &["2016-02-10T00:00:00Z", "2016-04-20T00:00:00Z"],
    );
    // A leap day decides.
    years("2018-05-01T00:00:00Z", &["Feb 29 12:00:00"], &["2016-02-29T12:00:00Z"]);
    years(
        "2018-05-01T00:00:00Z",
        &["Feb 28 12:00:00", "Feb 29 12:00:00", "Jan  3 12:00:00"],
        &["2016-02-28T12:00:00Z", "2016-02-29T12:00:00Z", "2017-01-03T12:00:00Z"],
    );
    // A clock set back, and a late line around New Year, turn nothing.
    years(
        "2017-05-01T00:00:00Z",
        &["Mar  3 00:00:00", "Mar  1 00:00:00"],
        &["2017-03-01T00:00:00Z", "2017-03-03T00:00:00Z"],
    );
    years(
        "2017-05-01T00:00:00Z",
        &["Jan  1 00:00:01", "Dec 31 22:00:00", "Jan  1 02:00:00"],
        &["2016-12-31T22:00:00Z", "2017-01-01T00:00:01Z", "2017-01-01T02:00:00Z"],
    );
}

#[test]
fn zone_and_year_can_be_set() {
    let line = b"Feb 14 09:12:00 h sshd[1]: Failed password for a from 8.8.4.4 port 1 ssh2\n";
    let mut memory = Memory::new();
    memory.read(&AuthLog, "a", line, &config("[auth_log]\nzone = \"Europe/Paris\"\nyear = 2011"), at());
    assert_eq!(memory.observations[0].observation.first.to_string(), "2011-02-14T08:12:00Z");
}

#[test]
fn stamps_and_envelopes() {
    let failed = "sshd[1]: Failed password for a from 8.8.4.4 port 1 ssh2";
    let expected = &["2017-02-14T08:12:00Z ssh failed 1 8.8.4.4 [\"a\"]"];
    check(&format!("2017-02-14T09:12:00+01:00 h {failed}\n"), expected);
    check(&format!("<86>Feb 14 08:12:00 h {failed}\n"), expected);
    let rfc5424 = "sshd 1 - [m@1 a=\"x] \\\" y\"][n b=\"c\"] \u{feff}Failed password for a from 8.8.4.4 port 1 ssh2";
    check(&format!("<86>1 2017-02-14T09:12:00.0+01:00 h {rfc5424}\n"), expected);
    let json = |message: &str| {
        format!(
            "{{\"__REALTIME_TIMESTAMP\":\"1487059920000000\",\"_HOSTNAME\":\"h\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":{message}}}\n"
        )
    };
    check(&json("\"Failed password for a from 8.8.4.4 port 1 ssh2\""), expected);
    check(&json(&format!("{:?}", b"Failed password for a from 8.8.4.4 port 1 ssh2")), expected);
    check(&json("null"), &[]);
}

#[test]
fn repeated_messages_count() {
    let one = "Feb 14 08:12:00 h sshd[1]: Failed password for a from 8.8.4.4 port 1 ssh2\n";
    check(
        &format!(
            "{one}Feb 14 08:12:09 h sshd[1]: message repeated 5 times: [ Failed password for a from 8.8.4.4 port 1 ssh2]\n"
        ),
        &["2017-02-14T08:12:00Z ssh failed 6 8.8.4.4 [\"a\"]"],
    );
    check(
        &format!("{one}Feb 14 08:12:09 h last message repeated 2 times\n"),
        &["2017-02-14T08:12:00Z ssh failed 3 8.8.4.4 [\"a\"]"],
    );
    let other = "Feb 14 08:12:08 h cron[7]: hello\n";
    check(
        &format!("{one}{other}Feb 14 08:12:09 h last message repeated 2 times\n"),
        &["2017-02-14T08:12:00Z ssh failed 1 8.8.4.4 [\"a\"]"],
    );
}

#[test]
fn names_forge_no_source() {
    let ssh = |message: &str, expected: &[&str]| check(&format!("Feb 14 08:12:00 h sshd[1]: {message}\n"), expected);
    let at = "2017-02-14T08:12:00Z";
    ssh(
        "Failed password for invalid user x from 1.1.1.1 port 22 ssh2 from 8.8.4.4 port 9 ssh2",
        &[&format!("{at} ssh failed 1 8.8.4.4 [\"x from 1.1.1.1 port 22 ssh2\"]")],
    );
    ssh(
        "Invalid user x from 1.1.1.1 from 8.8.4.4",
        &[&format!("{at} ssh invalid_user 1 8.8.4.4 [\"x from 1.1.1.1\"]")],
    );
    ssh(
        "Connection closed by invalid user x 1.1.1.1 port 22 8.8.4.4 port 9 [preauth]",
        &[&format!("{at} ssh echo 1 8.8.4.4 [\"x 1.1.1.1 port 22\"]")],
    );
    // Both the name and the certificate's id are the attacker's: nobody is blamed.
    ssh(
        "Failed publickey for x from 1.1.1.1 port 1 ssh2: RSA-CERT SHA256:a ID b from 8.8.4.4 port 2 ssh2: RSA-CERT SHA256:c ID d (serial 0) CA RSA SHA256:e",
        &[&format!("{at} ssh failed 1 :: [\"x from 1.1.1.1 port 1 ssh2: RSA-CERT SHA256:a ID b\"]")],
    );
    ssh(
        "Accepted publickey for a from 8.8.4.4 port 9 ssh2: RSA-CERT SHA256:c ID x from 1.1.1.1 port 1 ssh2 (serial 0) CA RSA SHA256:e",
        &[&format!("{at} ssh accepted 1 8.8.4.4 [\"a\"]")],
    );
    let line = |text: &str, expected: &[&str]| check(&format!("{text}\n"), expected);
    line(
        "Feb 14 08:12:00 h dovecot: imap-login: Disconnected (auth failed, 3 attempts in 9 secs): user=<x>, method=PLAIN, rip=1.1.1.1, lip=1.1.1.1>, method=PLAIN, rip=8.8.4.4, lip=10.0.0.1, TLS, session=<s>",
        &[&format!("{at} imap failed 3 8.8.4.4 [\"x>, method=PLAIN, rip=1.1.1.1, lip=1.1.1.1\"]")],
    );
    line(
        "Feb 14 08:12:00 h postfix/smtpd[1]: warning: unknown[8.8.4.4]: SASL LOGIN authentication failed: x, sasl_username=y[1.1.1.1]: SASL LOGIN authentication failed",
        &[&format!("{at} smtp failed 1 8.8.4.4 [\"y[1.1.1.1]: SASL LOGIN authentication failed\"]")],
    );
    line(
        "Tue Feb 14 08:12:00 2017 [pid 7] [x] OK LOGIN: Client \"1.1.1.1\"] FAIL LOGIN: Client \"::ffff:8.8.4.4\"",
        &[&format!("{at} ftp failed 1 8.8.4.4 [\"x] OK LOGIN: Client \\\"1.1.1.1\\\"\"]")],
    );
    line(
        "2017-02-14T08:12:00Z 12 [Note] Access denied for user 'x'@'1.1.1.1' (using password: YES)'@'8.8.4.4' (using password: YES)",
        &[&format!("{at} mysql failed 1 8.8.4.4 [\"x'@'1.1.1.1' (using password: YES)\"]")],
    );
    line(
        "2017-02-14 08:12:00 UTC [7] x FATAL:  no pg_hba.conf entry for host \"1.1.1.1\", user \"a\"@d FATAL:  password authentication failed for user \"x\"",
        &[&format!(
            "{at} postgresql failed 1 :: [\"a\\\"@d FATAL:  password authentication failed for user \\\"x\\\"\"]"
        )],
    );
    line(
        "Feb 14 08:12:00 h vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=x rhost=1.1.1.1 rhost=8.8.4.4",
        &[&format!("{at} ftp echo 1 :: [\"x\"]")],
    );
}

#[test]
fn programs() {
    let check = |line: &str, expected: &str| {
        check(&format!("{line}\n"), if expected.is_empty() { &[] } else { std::slice::from_ref(&expected) })
    };
    check(
        "Feb 14 08:12:00 h postfix/smtpd[1]: 4A: client=x[8.8.4.4], sasl_method=PLAIN, sasl_username=bob@e.org",
        "2017-02-14T08:12:00Z smtp accepted 1 8.8.4.4 [\"bob@e.org\"]",
    );
    check(
        "Feb 14 08:12:00 h postfix/smtpd[1]: disconnect from unknown[8.8.4.4] ehlo=1 auth=0/3 rset=1 commands=2/5",
        "2017-02-14T08:12:00Z smtp echo 3 8.8.4.4",
    );
    check(
        "Feb 14 08:12:00 h dovecot: auth-worker(9): pam(bob,8.8.4.4,<s>): unknown user",
        "2017-02-14T08:12:00Z imap invalid_user 1 8.8.4.4 [\"bob\"]",
    );
    check(
        "Feb 14 08:12:00 h dovecot: pop3-login: Login: user=<bob>, method=PLAIN, rip=8.8.4.4, lip=1.1.1.1, mpid=1, session=<s>",
        "2017-02-14T08:12:00Z pop3 accepted 1 8.8.4.4 [\"bob\"]",
    );
    check(
        "Feb 14 08:12:00 h sudo:  bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
        "2017-02-14T08:12:00Z sudo failed 3 bob [\"bob\"]",
    );
    check("Feb 14 08:12:00 h su: FAILED SU (to root) bob on pts/0", "2017-02-14T08:12:00Z su failed 1 bob [\"bob\"]");
    check(
        "Feb 14 08:12:00 h login: pam_unix(login:auth): authentication failure; logname= uid=0 euid=0 tty=tty1 ruser= rhost=  user=bob",
        "2017-02-14T08:12:00Z pam failed 1 bob [\"bob\"]",
    );
    check(
        "2017-02-14 08:12:00.123 UTC,\"po\"\"st\",\"db\",7,\"8.8.4.4:5000\",58a,1,\"authentication\",2017-02-14 08:12:00 UTC,3/1,0,FATAL,28P01,\"password authentication failed for user \"\"po\"\"\"\"st\"\"\",,,,,,,,,\"\"",
        "2017-02-14T08:12:00.123Z postgresql failed 1 8.8.4.4 [\"po\\\"\\\"st\"]",
    );
    check(
        "2017-02-14 08:12:00 UTC:8.8.4.4(5000):bob@db:[7]:FATAL:  password authentication failed for user \"bob\"",
        "2017-02-14T08:12:00Z postgresql failed 1 8.8.4.4 [\"bob\"]",
    );
    check(
        "2017-02-14 08:12:00 UTC [7] FATAL:  no pg_hba.conf entry for host \"8.8.4.4\", user \"bob\", database \"db\", SSL off",
        "2017-02-14T08:12:00Z postgresql failed 1 8.8.4.4 [\"bob\"]",
    );
    check(
        "170214  8:12:00 [Warning] Access denied for user 'root'@'8.8.4.4' (using password: NO)",
        "2017-02-14T08:12:00Z mysql failed 1 8.8.4.4 [\"root\"]",
    );
    check(
        "2017-02-14  8:12:00 140 [Warning] Access denied for user 'root'@'8.8.4.4' (using password: YES)",
        "2017-02-14T08:12:00Z mysql failed 1 8.8.4.4 [\"root\"]",
    );
    check("Feb 14 08:12:00 h systemd-logind[1]: New session 1 of user bob.", "");
}

#[test]
fn damage_is_counted_and_the_rest_is_read() {
    let good = "Feb 14 08:12:00 h sshd[1]: Failed password for a from 8.8.4.4 port 1 ssh2\n";
    let mut evidence = Vec::new();
    evidence.extend_from_slice(good.as_bytes());
    evidence.extend_from_slice(b"Feb 14 08:12:00 h sshd[1]: Failed password for a from 8.8.\n");
    evidence.extend_from_slice(b"Feb 14 08:12:0\n\n");
    evidence.extend_from_slice(b"\xff\xfe\x00garbage\n");
    evidence.extend_from_slice(b"\0\0\0\0");
    evidence.extend_from_slice(good.as_bytes());
    evidence.extend_from_slice(b"\0\0\0\n");
    evidence.extend_from_slice(b"Feb 31 08:12:00 h sshd[1]: Failed password for a from 8.8.4.4 port 1 ssh2\n");
    evidence.extend_from_slice(&[b'x'; 70_000]);
    evidence.extend_from_slice(
        b"\nFeb 14 08:12:00 h sshd[1]: Failed password for invalid user \x1b[31m<b>\xff from 8.8.4.4 port 1 ssh2",
    );
    let memory = read(&evidence);
    assert_eq!(count(&memory, Outcome::Failed), 3);
    let mut skips: Vec<_> = memory.skips.iter().map(|(_, s)| (s.reason.as_str(), s.count, s.line)).collect();
    skips.sort_unstable();
    assert_eq!(
        skips,
        [
            ("NUL bytes", 1, 7),
            ("line too long", 1, 9),
            ("login line cut short or unknown", 1, 2),
            ("no such day", 1, 8),
            ("not a line of a login log", 2, 3),
        ]
    );
}

#[test]
fn every_cut_gives_the_same_attempts() {
    let mut evidence = String::new();
    for i in 0..40 {
        let (h, m) = (i / 6, i % 6 * 10);
        let source = ["8.8.4.4", "8.8.4.5", "8.8.4.6", "9.9.9.9"][i % 4];
        evidence += &format!("Feb 14 {h:02}:{m:02}:00 h sshd[{i}]: Invalid user u{i} from {source} port 1\n");
        evidence += &format!(
            "Feb 14 {h:02}:{m:02}:01 h sshd[{i}]: Failed password for invalid user u{i} from {source} port 1 ssh2\n"
        );
        if i % 9 == 8 {
            evidence +=
                &format!("Feb 14 {h:02}:{m:02}:02 h sshd[{i}]: Accepted password for bob from {source} port 1 ssh2\n");
        }
    }
    let found = |pieces: &[&str]| {
        let mut memory = Memory::new();
        for piece in pieces {
            memory.read(&AuthLog, "auth.log", piece.as_bytes(), &config(""), at());
        }
        let findings = memory.detect(&super::attempt::AttemptDetector, &config(""), at());
        let strip = |f: &model::Finding| (f.id(), f.severity, f.fields.clone(), f.first, f.last, f.entities.clone());
        let mut findings: Vec<_> = findings.iter().map(strip).collect();
        findings.sort_by(|a, b| a.0.cmp(&b.0));
        (findings, memory.tallies)
    };
    let whole = found(&[&evidence]);
    assert!(whole.0.len() > 1);
    let ends: Vec<usize> = evidence.match_indices('\n').map(|(i, _)| i + 1).collect();
    for cut in ends {
        let (a, b) = evidence.split_at(cut);
        assert_eq!(found(&[a, b]), whole, "cut at {cut}");
        assert_eq!(found(&[b, a]), whole, "cut at {cut}, in the other order");
    }
}

#[test]
fn other_logs_are_left_to_others() {
    let origins = crate::origin::Origin::default();
    let config = config("");
    let context = model::Context { config: &config, origins: &origins, at: at(), modified: None };
    let sure = |head: &str| super::Sensor::recognise(&AuthLog, head.as_bytes(), &context);
    let ssh = "Feb 14 08:12:00 h sshd[1]: Failed password for a from 8.8.4.4 port 1 ssh2\n";
    let web = "8.8.4.4 - - [14/Feb/2017:09:12:00 +0100] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"\n";
    let syslog_web = format!("Feb 14 08:12:00 h nginx: {web}");
    assert_eq!(sure(ssh), 95);
    assert_eq!(sure(web), 0);
    assert_eq!(sure(&format!("{}{ssh}", syslog_web.repeat(3))), 20);
    assert_eq!(sure(""), 0);
    assert_eq!(sure("{\"a\":1}\n"), 0);
    assert_eq!(sure("From: a\nTo: b\nSubject: c\n\nhello\n"), 0);
    assert_eq!(sure("<html>\n<body>\n"), 0);
}

/// Found by fuzzing: three digits where a day belongs overflowed a byte.
#[test]
fn a_day_of_three_digits_is_none() {
    for line in ["Feb999 03:00:00 web sshd[1]: x", "Feb 99 03:00:00 web sshd[1]: x"] {
        assert!(super::stamp::rfc3164(line.as_bytes()).is_none(), "{line}");
    }
}

#[test]
fn mangled_lines_never_stop_the_reader() {
    let lines: [&[u8]; 12] = [
        b"Feb 14 08:12:00 h sshd[1]: Failed password for invalid user a from 8.8.4.4 port 1 ssh2\n",
        b"Feb 14 08:12:00 h sshd[1]: Failed publickey for a from 8.8.4.4 port 1 ssh2: RSA-CERT S ID b (serial 0) CA R S\n",
        b"Feb 14 08:12:00 h sshd[1]: message repeated 5 times: [ Disconnecting invalid user a 8.8.4.4 port 1: Too many authentication failures [preauth]]\n",
        b"Feb 14 08:12:00 h sshd[1]: PAM 5 more authentication failures; logname= ruser= rhost=8.8.4.4  user=root\n",
        b"Feb 14 08:12:00 h dovecot: imap-login: Login: user=<a>, method=PLAIN, rip=8.8.4.4, lip=1.1.1.1, session=<s>\n",
        b"Feb 14 08:12:00 h postfix/smtpd[1]: disconnect from unknown[8.8.4.4] ehlo=1 auth=0/3 commands=1/4\n",
        b"<86>1 2017-02-14T08:12:00.000001+01:00 h sudo 1 - [m a=\"x\"] bob : 3 incorrect password attempts ; TTY=x\n",
        b"{\"__REALTIME_TIMESTAMP\":\"1487059920000000\",\"_HOSTNAME\":\"h\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":[70,97]}\n",
        b"2017-02-14 08:12:00.123 UTC,\"p\",\"d\",7,\"8.8.4.4:5\",58a,1,\"a\",2017-02-14 08:12:00 UTC,3/1,0,FATAL,28P01,\"password authentication failed for user \"\"p\"\"\",,,\n",
        b"2017-02-14 08:12:00 UTC:8.8.4.4(5000):bob@db:[7]:FATAL:  no pg_hba.conf entry for host \"8.8.4.4\", user \"b\"\n",
        b"170214  8:12:00 [Warning] Access denied for user 'root'@'8.8.4.4' (using password: NO)\n",
        b"Sep 24 10:04:52 h smb[1]: Auth: [S] user []\\[t] at [F] with [N] status [NT_STATUS_OK] workstation [] remote host [ipv4:1.2.3.4:6] m\n",
    ];
    // xorshift (Marsaglia 2003): the same manglings every time.
    let mut state = 88_172_645_463_325_252u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for _ in 0..300 {
        let mut evidence = Vec::new();
        for _ in 0..60 {
            let mut line = lines[random(lines.len())].to_vec();
            for _ in 0..random(4) {
                line.extend(b" ");
                let at = random(line.len());
                match random(4) {
                    0 => line[at] = b" :[]'\"<>,=\0\xff0\n"[random(14)],
                    1 => drop(line.drain(at..(at + random(20)).min(line.len()))),
                    2 => line.truncate(at + 1),
                    _ => {
                        let other = lines[random(lines.len())];
                        let from = random(other.len());
                        line.splice(at..at, other[from..].iter().copied());
                    }
                }
            }
            evidence.extend(line);
        }
        let mut memory = read(&evidence);
        memory.detect(&super::attempt::AttemptDetector, &config(""), at());
    }
}
