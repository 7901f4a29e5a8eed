//! Lines that tell of no login and are known to tell of none (`knowledge/data/login_ordinary.toml`). What is neither a
//! login nor ordinary is not understood.

use crate::unknown;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// How messages of a program begin, by their first byte.
type Begins = HashMap<u8, Vec<Box<[u8]>>>;

struct Ordinary {
    silent: HashSet<Box<[u8]>>,
    stems: Vec<Box<[u8]>>,
    speaks: HashMap<Box<[u8]>, Begins>,
}

static ORDINARY: LazyLock<Ordinary> = LazyLock::new(|| {
    let data = knowledge::logins::Ordinary::embedded();
    let bytes = |text: &str| Box::<[u8]>::from(text.as_bytes());
    let (stems, names): (Vec<_>, Vec<_>) = data.silent.iter().partition(|name| name.ends_with('*'));
    let begins = |all: Vec<String>| {
        let mut by_first = Begins::new();
        for begin in all {
            by_first.entry(begin.as_bytes()[0]).or_default().push(bytes(&begin));
        }
        by_first
    };
    Ordinary {
        silent: names.into_iter().map(|n| bytes(n)).collect(),
        stems: stems.into_iter().map(|n| bytes(n.trim_end_matches('*'))).collect(),
        speaks: data.speaks.into_iter().map(|(program, all)| (bytes(&program), begins(all))).collect(),
    }
});

/// Whether a message tells of no login: its program never does (and it does not look like a refusal all the same), or
/// this program's messages that begin so do not.
pub fn is_ordinary(program: &[u8], message: &[u8]) -> bool {
    if is_silent(program) {
        return !unknown::refuses(message);
    }
    let family = family(program);
    let bare = match family {
        b"sshd" => message.strip_prefix(b"error: ").or_else(|| message.strip_prefix(b"fatal: ")).unwrap_or(message),
        _ => message,
    };
    begins(family, bare) || begins(b"pam", bare)
}

/// Whether a program never tells of a login.
pub fn is_silent(program: &[u8]) -> bool {
    ORDINARY.silent.contains(program) || ORDINARY.stems.iter().any(|s| program.starts_with(s))
}

/// Whether a message begins as those of this program that tell of no login.
pub fn begins(program: &[u8], message: &[u8]) -> bool {
    let all = ORDINARY.speaks.get(program).zip(message.first());
    let all = all.and_then(|(begins, first)| begins.get(first));
    all.is_some_and(|all| all.iter().any(|begin| message.starts_with(begin)))
}

/// The name under which a program's words are listed.
fn family(program: &[u8]) -> &[u8] {
    match program {
        _ if program.starts_with(b"sshd") => b"sshd",
        _ if program.starts_with(b"postfix") && program.ends_with(b"smtpd") => b"postfix/smtpd",
        _ if program.starts_with(b"postgres") => b"postgres",
        b"su-l" => b"su",
        _ => program,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_to_tell_of_no_login_is_ordinary() {
        for (program, message) in [
            ("CRON", "(root) CMD (run-parts /etc/cron.hourly)"),
            ("systemd-logind", "New session 7 of user alice."),
            ("sshd-session", "Server listening on :: port 22."),
            ("postfix/submission/smtpd", "NOQUEUE: reject: RCPT from a.example[192.0.2.7]: 554 Relay access denied"),
            ("login", "pam_unix(login:session): session opened for user alice"),
        ] {
            assert!(is_ordinary(program.as_bytes(), message.as_bytes()), "{program}: {message}");
        }
        for (program, message) in [
            ("CRON", "login refused to 192.0.2.7"),
            ("sshd", "something new"),
            ("pure-ftpd", "Server listening on 21"),
            ("", ""),
        ] {
            assert!(!is_ordinary(program.as_bytes(), message.as_bytes()), "{program}: {message}");
        }
    }
}
