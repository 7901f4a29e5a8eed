//! `prove --pack`: a folder that a journalist can check with nothing installed.

use super::{File, Work, write};
use crate::commands::Outcome;
use crate::output::{Out, say};
use model::{Error, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the documents in it; the page leads there.
const DOCUMENTS: &str = "./documents";
const READ_ME: &str = include_str!("read_me.txt");

/// Makes the folder.
pub fn pack(work: &Work, out: &mut Out) -> Result<Outcome> {
    let home = work.args.place.home();
    let folder = work.args.output.clone().unwrap_or_else(|| PathBuf::from("press-pack"));
    if fs::read_dir(&folder).is_ok_and(|mut d| d.next().is_some()) {
        return Err(Error::new(format!("`{}` is not empty", folder.display())).hint("name another folder with `-o`"));
    }
    crate::commands::filled(&folder, || fill(work, &home, &folder, out))
}

fn fill(work: &Work, home: &Path, folder: &Path, out: &mut Out) -> Result<Outcome> {
    let made = |e| Error::new(format!("could not make `{}`", folder.display())).because(e);
    fs::create_dir_all(folder.join(DOCUMENTS)).map_err(made)?;
    let (mut names, mut outcome) = (BTreeSet::new(), Outcome::Done);
    for path in &work.args.files {
        let file = File::read(path, work.configured, work.now)?;
        let (mut name, mut n) = (file.name(), 1);
        while !names.insert(name.clone()) {
            n += 1;
            name = format!("{n}-{}", file.name());
        }
        let copy = folder.join(DOCUMENTS).join(&name);
        let proof = folder.join(DOCUMENTS).join(format!("{name}.tlog-proof"));
        match work.whole(&file, &proof, out)? {
            Outcome::Done => drop(fs::copy(path, &copy).map_err(made)?),
            other => outcome = other,
        }
        // Of a copy that was saved again the text is proved: a verifier without Vigie needs it as text.
        let proved = fs::read(&proof).ok().and_then(|p| proofs::Proof::parse(&p).ok());
        let extra = proved.and_then(|p| proofs::seal::Extra::parse(&p.extra?).ok());
        if let (Some(parts), true) = (&file.parts, extra.is_some_and(|e| e.opening.kind.is_text())) {
            write(&folder.join(DOCUMENTS).join(format!("{name}.txt")), parts.text().as_bytes())?;
            fs::rename(&proof, folder.join(DOCUMENTS).join(format!("{name}.txt.tlog-proof"))).map_err(made)?;
        }
    }
    let key =
        fs::read(home.join("verifier.key")).map_err(|e| Error::new("the log has no `verifier.key`").because(e))?;
    write(&folder.join("verifier.key"), &key)?;
    write(&folder.join("verify.py"), proofs::PYTHON.as_bytes())?;
    write(&folder.join("verify.html"), proofs::PAGE.as_bytes())?;
    let head = format!("{}\n", proofs::vkey::head_line(&work.archive.head));
    write(&folder.join("head.txt"), head.as_bytes())?;
    write(&folder.join("README.txt"), READ_ME.as_bytes())?;
    say(
        work.style,
        format!(
            "`{}` is ready; give the key by another way too: whoever can change the folder can change it there",
            folder.display()
        ),
        format!(
            "« {} » est prêt ; donnez aussi la clé par une autre voie : qui peut modifier le dossier peut l’y modifier",
            folder.display()
        ),
    );
    Ok(outcome)
}
