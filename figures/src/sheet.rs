//! One sheet: title, legend, drawing, key, caption and source from the top down, as SVG.

use std::fmt::Write;

use roxmltree::{Document, Node};

use crate::symbols::symbol;
use crate::{ADJUST, Figure, LETTER, fonts, mm_per_px};

/// Height of a line of words, px.
const LINE: f64 = 16.0;
/// Between the parts of the sheet, and between the entries of the legend.
const GAP: f64 = 6.0;
const BETWEEN: f64 = 14.0;
/// Longest link that is written out.
const LONGEST_LINK: usize = 120;

/// A figure set on its sheet.
pub struct Sheet<'f> {
    pub figure: &'f Figure,
    /// SVG in px of the drawing, its size in mm.
    body: String,
    pub width: f64,
    pub height: f64,
    /// Where the drawing begins, from the left and from the top.
    pub drawing: (f64, f64),
    /// What is to be pressed: left, top, width and height of the link.
    pub pressed: Option<[f64; 4]>,
}

/// The attributes that a drawing has from its root.
const INHERITED: [&str; 7] = [
    "fill",
    "stroke",
    "stroke-width",
    "font-family",
    "font-size",
    "font-variant",
    "stroke-linejoin",
];

impl<'f> Sheet<'f> {
    /// # Errors
    /// A drawing that is no SVG with a size, a sheet without a width.
    pub fn of(figure: &'f Figure) -> Result<Sheet<'f>, String> {
        if !(figure.width_mm > 0.0 && figure.text_pt > 0.0) {
            return Err("a figure needs a width in mm and a size of its letters in pt".into());
        }
        let each = mm_per_px(figure.text_pt);
        let margin = figure.margin_mm / each;
        let mut sheet = Sheet {
            figure,
            body: String::new(),
            width: figure.width_mm / each - 2.0 * margin,
            height: margin,
            drawing: (0.0, 0.0),
            pressed: None,
        };
        sheet.above();
        sheet.drawing()?;
        sheet.below();
        sheet.width += 2.0 * margin;
        sheet.height = (sheet.height + margin).max(figure.height_mm / each);
        Ok(sheet)
    }

    /// How much of its height the words take, px.
    ///
    /// # Errors
    /// As [`Sheet::of`].
    pub fn around(figure: &Figure) -> Result<f64, String> {
        let bare = Figure {
            picture: r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="0"/>"#.into(),
            height_mm: 0.0,
            ..figure.clone()
        };
        Ok(Sheet::of(&bare)?.height)
    }

    /// The whole as SVG that needs nothing beside it.
    pub fn svg(&self) -> String {
        self.document(&fonts::style(&self.body))
    }

    /// The SVG with this before what it shows.
    pub(crate) fn document(&self, style: &str) -> String {
        let scale = mm_per_px(self.figure.text_pt);
        let (width, height) = (self.width, self.height);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.3}mm\" height=\"{:.3}mm\" viewBox=\"0 0 {width:.3} {height:.3}\" \
             font-family=\"'{}', 'STIX Two Math', Helvetica, Arial, sans-serif\" font-size=\"{LETTER}\" role=\"img\">\n<title>",
            width * scale,
            height * scale,
            fonts::SANS,
        );
        escape(&mut out, &self.figure.title);
        out.push_str("</title>\n<desc>");
        escape(&mut out, &self.figure.caption);
        out.push_str("</desc>\n");
        out.push_str(style);
        if !self.figure.ground.is_empty() {
            let _ = writeln!(
                out,
                "<rect width=\"{width:.3}\" height=\"{height:.3}\" fill=\"{}\"/>",
                self.figure.ground
            );
        }
        out.push_str(&self.body);
        out.push_str("</svg>\n");
        out
    }

    fn left(&self) -> f64 {
        self.figure.margin_mm / mm_per_px(self.figure.text_pt)
    }

    fn above(&mut self) {
        let title = self.figure.title.clone();
        self.paragraph(&title, true, self.figure.ink.clone());
        let mut x = 0.0;
        for key in &self.figure.legend {
            let (swatch, wide, high) = match inner(&key.swatch) {
                Ok(drawn) => (drawn.body, drawn.width, drawn.height),
                Err(_) => continue,
            };
            // Letters of TeX are wider.
            let whole = wide + 6.0 + 1.1 * fonts::width(&key.name, LETTER, false);
            if x > 0.0 && x + whole > self.width {
                self.height += LINE + 2.0;
                x = 0.0;
            }
            let up = self.height + 0.5 * (LINE + 2.0 - high);
            let _ = writeln!(
                self.body,
                "<g transform=\"translate({:.1} {up:.1})\">{swatch}</g>",
                self.left() + x
            );
            let at = (self.left() + x + wide + 6.0, self.height + 13.0);
            self.text(&key.name, at, false, &self.figure.ink.clone());
            x += whole + BETWEEN;
        }
        if x > 0.0 {
            self.height += LINE + 2.0 + GAP;
        }
    }

    fn drawing(&mut self) -> Result<(), String> {
        let drawn = inner(&self.figure.picture)?;
        let left = self.left() + (0.5 * (self.width - drawn.width)).max(0.0);
        let _ = writeln!(
            self.body,
            "<g transform=\"translate({left:.2} {:.2})\">\n{}</g>",
            self.height, drawn.body
        );
        self.drawing = (left, self.height);
        self.height += drawn.height;
        Ok(())
    }

    fn below(&mut self) {
        let figure = self.figure;
        if !figure.key.is_empty() {
            let named = figure.key.iter().enumerate();
            let named: Vec<String> = named.map(|(k, n)| format!("{} {n}", k + 1)).collect();
            self.height += GAP;
            self.paragraph(&named.join(" · "), false, figure.ink.clone());
        }
        if !figure.caption.is_empty() {
            self.height += GAP;
            self.paragraph(&figure.caption, false, figure.ink.clone());
        }
        let short = figure.link.chars().count() <= LONGEST_LINK;
        let link = if short {
            figure.link.as_str()
        } else {
            "open it"
        };
        if !figure.source.is_empty() {
            self.paragraph(&figure.source, false, figure.muted.clone());
        }
        if !figure.link.is_empty() {
            let top = self.height;
            let mut address = String::new();
            escape(&mut address, &figure.link);
            let _ = writeln!(self.body, "<a href=\"{address}\">");
            self.paragraph(link, false, figure.muted.clone());
            self.body.push_str("</a>\n");
            let wide = fonts::width(link, LETTER, false).min(self.width);
            self.pressed = Some([self.left(), top, wide, self.height - top]);
        }
        self.height += 2.0;
    }

    fn paragraph(&mut self, text: &str, bold: bool, fill: String) {
        for line in lines(text, self.width, bold) {
            let at = (self.left(), self.height + 12.5);
            self.text(&line, at, bold, &fill);
            self.height += LINE;
        }
    }

    fn text(&mut self, text: &str, (x, y): (f64, f64), bold: bool, fill: &str) {
        let weight = if bold { " font-weight=\"600\"" } else { "" };
        let _ = write!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\"{weight} fill=\"{fill}\">"
        );
        typeset(&mut self.body, text);
        self.body.push_str("</text>\n");
    }
}

/// Words with the index of a symbol below the line, and its primes behind.
fn typeset(out: &mut String, text: &str) {
    let (mut at, mut from, mut after) = (0, 0, None);
    while let Some(c) = text[at..].chars().next() {
        let Some((base, index, primes, end)) = symbol(text, at) else {
            at += c.len_utf8();
            continue;
        };
        let words = format!("{}{base}", &text[from..at]);
        raised(out, after, &words);
        let _ = write!(
            out,
            "<tspan font-size=\".75em\" dy=\".3em\">{index}</tspan>"
        );
        after = Some(["", "′", "″"][primes]);
        (at, from) = (end, end);
    }
    raised(out, after, &text[from..]);
}

/// Words on the line, back up from what the smaller sign went down where there was one `before`, with its primes.
fn raised(out: &mut String, before: Option<&str>, words: &str) {
    let Some(primes) = before else {
        return escape(out, words);
    };
    out.push_str("<tspan dy=\"-.225em\">");
    escape(out, primes);
    escape(out, words);
    out.push_str("</tspan>");
}

/// A drawing without its root: what it holds in a group that has what the root handed down.
struct Drawn {
    body: String,
    width: f64,
    height: f64,
}

fn inner(svg: &str) -> Result<Drawn, String> {
    let document = Document::parse(svg).map_err(|e| format!("the drawing is no SVG: {e}"))?;
    let root = document.root_element();
    let size = |name: &str| {
        let text = root.attribute(name).unwrap_or_default();
        text.trim_end_matches("px").parse::<f64>()
    };
    let (Ok(width), Ok(height)) = (size("width"), size("height")) else {
        return Err("the drawing has no size".into());
    };
    let mut body = String::from("<g");
    for name in INHERITED {
        if let Some(value) = root.attribute(name) {
            let _ = write!(body, " {name}=\"");
            escape(&mut body, &sized(name, value));
            body.push('"');
        }
    }
    body.push('>');
    write_children(root, &mut body);
    body.push_str("</g>\n");
    Ok(Drawn {
        body,
        width,
        height,
    })
}

/// Letters in px as large as those of the page.
fn sized(name: &str, value: &str) -> String {
    let number = value.trim_end_matches("px").parse::<f64>();
    match number {
        Ok(size) if name == "font-size" => format!("{:.3}", size * ADJUST),
        _ => value.to_string(),
    }
}

/// The elements below, with the strokes of series named after them.
fn write_children(of: Node, out: &mut String) {
    for node in of.children() {
        if node.is_text() {
            escape(out, node.text().unwrap_or_default());
            continue;
        }
        let name = node.tag_name().name();
        if !node.is_element() || matches!(name, "title" | "desc") {
            continue;
        }
        let _ = write!(out, "<{name}");
        for attribute in node.attributes() {
            let key = attribute.name();
            if key.starts_with("aria-") || matches!(key, "class" | "tabindex" | "role") {
                continue;
            }
            let _ = write!(out, " {key}=\"");
            escape(out, &sized(key, attribute.value()));
            out.push('"');
        }
        if let Some(series) = stroke_of(node) {
            out.push_str(" id=\"curve-");
            escape(out, series);
            out.push('"');
        }
        out.push('>');
        write_children(node, out);
        let _ = write!(out, "</{name}>");
    }
}

/// The series that this path is the stroke of: the first one of its group.
fn stroke_of<'d>(node: Node<'d, '_>) -> Option<&'d str> {
    let group = node.parent()?;
    let own = node.tag_name().name() == "path" && group.attribute("class") == Some("series");
    let first = group.children().find(Node::is_element)? == node;
    let line = node.attribute("class").is_none();
    (own && first && line).then_some(group.attribute("data-series")?)
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
}

/// A text in lines at most `most` px wide, broken at spaces, a longer word anywhere.
fn lines(text: &str, most: f64, bold: bool) -> Vec<String> {
    let wide = |text: &str| fonts::width(text, LETTER, bold);
    let mut all = Vec::new();
    let mut line = String::new();
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        let longer = match line.is_empty() {
            true => word.to_string(),
            false => format!("{line} {word}"),
        };
        if wide(&longer) <= most {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            all.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            line.push(c);
            if wide(&line) > most && line.chars().count() > 1 {
                line.pop();
                all.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    if !line.is_empty() {
        all.push(line);
    }
    all
}
