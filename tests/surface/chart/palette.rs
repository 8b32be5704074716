//! Which colour? The same role has the same hue everywhere, in the light and in the dark.

use tandem::chart::inside::*;
use tandem::report::Role;

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
    }
}

#[test]
fn the_page_stands_out_as_well() {
    let tone = |name: &str| {
        let found = CUSTOM_PROPERTIES.iter().find(|(own, _)| *own == name);
        found.unwrap_or_else(|| panic!("{name}")).1
    };
    let (surface, ground) = (tone("surface"), tone("ground"));
    for (name, least) in [
        ("ink", 4.5),
        ("muted", 4.5),
        ("accent", 4.5),
        ("over", 4.5),
        ("good", 4.5),
        ("over-mark", 3.0),
        ("line-strong", 3.0),
        ("generator", 3.0),
        ("der", 3.0),
        ("load", 3.0),
        ("bid", 3.0),
    ] {
        let own = tone(name);
        for (mark, under) in [
            (own.light, surface.light),
            (own.light, ground.light),
            (own.dark, surface.dark),
            (own.dark, ground.dark),
            (own.print, surface.print),
        ] {
            let ratio = contrast(mark, under);
            assert!(ratio >= least, "{name} {mark} on {under}: {ratio:.2}");
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
