//! Which colour? The same role has the same hue everywhere, in the light and in the dark.
//!
//! The colours themselves stand in `colours.rs`, which the page reads, too. In a chart of one role its entities differ
//! by hue, beside other roles by shade, then by dashes; markers tell neighbours apart where points are drawn.

use super::colours::{
    DER, GENERATOR, GRID, INK, LINE_STRONG, LOAD, MUTED, OVER, OVER_MARK, SURFACE, Tone,
};
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

pub fn sheet(dark: bool) -> Sheet {
    let of = |tone: Tone| if dark { tone.dark } else { tone.light };
    Sheet {
        surface: of(SURFACE),
        ink: of(INK),
        muted: of(MUTED),
        grid: of(GRID),
        zero: of(LINE_STRONG),
        over: of(OVER_MARK),
        over_text: of(OVER),
    }
}

/// The shades of a role, in the order in which series take them.
pub fn shades(role: Role, dark: bool) -> [&'static str; 3] {
    match (role, dark) {
        (Role::Generator, false) => [GENERATOR.light, "#003e66", "#4a97cf"],
        (Role::Generator, true) => [GENERATOR.dark, "#a8d4f5", "#2f80bc"],
        (Role::Der, false) => [DER.light, "#7a4b00", "#a8743a"],
        (Role::Der, true) => [DER.dark, "#f7cf7a", "#b57c00"],
        (Role::Aggregator, false) => ["#b85c90", "#7a2f5a", "#cc79a7"],
        (Role::Aggregator, true) => ["#d98db8", "#f2c6dd", "#b0628f"],
        (Role::Load, false) => [LOAD.light, "#3f444a", "#868c93"],
        (Role::Load, true) => [LOAD.dark, "#cdd2d8", "#757c85"],
        (Role::Line, false) => ["#009e73", "#00543d", "#5b9a3c"],
        (Role::Line, true) => ["#1fb98c", "#8fe3c8", "#7aa83f"],
        (Role::Price, false) => ["#2287c4", "#0b4a73", "#6a93e0"],
        (Role::Price, true) => ["#56b4e9", "#b5ddf7", "#6c8fe8"],
        (Role::Optimum, _) => [sheet(dark).ink; 3],
        (Role::Reference, _) => [sheet(dark).muted; 3],
    }
}

/// Hues that tell entities of one role apart where a chart shows no other role: that of the role first, then these.
const HUES: [(&str, &str); 5] = [
    (GENERATOR.light, GENERATOR.dark),
    (DER.light, DER.dark),
    ("#009e73", "#1fb98c"),
    ("#b85c90", "#d98db8"),
    (INK.light, INK.dark),
];

/// Colour of the `nth` entity (from 0) in a chart of one role.
pub fn entity(role: Role, nth: usize, dark: bool) -> &'static str {
    let own = shades(role, dark)[0];
    // Of prices and generators both are blue.
    let is_own = |hue: &str| hue == own || (role == Role::Price && hue == pick(HUES[0], dark));
    let others = HUES.iter().map(|hue| pick(*hue, dark));
    let hues: Vec<&'static str> = [own]
        .into_iter()
        .chain(others.filter(|hue| !is_own(hue)))
        .collect();
    hues[nth % hues.len()]
}

fn pick((light, in_the_dark): (&'static str, &'static str), dark: bool) -> &'static str {
    if dark { in_the_dark } else { light }
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

/// Dashes of the `place`-th series of its chart (from 0), whatever its role: told apart in print without colours.
pub fn grey_dashes(place: usize) -> &'static str {
    ["", "6 3", "1.5 3", "9 3 1.5 3", "14 4", "3 2"][place % 6]
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
