//! What the crate promises, against real counterparts on this machine; no other address is ever asked.

mod ct;
mod dns;
mod log;
mod nginx;
mod rdap;
mod server;
mod site;
mod unbound;
