//! The fonts of the page, which every figure carries with it (`scripts/figure-fonts.js`).

use std::sync::{Arc, LazyLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ttf_parser::Face;
use usvg::fontdb::{Database, Language, Source};

/// What figures are written in.
pub const SANS: &str = "Source Sans 3";

/// A file of a font with the letters that it is for.
struct Font {
    family: &'static str,
    weight: u16,
    /// `unicode-range` in a style sheet; all where empty.
    range: &'static str,
    file: &'static [u8],
}

static FONTS: [Font; 4] = [
    Font {
        family: SANS,
        weight: 400,
        range: "U+0-36F, U+2000-FFFF",
        file: include_bytes!("../fonts/SourceSans3-Regular.ttf"),
    },
    Font {
        family: SANS,
        weight: 600,
        range: "U+0-36F, U+2000-FFFF",
        file: include_bytes!("../fonts/SourceSans3-Semibold.ttf"),
    },
    Font {
        family: SANS,
        weight: 400,
        range: "U+370-3FF",
        file: include_bytes!("../fonts/SourceSans3-Greek.ttf"),
    },
    Font {
        family: "STIX Two Math",
        weight: 400,
        range: "",
        file: include_bytes!("../fonts/STIXTwoMath-Signs.ttf"),
    },
];

/// The fonts, as the makers of PDF and PNG want them.
pub static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut all = Database::new();
    for font in &FONTS {
        let mut one = Database::new();
        one.load_font_source(Source::Binary(Arc::new(font.file)));
        // Cut out of a variable font, each is called by the weight that it began with.
        for face in one.faces() {
            let mut face = face.clone();
            face.families = vec![(font.family.to_string(), Language::English_UnitedStates)];
            face.weight = usvg::fontdb::Weight(font.weight);
            all.push_face_info(face);
        }
    }
    Arc::new(all)
});

static FACES: LazyLock<Vec<Face<'static>>> = LazyLock::new(|| {
    let faces = FONTS.iter().map(|font| Face::parse(font.file, 0));
    faces.filter_map(Result::ok).collect()
});

/// A letter that no font has.
const UNKNOWN: char = '□';

/// `text` with a box in the place of letters that no font has: they would be missing without a word.
pub fn shown(text: &str) -> String {
    let known = |c: char| c.is_control() || FACES.iter().any(|face| face.glyph_index(c).is_some());
    let sign = |c| match c {
        // Between thousands: the fonts have the one that breaks.
        '\u{202f}' => '\u{2009}',
        c if known(c) => c,
        _ => UNKNOWN,
    };
    text.chars().map(sign).collect()
}

/// Width of `text` at `size`, in its unit.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let order = if bold { [1, 0, 2, 3] } else { [0, 1, 2, 3] };
    let advance = |c: char| {
        let faces = order.iter().filter_map(|k| FACES.get(*k));
        let of = |face: &Face| {
            let glyph = face.glyph_index(c)?;
            let units = face.glyph_hor_advance(glyph)?;
            Some(f64::from(units) / f64::from(face.units_per_em()))
        };
        faces.into_iter().find_map(of).unwrap_or(0.6)
    };
    text.chars().map(advance).sum::<f64>() * size
}

/// A style sheet with those of the fonts that `svg` has letters of.
pub fn style(svg: &str) -> String {
    let greek = |c: char| ('\u{370}'..='\u{3ff}').contains(&c);
    let lacks = |c: char| {
        let sans = FACES.first().and_then(|face| face.glyph_index(c));
        !c.is_control() && !greek(c) && sans.is_none()
    };
    let used = [
        true,
        svg.contains("font-weight=\"600\""),
        svg.contains(greek),
        svg.contains(lacks),
    ];
    let mut out = String::from("<style>");
    for (font, _) in FONTS.iter().zip(used).filter(|(_, used)| *used) {
        let range = match font.range {
            "" => String::new(),
            range => format!(";unicode-range:{range}"),
        };
        out.push_str(&format!(
            "@font-face{{font-family:\"{}\";font-weight:{}{range};src:url(data:font/ttf;base64,{})}}",
            font.family,
            font.weight,
            STANDARD.encode(font.file),
        ));
    }
    out.push_str("</style>\n");
    out
}
