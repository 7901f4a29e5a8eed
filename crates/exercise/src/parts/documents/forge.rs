//! What whoever leaks does to papers: changes what they say or show, changes what they say of themselves, makes up others.

use super::package::Properties;
use super::papers::{Content, Paper, sentence};
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// How a forgery is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A figure of a note is another.
    Word,
    /// A paragraph more.
    PutIn,
    /// A paragraph less.
    TakenOut,
    /// A number of a budget is another.
    Cell,
    /// A line of minutes is another.
    Page,
    /// A part of a poster is painted over.
    Painted,
    /// What a note says of its author and its days is another; the text is not.
    Metadata,
    /// A note that nobody wrote, whose dates contradict one another.
    MadeUp,
    /// A sentence put into a letter behind its signature.
    Letter,
    /// A letter that nobody wrote.
    LetterMadeUp,
}

impl How {
    /// All that are made of papers.
    pub(super) const PAPERS: [How; 8] =
        [How::Word, How::PutIn, How::TakenOut, How::Cell, How::Page, How::Painted, How::Metadata, How::MadeUp];

    /// What is forged so.
    pub(super) fn of(self) -> &'static str {
        match self {
            How::Cell => "budget",
            How::Page => "minutes",
            How::Painted => "poster",
            _ => "note",
        }
    }

    /// Whether the content is another, not merely its description.
    pub fn alters(self) -> bool {
        !matches!(self, How::Metadata | How::MadeUp | How::LetterMadeUp)
    }
}

/// Another number in a text that has one; else a word more.
fn other_figure(text: &str, random: &mut Random) -> String {
    let at = text.char_indices().find(|(_, c)| ('1'..='8').contains(c));
    match at {
        Some((n, c)) => {
            let digit = c.to_digit(10).unwrap_or(1) + 1;
            format!("{}{digit}{}", &text[..n], &text[n + c.len_utf8()..])
        }
        None => format!("{text} {}", sentence(random)),
    }
}

/// Whoever edits, when, and how far his clock is ahead of UTC.
pub(super) struct Editor {
    pub(super) name: String,
    pub(super) at: i64,
    pub(super) offset: i64,
}

/// A forgery of a paper. Who saves it leaves his name and hour, and in a note the tracked change.
pub(super) fn forge(paper: &Paper, how: How, editor: &Editor, random: &mut Random) -> Paper {
    let mut forged = paper.clone();
    let minute = editor.at / 60 * 60;
    if !matches!(how, How::Metadata | How::Painted) {
        forged.said = Properties { saved_by: editor.name.clone(), modified: minute, ..paper.said.clone() };
    }
    match (&mut forged.content, how) {
        (Content::Note(all), How::Word) => {
            let last = all.len() - 1;
            all[last] = other_figure(&all[last], random);
            forged.said.tracked = Some((editor.name.clone(), editor.offset));
        }
        (Content::Note(all), How::PutIn) => {
            all.insert(all.len() / 2, "Le financement passera par le compte aux Bahamas, sans trace écrite.".into());
        }
        (Content::Note(all), How::TakenOut) => drop(all.remove(all.len() / 2)),
        (Content::Budget(rows), How::Cell) => {
            let row = random.range(1, rows.len() as u64 - 1) as usize;
            let value: u64 = rows[row][2].parse().unwrap_or(0);
            rows[row][2] = (value + 17_000).to_string();
        }
        (Content::Minutes(lines), How::Page) => {
            let last = lines.len() - 1;
            lines[last] = other_figure(&lines[last], random);
        }
        (Content::Poster(width, pixels), How::Painted) => {
            let height = pixels.len() / *width;
            let (x, y) = (random.below(*width as u64 / 2) as usize, random.below(height as u64 / 2) as usize);
            for row in y..y + height / 4 {
                pixels[row * *width + x..row * *width + x + *width / 3].fill(250);
            }
        }
        (Content::Note(_), How::Metadata) => {
            forged.said.author = editor.name.clone();
            forged.said.created = paper.said.created - random.range(200, 400) as i64 * 86_400;
        }
        (Content::Note(all), How::MadeUp) => {
            *all = vec![
                "Note confidentielle".into(),
                sentence(random),
                "À détruire après lecture : le compte est aux Bahamas.".into(),
            ];
            forged.said.created = minute + 3 * 86_400;
            forged.said.root = random.bits() as u32 | 0x10;
            forged.name = format!("notes/{:03}-confidentiel.docx", 900 + random.below(90));
        }
        _ => {}
    }
    forged
}
