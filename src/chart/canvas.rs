//! The paper: a plotters backend that writes SVG text.
//!
//! plotters' own SVG backend knows neither dashes nor patterns nor groups, measures text
//! through a document, and works in whole pixels. This one works in tenths of a pixel
//! ([`SUB`]), measures with [`metric`], and writes presentation attributes and class names
//! only, so that a Content-Security-Policy without inline styles lets it pass.

use std::convert::Infallible;
use std::fmt::Write;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontTransform,
};

use super::metric;
use super::symbols::{self, Piece};

/// Backend units per pixel.
pub const SUB: i32 = 10;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// An SVG document being written. Coordinates are tenths of a pixel.
pub struct Canvas<'a> {
    out: &'a mut String,
    size: (u32, u32),
}

/// Appends tenths of a pixel as pixels: 123 → `12.3`, 120 → `12`.
pub fn push_px(out: &mut String, tenths: i32) {
    let (whole, part) = (tenths / SUB, (tenths % SUB).unsigned_abs());
    if tenths < 0 && whole == 0 {
        out.push('-');
    }
    // Writing to a String cannot fail.
    let _ = if part == 0 {
        write!(out, "{whole}")
    } else {
        write!(out, "{whole}.{part}")
    };
}

/// Words with the index of a symbol below the line, and its primes behind.
fn push_typeset(out: &mut String, text: &str) {
    let mut lowered = false;
    for piece in symbols::pieces(text) {
        let (words, primes) = match piece {
            Piece::Index(index, primes) => {
                out.push_str("<tspan font-size=\".75em\" dy=\".3em\">");
                push_escaped(out, index);
                out.push_str("</tspan>");
                lowered = true;
                ("", ["", "′", "″"][primes.min(2)])
            }
            Piece::Plain(words) => (words, ""),
        };
        if words.is_empty() && primes.is_empty() {
            continue;
        }
        // Back up by what the smaller sign went down.
        out.push_str(if lowered {
            "<tspan dy=\"-.225em\">"
        } else {
            ""
        });
        push_escaped(out, words);
        out.push_str(primes);
        out.push_str(if lowered { "</tspan>" } else { "" });
        lowered = false;
    }
}

/// Appends `text` with the five XML characters escaped and control characters, which XML
/// forbids, left out.
pub fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

/// Path data over tenths of a pixel, with H and V for strokes along the axes.
#[derive(Default)]
pub struct PathData {
    pub d: String,
    last: BackendCoord,
}

impl PathData {
    pub fn of(points: &[BackendCoord]) -> Self {
        let mut path = Self::default();
        path.polyline(points);
        path
    }

    pub fn ring(centre: BackendCoord, radius: i32) -> Self {
        let mut path = Self::default();
        path.circle(centre, radius);
        path
    }

    fn move_to(&mut self, p: BackendCoord) {
        self.d.push('M');
        self.pair(p);
    }

    fn line_to(&mut self, p: BackendCoord) {
        if p == self.last {
            return;
        }
        if p.1 == self.last.1 {
            self.d.push('H');
            push_px(&mut self.d, p.0);
        } else if p.0 == self.last.0 {
            self.d.push('V');
            push_px(&mut self.d, p.1);
        } else {
            self.d.push('L');
            self.pair(p);
        }
        self.last = p;
    }

    pub fn close(&mut self) {
        self.d.push('Z');
    }

    pub fn polyline(&mut self, points: &[BackendCoord]) {
        let mut points = points.iter();
        if let Some(first) = points.next() {
            self.move_to(*first);
        }
        points.for_each(|p| self.line_to(*p));
    }

    pub fn rectangle(&mut self, a: BackendCoord, b: BackendCoord) {
        self.polyline(&[a, (b.0, a.1), b, (a.0, b.1)]);
        self.close();
    }

    /// A circle as two arcs; radius in tenths.
    pub fn circle(&mut self, centre: BackendCoord, radius: i32) {
        self.move_to((centre.0 - radius, centre.1));
        for sweep in [2 * radius, -2 * radius] {
            self.d.push('a');
            self.pair((radius, radius));
            self.d.push_str(" 0 1 0 ");
            self.pair((sweep, 0));
        }
        self.d.push('Z');
    }

    /// A stroke of no length: a dot under round caps.
    pub fn dot(&mut self, p: BackendCoord) {
        self.move_to(p);
        self.d.push('H');
        push_px(&mut self.d, p.0);
    }

    fn pair(&mut self, p: BackendCoord) {
        push_px(&mut self.d, p.0);
        self.d.push(' ');
        push_px(&mut self.d, p.1);
        self.last = p;
    }
}

impl<'a> Canvas<'a> {
    /// A sheet of `width` × `height` px writing into `out`; the caller opens and closes
    /// the `svg` element.
    pub fn new(out: &'a mut String, width: u32, height: u32) -> Self {
        Self {
            out,
            size: (width * SUB as u32, height * SUB as u32),
        }
    }

    /// Lays in what another canvas wrote.
    pub fn insert(&mut self, svg: &str) {
        self.out.push_str(svg);
    }

    /// Opens `tag` with attributes; values are escaped.
    pub fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.start(tag, attributes);
        self.out.push_str(">\n");
    }

    pub fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push_str(">\n");
    }

    /// Writes an empty element.
    pub fn empty(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.start(tag, attributes);
        self.out.push_str("/>\n");
    }

    /// Writes a path with its class, fill, stroke and width of the stroke, none where empty.
    pub fn path(&mut self, path: &PathData, look: [&str; 4], attributes: &[(&str, &str)]) {
        if path.d.is_empty() {
            return;
        }
        self.start("path", &[("d", path.d.as_str())]);
        let names = ["class", "fill", "stroke", "stroke-width"];
        let look = names.into_iter().zip(look).filter(|a| !a.1.is_empty());
        self.attributes(&look.collect::<Vec<_>>());
        self.attributes(attributes);
        self.out.push_str("/>\n");
    }

    /// Writes `text` with its baseline at `at`; `anchor` is start, middle or end.
    pub fn text(
        &mut self,
        text: &str,
        at: BackendCoord,
        anchor: &str,
        attributes: &[(&str, &str)],
    ) {
        self.start("text", &[]);
        for (name, value) in [(" x=\"", at.0), (" y=\"", at.1)] {
            self.out.push_str(name);
            push_px(self.out, value);
            self.out.push('"');
        }
        if anchor != "start" {
            self.attributes(&[("text-anchor", anchor)]);
        }
        self.attributes(attributes);
        self.out.push('>');
        push_typeset(self.out, text);
        self.out.push_str("</text>\n");
    }

    /// Writes `text` upwards, turned about a point.
    pub fn turned(
        &mut self,
        text: &str,
        at: BackendCoord,
        (x, y): BackendCoord,
        anchor: &str,
        fill: &str,
    ) {
        let px = |tenths: i32| f64::from(tenths) / f64::from(SUB);
        let turn = format!("rotate(-90 {} {})", px(x), px(y));
        self.text(text, at, anchor, &[("fill", fill), ("transform", &turn)]);
    }

    /// Writes an element that holds nothing but words.
    pub fn words(&mut self, tag: &str, text: &str) {
        self.start(tag, &[]);
        self.out.push('>');
        push_escaped(self.out, text);
        self.close(tag);
    }

    fn start(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        self.attributes(attributes);
    }

    fn attributes(&mut self, attributes: &[(&str, &str)]) {
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            push_escaped(self.out, value);
            self.out.push('"');
        }
    }
}

fn hex(color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    format!("#{r:02x}{g:02x}{b:02x}")
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        let color = style.color();
        if color.alpha > 0.0 {
            let path = PathData::of(&points.into_iter().collect::<Vec<_>>());
            let mut width = String::new();
            push_px(&mut width, style.stroke_width() as i32);
            self.path(&path, ["", "none", &hex(color), &width], &[]);
        }
        Ok(())
    }

    /// The anchor means the box as it stands on the sheet, also for a rotated text.
    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        (x, y): BackendCoord,
    ) -> Drawn {
        let upright = matches!(style.transform(), FontTransform::Rotate270);
        let (h, v) = (style.anchor().h_pos, style.anchor().v_pos);
        // From the top, the middle and the bottom of the box to the base line.
        let shift = match v {
            VPos::Center => 0.36,
            _ if upright => 0.36,
            VPos::Top => 0.74,
            VPos::Bottom => -0.22,
        };
        let at = (x, y + (shift * style.size()).round() as i32);
        let anchor = match (upright, h, v) {
            (true, _, VPos::Center) | (false, HPos::Center, _) => "middle",
            (true, _, VPos::Top) | (false, HPos::Right, _) => "end",
            _ => "start",
        };
        let fill = hex(style.color());
        match upright {
            true => self.turned(text, at, (x, y), anchor, &fill),
            false => self.text(text, at, anchor, &[("fill", &fill)]),
        }
        Ok(())
    }

    /// Never the document's measure: see `metric`.
    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = metric::width_px(text, style.size());
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
