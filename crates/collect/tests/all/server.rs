//! A web server on this machine, which says what a function says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// What is answered.
#[derive(Clone, Default)]
pub struct Said {
    /// The status.
    pub status: u16,
    /// Headers, each with its line end.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Said {
    /// With status 200.
    pub fn ok(body: impl Into<Vec<u8>>) -> Said {
        Said { status: 200, headers: String::new(), body: body.into() }
    }

    /// Not there.
    pub fn none() -> Said {
        Said { status: 404, ..Said::default() }
    }
}

/// Serves until the test ends; gives the base of its addresses.
pub fn serve(say: impl Fn(&str) -> Said + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let say = Arc::new(say);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let say = say.clone();
            std::thread::spawn(move || while one(&stream, &*say).is_some() {});
        }
    });
    base
}

fn one(stream: &TcpStream, say: &dyn Fn(&str) -> Said) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut lines = BufReader::new(stream.take(64 << 10)).lines();
    let first = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let said = say(first.split(' ').nth(1)?);
    let head = format!("HTTP/1.1 {} x\r\ncontent-length: {}\r\n{}\r\n", said.status, said.body.len(), said.headers);
    let mut stream = stream;
    stream.write_all(&[head.as_bytes(), &said.body].concat()).ok()
}
