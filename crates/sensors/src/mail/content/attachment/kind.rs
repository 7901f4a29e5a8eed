//! What a file is, by its bytes before its name, and what a name pretends.

/// What a file would do when opened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A program, or what installs one.
    Program,
    /// Text that a computer runs.
    Script,
    /// A shortcut to something else.
    Shortcut,
    /// A disk.
    DiskImage,
    /// An Office document of zip and XML.
    Ooxml,
    /// An Office document or another compound file.
    Ole,
    /// Rich text.
    Rtf,
    /// PDF.
    Pdf,
    /// HTML.
    Html,
    /// A drawing in XML.
    Svg,
    /// A zip archive.
    Zip,
    /// Another archive.
    Archive,
    /// One compressed file.
    Compressed,
    /// OneNote.
    OneNote,
    /// Compiled help.
    Help,
    /// A calendar entry.
    Calendar,
    /// A profile that sets up a device of Apple's.
    Profile,
    /// A picture.
    Image,
    /// Something else.
    Other,
}

/// Extensions of what is run when opened (also listed by Microsoft as blocked in Outlook).
const PROGRAMS: &[&str] = &[
    "exe",
    "scr",
    "pif",
    "com",
    "cpl",
    "dll",
    "msi",
    "msp",
    "msix",
    "appx",
    "appxbundle",
    "msixbundle",
    "application",
    "gadget",
    "jar",
    "apk",
    "dmg",
    "pkg",
    "deb",
    "rpm",
    "xll",
    "wll",
    "ppam",
    "xlam",
    "sys",
    "ocx",
    "app",
    "appinstaller",
    "msc",
    "jnlp",
    "vsix",
    "vsto",
];
const SCRIPTS: &[&str] = &[
    "js",
    "jse",
    "vbs",
    "vbe",
    "wsf",
    "wsh",
    "wsc",
    "hta",
    "ps1",
    "psm1",
    "bat",
    "cmd",
    "sh",
    "sct",
    "scf",
    "reg",
    "inf",
    "py",
    "pyw",
    "pl",
    "vb",
    "ahk",
    "au3",
    "applescript",
    "command",
    "action",
    "workflow",
    "mht",
    "mhtml",
    "chm",
    "diagcab",
    "settingcontent-ms",
    "library-ms",
    "search-ms",
    "iqy",
    "slk",
    "rdp",
    "theme",
    "themepack",
    "deskthemepack",
    "ps1xml",
    "scpt",
    "scptd",
];
const SHORTCUTS: &[&str] = &["lnk", "url", "webloc", "desktop", "website"];
pub const DISKS: &[&str] = &["iso", "img", "vhd", "vhdx", "udf", "daa", "vmdk"];
/// Extensions people trust.
const DOCUMENTS: &[&str] = &[
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "gif", "txt", "csv", "mp3", "mp4", "wav",
    "rtf", "odt",
];

/// The last extension of a name, lower case.
pub fn extension(name: &str) -> String {
    let trimmed = name.trim_end_matches(['.', ' ', '\0']);
    trimmed.rsplit_once('.').map_or(String::new(), |(_, e)| e.trim().to_ascii_lowercase())
}

/// What a file is: by content, then by name.
pub fn kind(bytes: &[u8], name: &str) -> Kind {
    let e = extension(name);
    let e = e.as_str();
    let has = |what: &[u8]| bytes.starts_with(what);
    let head = bytes.get(..2048).unwrap_or(bytes);
    let lower: Vec<u8> = head.iter().map(u8::to_ascii_lowercase).collect();
    let within = |what: &[u8]| memchr::memmem::find(&lower, what).is_some();
    match () {
        () if has(b"MZ")
            || has(b"\x7fELF")
            || has(b"\xca\xfe\xba\xbe")
            || has(b"\xcf\xfa\xed\xfe")
            || has(b"\xce\xfa\xed\xfe") =>
        {
            Kind::Program
        }
        () if has(b"\x4c\0\0\0\x01\x14\x02\0") => Kind::Shortcut,
        () if has(b"PK\x03\x04") || has(b"PK\x05\x06") => match () {
            () if matches!(e, "jar" | "apk" | "msix" | "appx") => Kind::Program,
            () if formats::zip::directory(&bytes, bytes.len() as u64, super::MEMBERS)
                .is_some_and(|z| z.members.iter().any(|m| m.name == "[Content_Types].xml")) =>
            {
                Kind::Ooxml
            }
            () => Kind::Zip,
        },
        // A cabinet by its bytes, and run by its name.
        () if has(b"MSCF") && e == "diagcab" => Kind::Script,
        () if has(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => {
            if matches!(e, "msi" | "msp") {
                Kind::Program
            } else {
                Kind::Ole
            }
        }
        () if has(b"{\\rt") => Kind::Rtf,
        () if memchr::memmem::find(bytes.get(..1024).unwrap_or(bytes), b"%PDF-").is_some() => Kind::Pdf,
        () if has(b"Rar!\x1a\x07")
            || has(b"7z\xbc\xaf\x27\x1c")
            || has(b"MSCF")
            || bytes.get(7..14) == Some(b"**ACE**")
            || bytes.get(257..262) == Some(b"ustar")
            || has(b"`\xea") =>
        {
            Kind::Archive
        }
        () if has(b"\x1f\x8b") || has(b"BZh") || has(b"\xfd7zXZ\0") || has(b"\x28\xb5\x2f\xfd") => Kind::Compressed,
        () if bytes.get(0x8001..0x8006) == Some(b"CD001")
            || bytes.get(0x8001..0x8006) == Some(b"BEA01")
            || has(b"vhdxfile")
            || has(b"conectix")
            || bytes.len() > 512 && bytes.get(bytes.len() - 512..).is_some_and(|t| t.starts_with(b"conectix")) =>
        {
            Kind::DiskImage
        }
        () if has(b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d") => Kind::OneNote,
        () if has(b"ITSF") => Kind::Help,
        () if has(b"\x89PNG")
            || has(b"\xff\xd8\xff")
            || has(b"GIF8")
            || has(b"BM") && e == "bmp"
            || has(b"RIFF")
            || has(b"II*\0")
            || has(b"MM\0*") =>
        {
            Kind::Image
        }
        () if PROGRAMS.contains(&e) => Kind::Program,
        () if SHORTCUTS.contains(&e) || has(b"[InternetShortcut]") => Kind::Shortcut,
        () if SCRIPTS.contains(&e) => Kind::Script,
        // Two of these names other programs use as well.
        () if DISKS.contains(&e) && (bytes.len() > 1024 || !matches!(e, "img" | "udf")) => Kind::DiskImage,
        () if e == "mobileconfig" || within(b"<plist") && within(b"payloadtype") => Kind::Profile,
        () if within(b"begin:vcalendar") => Kind::Calendar,
        () if within(b"<svg") && !within(b"<html") || matches!(e, "svg" | "svgz") => Kind::Svg,
        () if matches!(e, "htm" | "html" | "xhtml" | "shtml" | "xht")
            || within(b"<!doctype html")
            || within(b"<html")
            || within(b"<script") =>
        {
            Kind::Html
        }
        () if has(b"#!") || within(b"wscript.") || within(b"createobject(") || within(b"powershell ") => Kind::Script,
        () if e == "one" => Kind::OneNote,
        () => Kind::Other,
    }
}

/// What a name hides: a second extension, letters that turn the direction of writing, blanks before the end.
pub fn disguise(name: &str, kind: Kind) -> Option<&'static str> {
    if name.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        return Some("direction of writing");
    }
    let e = extension(name);
    let runs = matches!(kind, Kind::Program | Kind::Script | Kind::Shortcut | Kind::DiskImage);
    let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
    if stem.ends_with("     ") {
        return Some("blanks");
    }
    if runs && DOCUMENTS.contains(&extension(stem).as_str()) {
        return Some("two extensions");
    }
    (DOCUMENTS.contains(&e.as_str()) && (runs || kind == Kind::Html && e != "txt" && e != "doc" && e != "xls"))
        .then_some("type")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_go_by_content_and_disguises_are_told() {
        assert_eq!(kind(b"MZ\x90\0", "a.pdf"), Kind::Program);
        assert_eq!(kind(b"%PDF-1.4", "a.exe"), Kind::Pdf);
        assert_eq!(kind(b"WScript.Echo 1", "a.txt"), Kind::Script);
        assert_eq!(kind(b"plain", "a.txt"), Kind::Other);
        assert_eq!(disguise("invoice.pdf.exe", Kind::Program), Some("two extensions"));
        assert_eq!(disguise("invoice\u{202e}fdp.exe", Kind::Program), Some("direction of writing"));
        assert_eq!(disguise("invoice.pdf", Kind::Program), Some("type"));
        assert_eq!(disguise("invoice.pdf        .exe", Kind::Program), Some("blanks"));
        assert_eq!(disguise("invoice.v2.pdf", Kind::Pdf), None);
    }
}
