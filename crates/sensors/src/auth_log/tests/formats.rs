//! Programs and envelopes, a line or a few of each: what they say, and what is not understood.

use super::{Login, Memory, check, config, login, read};
use crate::auth_log::AuthLog;
use crate::testing;
use model::{Budget, Context, Lines, Time};
use rows::Row;
use rows::auth_log::Outcome;

/// One event on 14 February 2017 at 08:12:00 UTC, without that time.
fn says(line: &str, expected: &str) {
    let expected = format!("2017-02-14T08:12:00Z {expected}");
    check(&format!("{line}\n"), &[&expected]);
}

fn ssh(message: &str, expected: &str) {
    says(&format!("Feb 14 08:12:00 h sshd[1]: {message}"), expected);
}

#[test]
fn sshd_has_rarer_words() {
    let root = |outcome: &str| format!("ssh {outcome} 1 8.8.4.4 [\"root\"]");
    ssh("error: PAM: Authentication failure for root from 8.8.4.4", &root("failed"));
    ssh(
        "error: PAM: User not known to the underlying authentication module for illegal user root from 8.8.4.4",
        &root("failed"),
    );
    ssh("Failed keyboard-interactive/pam for root from 8.8.4.4 port 1 ssh2", &root("echo"));
    ssh("Failed none for root from 8.8.4.4 port 1 ssh2", &root("echo"));
    ssh("error: maximum authentication attempts exceeded for root from 8.8.4.4 port 1 ssh2 [preauth]", &root("echo"));
    ssh(
        "error: maximum authentication attempts exceeded for invalid user root from 8.8.4.4 port 1 ssh2 [preauth]",
        &root("echo"),
    );
    ssh("ROOT LOGIN REFUSED FROM 8.8.4.4 port 1", &root("echo"));
    for connection in [
        "Connection reset by 8.8.4.4 port 1",
        "Connection closed by 8.8.4.4 port 1",
        "Connection closed by 8.8.4.4 [preauth]",
        "Protocol major versions differ for 8.8.4.4 port 1: SSH-2.0-OpenSSH_8 vs. SSH-1.5-x",
        "fatal: ssh_dispatch_run_fatal: Connection from 8.8.4.4 port 1: invalid format [preauth]",
    ] {
        ssh(connection, "ssh probe 1 8.8.4.4");
    }
    // What ends a session is told in two lines.
    let both = "Feb 14 08:12:00 h sshd[1]: error: maximum authentication attempts exceeded for a from 8.8.4.4 port 1 ssh2 [preauth]\n\
        Feb 14 08:12:00 h sshd[1]: Disconnecting authenticating user a 8.8.4.4 port 1: Too many authentication failures [preauth]\n";
    check(both, &["2017-02-14T08:12:00Z ssh echo 1 8.8.4.4 [\"a\"]"]);
    let ordinary = "Feb 14 08:12:00 h sshd[1]: error: kex_exchange_identification: read: Connection reset by peer\n\
        Feb 14 08:12:00 h sshd[1]: Connection closed by 8.8.4.4\n";
    let lines = &read(ordinary.as_bytes()).lines[0].2;
    assert_eq!((lines.ordinary, lines.not_understood), (2, 0));
}

#[test]
fn envelopes_of_every_day() {
    let expected = "ssh failed 1 8.8.4.4 [\"a\"]";
    let failed = "Failed password for a from 8.8.4.4 port 1 ssh2";
    says(&format!("févr. 14 08:12:00 h sshd[1]: {failed}"), expected);
    says(&format!("фев 14 08:12:00 h sshd[1]: {failed}"), expected);
    says(&format!("Tue 2017-02-14 08:12:00 UTC h ssh.service[1]: {failed}"), expected);
    says(&format!("Tue 2017-02-14 09:12:00 CET h sshd[1]: {failed}"), expected);
    says(&format!("mar. 2017-02-14 09:12:00 +01 h sshd[1]: {failed}"), expected);
    says(&format!("Feb 14 08:12:00 h auth.info sshd[1]: {failed}"), expected);
    says("Tue Feb 14 08:12:00 2017 authpriv.warn dropbear[7]: Bad password attempt for 'a' from 8.8.4.4:22", expected);
    says(&format!("\u{feff}Feb 14 08:12:00 h sshd[1]: {failed}"), expected);
    says(&format!("2017-02-14T08:12:00.000000000Z stderr F {failed}"), expected);
    says(&format!("{{\"log\":\"{failed}\\n\",\"stream\":\"stderr\",\"time\":\"2017-02-14T08:12:00Z\"}}"), expected);
    says(
        &format!(
            "{{\"log\":\"Feb 14 08:12:00 h sshd[1]: {failed}\\n\",\"stream\":\"stderr\",\"time\":\"2019-01-01T00:00:00Z\"}}"
        ),
        expected,
    );
    says(&format!("81 <86>Feb 14 08:12:00 h sshd[1]: {failed}"), expected);
    let pretty = format!(
        "{{\n\t\"__REALTIME_TIMESTAMP\" : \"1487059920000000\",\n\t\"SYSLOG_IDENTIFIER\" : \"sshd\",\n\t\"MESSAGE\" : \"{failed}\"\n}}"
    );
    says(&pretty, expected);
}

#[test]
fn ftp_servers() {
    let line = |text: &str, expected: &str| says(&format!("Feb 14 08:12:00 h {text}"), expected);
    line("pure-ftpd: (?@8.8.4.4) [WARNING] Authentication failed for user [a b]", "ftp failed 1 8.8.4.4 [\"a b\"]");
    line("pure-ftpd: (?@8.8.4.4) [INFO] bob is now logged in", "ftp accepted 1 8.8.4.4 [\"bob\"]");
    line(
        "proftpd[1]: h (c.example[8.8.4.4]): USER x (Login failed): Incorrect password",
        "ftp failed 1 8.8.4.4 [\"x\"]",
    );
    line(
        "proftpd[1] h (c.example[::ffff:8.8.4.4]): USER x: no such user found from c.example [1.1.1.1] to 10.0.0.1:21",
        "ftp invalid_user 1 8.8.4.4 [\"x\"]",
    );
    line("proftpd[1]: h (c[8.8.4.4]): USER bob: Login successful.", "ftp accepted 1 8.8.4.4 [\"bob\"]");
    // The name is the client's, and quotes what it likes.
    line(
        "proftpd[1]: h (c[8.8.4.4]): USER (x[1.1.1.1]): USER y (Login failed): Incorrect password",
        "ftp failed 1 8.8.4.4 [\"(x[1.1.1.1]): USER y\"]",
    );
    let own = "Tue Feb 14 08:12:00 2017 [pid 7]";
    says(
        &format!("{own} [x] FTP response: Client \"8.8.4.4\", \"530 Permission denied.\""),
        "ftp failed 1 8.8.4.4 [\"x\"]",
    );
    says(
        &format!("{own} [x] FTP response: Client \"8.8.4.4\", \"530 Login incorrect.\""),
        "ftp echo 1 8.8.4.4 [\"x\"]",
    );
}

#[test]
fn mail_servers() {
    let line = |text: &str, expected: &str| says(&format!("Feb 14 08:12:00 {text}"), expected);
    line(
        "h postfix/smtpd[1]: warning: unknown[8.8.4.4]:4022: SASL LOGIN authentication failed: bad, sasl_username=x",
        "smtp failed 1 8.8.4.4 [\"x\"]",
    );
    line("h imapd: LOGIN FAILED, user=a@b.example, ip=[::ffff:8.8.4.4]", "imap failed 1 8.8.4.4 [\"a@b.example\"]");
    line("h pop3d-ssl: LOGIN, user=bob, ip=[8.8.4.4], port=[4022]", "pop3 accepted 1 8.8.4.4 [\"bob\"]");
    line(
        "imap-login: Info: Login aborted: Connection closed (auth failed, 2 attempts in 9 secs) (auth_failed): user=<x>, method=PLAIN, rip=8.8.4.4, lip=10.0.0.1",
        "imap failed 2 8.8.4.4 [\"x\"]",
    );
    line("auth-worker(7): Info: sql(bob,8.8.4.4,<s>): unknown user", "imap invalid_user 1 8.8.4.4 [\"bob\"]");
    let exim = |text: &str, expected: &str| says(&format!("2017-02-14 08:12:00 {text}"), expected);
    exim(
        "[7] login authenticator failed for c.example ([1.1.1.1]) [8.8.4.4]:4022 I=[10.0.0.1]:25: 535 Incorrect authentication data (set_id=x@e.example)",
        "smtp failed 1 8.8.4.4 [\"x@e.example\"]",
    );
    exim(
        "1hUxEr-0003Xy-AB <= b@e.example H=c.example (pc) [8.8.4.4] P=esmtpsa A=plain:bob S=7 id=1@x",
        "smtp accepted 1 8.8.4.4 [\"bob\"]",
    );
    // A fault of our own server refuses nobody.
    for fault in ["Connection lost to authentication server", "Temporary authentication failure"] {
        let text = format!(
            "Feb 14 08:12:00 h postfix/smtpd[1]: warning: o[8.8.4.4]: SASL LOGIN authentication failed: {fault}\n"
        );
        check(&text, &[]);
    }
}

#[test]
fn databases_and_rights() {
    let mysql =
        |text: &str, expected: &str| says(&format!("2017-02-14  8:12:00 139651251140544 [Warning] {text}"), expected);
    mysql("Access denied for user 'x'@'8.8.4.4' (using password: NO)", "mysql failed 1 8.8.4.4 [\"x\"]");
    mysql("Access denied for user 'x'@'8.8.4.4'", "mysql failed 1 8.8.4.4 [\"x\"]");
    mysql("Access denied for user 'x'@'8.8.4.4' to database 'd'", "mysql failed 1 8.8.4.4 [\"x\"]");
    mysql("Host '8.8.4.4' is not allowed to connect to this MariaDB server", "mysql probe 1 8.8.4.4");
    says(
        "{\"timestamp\":\"2017-02-14 09:12:00.000 CET\",\"pid\":7,\"remote_host\":\"8.8.4.4\",\"error_severity\":\"FATAL\",\"message\":\"password authentication failed for user \\\"x\\\"\"}",
        "postgresql failed 1 8.8.4.4 [\"x\"]",
    );
    for why in [
        "a password is required",
        "a terminal is required to read the password",
        "account validation failure, is your account locked?",
    ] {
        let line = format!("Feb 14 08:12:00 h sudo[1]:  bob : {why} ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh");
        says(&line, "sudo failed 1 bob [\"bob\"]");
    }
    let audit = |kind: &str, rest: &str, expected: &str| {
        says(&format!("type={kind} msg=audit(1487059920.000:7): pid=1 uid=0 msg='{rest}'"), expected);
    };
    let sshd = "exe=\"/usr/sbin/sshd\" hostname=8.8.4.4 addr=8.8.4.4 terminal=ssh";
    audit(
        "USER_AUTH",
        &format!("op=PAM:authentication acct=\"root\" {sshd} res=failed"),
        "ssh failed 1 8.8.4.4 [\"root\"]",
    );
    audit("USER_LOGIN", &format!("op=login acct=726F6F74 {sshd} res=failed"), "ssh echo 1 8.8.4.4 [\"root\"]");
    audit("USER_LOGIN", &format!("op=login acct=\"bob\" {sshd} res=success"), "ssh accepted 1 8.8.4.4 [\"bob\"]");
}

#[test]
fn web_applications() {
    let web = |line: &str, name: &str| says(line, &format!("web-login failed 1 8.8.4.4{name}"));
    web(
        "{\"reqId\":\"a\",\"level\":2,\"time\":\"2017-02-14T08:12:00+00:00\",\"remoteAddr\":\"8.8.4.4\",\"user\":\"--\",\"app\":\"core\",\"message\":\"Login failed: x (Remote IP: 8.8.4.4)\"}",
        " [\"x\"]",
    );
    web("Feb 14 08:12:00 h wordpress(e.example)[1]: Authentication failure for x from 8.8.4.4", " [\"x\"]");
    web("Feb 14 08:12:00 h phpMyAdmin[1]: user denied: x (mysql-denied) from 8.8.4.4", " [\"x\"]");
    web("[14-Feb-2017 09:12:00 +0100]: <s7> Failed login for x from 8.8.4.4 in session s7 (error: 0)", " [\"x\"]");
    web("2017-02-14T08:12:00+00:00\tINFO 8.8.4.4\tjoomlafailure\tUsername and password do not match", "");
    web(
        "[2017-02-14 08:12:00.000][vaultwarden::api::identity][ERROR] Username or password is incorrect. Try again. IP: 8.8.4.4. Username: x@e.example.",
        " [\"x@e.example\"]",
    );
    let errors = "[14-Feb-2017 09:12:00 +0100]: <s7> IMAP Error: Login failed for x";
    let tail = "AUTHENTICATE PLAIN: Authentication failed. in /srv/rcube_imap.php on line 200 (POST /?_task=login)";
    web(&format!("{errors} against localhost from 8.8.4.4. {tail}"), " [\"x\"]");
    web(&format!("{errors} from 8.8.4.4(X-Forwarded-For: 1.1.1.1). {tail}"), " [\"x\"]");
    web(
        "[2017-02-14 09:12:00.000 +01:00] [INF] [16] Jellyfin.UserManager: Authentication request for \"x\" has been denied (IP: \"8.8.4.4\").",
        " [\"x\"]",
    );
}

#[test]
fn sambas_own_log_is_read_by_pairs() {
    let heading = "[2017/02/14 09:12:00.000000,  2] ../../auth/auth_log.c:653(log_authentication_event_human_readable)";
    let said = |name: &str| {
        format!(
            "{heading}\n  Auth: [SMB2,(null)] user [W]\\[{name}] at [Tue, 14 Feb 2017 09:12:00.000000 CET] with [NTLMv2] status [NT_STATUS_WRONG_PASSWORD] workstation [PC] remote host [ipv4:8.8.4.4:4455] mapped to [W]\\[{name}]. local host [ipv4:10.0.0.1:445]\n"
        )
    };
    check(&said("x"), &["2017-02-14T08:12:00Z smb failed 1 8.8.4.4 [\"x\"]"]);
    // A name cannot choose its time.
    assert_eq!(read(said("x] at [Mon, 01 Jan 2001 00:00:00 CET").as_bytes()).lines[0].2.not_understood, 1);
}

#[test]
fn decoys_sensors_and_consoles() {
    says(
        "{\"eventid\":\"cowrie.login.success\",\"username\":\"root\",\"password\":\"x\",\"src_ip\":\"8.8.4.4\",\"timestamp\":\"2017-02-14T08:12:00.000000Z\"}",
        "ssh failed 1 8.8.4.4 [\"root\"]",
    );
    says(
        "2017-02-14T08:12:00.000000Z [HoneyPotSSHTransport,3,8.8.4.4] login attempt [b'root'/b'1.1.1.1'] failed",
        "ssh failed 1 8.8.4.4 [\"root\"]",
    );
    says("1487059920.000000\tC1\t8.8.4.4\t4022\t10.0.0.1\t22\t2\tF\t3\t-\tx", "ssh failed 3 8.8.4.4");
    says(
        "{\"ts\":1487059920.0,\"uid\":\"C1\",\"id.orig_h\":\"8.8.4.4\",\"id.orig_p\":4022,\"version\":2,\"auth_success\":false,\"auth_attempts\":3}",
        "ssh failed 3 8.8.4.4",
    );
    says("root     ssh:notty    8.8.4.4          Tue Feb 14 08:12 - 08:12  (00:00)", "ssh failed 1 8.8.4.4 [\"root\"]");
    says(
        "bob      pts/0        8.8.4.4          Tue Feb 14 08:12:00 2017   still logged in",
        "ssh accepted 1 8.8.4.4 [\"bob\"]",
    );
    says(
        "Feb 14 08:12:00 h login[7]: FAILED LOGIN (1) on '/dev/tty1' FOR 'bob', Authentication failure",
        "pam echo 1 bob [\"bob\"]",
    );
    let mut record = vec![0; 384];
    record[0] = 6;
    record[8..17].copy_from_slice(b"ssh:notty");
    record[44..48].copy_from_slice(b"root");
    record[340..344].copy_from_slice(&1_487_059_920u32.to_le_bytes());
    record[348..352].copy_from_slice(&[8, 8, 4, 4]);
    let memory = read(&record.repeat(3));
    assert_eq!(memory.count(Login::NAME, |o| login(o).outcome == Outcome::Failed), 3);
    assert_eq!(memory.observations[0].steps, [model::Step::Utmp]);
}

#[test]
fn what_is_not_understood_is_said_with_its_program_and_an_example() {
    let log = "Feb 14 08:12:00 h strange[1]: user bob refused (8.8.4.4)\n".repeat(6)
        + "Feb 14 08:12:00 h strange[1]: hello\nFeb 14 08:12:00 h CRON[1]: (root) CMD (true)\n\
           Feb 14 08:12:00 h sshd[1]: Failed password for a from 8.8.4.4 port 1 ssh2\nno stamp here, denied to 8.8.4.4\n";
    let memory = read(log.as_bytes());
    let [(_, _, lines)] = &memory.lines[..] else { panic!("one account of lines") };
    let Lines { read, ordinary, kept, not_understood, refusals, shapes } = lines;
    assert_eq!((*read, *ordinary, *kept, *not_understood, *refusals), (10, 1, 1, 8, 7));
    let told: Vec<_> = shapes.iter().map(|s| (s.shape.as_str(), s.count, s.refusals, s.line)).collect();
    assert_eq!(told, [("strange", 7, 6, 1), ("no stamp here, denied to #", 1, 1, 10)]);
    assert!(shapes[0].example.ends_with("refused (8.8.4.4)"));
}

/// Findings' titles over a log with stamps of `days` days.
fn found(log: &str) -> Vec<String> {
    let (config, at) = (config(""), "2017-05-01T00:00:00Z".parse::<Time>().unwrap());
    let mut memory = Memory::new();
    memory.read(&AuthLog, "auth.log", log.as_bytes(), &config, at);
    memory.detect(&super::super::attempt::AttemptDetector, &config, at).into_iter().map(|f| f.title.en).collect()
}

#[test]
fn an_agent_and_a_habit_are_innocent() {
    let line = |day: u32, second: u32, what: &str| {
        format!("2017-02-{day:02}T08:12:{second:02}Z h sshd[1]: {what} for alice from 8.8.4.4 port 1 ssh2\n")
    };
    // An agent with eight keys, and a slip of the fingers.
    let keys: String = (0..8).map(|n| line(1, n, "Failed publickey")).collect();
    assert_eq!(found(&format!("{keys}{}", line(1, 9, "Accepted publickey"))), [""; 0]);
    assert_eq!(found(&keys), [""; 0]);
    assert_eq!(found(&format!("{keys}{}{}", line(1, 9, "Failed password"), line(1, 12, "Accepted password"))), [""; 0]);
    // Who logs in every day and once mistypes; the same without that habit is a finding.
    let slips: String =
        (0..6).map(|n| line(20, n, "Failed password")).collect::<String>() + &line(20, 9, "Accepted password");
    let daily: String = (1..=6).map(|day| line(day, 0, "Accepted password")).collect();
    assert_eq!(found(&slips).len(), 1);
    assert_eq!(found(&format!("{daily}{slips}")), [""; 0]);
    // With another's name it is no habit of his.
    let other = slips.replace("for alice", "for bob");
    assert_eq!(found(&format!("{daily}{other}")).len(), 1);
}

#[test]
fn hostile_lines_are_read_without_harm() {
    let context =
        Context { config: &config(""), origins: &crate::origin::Origin::default(), at: Time(0), modified: None };
    for line in [
        "{\"__REALTIME_TIMESTAMP\":\"1\"",
        "{\"eventid\":\"cowrie.\"}",
        "type=USER_AUTH msg=audit(x",
        "type= msg=audit(1",
        "[",
        "[]",
        "[01-Sep-2026 17",
        "9 <1>",
        "févr. ",
        "Tue 2026-09-01",
        "a ssh:notty Tue Sep",
        "9\t\t\t\t\t\t-\tT\t\t",
        "2017-02-14T08:12:00Z [HoneyPot,",
        "2017-02-14T08:12:00Z stdout F",
        "Feb 14 08:12:00 h pure-ftpd: (",
        "Feb 14 08:12:00 h utmp: 6 user=\"",
        "{\"log\":\"\",\"time\":\"\"}",
        "2017-02-14\t",
        "Tue Feb 14 08:12:00 2017 x",
    ] {
        for end in 0..=line.len() {
            let Some(text) = line.get(..end) else { continue };
            let mut memory = testing::Memory::new();
            let bytes = text.as_bytes().to_vec();
            let mut input =
                crate::input::Input::open(Box::new(std::io::Cursor::new(bytes)), Budget::default()).expect("memory");
            crate::Sensor::read(&AuthLog, &mut input, &context, &mut memory)
                .expect("evidence never makes a reader fail");
        }
    }
}
