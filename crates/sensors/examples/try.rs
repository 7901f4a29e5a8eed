//! (scratch)
use sensors::testing::*;
use sensors::*;
use std::io::Read;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut bytes = Vec::new();
    std::fs::File::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
    let config = config("");
    let mut m = Memory::new();
    let at = model::Time::from_seconds(1_790_000_000);
    let t = std::time::Instant::now();
    m.read(&web_log::WebLog, &path, &bytes, &config, at);
    let dt = t.elapsed();
    eprintln!(
        "{} obs, {} tallies, {:?} skips, {:?}, {:.1} MB/s",
        m.observations.len(),
        m.tallies.len(),
        m.skips,
        dt,
        bytes.len() as f64 / 1e6 / dt.as_secs_f64()
    );
    for d in web_log::WebLog.detectors() {
        m.detect(*d, &config, at);
    }
    for f in &m.findings {
        println!(
            "{} {} {:?} | {}",
            f.severity.as_str(),
            f.title.en,
            f.fields.get("classes").map(|v| v.to_string()),
            f.fields.get("samples").map(|v| v.to_string()).unwrap_or_default()
        );
    }
}
