//! What is fuzzed: each target takes bytes and asserts what must hold of them, whatever they are.
//!
//! You may rely on: every sensor has a target that goes from bytes to findings, every nested format one of its own, and
//! what `fuzz/corpus` keeps goes through all of them in the tests here, without a fuzzer. Left out: the fuzzer
//! (`fuzz/`, no member of the workspace); what only our own processes say to each other.

mod formats;
mod kernels;
mod made;
mod others;
mod readers;

/// A target: its name, what must hold, and the trial of it.
pub type Target = (&'static str, &'static str, fn(&[u8]));

/// All of them. To add one: its line here.
pub const TARGETS: &[Target] = &[
    ("read", "what lies in any bytes, through the surest readers and every detector: no panic, no error", readers::any),
    ("reader_web_log", "any bytes as a web log, to findings", |b| readers::one("web_log", b)),
    ("reader_auth_log", "any bytes as a login log, to findings", |b| readers::one("auth_log", b)),
    ("reader_names", "any bytes as evidence of names, to findings", |b| readers::one("names", b)),
    ("reader_mail", "any bytes as mail, to findings", |b| readers::one("mail", b)),
    ("reader_posts", "any bytes behind the beginning of each platform's export, to findings", readers::posts),
    ("reader_station_minutes", "any bytes as counts, to findings", |b| readers::one("station_minutes", b)),
    ("reader_reach", "any bytes as what a probe met, to findings", |b| readers::one("reach", b)),
    ("reader_documents", "any bytes as a document, to findings", |b| readers::one("documents", b)),
    ("reader_sign_in", "any bytes as an export of sign-ins, to findings", |b| readers::one("sign_in", b)),
    ("reader_windows_event", "any bytes as a Windows event log, to findings", |b| readers::one("windows_event", b)),
    ("reader_sigma", "any bytes as what rules told, to findings", |b| readers::one("sigma", b)),
    ("split", "any web log cut at any line end: the same attempts", readers::split),
    ("classify", "any request: no panic, the same verdict twice", kernels::classify),
    ("names", "any bytes as names: the same judgement in new room as in used", kernels::names),
    ("text", "any lines as texts: the same copies in any order of them", kernels::text),
    ("shares", "any bytes as a file of posts, into network and groups: no panic, no error", kernels::shares),
    ("authentication", "any message with any records: the same verdicts twice", kernels::authentication),
    ("message", "any bytes as a message or a part of one: no more parts than the bound", kernels::message),
    ("recount", "any table, learnt and counted: no panic", kernels::recount),
    ("sigma", "any rules: reading ends, and so does asking", kernels::sigma),
    (
        "meaning",
        "any bytes as a model that a user brings, and as its vectors: refused or read, the same twice",
        kernels::meaning,
    ),
    (
        "walk",
        "any bytes through archives within each other: no more than the budget, each file found again by its steps",
        formats::walk,
    ),
    ("zip", "any bytes behind a local header", formats::zip),
    ("tar", "any bytes behind a header of tar", formats::tar),
    ("seven", "any bytes as 7z", formats::seven),
    ("rar", "any bytes as RAR 3 and 5", formats::rar),
    ("cab", "any bytes as a cabinet", formats::cab),
    ("disk", "any bytes as the sectors of a disk", formats::disk),
    ("ole", "any bytes as a compound file, its macros and its workbook", formats::ole),
    ("pdf", "any bytes as PDF: its pages, its texts, its metadata", formats::pdf),
    ("rtf", "any bytes as RTF, packed and plain", formats::rtf),
    ("tiff", "any bytes as TIFF and as Exif", formats::tiff),
    ("evtx", "any bytes as a Windows event log: what it gives lies within them", formats::evtx),
    ("html", "any text as HTML", formats::html),
    ("xml", "any text as the main part of a document of Office or OpenDocument", formats::xml),
    ("about", "any bytes as a document: what it says of itself, its parts, its wording", formats::about),
    ("encoded", "any bytes in transfer encodings and charsets: never longer than asked for", formats::encoded),
    ("wrapped", "any bytes as lines that a container or a journal wraps", formats::wrapped),
    ("proof", "any bytes as proof, note, seal, key or policy: what is taken is written again as it was", others::proof),
    ("stamp", "any bytes as time stamps and certificates", others::stamp),
    ("law", "any bytes as a text to be published: a verdict or a refusal", others::law),
    ("site", "any answer of a site: its grade, privacy and dangers", others::site),
    ("pack", "any bytes as brought knowledge: what is taken is written and read again as the same", others::pack),
    ("made_mail", "messages made of choices: many parts, encodings, lies", made::mail),
    ("made_zip", "archives and documents of Office made of choices, their headers lying", made::zip),
    ("made_ole", "compound files made of choices", made::ole),
    ("made_pdf", "PDFs made of choices", made::pdf),
    ("made_csv", "tables made of choices, under heads that readers know", made::csv),
    ("made_json", "objects made of choices, with keys that readers know", made::json),
];

/// The trial of a target.
pub fn target(name: &str) -> Option<fn(&[u8])> {
    TARGETS.iter().find(|t| t.0 == name).map(|t| t.2)
}
