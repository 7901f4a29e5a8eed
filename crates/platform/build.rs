//! `VIGIE_PORTABLE=1 cargo test` takes the fallback on a system that has more, so that it is compiled and tried here.

fn main() {
    println!("cargo::rerun-if-env-changed=VIGIE_PORTABLE");
    println!("cargo::rustc-check-cfg=cfg(portable)");
    if std::env::var_os("VIGIE_PORTABLE").is_some_and(|v| !v.is_empty() && v != "0") {
        println!("cargo::rustc-cfg=portable");
    }
}
