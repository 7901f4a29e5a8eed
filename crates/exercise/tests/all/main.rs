//! What examiners rely on: same seed, same bytes; the truth is true of the evidence; findings are held against it; wrong
//! and hostile scenario files end in an error that says where. One binary, for linking is slow.

mod common;
mod count;
mod documents;
mod logs;
mod mail;
mod names;
mod posts;
mod reach;
mod scenario;
mod sign_in;
mod windows_event;
