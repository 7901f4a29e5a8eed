//! What the first bytes of an attachment are, whatever its name and declaration say; and whether it is locked.
//!
//! You may rely on: looks at bounded places only. Left out: opening it (`content`).

use crate::archive;

/// The media type that the bytes show (IANA names where there are), or nothing.
pub fn media(bytes: &[u8]) -> &'static str {
    let at = |n: usize, what: &[u8]| bytes.get(n..).is_some_and(|b| b.starts_with(what));
    match bytes {
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => zip(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => "application/x-ole-storage",
        [b'M', b'Z', ..] => "application/vnd.microsoft.portable-executable",
        [0x7f, b'E', b'L', b'F', ..] => "application/x-elf",
        [0x1f, 0x8b, ..] => "application/gzip",
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => "application/x-bzip2",
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => "application/x-xz",
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => "application/x-7z-compressed",
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => "application/vnd.rar",
        [0x4c, 0, 0, 0, 1, 0x14, 2, 0, ..] => "application/x-ms-shortcut",
        [b'M', b'S', b'C', b'F', ..] => "application/vnd.ms-cab-compressed",
        [b'I', b'T', b'S', b'F', ..] => "application/vnd.ms-htmlhelp",
        [0xe4, 0x52, 0x5c, 0x7b, 0x8c, 0xd8, 0xa7, 0x4d, ..] => "application/onenote",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'B', b'M', ..] if at(6, &[0; 4]) => "image/bmp",
        [b'R', b'I', b'F', b'F', ..] if at(8, b"WEBP") => "image/webp",
        [b'I', b'I', 0x2a, 0, ..] | [b'M', b'M', 0, 0x2a, ..] => "image/tiff",
        [b'{', b'\\', b'r', b't', ..] => "application/rtf",
        [b'v', b'h', b'd', b'x', b'f', b'i', b'l', b'e', ..] => "application/x-vhdx",
        _ if bytes.starts_with(b"conectix") || vhd(bytes) => "application/x-vhd",
        _ if bytes.starts_with(b"!BDN") => "application/vnd.ms-outlook-pst",
        _ if at(0x8001, b"CD001") => "application/x-iso9660-image",
        _ if at(257, b"ustar") => "application/x-tar",
        _ if memchr::memmem::find(bytes.get(..1024).unwrap_or(bytes), b"%PDF-").is_some() => "application/pdf",
        _ => text(bytes),
    }
}

/// Whether it begins as no text does: by a mark that a program wrote, not by a line that somebody could have written into a log.
pub fn is_binary(head: &[u8]) -> bool {
    let told = match media(head) {
        "" | "application/xml" | "image/svg+xml" | "application/x-mswinurl" => false,
        media => !media.starts_with("text/"),
    };
    let begins = head.starts_with(b"%PDF-") || head.starts_with(b"{\\rtf");
    told && (begins || head.get(..512).unwrap_or(head).contains(&0))
}

fn vhd(bytes: &[u8]) -> bool {
    bytes.len().checked_sub(512).and_then(|n| bytes.get(n..)).is_some_and(|footer| footer.starts_with(b"conectix"))
}

/// Office and other formats that are ZIP archives, by their first members.
fn zip(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..8192).unwrap_or(bytes);
    let holds = |what: &[u8]| memchr::memmem::find(head, what).is_some();
    match () {
        _ if holds(b"mimetypeapplication/vnd.oasis.opendocument") => "application/vnd.oasis.opendocument",
        _ if holds(b"word/") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ if holds(b"xl/") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ if holds(b"ppt/") => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ if holds(b"AndroidManifest.xml") => "application/vnd.android.package-archive",
        _ if holds(b"META-INF/") => "application/java-archive",
        _ => "application/zip",
    }
}

fn text(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..1024).unwrap_or(bytes).trim_ascii_start();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).to_ascii_lowercase();
    let begins = |what: &[u8]| head.starts_with(what);
    match () {
        _ if begins(b"<!doctype html") || begins(b"<html") => "text/html",
        _ if begins(b"begin:vcalendar") => "text/calendar",
        _ if begins(b"begin:vcard") => "text/vcard",
        _ if memchr::memmem::find(&head, b"<svg").is_some() => "image/svg+xml",
        _ if memchr::memmem::find(&head, b"<html").is_some() => "text/html",
        _ if begins(b"<?xml") => "application/xml",
        _ if begins(b"[internetshortcut]") => "application/x-mswinurl",
        _ => "",
    }
}

/// Whether it cannot be opened without a password, as its head says: ZIP members, an encrypted Office file in OLE, a
/// PDF with `/Encrypt`, 7z and RAR by their headers.
pub fn encrypted(media: &str, bytes: &[u8]) -> bool {
    let utf16 = |text: &str| text.bytes().flat_map(|b| [b, 0]).collect::<Vec<u8>>();
    match media {
        "application/x-ole-storage" => memchr::memmem::find(bytes, &utf16("EncryptedPackage")).is_some(),
        "application/pdf" => memchr::memmem::find(bytes, b"/Encrypt").is_some(),
        "application/x-7z-compressed" | "application/vnd.rar" => archive::read(bytes).is_some_and(|a| a.locked),
        _ if bytes.starts_with(b"PK") => {
            let headers = memchr::memmem::find_iter(bytes, b"PK\x01\x02").take(1_000);
            let flags = headers.filter_map(|n| bytes.get(n + 8)).chain(bytes.get(6));
            flags.into_iter().any(|f| f & 1 == 1)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_bytes() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(media(bytes), expected);
        check(b"MZ\x90", "application/vnd.microsoft.portable-executable");
        check(b"\n%PDF-1.4", "application/pdf");
        check(b" <HTML>", "text/html");
        check(b"PK\x03\x04\0\0\0\0", "application/zip");
        check(b"", "");
        check(
            b"PK\x03\x04 word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        );
    }

    #[test]
    fn lines_are_no_binary() {
        assert!(
            is_binary(b"%PDF-1.4\n") && is_binary(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") && is_binary(b"PK\x03\x04\x14\0")
        );
        assert!(
            !is_binary(b"MZ is no name")
                && !is_binary(b"<html>")
                && !is_binary(b"GET /a.pdf %PDF-1.4\n")
                && !is_binary(b"\0\0\0")
        );
    }

    #[test]
    fn locks_are_told_by_flags() {
        assert!(encrypted("application/zip", b"PK\x03\x04\x14\0\x01\0"));
        assert!(!encrypted("application/zip", b"PK\x03\x04\x14\0\x00\0"));
        assert!(!encrypted("application/zip", b"PK"));
    }
}
