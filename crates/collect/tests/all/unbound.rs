//! Unbound on this machine, as a resolver.

use collect::Online;
use collect::dns::{Kind, Question, Record, Resolver};
use std::net::{TcpListener, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Unbound with zones of its own, asked by nobody but us, asking nobody.
pub struct Unbound {
    child: Child,
    /// How to ask it.
    pub resolver: Resolver,
    _place: tempfile::TempDir,
}

impl Drop for Unbound {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port nobody listens at, given once. Below those that the system gives to whoever asks for any (32768 on), or a connection of
/// another test could have it before the server does.
pub fn port() -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(97);
    let next = || 12_000 + (first.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed)) % 20_000) as u16;
    let free =
        |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok() && UdpSocket::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(next).take(20_000).find(free).expect("a port")
}

/// A name server that fails whatever it is asked.
fn broken() -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let port = socket.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((n, from)) = socket.recv_from(&mut buffer) {
            (buffer[2], buffer[3]) = (0x81, 0x82);
            let _ = socket.send_to(&buffer[..n], from);
        }
    });
    port
}

/// Whoever listens at a port, asked once.
pub fn resolver(port: u16) -> Resolver {
    let mut resolver = Resolver::parse(&format!("127.0.0.1:{port}")).expect("an address");
    (resolver.timeout, resolver.tries) = (Duration::from_millis(1500), 1);
    resolver
}

/// Starts it, with more lines in its `server` section; none where it is not installed.
pub fn unbound(more: &str) -> Option<Unbound> {
    let place = tempfile::tempdir().expect("a folder");
    let (ours, broken) = (port(), broken());
    let mut conf = format!(
        "server:\n interface: 127.0.0.1@{ours}\n port: {ours}\n do-daemonize: no\n username: \"\"\n chroot: \"\"\n \
         directory: {0:?}\n pidfile: \"\"\n use-syslog: no\n logfile: \"log\"\n do-ip6: no\n module-config: \"iterator\"\n \
         do-not-query-localhost: no\n num-threads: 1\n local-zone: \".\" static\n local-zone: \"broken.example.\" transparent\n \
         local-zone: \"refused.example.\" refuse\n local-zone: \"silent.example.\" deny\n \
         local-data: 'decoy.example. 300 IN A 192.0.2.7'\n local-data: 'decoy.example. 60 IN A 192.0.2.6'\n \
         local-data: 'decoy.example. 300 IN AAAA 2001:db8::7'\n local-data: 'decoy.example. 300 IN MX 10 mx.decoy.example.'\n \
         local-data: 'decoy.example. 300 IN NS ns1.host.example.'\n \
         local-data: 'decoy.example. 300 IN TXT \"v=spf1 include:spf.example\" \" a:out.example -all\"'\n \
         local-data: 'spf.example. 300 IN TXT \"v=spf1 redirect=spf2.example\"'\n \
         local-data: 'spf2.example. 300 IN TXT \"v=spf1 ip4:192.0.2.0/24 include:spf.example -all\"'\n \
         local-data: 'out.example. 300 IN A 192.0.2.99'\n \
         local-data: 'mx.decoy.example. 300 IN A 192.0.2.25'\n \
         local-data: 's1._domainkey.decoy.example. 300 IN TXT \"v=DKIM1; k=rsa; \" \"p=MIIB\"'\n \
         local-data: '_dmarc.decoy.example. 300 IN TXT \"v=DMARC1; p=none\"'\n \
         local-data: 'alias.example. 300 IN CNAME decoy.example.'\n",
        place.path()
    );
    for i in 0..60 {
        conf += &format!(" local-data: 'large.example. 300 IN TXT \"{i:03} {}\"'\n", "x".repeat(200));
    }
    conf += more;
    conf += &format!("forward-zone:\n name: \"broken.example.\"\n forward-addr: 127.0.0.1@{broken}\n");
    let file = place.path().join("unbound.conf");
    std::fs::write(&file, conf).expect("written");
    let mut command = Command::new("unbound");
    let search = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
    command.env("PATH", search).args(["-d", "-p", "-c"]).arg(&file).stdin(Stdio::null()).stdout(Stdio::null());
    let Ok(child) = command.stderr(Stdio::null()).spawn() else {
        println!("skipped: Unbound is not installed (`apt-get install unbound`)");
        return None;
    };
    let mut unbound = Unbound { child, resolver: resolver(ours), _place: place };
    for _ in 0..100 {
        if one(&unbound.resolver, "decoy.example", Kind::A).rcode == "NOERROR" {
            return Some(unbound);
        }
        assert!(unbound.child.try_wait().expect("a child").is_none(), "Unbound ended");
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("Unbound does not answer");
}

/// When the tests happen.
pub fn now() -> model::Time {
    model::Time::from_seconds(1_795_300_000)
}

/// Asks it.
pub fn one(resolver: &Resolver, name: &str, kind: Kind) -> Record {
    resolver.ask(&Online::granted(), &Question::new(name, kind), &now)
}
