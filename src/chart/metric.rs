//! How wide is a text? Advance widths of the sans that the page ships.
//!
//! plotters measures text through the browser's document, which a worker does not have.
//! The widths below are those of Source Sans 3 at weight 400 (1/1000 em), which `www/css/fonts.css`
//! sets [`ADJUST`] times as large; the few signs it lacks come from STIX Two Math. A picture that is
//! saved may be drawn in another sans, and bold text is 4 % wider, so layouts add [`SAFETY`].

/// Factor by which bold text, or another sans, may be wider than the one measured.
const SAFETY: f64 = 1.1;

/// `size-adjust` of the fonts of the page.
const ADJUST: f64 = 1.08;

/// Size of all text, px.
pub const TEXT: f64 = 12.0;
/// Height of a line of text, px.
pub const LINE: f64 = 15.0;
/// Length of the line sample before a name, px.
pub const SAMPLE: f64 = 16.0;

/// Advance widths of U+0020 … U+007E in 1/1000 em, read from the font file.
const ASCII: [u16; 95] = [
    200, 289, 426, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249,
    350, // space … /
    497, 497, 497, 497, 497, 497, 497, 497, 497, 497, 249, 249, 497, 497, 497, 425, // 0 … ?
    847, 543, 588, 571, 615, 527, 494, 617, 652, 263, 479, 579, 486, 727, 647, 664, // @ … O
    566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303, 350, 303, 497, 500, // P … _
    542, 504, 553, 456, 555, 496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542, // ` … o
    555, 555, 347, 419, 338, 544, 467, 719, 446, 467, 425, 303, 241, 303, 497, // p … ~
];

/// Advance width of one character in 1/1000 em.
pub fn advance(c: char) -> u16 {
    let code = c as usize;
    if let Some(width) = code.checked_sub(0x20).and_then(|k| ASCII.get(k)) {
        return *width;
    }
    match c {
        '·' | '’' => 249,
        '\u{a0}' => 200,
        '\u{2009}' | '\u{202f}' => 125,
        '−' | '×' | '±' | '÷' | '€' => 497,
        '≤' | '≥' | '≈' | '≠' => 720,
        '°' => 331,
        '²' | '³' | '¹' | '₀'..='₉' => 412,
        '…' | '→' | '←' | '↔' => 948,
        '—' => 800,
        '–' => 480,
        '“' | '”' => 426,
        '↑' | '↓' => 619,
        'Δ' => 588,
        'Σ' => 538,
        'Ω' => 678,
        c if (c as u32) >= 0x1100 => 1000,
        c if c.is_uppercase() => 660,
        _ => 560,
    }
}

/// Width of one character in px at `size_px`.
fn wide(c: char, size_px: f64) -> f64 {
    f64::from(advance(c)) / 1000.0 * ADJUST * size_px
}

/// Width in px of `text` set at `size_px`.
pub fn width_px(text: &str, size_px: f64) -> f64 {
    text.chars().map(|c| wide(c, size_px)).sum()
}

/// Width of `text` with room for another sans than the one measured.
pub fn room(text: &str) -> f64 {
    width_px(text, TEXT) * SAFETY
}

/// Room for the widest of some texts.
pub fn widest<T: AsRef<str>>(texts: &[T]) -> f64 {
    texts.iter().map(|t| room(t.as_ref())).fold(0.0, f64::max)
}

/// A name in this many lines with the widest as short as may be, broken at plain spaces; none
/// where it has too few words.
pub fn broken(text: &str, lines: usize) -> Option<Vec<String>> {
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    shortest(&words, lines)
}

fn shortest(words: &[&str], lines: usize) -> Option<Vec<String>> {
    if lines <= 1 {
        return (!words.is_empty()).then(|| vec![words.join(" ")]);
    }
    let mut best: Option<Vec<String>> = None;
    for first in 1..words.len() {
        let Some(rest) = shortest(&words[first..], lines - 1) else {
            continue;
        };
        let mut all = vec![words[..first].join(" ")];
        all.extend(rest);
        if best.as_ref().is_none_or(|b| widest(&all) < widest(b)) {
            best = Some(all);
        }
    }
    best
}

/// `text`, shortened until it is at most `max_px` wide at `size_px`: to as many whole words as
/// there is room for, its last and its first ones, for names often differ at their ends only; a
/// single word in its middle.
pub fn fit(text: &str, size_px: f64, max_px: f64) -> String {
    if width_px(text, size_px) <= max_px {
        return text.to_string();
    }
    let width = |c: char| wide(c, size_px);
    let room = max_px - width('…');
    // A number at its end is what tells it from others.
    let numbered = text.ends_with(|c: char| c.is_ascii_digit());
    let words: Vec<&str> = text.split(' ').filter(|_| !numbered).collect();
    for last in (0..words.len()).rev() {
        let tail = words[words.len() - last..].join(" ");
        let left = room - width_px(&tail, size_px);
        let fits = |count: &usize| width_px(&words[..*count].join(" "), size_px) <= left;
        let most = (1..words.len() - last).rev().find(fits);
        if let Some(first) = most.filter(|first| last <= *first) {
            return format!("{}…{tail}", words[..first].join(" "));
        }
    }
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
