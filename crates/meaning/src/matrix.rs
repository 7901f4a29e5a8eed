//! Matrices of numbers: read from NumPy's archives, and multiplied.
//!
//! You may rely on: a matrix has the shape that was asked for and holds finite numbers alone; products add in one order,
//! so that they are the same bits whatever the machine and whatever stands beside. Left out: every other type and order
//! of NumPy's.

use formats::zip::{self, Directory};
use model::{Error, Result};

/// Members of an archive of weights that are listed.
const MEMBERS: usize = 1024;
/// Bytes of a head (NEP 1) at most.
const HEAD: usize = 1024;
/// Columns and rows that are worked on together: their sums fit the registers of any 64-bit machine.
const WIDE: usize = 8;
const HIGH: usize = 4;

/// An archive of arrays (`.npz`).
pub struct Archive<'a> {
    bytes: &'a [u8],
    directory: Directory,
}

impl<'a> Archive<'a> {
    /// Lists its members.
    pub fn open(bytes: &'a [u8]) -> Result<Archive<'a>> {
        let directory = zip::directory(&bytes, bytes.len() as u64, MEMBERS);
        let directory = directory.ok_or_else(|| Error::new("`weights.npz` is no archive"))?;
        Ok(Archive { bytes, directory })
    }

    /// The numbers of an array of this type and shape, as bytes.
    fn raw(&self, name: &str, descr: &str, size: usize, shape: &[usize]) -> Result<Vec<u8>> {
        let wrong = |why: String| Error::new(format!("the array `{name}` of the weights can't be read")).because(why);
        let member = self.directory.members.iter().find(|m| m.name.strip_suffix(".npy") == Some(name));
        let member = member.ok_or_else(|| wrong("it is missing".into()))?;
        let length = shape.iter().product::<usize>() * size;
        let mut all = zip::read(self.bytes, member, HEAD + length + 1).ok_or_else(|| wrong("it is damaged".into()))?;
        let head = head(&all).filter(|(start, _)| *start <= HEAD);
        let (start, head) = head.ok_or_else(|| wrong("it is no array of NumPy".into()))?;
        let has = |key: &str, value: &str| head.replace(' ', "").contains(&format!("'{key}':{value}"));
        let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
        let shown = format!("({}{})", sides.join(","), if shape.len() == 1 { "," } else { "" });
        if !has("descr", &format!("'{descr}'")) || !has("fortran_order", "False") || !has("shape", &shown) {
            return Err(wrong(format!("it should be {descr} of shape {shown}")));
        }
        if all.len() - start != length {
            return Err(wrong("it is cut short".into()));
        }
        all.drain(..start);
        Ok(all)
    }

    /// An array of bytes.
    pub fn bytes(&self, name: &str, shape: &[usize]) -> Result<Vec<u8>> {
        self.raw(name, "|u1", 1, shape)
    }

    /// An array of single floats.
    pub fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let raw = self.raw(name, "<f4", 4, shape)?;
        let floats: Vec<f32> = raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        match floats.iter().all(|f| f.abs() < 1e6) {
            true => Ok(floats),
            false => Err(Error::new(format!("the array `{name}` of the weights holds what is no weight"))),
        }
    }

    /// One double float.
    pub fn double(&self, name: &str) -> Result<f64> {
        let raw = self.raw(name, "<f8", 8, &[])?;
        Ok(f64::from_le_bytes(std::array::from_fn(|n| raw[n])))
    }

    /// A matrix of so many rows and columns.
    pub fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Matrix> {
        Ok(Matrix::new(&self.floats(name, &[rows, columns])?, rows, columns))
    }
}

/// Where the numbers begin, and what the head says of them.
fn head(bytes: &[u8]) -> Option<(usize, &str)> {
    let rest = bytes.strip_prefix(b"\x93NUMPY")?;
    let start = match rest.first()? {
        1 => 10,
        _ => 12,
    };
    let low = usize::from(u16::from_le_bytes([*rest.get(2)?, *rest.get(3)?]));
    Some((start + low, std::str::from_utf8(bytes.get(start..start + low)?).ok()?))
}

/// A matrix, in strips of [`WIDE`] columns.
pub struct Matrix {
    strips: Vec<[f32; WIDE]>,
    rows: usize,
    columns: usize,
}

impl Matrix {
    /// Of numbers row by row. The columns are a multiple of [`WIDE`].
    pub fn new(numbers: &[f32], rows: usize, columns: usize) -> Matrix {
        let strip = |at: usize| (0..rows).map(move |row| row * columns + at);
        let starts = (0..columns / WIDE).flat_map(|n| strip(n * WIDE));
        let strips = starts.map(|at| std::array::from_fn(|n| numbers[at + n])).collect();
        Matrix { strips, rows, columns }
    }

    /// Columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Adds the product of so many rows of `left` with this to `out`. Rows of `left` begin `step` apart, and as many
    /// numbers are read of each as this has rows.
    pub fn add_product(&self, left: &[f32], step: usize, count: usize, out: &mut [f32]) {
        let mut row = 0;
        // A row alone would read all weights for itself: a product of few rows is made of equal ones.
        while row < count {
            let here = HIGH.min(count - row);
            let rows: [&[f32]; HIGH] = std::array::from_fn(|n| {
                let start = (row + n.min(here - 1)) * step;
                &left[start..start + self.rows]
            });
            let columns = self.columns;
            self.some(&turned(rows), |n, at, sums| {
                if n < here {
                    let out = &mut out[(row + n) * columns + at..(row + n) * columns + at + WIDE];
                    out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum);
                }
            });
            row += here;
        }
    }

    /// The sums of some rows, strip by strip.
    fn some(&self, left: &[[f32; HIGH]], mut each: impl FnMut(usize, usize, &[f32; WIDE])) {
        for (strip, at) in self.strips.chunks_exact(self.rows).zip((0..self.columns).step_by(WIDE)) {
            let [mut a, mut b, mut c, mut d] = [[0.0f32; WIDE]; HIGH];
            for (weights, left) in strip.iter().zip(left) {
                // Written out: only so the sums stay in registers.
                for n in 0..WIDE {
                    a[n] += left[0] * weights[n];
                    b[n] += left[1] * weights[n];
                    c[n] += left[2] * weights[n];
                    d[n] += left[3] * weights[n];
                }
            }
            [a, b, c, d].iter().enumerate().for_each(|(n, sums)| each(n, at, sums));
        }
    }
}

/// Rows side by side, so that what is multiplied with one row of weights lies together.
fn turned(rows: [&[f32]; HIGH]) -> Vec<[f32; HIGH]> {
    let [a, b, c, d] = rows;
    a.iter().zip(b).zip(c).zip(d).map(|(((a, b), c), d)| [*a, *b, *c, *d]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_the_product() {
        let (rows, columns) = (5, 16);
        let numbers: Vec<f32> = (0..rows * columns).map(|n| (n * 7 % 13) as f32 - 6.0).collect();
        let matrix = Matrix::new(&numbers, rows, columns);
        // Seven rows that overlap, as the windows of a sentence do.
        let left: Vec<f32> = (0..17).map(|n| (n % 5) as f32 - 2.0).collect();
        let mut out = vec![1.0; 7 * columns];
        matrix.add_product(&left, 2, 7, &mut out);
        for (n, found) in out.iter().enumerate() {
            let (row, column) = (n / columns, n % columns);
            let sum: f32 = (0..rows).map(|k| left[row * 2 + k] * numbers[k * columns + column]).sum();
            assert_eq!(*found, 1.0 + sum);
        }
    }
}
