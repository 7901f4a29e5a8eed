//! Shortcuts: where they lead and with which arguments (`.lnk`, MS-SHLLINK; `.url`).
//!
//! You may rely on: bounded text, whatever lengths the file claims. Left out: targets that stand in the item list alone
//! but for the names in it; icons.

/// Most characters of a command.
const LONGEST: usize = 1_000;

/// What a shortcut would run: target and arguments.
pub fn command(bytes: &[u8]) -> Option<String> {
    let flags = word(bytes, 20)?;
    let has = |bit: u32| flags >> bit & 1 == 1;
    let mut at = 76;
    let mut target = None;
    if has(0) {
        let list = bytes.get(at + 2..)?;
        target = names(list.get(..usize::from(short(bytes, at)?)).unwrap_or(list));
        at += 2 + usize::from(short(bytes, at)?);
    }
    if has(1) {
        let length = word(bytes, at)? as usize;
        let info = bytes.get(at..at.checked_add(length)?.min(bytes.len()))?;
        target = located(info).or(target);
        at += length;
    }
    let mut texts: [Option<String>; 5] = Default::default();
    for (n, text) in texts.iter_mut().enumerate() {
        if has(2 + n as u32) {
            let Some(count) = short(bytes, at).map(usize::from) else { break };
            let length = if has(7) { 2 * count } else { count };
            let raw = bytes.get(at + 2..(at + 2 + length).min(bytes.len())).unwrap_or_default();
            *text = Some(if has(7) { wide(raw) } else { narrow(raw) }).filter(|t| !t.is_empty());
            at += 2 + length;
        }
    }
    let [_, relative, _, arguments, _] = texts;
    let target = target.or_else(|| variable(bytes.get(at..)?)).or(relative);
    let command = match (target, arguments) {
        (Some(target), Some(arguments)) => format!("{target} {arguments}"),
        (target, arguments) => target.or(arguments)?,
    };
    // Blanks in front of arguments are there to hide them.
    let command: Vec<&str> = command.split_whitespace().collect();
    Some(command.join(" ").chars().take(LONGEST).collect())
}

/// LinkInfo: the path on a disk or in a network.
fn located(info: &[u8]) -> Option<String> {
    let text = |at: usize, kind: fn(&[u8]) -> String| -> Option<String> {
        let at = word(info, at)? as usize;
        Some(kind(info.get(at..).filter(|_| at > 0)?)).filter(|t| !t.is_empty())
    };
    let wider = word(info, 4)? >= 0x24;
    let base = text(28, wide).filter(|_| wider).or_else(|| text(16, narrow));
    let base = base.or_else(|| {
        let network = info.get(word(info, 20)? as usize..)?;
        Some(narrow(network.get(word(network, 8)? as usize..)?) + "\\").filter(|t| t.len() > 1)
    })?;
    let rest = text(32, wide).filter(|_| wider).or_else(|| text(24, narrow)).unwrap_or_default();
    Some(base + &rest)
}

/// The names in an item list: short names of files and folders, as they stand.
fn names(mut list: &[u8]) -> Option<String> {
    let mut path = Vec::new();
    while let Some(size) = short(list, 0).map(usize::from).filter(|s| *s > 2) {
        let item = list.get(2..size).unwrap_or_default();
        match item.first() {
            // A volume, and a file or a folder.
            Some(0x20..=0x2f) => path.push(narrow(item.get(1..).unwrap_or_default())),
            Some(0x30..=0x3f) => {
                let name = item.get(12..).unwrap_or_default();
                path.push(if item[0] & 4 != 0 { wide(name) } else { narrow(name) });
            }
            _ => {}
        }
        list = list.get(size..).unwrap_or_default();
        if path.len() > 30 {
            break;
        }
    }
    path.retain(|p| !p.is_empty());
    (!path.is_empty()).then(|| path.join("\\").replace("\\\\", "\\"))
}

/// EnvironmentVariableDataBlock: a path with variables.
fn variable(extra: &[u8]) -> Option<String> {
    let at = memchr::memmem::find(extra, &0xa000_0001u32.to_le_bytes())?;
    let found = extra.get(at + 264..).map(wide).filter(|t| !t.is_empty());
    found.or_else(|| extra.get(at + 4..).map(narrow)).filter(|t| !t.is_empty())
}

fn narrow(bytes: &[u8]) -> String {
    clean(bytes.iter().take(2 * LONGEST).map(|b| char::from(*b)))
}

fn wide(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).take(2 * LONGEST).map(|p| u16::from_le_bytes([p[0], p[1]]));
    clean(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)))
}

fn clean(text: impl Iterator<Item = char>) -> String {
    text.take_while(|c| *c != '\0').map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shortcut: its flags, and what follows its head.
    pub fn shortcut(flags: u32, rest: &[&[u8]]) -> Vec<u8> {
        let mut out = vec![0; 76];
        out[..8].copy_from_slice(b"\x4c\0\0\0\x01\x14\x02\0");
        out[20..24].copy_from_slice(&flags.to_le_bytes());
        out.extend(rest.concat());
        out
    }

    fn string(text: &str) -> Vec<u8> {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&(text.encode_utf16().count() as u16).to_le_bytes()[..], &units].concat()
    }

    #[test]
    fn targets_and_arguments_are_told() {
        let check = |flags: u32, rest: &[&[u8]], expected: Option<&str>| {
            assert_eq!(command(&shortcut(flags, rest)).as_deref(), expected);
        };
        let mut info = vec![0; 28];
        info[0] = 28 + 19;
        info[4] = 28;
        info[16] = 28;
        info[24] = 28 + 18;
        info.extend(b"C:\\Windows\\cmd.exe\0\0");
        info[0] = info.len() as u8;
        let arguments = string("    /c echo Vigie");
        check(0x2 | 0x20 | 0x80, &[&info, &arguments], Some("C:\\Windows\\cmd.exe /c echo Vigie"));
        check(0x8 | 0x80, &[&string("..\\notes.txt")], Some("..\\notes.txt"));
        let mut block = vec![0; 0x314];
        block[4..8].copy_from_slice(&0xa000_0001u32.to_le_bytes());
        block[8..17].copy_from_slice(b"%X%\\a.exe");
        check(0, &[&block], Some("%X%\\a.exe"));
        check(0, &[], None);
        check(0xff, &[&[0xff; 40]], None);
        let whole = shortcut(0xff, &[&[2, 0, 0, 0], &info, &arguments]);
        (0..whole.len()).for_each(|n| drop(command(&whole[..n])));
    }
}
