//! Every colour of charts and page, once: the charts read them here, and `cargo xtask dist`
//! writes those of the page into `css/palette.css`, custom property by custom property.
//!
//! Hues are those of Okabe and Ito (*Color Universal Design*, 2008), darkened or lightened
//! until a mark stands out from the surface by 3 : 1 and a text by 4.5 : 1 (WCAG 2.2,
//! 1.4.11 and 1.4.3). Vermilion means over a limit and nothing else.

/// One colour in the light, in the dark and on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tone {
    pub light: &'static str,
    pub dark: &'static str,
    pub print: &'static str,
}

/// On paper as in the light.
const fn tone(light: &'static str, dark: &'static str) -> Tone {
    Tone {
        light,
        dark,
        print: light,
    }
}

const fn printed(light: &'static str, dark: &'static str, print: &'static str) -> Tone {
    Tone { light, dark, print }
}

/// The same everywhere.
const fn same(colour: &'static str) -> Tone {
    tone(colour, colour)
}

/// What lies under charts and text.
pub const SURFACE: Tone = tone("#ffffff", "#14181d");
pub const INK: Tone = printed("#1b1e21", "#e9e9e6", "#000000");
pub const MUTED: Tone = printed("#5a626b", "#a3abb4", "#444444");
/// Borders of controls, the zero line of a chart.
pub const LINE_STRONG: Tone = tone("#868d93", "#757d84");
/// Grid lines of a chart: quieter than any mark on purpose.
pub const GRID: Tone = tone("#e3e6ea", "#2a3038");
/// Over a limit: as a mark.
pub const OVER_MARK: Tone = tone("#d55e00", "#f0803c");
/// Over a limit: as text.
pub const OVER: Tone = printed("#b84300", "#ff9a5c", "#a33c00");
pub const GENERATOR: Tone = tone("#0072b2", "#56b4e9");
pub const DER: Tone = tone("#bd7f00", "#e69f00");
pub const LOAD: Tone = tone("#6b7076", "#9aa1a9");

/// What the style sheets of the page call `--name`.
pub const CUSTOM_PROPERTIES: [(&str, Tone); 39] = [
    ("surface", SURFACE),
    ("ground", printed("#f7f7f5", "#0f1113", "#ffffff")),
    ("ink", INK),
    ("muted", MUTED),
    ("line", printed("#dcdfe1", "#2d3237", "#bbbbbb")),
    ("line-strong", LINE_STRONG),
    ("accent", tone("#00649f", "#6ab7ea")),
    ("accent-soft", tone("#e5f0f8", "#17303f")),
    ("on-accent", tone("#ffffff", "#0d1418")),
    ("over", OVER),
    ("over-mark", OVER_MARK),
    ("over-soft", tone("#fdeee4", "#38220f")),
    ("good", tone("#00664b", "#4fc79f")),
    ("good-soft", tone("#e3f4ee", "#12312a")),
    ("generator", GENERATOR),
    ("der", DER),
    ("load", LOAD),
    ("bid", tone("#009e73", "#2bb58c")),
    ("zone", tone("#eceef0", "#22272c")),
    // Loading of a line: open has no limit, high is near it.
    ("wire-open", tone("#9aa3aa", "#6b747b")),
    ("wire-low", tone("#9fb4c4", "#5d7180")),
    ("wire-middle", tone("#5f8fb0", "#6fa3c7")),
    ("wire-high", tone("#c98a00", "#e0a52e")),
    // Prices, low to high, after ColorBrewer Blues (Brewer 2002), and those that are about the same.
    ("price-even", tone("#f2f2ef", "#d9dad6")),
    ("price-0", same("#eef4fa")),
    ("price-1", same("#d3e3f1")),
    ("price-2", same("#b0cde6")),
    ("price-3", same("#84b1d7")),
    ("price-4", same("#5f98c8")),
    ("price-5", same("#2f6ea9")),
    ("price-6", same("#124479")),
    ("price-dark-text", same("#1b1e21")),
    ("price-light-text", same("#ffffff")),
    // Voltages, low to high, after cividis (Nuñez, Anderton and Renslow 2018).
    ("voltage-0", same("#00224e")),
    ("voltage-1", same("#35456c")),
    ("voltage-2", same("#666970")),
    ("voltage-3", same("#958f78")),
    ("voltage-4", same("#cbba69")),
    ("voltage-5", same("#fee838")),
];
