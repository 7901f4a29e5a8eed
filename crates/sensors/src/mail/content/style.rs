//! What inline style does to whether a text is seen.

/// The style an element has, its parents' included.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Style {
    /// Not displayed, invisible, off the screen, of no height.
    gone: bool,
    /// Letters too small to be seen.
    tiny: bool,
    colour: Option<[u8; 3]>,
    background: Option<[u8; 3]>,
}

impl Style {
    /// Whether text in it cannot be seen.
    pub fn hides(self) -> bool {
        self.gone || self.tiny || self.invisible()
    }

    /// Letters of the colour of what is behind them; white on nothing said is white on white.
    fn invisible(self) -> bool {
        let close = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 4);
        match (self.colour, self.background) {
            (Some(c), Some(b)) => close(c, b),
            _ => false,
        }
    }

    /// The style of a child.
    pub fn within(mut self, name: &str, attributes: &[(String, String)]) -> Style {
        for (key, value) in attributes {
            match key.as_str() {
                "style" => self.inline(value),
                "hidden" => self.gone = true,
                "bgcolor" => self.background = colour(value).or(self.background),
                "background" => self.background = None,
                "color" if name == "font" => self.colour = colour(value).or(self.colour),
                "text" if name == "body" => self.colour = colour(value).or(self.colour),
                _ => {}
            }
        }
        if matches!(name, "head" | "noframes" | "template" | "datalist") {
            self.gone = true;
        }
        if name == "body" {
            self.gone = self.gone && attributes.iter().any(|(k, _)| k == "style" || k == "hidden");
        }
        self
    }

    fn inline(&mut self, style: &str) {
        let (mut clips, mut flat) = (false, false);
        for declaration in style.split(';').take(100) {
            let Some((key, value)) = declaration.split_once(':') else { continue };
            let key = key.trim().to_ascii_lowercase();
            let value = value.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
            match key.as_str() {
                "display" => self.gone |= value == "none",
                "visibility" => self.gone |= value == "hidden" || value == "collapse",
                "mso-hide" => self.gone |= value == "all",
                "opacity" => self.gone |= number(&value).is_some_and(|n| n < 0.05),
                "font-size" => {
                    self.tiny = number(&value)
                        .is_some_and(|n| n <= 1.0 && !value.contains("em") && !value.contains('%') || n == 0.0)
                }
                "text-indent" | "left" | "top" | "margin-left" => {
                    self.gone |= number(&value).is_some_and(|n| n <= -500.0)
                }
                "height" | "max-height" | "width" | "max-width" => flat |= number(&value) == Some(0.0),
                "overflow" => clips |= value == "hidden",
                "color" => self.colour = colour(&value).or(self.colour),
                "background-color" => self.background = colour(&value).or(self.background),
                "background" | "background-image" => {
                    self.background = match value.contains("url(") || value.contains("gradient") {
                        true => None,
                        false => value.split_whitespace().find_map(colour).or(self.background),
                    }
                }
                _ => {}
            }
        }
        self.gone |= clips && flat;
    }
}

/// The number a value begins with.
fn number(value: &str) -> Option<f32> {
    let end =
        value.bytes().position(|b| !(b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))).unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

/// A colour in the spellings mail uses.
fn colour(value: &str) -> Option<[u8; 3]> {
    let value = value.trim().to_ascii_lowercase();
    if let Some(list) = value.strip_prefix("rgba(").or_else(|| value.strip_prefix("rgb(")) {
        let mut parts = list.trim_end_matches(')').split(',').map(|p| p.trim().parse::<u8>());
        return Some([parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?]);
    }
    let hex = match value.as_str() {
        "white" => "ffffff",
        "black" => "000000",
        "red" => "ff0000",
        "yellow" => "ffff00",
        "blue" => "0000ff",
        "green" => "008000",
        other => other.strip_prefix('#').unwrap_or(other),
    };
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    match digits?.as_slice() {
        [r, g, b] => Some([r * 17, g * 17, b * 17]),
        [a, b, c, d, e, f] => Some([a * 16 + b, c * 16 + d, e * 16 + f]),
        _ => None,
    }
}
