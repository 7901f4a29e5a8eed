//! Folders that leave this machine: synchronised to a cloud, or on somebody else's disk. A case is not encrypted, so whoever
//! makes one there is warned. Known by what these services themselves put into folders and how they name them; a service
//! that leaves no mark is not seen.

use std::fs;
use std::path::Path;

/// Names of folders that are synchronised as a whole: the beginning, and whose they are.
const NAMES: [(&str, &str); 14] = [
    ("Dropbox", "Dropbox"),
    ("OneDrive", "OneDrive"),
    ("Google Drive", "Google Drive"),
    ("GoogleDrive", "Google Drive"),
    ("My Drive", "Google Drive"),
    ("Mon Drive", "Google Drive"),
    ("CloudStorage", "macOS"),
    ("Mobile Documents", "iCloud"),
    ("Nextcloud", "Nextcloud"),
    ("ownCloud", "ownCloud"),
    ("MEGA", "MEGA"),
    ("pCloudDrive", "pCloud"),
    ("Proton Drive", "Proton Drive"),
    ("kDrive", "kDrive"),
];

/// What services put into the folder that they synchronise: the beginning of a name.
const MARKS: [(&str, &str); 9] = [
    (".dropbox", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".sync_", "Nextcloud"),
    (".nextcloudsync", "Nextcloud"),
    (".owncloudsync", "ownCloud"),
    (".tmp.drivedownload", "Google Drive"),
    (".tresorit", "Tresorit"),
    (".seafile-data", "Seafile"),
    (".SynologyWorkingDirectory", "Synology Drive"),
];

/// Who takes what stands in this folder to another machine, if anybody is known to.
pub fn by(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    for place in folder.ancestors() {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let named = NAMES.iter().find(|(known, _)| name.strip_prefix(known).is_some_and(ends_a_word));
        let inside = || fs::read_dir(place).into_iter().flatten().flatten().take(10_000);
        let marked = || {
            inside().find_map(|e| {
                let name = e.file_name();
                MARKS.iter().find(|(mark, _)| name.to_string_lossy().starts_with(mark))
            })
        };
        if let Some((_, service)) = named.or_else(marked) {
            return Some((*service).into());
        }
    }
    platform::away(&folder).map(str::to_string)
}

/// `OneDrive - Campaign` is OneDrive's, `Dropboxes` nobody's.
fn ends_a_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_clouds_are_known_by_name_and_by_mark() {
        let home = tempfile::tempdir().expect("a folder");
        let check = |made: &str, mark: Option<&str>, expected: Option<&str>| {
            let place = home.path().join(made);
            fs::create_dir_all(&place).expect("made");
            if let Some(mark) = mark {
                fs::create_dir_all(place.join(mark)).expect("made");
            }
            let case = place.join("a/case");
            fs::create_dir_all(&case).expect("made");
            assert_eq!(by(&case).as_deref(), expected, "{made}");
        };
        check("plain", None, None);
        check("Dropboxes", None, None);
        check("Dropbox (Personal)", None, Some("Dropbox"));
        check("OneDrive - Campaign", None, Some("OneDrive"));
        check("shared", Some(".stfolder"), Some("Syncthing"));
        check("work", Some(".sync_5f.db"), Some("Nextcloud"));
    }
}
