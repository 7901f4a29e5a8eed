//! What is inside a message.
pub mod entities;
pub mod fold;
pub mod html;
pub mod style;
pub mod url;
pub mod words;
