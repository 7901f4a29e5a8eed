//! Sheets as text.

use super::*;

#[test]
fn a_row_is_a_line() {
    let mut builder = Builder { left: 100, ..Builder::default() };
    for (row, column, text) in [(4, 1, "b\nc"), (1, 0, "a"), (4, 0, "\"x\" y"), (6, 2, "1"), (6, 0, "")] {
        assert!(builder.cell(row, column, text.into()));
    }
    builder.merge([4, 1, 6, 1]);
    assert_eq!(String::from_utf8_lossy(&builder.finish()), "\na\n\n\n\"\"\"x\"\" y\"\tb c\n\n\tb c\t1\n");
    // What a place claims costs nothing.
    let mut builder = Builder { left: 100, ..Builder::default() };
    assert!(!builder.cell(0, 5000, "far".into()));
    assert!(builder.cell(u32::MAX, 0, "far".into()) && builder.full);
    assert!(builder.finish().is_empty());
}

#[test]
fn numbers_are_whole_where_they_are() {
    let shown = [12.0, 0.5, -3.0, 1e18, 46338.333333].map(number);
    assert_eq!(shown, ["12", "0.5", "-3", "1000000000000000000", "46338.333333"]);
}
