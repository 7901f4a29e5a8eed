//! Command injection: a program's name where a shell would look for one.
//!
//! A separator (`;`, `|`, `&`, a new line, a back quote, `$(`) followed by a known program is the sign.
//! Programs whose name is an ordinary word (`more`, `find`, `type`) need arguments of a command's shape.
//!
//! You may rely on: "cats & dogs", "a; b", "rock | folk" stay silent. Left out: programs not in the list.

use super::Engine::{CmdCall, CmdChain, CmdCode, CmdFormat, CmdHint, CmdIfs, CmdPath, CmdSubstitution};
use super::value::{Found, Value, has, trim};
use super::words::WordTable;

/// Functions of PHP, Python and Node that run commands, when called with text.
const CODE: [&[u8]; 6] = [b"system", b"exec", b"shell_exec", b"passthru", b"popen", b"assert"];
/// Functions whose call is proof by itself.
const CODE_ALONE: [&[u8]; 8] = [
    b"proc_open",
    b"pcntl_exec",
    b"base64_decode",
    b"file_put_contents",
    b"file_get_contents",
    b"execsync",
    b"__import__",
    b"shell_exec",
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
            b'\'' | b'"' | b'\\' | b'^'
                if length > 0
                    && rest.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || *next == rest[at]) => {}
            _ => break,
        }
        at += 1;
    }
    (name, length, at)
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
    if !value.any(b"/-:\\%.'") {
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

fn shaped_after_flag(arguments: &[u8]) -> bool {
    let mut words = arguments.split(|&byte| byte <= b' ' || byte == b'+').filter(|word| !word.is_empty());
    words.next();
    words.next().is_some_and(|word| word[0].is_ascii_digit() || word.contains(&b'/') || word[0] == b'-')
}

fn code(value: &Value<'_>, found: &mut Found) {
    // Each call is named right before its parenthesis: look there instead of searching for every name.
    for open in memchr::memchr_iter(b'(', value.text).take(32) {
        let from = value.text[..open]
            .iter()
            .rposition(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'))
            .map_or(0, |before| before + 1);
        let name = &value.text[from..open];
        // `-system(` is a word with a hyphen; `ecosystem(` is another word altogether.
        if name.is_empty() || (from > 0 && value.text[from - 1] == b'-') {
            continue;
        }
        let argument = value.text.get(open + 1);
        let told = matches!(argument, Some(b'\'' | b'"' | b'$' | b'`')) || from == 0;
        if CODE_ALONE.contains(&name)
            || (CODE.contains(&name) && told)
            || name.starts_with(b"call_user_func")
            || (name == b"phpinfo" && argument == Some(&b')'))
        {
            found.add(CmdCode);
            return;
        }
    }
    // A marker's hash computed by the server proves to a scanner that its code ran.
    if value.has(b"(md5(") || value.has(b"eval(") && (value.any(b"$") || value.has(b"base64")) {
        found.add(CmdCode);
    }
}
