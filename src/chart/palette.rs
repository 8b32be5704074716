//! Which colour? The same role has the same hue everywhere, in the light and in the dark.
//!
//! Hues are those of Okabe and Ito (*Color Universal Design*, 2008), darkened or lightened
//! until a mark stands out from the surface by 3 : 1 and a text by 4.5 : 1 (WCAG 2.2,
//! 1.4.11 and 1.4.3). Series of one role differ by shade first, then by dashes; markers
//! tell neighbours apart where points are drawn. Vermilion means over a limit and nothing
//! else.

use crate::report::Role;

/// Colours of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// What lies under the chart; the chart itself is transparent.
    pub surface: &'static str,
    pub ink: &'static str,
    pub muted: &'static str,
    /// Grid lines: quieter than any mark on purpose.
    pub grid: &'static str,
    /// The zero line.
    pub zero: &'static str,
    /// Over a limit: lines of the hatch.
    pub over: &'static str,
    /// Over a limit, as text.
    pub over_text: &'static str,
}

const LIGHT: Sheet = Sheet {
    surface: "#ffffff",
    ink: "#1b1f24",
    muted: "#5a626b",
    grid: "#e3e6ea",
    zero: "#8a929b",
    over: "#d55e00",
    over_text: "#b84f00",
};

const DARK: Sheet = Sheet {
    surface: "#14181d",
    ink: "#e6e9ed",
    muted: "#a3abb4",
    grid: "#2a3038",
    zero: "#6d7681",
    over: "#f0803c",
    over_text: "#ff9a5c",
};

pub fn sheet(dark: bool) -> Sheet {
    if dark { DARK } else { LIGHT }
}

/// The shades of a role, in the order in which series take them.
pub fn shades(role: Role, dark: bool) -> [&'static str; 3] {
    match (role, dark) {
        (Role::Generator, false) => ["#0072b2", "#003e66", "#4a97cf"],
        (Role::Generator, true) => ["#4fa8e0", "#a8d4f5", "#2f80bc"],
        (Role::Der, false) => ["#bd7f00", "#7a4b00", "#a8743a"],
        (Role::Der, true) => ["#e69f00", "#f7cf7a", "#b57c00"],
        (Role::Aggregator, false) => ["#b85c90", "#7a2f5a", "#cc79a7"],
        (Role::Aggregator, true) => ["#d98db8", "#f2c6dd", "#b0628f"],
        (Role::Load, false) => ["#6b7076", "#3f444a", "#868c93"],
        (Role::Load, true) => ["#9aa1a9", "#cdd2d8", "#757c85"],
        (Role::Line, false) => ["#009e73", "#00543d", "#5b9a3c"],
        (Role::Line, true) => ["#1fb98c", "#8fe3c8", "#7aa83f"],
        (Role::Price, false) => ["#2287c4", "#0b4a73", "#6a93e0"],
        (Role::Price, true) => ["#56b4e9", "#b5ddf7", "#6c8fe8"],
        (Role::Optimum, false) => [LIGHT.ink; 3],
        (Role::Optimum, true) => [DARK.ink; 3],
        (Role::Reference, false) => [LIGHT.muted; 3],
        (Role::Reference, true) => [DARK.muted; 3],
    }
}

/// Dashes in px of the `nth` series of a role (from 0); empty is a full line. Prices are
/// often equal from bus to bus, so each shows through the gaps of the next.
pub fn dashes(role: Role, nth: usize, dashed: bool) -> &'static str {
    match role {
        _ if dashed => ["5 4", "2 3", "9 3 2 3"][nth % 3],
        Role::Optimum => "5 4",
        Role::Price => ["", "12 4", "2.5 3.5", "12 4 2.5 4"][nth % 4],
        _ => ["", "", "", "12 3", "2.5 2.5", "10 3 2 3"][nth % 6],
    }
}

/// Colour of a price for a diagram: blue below `centre`, red above, pale at `centre`;
/// the ends are reached at `centre ± span`. No congestion is one colour.
///
/// `value` and `centre` in $/MWh, `span` > 0 in $/MWh; without a finite `span` or `value`
/// the middle colour is returned. Anchors in the light: ColorBrewer RdBu (Brewer 2002).
pub fn price_colour(value: f64, centre: f64, span: f64, dark: bool) -> String {
    const BRIGHT: [u32; 7] = [
        0x2166ac, 0x67a9cf, 0xd1e5f0, 0xf2f2f2, 0xfddbc7, 0xef8a62, 0xb2182b,
    ];
    const DIM: [u32; 7] = [
        0x7cc0f5, 0x3f88c5, 0x2a4b68, 0x3a4048, 0x6b3f36, 0xc4614a, 0xff8f7a,
    ];
    let offset = (value - centre) / span;
    let part = if offset.is_finite() && span > 0.0 {
        0.5 + 0.5 * offset
    } else {
        0.5
    };
    blend(if dark { &DIM } else { &BRIGHT }, part)
}

/// Colour of the loading of a branch, `fraction` of its limit: grey when idle to dark
/// (in the dark: bright) when full; from just over 1 on vermilion, abruptly, because a
/// violated limit is not a shade of a kept one. A missing loading is the idle grey.
pub fn loading_colour(fraction: f64, dark: bool) -> String {
    const BRIGHT: [u32; 4] = [0x8a929b, 0x6d8a9c, 0x33708f, 0x00405c];
    const DIM: [u32; 4] = [0x6d7681, 0x6f93a8, 0x86bcd8, 0xcdeafa];
    let size = fraction.abs();
    if size > 1.0 + 1e-6 {
        return sheet(dark).over.to_string();
    }
    blend(
        if dark { &DIM } else { &BRIGHT },
        if size.is_finite() { size } else { 0.0 },
    )
}

/// Colour of a value over the plane, `part` from 0 (low) to 1 (high): from pale blue over grey
/// to ochre in the light, from deep blue in the dark. Lightness runs one way, so the order
/// shows without hue; hue runs along blue and yellow, the axis kept by the common colour
/// deficiencies. The sheet's ink stays readable on every shade.
pub fn surface_colour(part: f64, dark: bool) -> String {
    const BRIGHT: [u32; 5] = [0xeef4fc, 0xd5dfec, 0xcfcfc9, 0xc9b98a, 0xc0a24a];
    const DIM: [u32; 5] = [0x14263f, 0x25374f, 0x3d454d, 0x565238, 0x6d5f1f];
    let part = if part.is_finite() { part } else { 0.0 };
    blend(if dark { &DIM } else { &BRIGHT }, part)
}

/// Linear interpolation between evenly spaced anchors, `part` in 0 … 1.
fn blend(anchors: &[u32], part: f64) -> String {
    let last = anchors.len().saturating_sub(1);
    let place = part.clamp(0.0, 1.0) * last as f64;
    let low = (place.floor() as usize).min(last);
    let weight = place - low as f64;
    let colour = |k: usize| anchors.get(k.min(last)).copied().unwrap_or_default();
    let (a, b) = (colour(low), colour(low + 1));
    let channel = |shift: u32| {
        let of = |c: u32| f64::from((c >> shift) & 0xff);
        (of(a) * (1.0 - weight) + of(b) * weight).round() as u8
    };
    format!("#{:02x}{:02x}{:02x}", channel(16), channel(8), channel(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(hex: &str) -> f64 {
        let code = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap();
        let linear = |shift: u32| {
            let c = f64::from((code >> shift) & 0xff) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                libm::pow((c + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn marks_and_text_stand_out() {
        for dark in [false, true] {
            let sheet = sheet(dark);
            for role in [
                Role::Generator,
                Role::Der,
                Role::Aggregator,
                Role::Load,
                Role::Line,
                Role::Price,
                Role::Optimum,
                Role::Reference,
            ] {
                for shade in shades(role, dark) {
                    let ratio = contrast(shade, sheet.surface);
                    assert!(ratio >= 3.0, "{role:?} {shade} dark={dark}: {ratio:.2}");
                }
            }
            for (text, least) in [
                (sheet.ink, 4.5),
                (sheet.muted, 4.5),
                (sheet.over_text, 4.5),
                (sheet.over, 3.0),
                (sheet.zero, 3.0),
            ] {
                assert!(contrast(text, sheet.surface) >= least, "{text} dark={dark}");
            }
            for k in 0..=100 {
                let loading = loading_colour(f64::from(k) / 100.0, dark);
                assert!(
                    contrast(&loading, sheet.surface) >= 3.0,
                    "loading {k} % {loading}"
                );
            }
        }
    }

    #[test]
    fn surface_colours_run_one_way_under_readable_ink() {
        for dark in [false, true] {
            let shades: Vec<String> = (0..=10)
                .map(|k| surface_colour(f64::from(k) / 10.0, dark))
                .collect();
            for shade in &shades {
                assert!(contrast(shade, sheet(dark).ink) >= 4.5, "{shade}");
            }
            for pair in shades.windows(2) {
                let (a, b) = (luminance(&pair[0]), luminance(&pair[1]));
                assert_eq!(a < b, dark, "{pair:?}");
            }
            assert_eq!(surface_colour(f64::NAN, dark), shades[0]);
        }
    }

    #[test]
    fn price_colours_diverge_about_the_centre() {
        for dark in [false, true] {
            let middle = price_colour(30.0, 30.0, 20.0, dark);
            assert_eq!(price_colour(30.0, 30.0, 0.0, dark), middle);
            assert_eq!(price_colour(f64::NAN, 30.0, 20.0, dark), middle);
            assert_eq!(
                price_colour(99.0, 30.0, 20.0, dark),
                price_colour(50.0, 30.0, 20.0, dark),
            );
            assert_ne!(
                price_colour(10.0, 30.0, 20.0, dark),
                price_colour(50.0, 30.0, 20.0, dark),
            );
        }
        assert_eq!(price_colour(10.0, 30.0, 20.0, false), "#2166ac");
        assert_eq!(loading_colour(1.05, false), "#d55e00");
        assert_ne!(loading_colour(1.0, false), "#d55e00");
        assert_eq!(loading_colour(-0.5, true), loading_colour(0.5, true));
    }
}
