//! A map of what does not agree, where the case names a geometry (`[station_minutes] map`, GeoJSON of RFC 7946): areas are known
//! by a property that is their code or name.
//!
//! You may rely on: the file is the user's and may still be hostile: points, areas and depth are bounded, numbers that are no
//! places are passed over, nothing of it is interpreted. Left out: projections but the equirectangular one; islands far away are
//! drawn where they are.

use super::Page;
use crate::show;
use maud::{Markup, html};
use serde_json::Value;
use std::fmt::Write;

/// Areas and points of a map.
const AREAS: usize = 5_000;
const POINTS: usize = 400_000;
/// Width of the picture.
const WIDTH: f64 = 640.0;

/// An area: what it may be called, and its rings.
struct Area {
    names: Vec<String>,
    rings: Vec<Vec<(f64, f64)>>,
}

/// The map, where one is given and any discrepancy has a place on it.
pub fn map(page: &Page) -> Markup {
    let files = page.context.config.attached.get("station_minutes").into_iter().flatten();
    let areas: Vec<Area> =
        files.filter_map(|f| serde_json::from_slice(&f.bytes).ok()).flat_map(|v: Value| areas(&v)).collect();
    let moved = |a: &Area| a.names.iter().filter_map(|n| page.gathered.moved.get(n)).max().copied();
    let most = areas.iter().filter_map(moved).max().unwrap_or(0);
    let points = || areas.iter().flat_map(|a| a.rings.iter().flatten());
    let (low, high) = points().fold(((f64::MAX, f64::MAX), (f64::MIN, f64::MIN)), |(l, h), p| {
        ((l.0.min(p.0), l.1.min(p.1)), (h.0.max(p.0), h.1.max(p.1)))
    });
    if areas.is_empty() || high.0 <= low.0 || high.1 <= low.1 {
        return html! {};
    }
    // A degree of longitude is shorter than one of latitude.
    let narrow = ((low.1 + high.1) / 2.0).to_radians().cos().clamp(0.1, 1.0);
    let scale = (WIDTH / ((high.0 - low.0) * narrow)).min(800.0 / (high.1 - low.1));
    let height = (high.1 - low.1) * scale;
    let path = |a: &Area| {
        let mut path = String::new();
        for ring in &a.rings {
            for (i, (x, y)) in ring.iter().enumerate() {
                let (x, y) = ((x - low.0) * narrow * scale, (high.1 - y) * scale);
                let _ = write!(path, "{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" });
            }
            path.push('Z');
        }
        path
    };
    let fill = |votes: Option<u64>| match votes {
        None => "#eef0f3",
        Some(0) => "#f5d9a8",
        Some(n) if n * 3 > most * 2 => "#8c1d0b",
        Some(n) if n * 3 > most => "#d55e00",
        Some(_) => "#e69f00",
    };
    let title = page.say("Where figures do not agree", "Où les chiffres ne concordent pas");
    html! {
        figure {
            svg.chart viewBox=(format!("0 0 {WIDTH} {height:.0}")) role="img" aria-labelledby="count-map" {
                title id="count-map" { (title) }
                @for area in &areas {
                    @let votes = moved(area);
                    path d=(path(area)) fill=(fill(votes)) stroke="#fff" stroke-width="0.6" fill-rule="evenodd" {
                        title {
                            (show::text(area.names.last().map_or("", String::as_str), 80))
                            @if let Some(n) = votes { ": " (page.words.number(n)) " " (page.say("votes moved", "voix déplacées")) }
                        }
                    }
                }
            }
            figcaption { (page.say(
                "The darker, the more votes discrepancies move there; grey: nothing found. The table above says the same.",
                "Plus c’est foncé, plus les discordances y déplacent de voix ; gris : rien trouvé. Le tableau ci-dessus dit la même chose.",
            )) }
        }
    }
}

/// The areas of a collection of features.
fn areas(map: &Value) -> Vec<Area> {
    let mut left = POINTS;
    let features = map["features"].as_array().map_or(&[][..], Vec::as_slice);
    let area = |feature: &Value| {
        let text = |v: &Value| v.as_str().map(String::from).or_else(|| v.as_u64().map(|n| n.to_string()));
        let mut names: Vec<String> =
            feature["properties"].as_object().into_iter().flatten().take(32).filter_map(|(_, v)| text(v)).collect();
        names.extend(text(&feature["id"]));
        // The longest is what people call it.
        names.sort_by_key(|n| n.chars().count());
        let shape = &feature["geometry"];
        let polygons: Vec<&Value> = match shape["type"].as_str() {
            Some("Polygon") => vec![&shape["coordinates"]],
            Some("MultiPolygon") => shape["coordinates"].as_array().into_iter().flatten().collect(),
            _ => Vec::new(),
        };
        let mut rings = Vec::new();
        for ring in polygons.into_iter().flat_map(|p| p.as_array().into_iter().flatten()) {
            let point = |p: &Value| {
                Some((p.get(0)?.as_f64()?, p.get(1)?.as_f64()?)).filter(|(x, y)| x.abs() <= 180.0 && y.abs() <= 90.0)
            };
            let points: Vec<(f64, f64)> = ring.as_array().into_iter().flatten().take(left).filter_map(point).collect();
            left -= points.len();
            rings.extend((points.len() > 2).then_some(points));
        }
        Some(Area { names, rings }).filter(|a| !a.rings.is_empty())
    };
    features.iter().take(AREAS).filter_map(area).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_become_areas_and_nonsense_none() {
        let map = serde_json::json!({ "features": [
            { "properties": { "code": "59", "nom": "Nord" }, "geometry": { "type": "Polygon", "coordinates": [[[2, 50], [3, 50], [3, 51], [2, 50]]] } },
            { "properties": null, "geometry": { "type": "MultiPolygon", "coordinates": [[[[1e9, 0], ["x"], [3, 51]]], 7] } },
            7,
        ] });
        let all = areas(&map);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].names.join(" "), all[0].rings[0].len()), ("59 Nord".into(), 4));
    }
}
