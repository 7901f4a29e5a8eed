//! nginx on this machine, with certificates of an authority made for it.

use base64::Engine;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server, its ports and its authority.
pub struct Nginx {
    child: Child,
    /// The ports of HTTP and HTTPS.
    pub ports: (u16, u16),
    /// The authority, in PEM.
    pub ca: String,
    /// Its folder; `ca.pem` is in it.
    pub place: tempfile::TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master alone knows its workers: it is asked to end, not killed.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// A certificate for these names by an authority of its own: certificate, key, authority, all PEM.
pub fn certificate(names: &[&str]) -> (String, String, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "Test authority");
    let key = KeyPair::generate().expect("a key");
    let ca = params.self_signed(&key).expect("an authority");
    let issuer = Issuer::new(params, key);
    let mut params =
        CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("parameters");
    params.distinguished_name.push(DnType::CommonName, names[0]);
    let key = KeyPair::generate().expect("a key");
    let own = params.signed_by(&key, &issuer).expect("a certificate");
    let pem = |what: &str, der: &[u8]| {
        format!(
            "-----BEGIN {what}-----\n{}\n-----END {what}-----\n",
            base64::engine::general_purpose::STANDARD.encode(der)
        )
    };
    (pem("CERTIFICATE", own.der()), pem("PRIVATE KEY", &key.serialize_der()), pem("CERTIFICATE", ca.der()))
}

/// Starts one for the host `site.test`. `tls` goes into the server of HTTPS, `both` into both; none where nginx is not installed.
pub fn nginx(tls: &str, both: &str) -> Option<Nginx> {
    // A machine that runs other tests beside may refuse it once: what does not start thrice is a fault.
    let mut why = String::new();
    for _ in 0..3 {
        match started(tls, both) {
            Ok(nginx) => return nginx,
            Err(told) => why = told,
        }
    }
    panic!("nginx ended three times: {why}");
}

/// One trial to start it: what it said where it ended.
fn started(tls: &str, both: &str) -> Result<Option<Nginx>, String> {
    let place = tempfile::tempdir().expect("a folder");
    let (own, key, ca) = certificate(&["site.test", "www.site.test"]);
    let write = |name: &str, text: &str| fs::write(place.path().join(name), text).expect("written");
    write("own.pem", &own);
    write("key.pem", &key);
    write("ca.pem", &ca);
    fs::create_dir(place.path().join("www")).expect("a folder");
    let ports = (super::unbound::port(), super::unbound::port());
    let dir = place.path().display();
    let temps: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|t| format!("{t}_temp_path {dir}/t;\n"))
        .collect();
    write(
        "nginx.conf",
        &format!(
            "daemon off; pid {dir}/pid; error_log {dir}/error.log; worker_processes 1;\nevents {{ worker_connections 64; }}\n\
             http {{ access_log off; {temps}\n\
             server {{ listen 127.0.0.1:{}; server_name site.test; root {dir}/www; {both} }}\n\
             server {{ listen 127.0.0.1:{} ssl; server_name site.test; root {dir}/www; ssl_certificate {dir}/own.pem; \
             ssl_certificate_key {dir}/key.pem; {tls} {both} }} }}\n",
            ports.0, ports.1
        ),
    );
    let search = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("nginx");
    command
        .env("PATH", search)
        .args(["-e", "stderr", "-p"])
        .arg(place.path())
        .arg("-c")
        .arg(place.path().join("nginx.conf"));
    // What is wrong before it has read its configuration stands there alone.
    let told = fs::File::create(place.path().join("stderr.log")).expect("a file");
    let Ok(child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(told).spawn() else {
        println!("skipped: nginx is not installed (`apt-get install nginx-light`)");
        return Ok(None);
    };
    let mut nginx = Nginx { child, ports, ca, place };
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", ports.1)).is_ok() {
            return Ok(Some(nginx));
        }
        if let Some(status) = nginx.child.try_wait().expect("a child") {
            return Err(format!("{status}: {}", error(nginx.place.path())));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nginx does not answer");
}

fn error(place: &Path) -> String {
    ["stderr.log", "error.log"].map(|name| fs::read_to_string(place.join(name)).unwrap_or_default()).concat()
}
