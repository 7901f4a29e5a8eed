//! (scratch)
use sensors::testing::*;
use sensors::*;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    let config = config("");
    let mut m = Memory::new();
    let at = model::Time::from_seconds(1_790_000_000);
    let t = std::time::Instant::now();
    let mut input =
        sensors::input::Input::open(Box::new(std::fs::File::open(&path).unwrap()), Default::default()).unwrap();
    let origins = sensors::origin::Origin::default();
    let context = model::Context { config: &config, origins: &origins, at, modified: None };
    web_log::WebLog.read(&mut input, &context, &mut m).unwrap();
    let dt = t.elapsed();
    eprintln!(
        "{} obs, {} tallies, {:?} skips, {:?}, {:.1} MB/s",
        m.observations.len(),
        m.tallies.len(),
        m.skips,
        dt,
        size as f64 / 1e6 / dt.as_secs_f64()
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
