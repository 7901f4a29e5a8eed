//! Rules as anybody may write them: reading ends, and so does asking.
#![no_main]
use libfuzzer_sys::fuzz_target;
use model::{Event, LogSource, Span, Value};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let all = sigma::Collection::read([("rule.yml", text)]);
    let mut view = all.view();
    let (mut fired, place) = (Vec::new(), Span { start: 0, len: 0, line: 1 });
    for source in all.rules.iter().map(|_| LogSource { category: "process_creation", product: "windows", service: "" }).take(1) {
        let fields = [("Image", Some(Value::Text(data))), ("EventID", Some(Value::Number(1)))];
        all.fill(&mut view, &Event { source, time: None, count: 1, place, raw: data, fields: &fields });
        all.bucket(source).fire(&all.rules, &mut view, &mut fired);
        all.rules.iter().for_each(|rule| drop(sigma::why(&all, rule, source, &view)));
    }
});
