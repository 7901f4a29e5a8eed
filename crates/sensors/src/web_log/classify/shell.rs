//! Command injection: a program's name where a shell would look for one.
//!
//! A separator (`;`, `|`, `&`, a new line, a back quote, `$(`) followed by a known program is the sign.
//! Programs whose name is an ordinary word (`more`, `find`, `type`) need arguments of a command's shape.
//!
//! You may rely on: "cats & dogs", "a; b", "rock | folk" stay silent. Left out: programs not in the list.

use super::Engine::{CmdCall, CmdChain, CmdCode, CmdFormat, CmdHint, CmdIfs, CmdPath, CmdSubstitution};
use super::control;
use super::value::{Found, Value, has, trim};
use super::wordset::WordTable;

/// Functions of PHP, Python and Node that run commands or open files, when called with text.
const CODE: [&[u8]; 19] = [
    b"system",
    b"exec",
    b"shell_exec",
    b"passthru",
    b"popen",
    b"assert",
    b"spawn",
    b"spawnsync",
    b"execfile",
    b"fopen",
    b"readfile",
    b"include",
    b"include_once",
    b"require",
    b"require_once",
    b"unserialize",
    b"unlink",
    b"print_r",
    b"preg_replace",
];
/// Functions whose call is proof by itself.
const CODE_ALONE: [&[u8]; 20] = [
    b"create_function",
    b"highlight_file",
    b"show_source",
    b"move_uploaded_file",
    b"curl_exec",
    b"fsockopen",
    b"gzinflate",
    b"str_rot13",
    b"php_uname",
    b"var_dump",
    b"posix_getpwuid",
    b"ini_set",
    b"proc_open",
    b"pcntl_exec",
    b"base64_decode",
    b"file_put_contents",
    b"file_get_contents",
    b"execsync",
    b"__import__",
    b"shell_exec",
];

/// What begins code in the arguments of a shell or an interpreter.
const RUNS: [(&[u8], &[&[u8]]); 5] = [
    (b"sh", &[b"-c"]),
    (b"cmd", &[b"/c", b"/k", b"/r"]),
    (b"powershell", &[b"-c", b"-e", b"-enc", b"-command", b"-encodedcommand", b"-ep", b"-nop", b"-w", b"iex", b"&"]),
    (b"python", &[b"-c"]),
    (b"perl", &[b"-e", b"-r", b"-l", b"-ne", b"-pe", b"-rsocket"]),
];

/// PowerShell's commands that fetch or run something.
const CMDLETS: [&[u8]; 12] = [
    b"invoke-webrequest",
    b"invoke-expression",
    b"invoke-restmethod",
    b"invoke-command",
    b"invoke-item",
    b"invoke-wmimethod",
    b"start-process",
    b"start-bitstransfer",
    b"new-object",
    b"get-content",
    b"get-wmiobject",
    b"set-executionpolicy",
];

/// Files and programs that a shell's wildcards are made to hit.
const HIT: [&[u8]; 17] = [
    b"/etc/passwd",
    b"/etc/shadow",
    b"/etc/hosts",
    b"/etc/group",
    b"/etc/issue",
    b"/bin/cat",
    b"/bin/ls",
    b"/bin/sh",
    b"/bin/bash",
    b"/bin/nc",
    b"/bin/id",
    b"/usr/bin/cat",
    b"/usr/bin/id",
    b"/usr/bin/head",
    b"/usr/bin/tail",
    b"/usr/bin/nc",
    b"/usr/bin/whoami",
];

/// Separators looked at in one value.
const MOST_LOOKS: u32 = 512;

/// Looks for commands in `value`. `programs`: 0 sure, 1 also an ordinary word.
pub fn scan(value: &Value<'_>, programs: &WordTable, found: &mut Found) {
    let text = value.text;
    if value.any(b";|&`\n\r$") {
        let mut looks = 0;
        for (at, &byte) in text.iter().enumerate() {
            match byte {
                // Of a run of separators only the last one counts, which also keeps the work linear.
                b';' | b'|' | b'&' | b'\n' | b'\r'
                    if matches!(text.get(at + 1), Some(b';' | b'|' | b'&' | b'\n' | b'\r' | b'#')) => {}
                b';' | b'|' | b'\n' | b'\r' | b'&' if !found.has(CmdChain) => chain(text, at, 1, programs, found),
                b'`' => backquote(text, at, programs, found),
                b'$' => dollar(text, at, programs, found),
                _ => {}
            }
            looks += u32::from(matches!(byte, b';' | b'|' | b'&' | b'`' | b'$' | b'\n'));
            if looks > MOST_LOOKS || (found.has(CmdChain) && found.has(CmdSubstitution)) {
                break;
            }
        }
        if value.has(b"${ifs") || value.has(b"$ifs") || value.has(b"{cat,") || value.has(b"{ls,") {
            found.add(CmdIfs);
        }
    }
    if value.any(b"\\") {
        // `\n` as two characters, which some interpreters turn into a new line.
        for at in memchr::memmem::find_iter(text, b"\\n").take(16) {
            chain(text, at, 2, programs, found);
        }
    }
    if value.any(b"%") && formats(text) {
        found.add(CmdFormat);
    }
    if value.path {
        if value.any(b"|;`$&") && (value.has(b"/bin/") || value.has(b"cmd.exe")) {
            found.add(CmdPath);
        }
    } else {
        start(value, programs, found);
    }
    if value.any(b"(") {
        code(value, found);
    }
    if value.any(b"[") && value.any(b"$") && superglobal(text) {
        found.add(CmdCode);
    }
    if value.any(b"?*") && value.any(b"/") && !value.path && wildcards(text) {
        found.add(CmdPath);
    }
    // Without a blank there is no control flow, and most values have none.
    if !value.path && value.any(b" +\t") && control::flows(text, programs) {
        found.add(CmdCall);
    }
    if value.any(b"-") {
        cmdlets(text, found);
    }
}

/// `Invoke-WebRequest http://…`, `iex (New-Object Net.WebClient)…`: told from a word that people write of by what follows.
fn cmdlets(text: &[u8], found: &mut Found) {
    for dash in memchr::memchr_iter(b'-', text).take(32) {
        let from = text[..dash].iter().rposition(|byte| !byte.is_ascii_lowercase()).map_or(0, |before| before + 1);
        let Some(name) = CMDLETS.iter().find(|name| text[from..].starts_with(name)) else { continue };
        let after = &text[from + name.len()..];
        let arguments = blanks(after);
        let spaced = arguments.len() < after.len();
        let told = match arguments {
            [b'-', b'a'..=b'z', ..] | [b'(' | b'\'' | b'"' | b'$' | b'{' | b'[', ..] => spaced,
            [b'a'..=b'z', b':', b'\\' | b'/', ..] => spaced,
            _ => {
                spaced
                    && (arguments.starts_with(b"http")
                        || arguments.starts_with(b"net.")
                        || arguments.starts_with(b"system."))
            }
        };
        let chained =
            from > 0 && matches!(text[..from].trim_ascii_end().last(), Some(b'|' | b';' | b'&' | b'(' | b'`'));
        found.add(if told || chained { CmdCall } else { CmdHint });
    }
}

/// Whether a text is a command chained to nothing: `;id`, `|cat /etc/x`, `&& curl …`, `() …`.
pub fn begins(text: &[u8], programs: &WordTable) -> bool {
    let text = blanks(text);
    let rest = text.trim_ascii_start();
    let chained = rest.iter().take_while(|byte| matches!(byte, b';' | b'|' | b'&' | b'"' | b'\'' | b' ')).count();
    rest[..chained].iter().any(|byte| matches!(byte, b';' | b'|' | b'&')) && judge(&rest[chained..], programs) == 2
}

/// A word as a shell would take it: quotes, backslashes and carets inside a name are evasions.
fn command(rest: &[u8]) -> ([u8; 16], usize, usize) {
    let mut name = [0_u8; 16];
    let (mut length, mut at) = (0, 0);
    while at < rest.len() && length < name.len() && at < 64 {
        match rest[at] {
            byte @ (b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.') => {
                name[length] = byte;
                length += 1;
            }
            b'$' if empty(&rest[at..]) > 0 => {
                at += empty(&rest[at..]);
                continue;
            }
            // `\cat`, `''cat`
            b'\\' if length == 0 && rest.get(at + 1).is_some_and(u8::is_ascii_lowercase) => {}
            quote @ (b'\'' | b'"') if length == 0 && rest.get(at + 1) == Some(&quote) => at += 1,
            b'\'' | b'"' | b'\\' | b'^'
                if length > 0
                    && rest.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || *next == rest[at]) => {}
            _ => break,
        }
        at += 1;
    }
    (name, length, at)
}

/// How long the variable is that stands here for nothing: `$@`, `$*`, `$9`, `${@}`, `${x}`, where a word goes on behind it.
fn empty(rest: &[u8]) -> usize {
    let length = match rest {
        [b'$', b'@' | b'*' | b'0'..=b'9', ..] => 2,
        [b'$', b'{', inside @ ..] => {
            let end = inside.iter().take(12).position(|&byte| byte == b'}').unwrap_or(0);
            let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'*' | b'_' | b'#');
            if end == 0 || !inside[..end].iter().all(plain) || inside.starts_with(b"ifs") {
                return 0;
            }
            end + 3
        }
        _ => return 0,
    };
    if rest.get(length).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b' ' | b'$')) {
        length
    } else {
        0
    }
}

/// Writes the text as a shell would read its words: without empty quotes, empty variables, backslashes before letters
/// and classes of one letter (`/et$@c/pass''wd`, `/etc/pas[s]wd`). Says whether anything within a word was dropped.
pub fn unquoted(text: &[u8], out: &mut Vec<u8>) -> bool {
    out.clear();
    let mut dropped = false;
    let mut at = 0;
    let word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'/');
    while at < text.len() {
        let rest = &text[at..];
        let inside = word(out.last());
        let (skip, keep) = match rest {
            [b'\'', b'\'', ..] | [b'"', b'"', ..] if inside && word(rest.get(2)) => (2, None),
            [b'\\', next, ..] if inside && next.is_ascii_lowercase() => (1, None),
            [b'$', ..] if inside && empty(rest) > 0 => (empty(rest), None),
            [b'[', letter, b']', ..] if inside && letter.is_ascii_alphanumeric() && word(rest.get(3)) => {
                (3, Some(*letter))
            }
            // `/e'tc'/pa"ss"wd`
            [b'\'' | b'"', next, ..] if inside && word(Some(next)) => (1, None),
            [byte, ..] => {
                out.push(*byte);
                at += 1;
                continue;
            }
            [] => break,
        };
        out.extend(keep);
        dropped = true;
        at += skip;
    }
    dropped
}

/// Whether a word with a shell's wildcards (`/b?n/c*t`) hits a file or program that is worth hitting.
fn wildcards(text: &[u8]) -> bool {
    let words =
        text.split(|byte| *byte <= b' ' || matches!(byte, b';' | b'|' | b'&' | b'<' | b'>' | b'=' | b',' | b'`'));
    words.filter(|word| word.starts_with(b"/") && word.len() <= 40).take(16).any(|word| {
        let wild = word.iter().filter(|byte| matches!(byte, b'?' | b'*')).count();
        let letters = word.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
        let parts = || word.split(|&byte| byte == b'/').skip(1);
        wild > 0
            && letters > 0
            && parts().count() >= 2
            && parts().all(|part| !part.is_empty() && part != b"*")
            && HIT.iter().any(|known| hits(word, known))
    })
}

/// Whether a pattern of `?` and `*`, neither of which stands for a slash, matches a text. At most 40 × 20 steps.
fn hits(pattern: &[u8], text: &[u8]) -> bool {
    let mut reached = [false; 24];
    reached[0] = true;
    for &sign in pattern {
        let mut next = [false; 24];
        match sign {
            b'*' => {
                let mut on = false;
                for at in 0..=text.len() {
                    on |= reached[at];
                    next[at] = on;
                    on &= text.get(at) != Some(&b'/');
                }
            }
            _ => {
                for at in 0..text.len() {
                    next[at + 1] = reached[at] && (text[at] == sign || sign == b'?' && text[at] != b'/');
                }
            }
        }
        reached = next;
    }
    reached[text.len()]
}

fn blanks(rest: &[u8]) -> &[u8] {
    let skip = rest.iter().position(|&byte| byte > b' ' && byte != b'+').unwrap_or(rest.len());
    &rest[skip..]
}

/// What the program's name and its arguments say: 2 sure, 1 perhaps, 0 no.
fn judge(rest: &[u8], programs: &WordTable) -> u8 {
    let rest = blanks(rest);
    if path_of_program(rest) {
        return 2;
    }
    let (name, length, end) = command(rest);
    let name = &name[..length];
    let name = name.strip_suffix(b".exe").unwrap_or(name);
    let (meaning, end) = match (programs.get(name), memchr::memchr(b'\\', &rest[..end])) {
        (Some(meaning), _) => (meaning, end),
        // `id\n`: the backslash was no evasion.
        (None, Some(cut)) if cut < length => match programs.get(&name[..cut]) {
            Some(meaning) => (meaning, cut),
            None => return 0,
        },
        _ => return 0,
    };
    let after = &rest[end..];
    let ends = after.is_empty()
        || matches!(after[0], b';' | b'|' | b'&' | b'`' | b')' | b'\n' | b'\r' | b'#' | b'"' | b'\'' | b'>' | 0)
        || after.starts_with(b"\\n")
        || after == b"%";
    let spaced = after.first().is_some_and(|&byte| byte <= b' ' || byte == b'+' || byte == b'$');
    // Numbers are arguments of some programs; after other words ("GCC 4.3") they are versions.
    if !ends && !spaced && !matches!(after.first(), Some(b'/' | b'\\')) {
        return 0;
    }
    let arguments = blanks(after);
    let shaped = shaped(arguments);
    if meaning == 0 {
        if ends || shaped || arguments.is_empty() || matches!(arguments[0], b'|' | b';' | b'&' | b'>') { 2 } else { 1 }
    } else if shaped
        && (!arguments[0].is_ascii_digit()
            || matches!(name, b"sleep" | b"kill" | b"timeout" | b"seq" | b"cut" | b"telnet"))
    {
        2
    } else {
        u8::from(ends || arguments.is_empty() || name == b"echo")
    }
}

/// `/bin/…`, `/usr/bin/…`, `c:\windows\…`
fn path_of_program(rest: &[u8]) -> bool {
    [
        &b"/bin/"[..],
        b"/usr/bin/",
        b"/sbin/",
        b"/usr/sbin/",
        b"/usr/local/bin/",
        b"bin/",
        b"usr/bin/",
        b"c:\\windows\\",
        b"c:/windows/",
        b"%systemroot%",
        b"%comspec%",
    ]
    .iter()
    .any(|lead| {
        rest.starts_with(lead) && {
            // A program has no extension here: /bin/photo.jpg is a picture.
            let name = &rest[lead.len()..];
            let end = name
                .iter()
                .position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-'))
                .unwrap_or(name.len());
            end > 0
                && (name.get(end) != Some(&b'.') || name[end..].starts_with(b".exe") || name[end..].starts_with(b".pl"))
        }
    })
}

/// `%x%x%x`, `%8.8x|%8.8x|…`, `%n%n`: directives of C's printf, to read or write memory (CWE-134).
fn formats(text: &[u8]) -> bool {
    let mut count = 0;
    let mut at = 0;
    while let Some(sign) = memchr::memchr(b'%', &text[at..]) {
        at += sign + 1;
        let rest = &text[at..];
        let digits = rest
            .iter()
            .take(8)
            .position(|byte| !byte.is_ascii_digit() && !matches!(byte, b'.' | b'$'))
            .unwrap_or(rest.len().min(8));
        match rest.get(digits) {
            Some(b'n' | b'x' | b's' | b'p' | b'd') if !rest.get(digits + 1).is_some_and(u8::is_ascii_alphanumeric) => {
                count += 1
            }
            _ => {}
        }
        if count >= 4 {
            return true;
        }
    }
    false
}

/// Whether arguments look like a command's: a flag, a path, an address, a number, a variable.
fn shaped(arguments: &[u8]) -> bool {
    match arguments {
        [b'-', b'a'..=b'z' | b'0'..=b'9', ..]
        | [b'-', b'-', b'a'..=b'z', ..]
        | [b'/', ..]
        | [b'~', b'/', ..]
        | [b'$', ..]
        | [b'`', ..]
        | [b'0'..=b'9', ..] => true,
        [b'a'..=b'z', b':', ..]
        | [b'\\', ..]
        | [b'%', ..]
        | [b'*', ..]
        | [b'.', b'.' | b'/', ..]
        | [b'.']
        | [b'>', ..] => true,
        _ => {
            // One word, of which only the beginning is searched: a long one must not be searched again and again.
            let arguments = &arguments[..arguments.len().min(128)];
            let word = arguments.split(|&byte| byte <= b' ' || byte == b'+').next().unwrap_or(arguments);
            has(word, b"://") || has(word, b".txt") || has(word, b".php")
        }
    }
}

/// `separator` bytes at `at` end one command; does another begin?
fn chain(text: &[u8], at: usize, separator: usize, programs: &WordTable, found: &mut Found) {
    let mut rest = &text[at + separator..];
    for _ in 0..4 {
        let [b'|' | b'&' | b';', tail @ ..] = blanks(rest) else {
            break;
        };
        rest = tail;
    }
    // `$(`, a back quote and `(` may follow a separator.
    let rest = blanks(rest);
    let rest = rest.strip_prefix(b"(").unwrap_or(rest);
    match judge(rest, programs) {
        2 => {
            let size = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let bare = size == rest.trim_ascii_end().len();
            let lead = &text[..at];
            let doubtful = match text[at] {
                // A line of a message that happens to be a program's name.
                b'\n' | b'\r' => {
                    at > 0 && text.len() > 24 && rest.get(size).is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
                }
                // "ir & ver", `x&ps`: two words joined, as titles and passwords have them.
                b'&' => {
                    bare && size < 5
                        && lead.iter().any(u8::is_ascii_alphabetic)
                        && !matches!(lead.last(), Some(b'&' | b'|'))
                }
                _ => false,
            };
            found.add(if doubtful { CmdHint } else { CmdChain });
        }
        1 => {
            let echo =
                rest.starts_with(b"echo ") && (matches!(text[at], b';' | b'|') || at > 0 && text[at - 1] == b'&');
            let first = text[..at].iter().all(|byte| byte.is_ascii_punctuation() || *byte <= b' ');
            found.add(if first || echo { CmdChain } else { CmdHint });
        }
        _ => {}
    }
}

fn backquote(text: &[u8], at: usize, programs: &WordTable, found: &mut Found) {
    let Some(end) = memchr::memchr(b'`', &text[at + 1..text.len().min(at + 257)]) else {
        return;
    };
    let inside = &text[at + 1..at + 1 + end];
    let before = if at == 0 { b';' } else { text[at - 1] };
    let sure = judge(inside, programs);
    if sure == 2 || (sure == 1 && (at < 3 || matches!(before, b';' | b'|' | b'&' | b'=' | b'(' | b'"' | b'\''))) {
        // In prose, `ls` in back quotes stands after a space.
        found.add(if before == b' ' && text[..at].iter().any(u8::is_ascii_alphabetic) {
            CmdHint
        } else {
            CmdSubstitution
        });
    }
}

fn dollar(text: &[u8], at: usize, programs: &WordTable, found: &mut Found) {
    let rest = &text[at + 1..text.len().min(at + 257)];
    if let Some(inside) = rest.strip_prefix(b"((") {
        if inside.first().is_some_and(u8::is_ascii_digit) && has(inside, b"))") {
            found.add(CmdSubstitution);
        }
    } else if let Some(inside) = rest.strip_prefix(b"(")
        && inside.contains(&b')')
        && judge(inside, programs) >= 1
    {
        found.add(CmdSubstitution);
    }
}

/// The value itself is a command line.
fn start(value: &Value<'_>, programs: &WordTable, found: &mut Found) {
    if !value.any(b"/-:\\%.'$") {
        return; // no argument of a command's shape
    }
    let text = trim(value.text);
    // 'false', 'uname': a program's name in quotes and nothing else tests how the quotes are treated.
    if let Some(inside) = text.strip_prefix(b"'").and_then(|rest| rest.strip_suffix(b"'"))
        && (matches!(inside, b"true" | b"false") || (inside.len() > 3 && programs.get(inside) == Some(0)))
    {
        found.add(CmdCall);
        return;
    }
    let text = text.strip_prefix(b"\"").or_else(|| text.strip_prefix(b"'")).unwrap_or(text);
    if path_of_program(text) && text.len() > 6 {
        found.add(CmdPath);
        return;
    }
    let (name, length, end) = command(text);
    let Some(meaning) = programs.get(&name[..length]) else {
        return;
    };
    let after = &text[end..];
    if after.is_empty() || !(after[0] <= b' ' || after[0] == b'+') {
        return;
    }
    let arguments = blanks(after);
    if runs(&name[..length], arguments) {
        found.add(CmdCall);
        return;
    }
    let absolute = matches!(arguments, [b'/', b'a'..=b'z', ..] | [b'a'..=b'z', b':', ..]);
    let flag = matches!(arguments, [b'-', b'a'..=b'z', ..]);
    let address = arguments.split(|&byte| byte == b'.').count() == 4
        && arguments.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let remote = address || has(arguments, b"http://") || has(arguments, b"https://");
    // A flag then a number or an address: `ping -c 3 127.0.0.1`; `cat /etc/…`; `wget http://…`.
    if absolute && (meaning == 1 || !remote)
        || (meaning == 0 && (flag || remote))
        || (flag && shaped_after_flag(arguments))
    {
        found.add(CmdCall);
    }
}

/// Whether a shell or an interpreter is given code to run: `bash -c "…"`, `python3 -c '…'`, `php -r …`.
fn runs(name: &[u8], arguments: &[u8]) -> bool {
    let kind: &[u8] = match name {
        b"sh" | b"bash" | b"dash" | b"zsh" | b"ksh" | b"csh" | b"tcsh" | b"ash" | b"fish" | b"busybox" | b"su" => b"sh",
        b"pwsh" | b"powershell" => b"powershell",
        b"perl" | b"ruby" | b"php" | b"node" | b"lua" => b"perl",
        _ if name.starts_with(b"python") => b"python",
        _ => name,
    };
    let Some((_, flags)) = RUNS.iter().find(|(known, _)| *known == kind) else { return false };
    let end = arguments.iter().position(|&byte| byte <= b' ' || byte == b'+').unwrap_or(arguments.len());
    // What people write of it (`python -c is …`) has none of code's signs.
    let code = |byte: &u8| matches!(byte, b'\'' | b'"' | b'(' | b';' | b'=' | b'/' | b'$' | b'|' | b'<' | b'>' | b'`');
    flags.contains(&&arguments[..end]) && arguments[end..].iter().any(code)
}

fn shaped_after_flag(arguments: &[u8]) -> bool {
    let mut words = arguments.split(|&byte| byte <= b' ' || byte == b'+').filter(|word| !word.is_empty());
    words.next();
    words.next().is_some_and(|word| word[0].is_ascii_digit() || word.contains(&b'/') || word[0] == b'-')
}

fn code(value: &Value<'_>, found: &mut Found) {
    // Each call is named right before its parenthesis: look there instead of searching for every name.
    for open in memchr::memchr_iter(b'(', value.text).take(32) {
        let argument = value.text.get(open + 1);
        let quoted = matches!(argument, Some(b'\'' | b'"' | b'$' | b'`'));
        if variable(value.text, open) {
            found.add(CmdCode);
            return;
        }
        let Some((name, from)) = called(value.text, open) else { continue };
        let indirect = from + name.len() < open;
        let told = quoted || from == 0;
        let evaluated = name == b"eval" && (value.any(b"$") || value.has(b"base64") || value.has(b"chr("));
        if CODE_ALONE.contains(&name)
            || (CODE.contains(&name) && (told || indirect))
            || name.starts_with(b"call_user_func")
            || (name == b"phpinfo" && argument == Some(&b')'))
            || evaluated
        {
            found.add(CmdCode);
            return;
        }
    }
    // What is called stands in a list: `['system'][0]('id')`.
    if value.any(b"]") && listed(value.text) {
        found.add(CmdCode);
    }
    // A marker's hash computed by the server proves to a scanner that its code ran.
    if value.has(b"(md5(") {
        found.add(CmdCode);
    }
}

/// Whether a function that runs commands is called out of a list.
fn listed(text: &[u8]) -> bool {
    memchr::memchr_iter(b'(', text).take(32).any(|open| {
        let before = text[..open].trim_ascii_end();
        let Some(list) = before.strip_suffix(b"]").or_else(|| before.strip_suffix(b"}")) else { return false };
        let list = &list[list.len().saturating_sub(64)..];
        let Some(from) = memchr::memchr(b'[', list) else { return false };
        let name = list[from + 1..].trim_ascii_start();
        let name = name.strip_prefix(b"'").or_else(|| name.strip_prefix(b"\"")).unwrap_or(name);
        let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(name.len());
        CODE.contains(&&name[..end])
    })
}

/// PHP's own variables, one of them asked for: `$_server['x']`.
fn superglobal(text: &[u8]) -> bool {
    const NAMES: [&[u8]; 8] = [b"get", b"post", b"request", b"server", b"cookie", b"files", b"session", b"env"];
    memchr::memmem::find_iter(text, b"$_").take(16).any(|at| {
        let rest = &text[at + 2..];
        NAMES.iter().any(|name| rest.strip_prefix(*name).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"[")))
    })
}

/// Whether what a variable names is called, as PHP allows: `${'a'}(1)`, `$x[_]{_}(1)`, `$f(1).$f(2)`.
fn variable(text: &[u8], open: usize) -> bool {
    let part = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'{' | b'}' | b'[' | b']' | b'\'' | b'@' | b'$')
    };
    let from = open - text[..open].iter().rev().take(64).take_while(|byte| part(byte)).count();
    let Some(name) = text[from..open].strip_prefix(b"$") else { return false };
    let indexed = name.len() > 2 && matches!(name.last(), Some(b'}' | b']'));
    let joined = name.first().is_some_and(u8::is_ascii_lowercase) && text[..from].ends_with(b").");
    indexed || joined
}

/// The name that is called at a parenthesis, and where it begins: `name(`, and, as PHP allows, `(name)(`, `'name'(`.
fn called(text: &[u8], open: usize) -> Option<(&[u8], usize)> {
    let wrapped =
        text[..open].iter().rev().take(4).take_while(|byte| matches!(byte, b')' | b'\'' | b'"' | b']')).count();
    let mut end = open - wrapped;
    // PHP lets blanks stand between; so does prose, which does not begin with the name.
    let named = text[..end].trim_ascii_end();
    if named.len() < end && named.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        end = named.len();
    }
    let from = text[..end]
        .iter()
        .rposition(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'))
        .map_or(0, |before| before + 1);
    let before = if from == 0 { b' ' } else { text[from - 1] };
    // `-system(` is a word with a hyphen; `ecosystem(` is another word altogether.
    if from == end || before == b'-' || wrapped > 0 && !matches!(before, b'(' | b'\'' | b'"' | b'[') {
        return None;
    }
    Some((&text[from..end], from))
}
