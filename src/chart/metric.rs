//! How wide is a text? Advance widths of a generic sans.
//!
//! plotters measures text through the browser's document, which a worker does not have.
//! The widths below are those of Helvetica (Adobe Core 14 font metrics, 1/1000 em), which
//! Arial shares; the system's sans differs by a few per cent, so layouts add
//! [`SAFETY`].

/// Factor by which another sans may be wider than Helvetica; DejaVu Sans is the widest met.
pub const SAFETY: f64 = 1.15;

/// Advance widths of U+0020 … U+007E in 1/1000 em. Source: Adobe Core 14 AFM, Helvetica.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278,
    278, // space … /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 … ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722,
    778, // @ … O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P … _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` … o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p … ~
];

/// Advance width of one character in 1/1000 em.
fn advance(c: char) -> u16 {
    let code = c as usize;
    if let Some(width) = code.checked_sub(0x20).and_then(|k| ASCII.get(k)) {
        return *width;
    }
    match c {
        '·' | '\u{a0}' => 278,
        '\u{2009}' | '\u{202f}' => 200,
        '−' | '×' | '±' | '÷' | '≤' | '≥' | '≈' => 584,
        '°' => 400,
        '²' | '³' | '¹' | '₀'..='₉' => 333,
        '…' | '—' | '→' | '←' | '↑' | '↓' => 1000,
        'Δ' | 'Σ' | 'Ω' => 667,
        c if (c as u32) >= 0x1100 => 1000,
        c if c.is_uppercase() => 722,
        _ => 556,
    }
}

/// Width in px of `text` set at `size_px`.
pub fn width_px(text: &str, size_px: f64) -> f64 {
    let units: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
    f64::from(units) / 1000.0 * size_px
}

/// `text`, shortened with an ellipsis in its middle until it is at most `max_px` wide at
/// `size_px`: names often differ at their ends only.
pub fn fit(text: &str, size_px: f64, max_px: f64) -> String {
    if width_px(text, size_px) <= max_px {
        return text.to_string();
    }
    let width = |c: char| f64::from(advance(c)) / 1000.0 * size_px;
    let room = max_px - width('…');
    // The longest tail in two fifths of the room, then the longest head in the rest.
    let mut used = 0.0;
    let mut fits = |c: char, limit: f64| {
        let grows = used + width(c) <= limit;
        used += if grows { width(c) } else { 0.0 };
        grows
    };
    let tail: Vec<char> = text
        .chars()
        .rev()
        .take_while(|c| fits(*c, 0.4 * room))
        .collect();
    let head: String = text.chars().take_while(|c| fits(*c, room)).collect();
    let tail: String = tail.into_iter().rev().collect();
    format!("{}…{}", head.trim_end(), tail.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_all_as_wide_as_each_other() {
        for c in '0'..='9' {
            assert_eq!(advance(c), 556);
        }
        // 3 digits at 556, stop and space at 278, M 833, W 944.
        assert!((width_px("10.5 MW", 10.0) - 40.01).abs() < 1e-9);
        assert_eq!(advance('~'), 584);
        assert_eq!(advance('A'), 667);
    }

    #[test]
    fn a_shortened_text_fits() {
        for max in 8..120 {
            let text = fit(
                "Distribution-level aggregator of feeder 12",
                12.0,
                f64::from(max),
            );
            assert!(
                text == "…" || width_px(&text, 12.0) <= f64::from(max),
                "{text} at {max}"
            );
        }
        let (a, b) = (
            fit("Substation 13", 12.0, 60.0),
            fit("Substation 14", 12.0, 60.0),
        );
        assert!(
            a != b && a.ends_with("13") && b.starts_with("Sub"),
            "{a} {b}"
        );
        assert_eq!(fit("G1", 12.0, 100.0), "G1");
        assert_eq!(fit("", 12.0, 0.0), "");
    }
}
