//! Times in names of files, titles and cells: `2017-04-23T20:30`, `20170423_2030`, `23/04/2017 20h30`.

use model::Time;

/// The first time in a text; a day alone is its first moment. Taken for UTC where no zone is told.
pub fn time(text: &str) -> Option<Time> {
    if let Ok(time) = text.trim().parse::<jiff::Timestamp>() {
        return Some(time.into());
    }
    // Numbers in order, with how many digits each has; and where each begins and ends.
    let mut numbers: Vec<(usize, i64)> = Vec::new();
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut at = None;
    for (i, b) in text.bytes().chain([b' ']).enumerate() {
        match (b.is_ascii_digit(), at) {
            (true, None) => at = Some(i),
            (false, Some(start)) => {
                let digits = &text[start..i];
                if digits.len() <= 14 {
                    numbers.push((digits.len(), digits.parse().ok()?));
                    ends.push((start, i));
                }
                at = None;
            }
            _ => {}
        }
    }
    // Parts of one date stand side by side: `2017, 1st round, 24/04` has another date.
    let beside = |n: usize| {
        let between = ends.get(n).zip(ends.get(n + 1)).map(|(a, b)| &text[a.1..b.0]);
        between.is_some_and(|t| matches!(t, "-" | "/" | "." | "_" | " "))
    };
    for n in 0..numbers.len() {
        let rest = &numbers[n..];
        let date = beside(n) && beside(n + 1);
        let (date, used) = match *rest {
            [(14, all), ..] => {
                return civil(
                    all / 1_000_000,
                    all / 10_000 % 100,
                    all / 100 % 100,
                    [all / 10_000 % 100, all / 100 % 100, all % 100],
                    Some(all),
                );
            }
            [(12, all), ..] => {
                return civil(
                    all / 100_000_000,
                    all / 1_000_000 % 100,
                    all / 10_000 % 100,
                    [all / 100 % 100, all % 100, 0],
                    None,
                );
            }
            [(8, d), ..] if (1900..2200).contains(&(d / 10_000)) => ([d / 10_000, d / 100 % 100, d % 100], 1),
            [(4, y), (_, m), (_, d), ..] if date && (1900..2200).contains(&y) => ([y, m, d], 3),
            [(_, d), (_, m), (4, y), ..] if date && (1900..2200).contains(&y) => ([y, m, d], 3),
            _ => continue,
        };
        let clock = match rest[used..] {
            [(4 | 6, hm), ..] if used == 1 || rest[used].0 != 4 || hm <= 2359 => {
                let (h, m, s) =
                    if rest[used].0 == 6 { (hm / 10_000, hm / 100 % 100, hm % 100) } else { (hm / 100, hm % 100, 0) };
                [h, m, s]
            }
            [(1 | 2, h), (2, m), (2, s), ..] => [h, m, s],
            [(1 | 2, h), (2, m), ..] => [h, m, 0],
            [(1 | 2, h), ..] if text.contains(['h', 'H']) => [h, 0, 0],
            _ => [0; 3],
        };
        if let Some(time) = civil(date[0], date[1], date[2], clock, None) {
            return Some(time);
        }
    }
    None
}

fn civil(year: i64, month: i64, day: i64, clock: [i64; 3], whole: Option<i64>) -> Option<Time> {
    let (year, month, day, clock) = match whole {
        Some(all) => (
            all / 10_000_000_000,
            all / 100_000_000 % 100,
            all / 1_000_000 % 100,
            [all / 10_000 % 100, all / 100 % 100, all % 100],
        ),
        None => (year, month, day, clock),
    };
    let [h, m, s] = clock.map(|n| i8::try_from(n).unwrap_or(-1));
    let date =
        jiff::civil::DateTime::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?, h, m, s, 0)
            .ok()?;
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_in_names() {
        for (text, expected) in [
            ("snapshot-2017-04-23T20-30.csv", "2017-04-23T20:30:00Z"),
            ("communes_20170423_2030.csv", "2017-04-23T20:30:00Z"),
            ("20170423203000.csv", "2017-04-23T20:30:00Z"),
            ("résultats du 23/04/2017 20h30", "2017-04-23T20:30:00Z"),
            ("2017-04-23T20:30:00+02:00", "2017-04-23T18:30:00Z"),
            ("23.04.2017", "2017-04-23T00:00:00Z"),
            ("présidentielle 2017 : résultats du 1er tour, état au 24/04/2017 00:30", "2017-04-24T00:30:00Z"),
        ] {
            assert_eq!(time(text), expected.parse().ok(), "{text}");
        }
        for text in ["", "Tour 1 2017", "bureau 12", "99999999"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
