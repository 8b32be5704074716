//! The colours of the page as a style sheet, from the source that the charts read, too.

#[allow(dead_code, reason = "the charts use the others")]
#[path = "../../src/chart/colours.rs"]
mod colours;

use colours::{CUSTOM_PROPERTIES, Tone};

/// `css/palette.css`: light, dark by `data-theme`, and light again on paper; sheets that are exported choose for themselves.
pub fn css() -> String {
    let mut text = block(":root,\n.sheet-light", |tone| tone.light);
    text += &block(":root[data-theme=\"dark\"],\n.sheet-dark", |tone| tone.dark);
    let print = block(":root,\n:root[data-theme=\"dark\"]", |tone| tone.print);
    text += &format!("@media print {{\n{print}}}\n");
    text
}

fn block(selector: &str, colour: impl Fn(Tone) -> &'static str) -> String {
    let lines: String = CUSTOM_PROPERTIES
        .iter()
        .map(|(name, tone)| format!("  --{name}: {};\n", colour(*tone)))
        .collect();
    format!("{selector} {{\n{lines}}}\n")
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn every_property_in_the_light_in_the_dark_and_on_paper() {
        let css = css();
        for (name, tone) in CUSTOM_PROPERTIES {
            assert_eq!(css.matches(&format!("--{name}: #")).count(), 3, "{name}");
            assert!(css.contains(&format!("--{name}: {};", tone.dark)), "{name}");
        }
    }

    /// A colour written by hand is a second source, which drifts.
    #[test]
    fn style_sheets_name_no_colour_of_their_own() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/css");
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            for (k, line) in text.lines().enumerate() {
                let shown = format!("{}:{}: {line}", path.display(), k + 1);
                let value = line.split_once(':').map_or("", |(_, value)| value);
                // What must be white or black in every theme, as the ground of a QR code.
                let fixed = ["#fff;", "#000;"].contains(&value.trim());
                let property = line.trim_start().starts_with("--");
                assert!(!value.contains('#') || (fixed && !property), "{shown}");
            }
        }
    }
}
