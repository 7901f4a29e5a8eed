//! Where two runs of words differ: what is equal at both ends is cut off, then they are divided at words that stand once in both,
//! then by a table, or, where that were too large, by few changes (Myers).
//!
//! You may rely on: time and memory are bounded whatever the texts; where too much differs, a stretch differs as a whole.

use std::collections::HashMap;
use std::ops::Range;

/// Cells of a table of differences; beyond, a stretch differs as a whole.
const TABLE: usize = 4_000_000;

/// Words put in or taken out between long texts that are told one by one.
const FEW: isize = 500;

/// Where two runs of words differ.
pub fn hunks<S: AsRef<str>>(a: &[S], b: &[S]) -> Vec<(Range<usize>, Range<usize>)> {
    let (a, b) = numbered(a, b);
    let mut found = Vec::new();
    segment(&a, &b, (0, 0), &mut found, 0);
    found
}

/// Words as numbers.
fn numbered<S: AsRef<str>>(a: &[S], b: &[S]) -> (Vec<u32>, Vec<u32>) {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut out = (Vec::with_capacity(a.len()), Vec::with_capacity(b.len()));
    for word in a {
        let next = numbers.len() as u32;
        out.0.push(*numbers.entry(word.as_ref()).or_insert(next));
    }
    for word in b {
        let next = numbers.len() as u32;
        out.1.push(*numbers.entry(word.as_ref()).or_insert(next));
    }
    out
}

type Hunk = (Range<usize>, Range<usize>);

/// Cuts off what is equal at both ends, then divides at words that stand once in both, then by a table.
fn segment(a: &[u32], b: &[u32], (x, y): (usize, usize), found: &mut Vec<Hunk>, level: usize) {
    let head = a.iter().zip(b).take_while(|(p, q)| p == q).count();
    let (a, b, x, y) = (&a[head..], &b[head..], x + head, y + head);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(p, q)| p == q).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.is_empty() && b.is_empty() {
        return;
    }
    if a.is_empty() || b.is_empty() {
        return join(found, (x..x + a.len(), y..y + b.len()));
    }
    let anchors = if level < 8 { anchors(a, b) } else { Vec::new() };
    if !anchors.is_empty() {
        let (mut from, mut to) = (0, 0);
        for (p, q) in anchors.into_iter().chain([(a.len(), b.len())]) {
            segment(&a[from..p], &b[to..q], (x + from, y + to), found, level + 1);
            (from, to) = (p, q);
        }
        return;
    }
    if a.len().saturating_mul(b.len()) > TABLE {
        match few(a, b) {
            Some(all) => {
                all.into_iter().for_each(|(p, q)| join(found, (x + p.start..x + p.end, y + q.start..y + q.end)))
            }
            None => join(found, (x..x + a.len(), y..y + b.len())),
        }
        return;
    }
    by_table(a, b, (x, y), found);
}

/// Where two long runs differ in few words (Myers 1986, the greedy way); nothing where they differ in more than [`FEW`].
fn few(a: &[u32], b: &[u32]) -> Option<Vec<Hunk>> {
    let (n, m) = (a.len() as isize, b.len() as isize);
    let at = |k: isize| (k + FEW + 1) as usize;
    let mut reach = vec![0isize; 2 * FEW as usize + 3];
    let mut before: Vec<Vec<isize>> = Vec::new();
    for d in 0..=FEW {
        before.push(reach[at(-d - 1)..=at(d + 1)].to_vec());
        for k in (-d..=d).step_by(2) {
            let down = k == -d || k != d && reach[at(k - 1)] < reach[at(k + 1)];
            let mut x = if down { reach[at(k + 1)] } else { reach[at(k - 1)] + 1 };
            while x < n && x - k < m && a[x as usize] == b[(x - k) as usize] {
                x += 1;
            }
            reach[at(k)] = x;
            if x >= n && x - k >= m {
                return Some(back(&before, (n, m)));
            }
        }
    }
    None
}

/// The way back through what was reached with one change fewer each time.
fn back(before: &[Vec<isize>], (mut x, mut y): (isize, isize)) -> Vec<Hunk> {
    let mut found = Vec::new();
    for (d, reach) in before.iter().enumerate().skip(1).rev() {
        let (d, k) = (d as isize, x - y);
        let reached = |k: isize| reach[(k + d + 1) as usize];
        let down = k == -d || k != d && reached(k - 1) < reached(k + 1);
        let from = if down { k + 1 } else { k - 1 };
        let (px, py) = (reached(from), reached(from) - from);
        let (ex, ey) = if down { (px, py + 1) } else { (px + 1, py) };
        found.push((px as usize..ex as usize, py as usize..ey as usize));
        (x, y) = (px, py);
    }
    found.reverse();
    found
}

/// A hunk more; one that begins where the last one ends is the same.
fn join(found: &mut Vec<Hunk>, hunk: Hunk) {
    match found.last_mut() {
        Some(last) if last.0.end == hunk.0.start && last.1.end == hunk.1.start => {
            (last.0.end, last.1.end) = (hunk.0.end, hunk.1.end);
        }
        _ => found.push(hunk),
    }
}

/// Words that stand once in both, in the longest run that keeps their order.
fn anchors(a: &[u32], b: &[u32]) -> Vec<(usize, usize)> {
    let mut places: HashMap<u32, (usize, usize, u32, u32)> = HashMap::new();
    for (n, w) in a.iter().enumerate() {
        let place = places.entry(*w).or_default();
        (place.0, place.2) = (n, place.2 + 1);
    }
    for (n, w) in b.iter().enumerate() {
        let place = places.entry(*w).or_default();
        (place.1, place.3) = (n, place.3 + 1);
    }
    let mut once: Vec<(usize, usize)> = places.values().filter(|p| p.2 == 1 && p.3 == 1).map(|p| (p.0, p.1)).collect();
    once.sort_unstable();
    longest_run(once.len(), |p, q| once[p].1 < once[q].1).into_iter().map(|n| once[n]).collect()
}

/// The longest run of so many, in their order, in which each may stand before the next.
pub fn longest_run(many: usize, may_precede: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::with_capacity(many));
    for n in 0..many {
        let at = ends.partition_point(|e| may_precede(*e, n));
        before.push(at.checked_sub(1).map(|p| ends[p]));
        match ends.get_mut(at) {
            Some(end) => *end = n,
            None => ends.push(n),
        }
    }
    let mut run: Vec<usize> = std::iter::successors(ends.last().copied(), |n| before[*n]).collect();
    run.reverse();
    run
}

/// The longest common run of words, by a table.
fn by_table(a: &[u32], b: &[u32], (x, y): (usize, usize), found: &mut Vec<Hunk>) {
    let wide = b.len() + 1;
    let mut table = vec![0u32; (a.len() + 1) * wide];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * wide + j] = match a[i] == b[j] {
                true => table[(i + 1) * wide + j + 1] + 1,
                false => table[(i + 1) * wide + j].max(table[i * wide + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut from, mut to) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            if i > from || j > to {
                join(found, (x + from..x + i, y + to..y + j));
            }
            (i, j) = (i + 1, j + 1);
            (from, to) = (i, j);
        } else if table[(i + 1) * wide + j] >= table[i * wide + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    if from < a.len() || to < b.len() {
        join(found, (x + from..x + a.len(), y + to..y + b.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_compared_within_bounds() {
        let word = |n: usize| format!("w{}", n * 7_919 % 10_007);
        let a: Vec<String> = (0..200_000).map(word).collect();
        let mut b = a.clone();
        b[100_000] = "other".into();
        b.insert(150_000, "more".into());
        let found = hunks(&a, &b);
        assert_eq!(found, [(100_000..100_001, 100_000..100_001), (150_000..150_000, 150_000..150_001)]);
        let same = vec!["x".to_string(); 5_000];
        assert_eq!(hunks(&same, &same[..4_000]).len(), 1);
    }
}
