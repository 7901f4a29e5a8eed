//! Disks written here: a file `a/b.js` of `x` on each.

use super::*;

fn check(image: &[u8], expected: &[&str]) {
    let disk = Disk::new(image);
    let found = disk.files();
    let names: Vec<&str> = found.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(names, expected);
    for file in &found.files {
        assert_eq!(&*disk.contents(file, 100), b"xyz", "{}", file.path);
    }
    for cut in (0..600.min(image.len())).chain((0..image.len()).step_by(1_021)) {
        Disk::new(&image[..cut]).files();
    }
    let mut random = 5u32;
    for _ in 0..200 {
        let mut broken = image.to_vec();
        for _ in 0..20 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = random as usize % broken.len();
            broken[at] = (random >> 24) as u8;
        }
        let disk = Disk::new(&broken);
        disk.files().files.iter().for_each(|f| drop(disk.contents(f, 1_000)));
    }
}

fn put(image: &mut [u8], at: usize, bytes: &[u8]) {
    image[at..at + bytes.len()].copy_from_slice(bytes);
}

/// A record of a folder.
fn record(sector: u32, length: u32, folder: bool, name: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 33];
    put(&mut out, 2, &sector.to_le_bytes());
    put(&mut out, 10, &length.to_le_bytes());
    out[25] = 2 * u8::from(folder);
    out[32] = name.len() as u8;
    out.extend(name);
    out.resize(out.len().next_multiple_of(2), 0);
    out[0] = out.len() as u8;
    out
}

fn iso(joliet: bool) -> Vec<u8> {
    let letters = |t: &str| -> Vec<u8> {
        if joliet { t.encode_utf16().flat_map(u16::to_be_bytes).collect() } else { t.to_uppercase().into_bytes() }
    };
    let mut image = vec![0; 24 * 2048];
    put(&mut image, 16 * 2048, &[&[1 + u8::from(joliet)][..], b"CD001\x01"].concat());
    put(&mut image, 17 * 2048, b"\xffCD001");
    if joliet {
        put(&mut image, 16 * 2048 + 88, b"%/E");
    }
    put(&mut image, 16 * 2048 + 156, &record(20, 2048, true, &[0]));
    let top = [record(20, 2048, true, &[0]), record(20, 2048, true, &[1]), record(21, 2048, true, &letters("a"))];
    put(&mut image, 20 * 2048, &top.concat());
    // A folder within itself is visited once.
    let below = [record(20, 2048, true, &letters("c")), record(22, 3, false, &letters("b.js;1"))];
    put(&mut image, 21 * 2048, &below.concat());
    put(&mut image, 22 * 2048, b"xyz");
    image
}

/// FAT12 or FAT32 on a disk of so many clusters of one sector.
fn fat(clusters: usize) -> Vec<u8> {
    let large = clusters > 65_525;
    let (entry, length) = if large { (4, (clusters + 2) * 4 / 512 + 1) } else { (2, (clusters + 2) * 3 / 1024 + 1) };
    let data = 1 + length + usize::from(!large);
    let mut image = vec![0; (data + clusters) * 512];
    put(&mut image, 0, &[0xeb, 0, 0x90]);
    put(&mut image, 11, &[0, 2, 1, 1, 0, 1, if large { 0 } else { 16 }, 0]);
    put(&mut image, 32, &((data + clusters) as u32).to_le_bytes());
    put(&mut image, if large { 36 } else { 22 }, &(length as u16).to_le_bytes());
    put(&mut image, 510, &[0x55, 0xaa]);
    let entries = |name: &[u8; 11], kind: u8, cluster: u8, size: u8| {
        let mut out = vec![0; 32];
        put(&mut out, 0, name);
        (out[11], out[26], out[28]) = (kind, cluster, size);
        out
    };
    let root = if large { data * 512 } else { (1 + length) * 512 };
    if large {
        image[44] = 2;
        (2..5).for_each(|n| put(&mut image, 512 + entry * n, &[0xff, 0xff, 0xff, 0x0f]));
    } else {
        put(&mut image, 512 + 3, &[0xff; 8]);
    }
    put(&mut image, root, &entries(b"A          ", 0x10, 3, 0));
    let mut long = vec![0xff; 32];
    (long[0], long[11], long[26], long[27]) = (0x41, 0x0f, 0, 0);
    for (n, letter) in "b.js\0".encode_utf16().enumerate() {
        put(&mut long, 1 + 2 * n, &letter.to_le_bytes());
    }
    let folder = data * 512 + 512;
    put(&mut image, folder, &[long, entries(b"B~1     JS ", 0x20, 4, 3)].concat());
    put(&mut image, folder + 512, b"xyz");
    image
}

#[test]
fn files_on_discs_are_listed() {
    check(&iso(true), &["a/b.js"]);
    check(&iso(false), &["A/B.JS"]);
    check(&fat(60), &["A/b.js"]);
    check(&[0; 70_000], &[]);
}

#[test]
fn partitions_and_growing_disks_are_read() {
    let volume = fat(60);
    let mut disk = vec![0; 512];
    put(&mut disk, 446 + 4, &[1, 0, 0, 0, 1, 0, 0, 0]);
    put(&mut disk, 510, &[0x55, 0xaa]);
    disk.extend(&volume);
    check(&disk, &["A/b.js"]);
    // Fixed: the disk, then a footer. Growing: footer, header, table, blocks after their bitmap.
    let mut footer = vec![0; 512];
    put(&mut footer, 0, b"conectix");
    footer[63] = 2;
    check(&[&disk[..], &footer].concat(), &["A/b.js"]);
    footer[63] = 3;
    put(&mut footer, 16, &512u64.to_be_bytes());
    let mut header = vec![0; 1024];
    put(&mut header, 0, b"cxsparse");
    put(&mut header, 16, &1536u64.to_be_bytes());
    put(&mut header, 28, &[0, 0, 0, 2, 0, 0, 0x80, 0]);
    disk.resize(2 * 0x8000, 0);
    let mut table = vec![0xff; 512];
    put(&mut table, 0, &[0, 0, 0, 69, 0, 0, 0, 4]);
    let bitmap = vec![0xff; 512];
    let image = [&footer, &header, &table, &bitmap, &disk[0x8000..], &bitmap, &disk[..0x8000], &footer].concat();
    check(&image, &["A/b.js"]);
}

#[test]
fn wide_tables_are_read() {
    let image = fat(65_600);
    let disk = Disk::new(&image);
    let found = disk.files();
    assert_eq!(found.files.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["A/b.js"]);
    assert_eq!(&*disk.contents(&found.files[0], 100), b"xyz");
}

#[test]
fn records_of_a_file_table_are_read() {
    let mut image = vec![0; 64 << 10];
    put(&mut image, 3, b"NTFS    ");
    put(&mut image, 11, &[0, 2, 1]);
    image[48] = 4;
    image[64] = 0xf6;
    let record = |name: &str, places: &[u8], length: u64| {
        let mut out = vec![0; 1024];
        put(&mut out, 0, b"FILE");
        put(&mut out, 20, &[56, 0, 1, 0]);
        let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut named = vec![0; 24 + 66];
        named[0] = 0x30;
        named[20] = 24;
        (named[24 + 64], named[24 + 65]) = (name.encode_utf16().count() as u8, 1);
        named.extend(letters);
        named.resize(named.len().next_multiple_of(8), 0);
        named[4] = named.len() as u8;
        let mut data = vec![0; 64];
        (data[0], data[8], data[32]) = (0x80, 1, 64);
        put(&mut data, 48, &length.to_le_bytes());
        data.extend(places);
        data.resize(data.len().next_multiple_of(8) + 8, 0);
        data[4] = data.len() as u8;
        put(&mut out, 56, &[named, data, vec![0xff; 4]].concat());
        out
    };
    put(&mut image, 4 * 512, &record("$MFT", &[0x11, 4, 4], 2048));
    // Two runs, the second before the first.
    put(&mut image, 6 * 512, &record("b.js", &[0x11, 1, 40, 0x11, 1, 0xfc], 3));
    put(&mut image, 40 * 512, b"xyz");
    check(&image, &["b.js"]);
}

#[test]
fn files_on_udf_are_listed() {
    let mut image = vec![0; 280 * 2048];
    let at = |n: usize| n * 2048;
    put(&mut image, at(256), &[2, 0]);
    put(&mut image, at(256) + 20, &[32]);
    put(&mut image, at(32), &[5, 0]);
    put(&mut image, at(32) + 188, &[0, 1]);
    put(&mut image, at(33), &[6, 0]);
    put(&mut image, at(33) + 252, &[4]);
    put(&mut image, at(34), &[8, 0]);
    put(&mut image, at(260) + 404, &[5]);
    let row = |block: u8, name: &[u8]| {
        let mut out = vec![0; 38];
        (out[0], out[1], out[19], out[24]) = (1, 1, name.len() as u8, block);
        out.extend(name);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    };
    let entry = |kind: u8, body: &[u8]| {
        let mut out = [0; 176];
        (out[0], out[1], out[27], out[34], out[56], out[172]) = (5, 1, kind, 3, body.len() as u8, body.len() as u8);
        [&out[..], body].concat()
    };
    put(&mut image, at(261), &entry(4, &row(6, b"\x08a")));
    put(&mut image, at(262), &entry(4, &[row(5, b"\x08c"), row(7, b"\x10\0b\0.\0j\0s")].concat()));
    put(&mut image, at(263), &entry(5, b"xyz"));
    check(&image, &["a/b.js"]);
}
