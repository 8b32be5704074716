//! The sheet as TikZ, with the strokes of series as pgfplots, whose numbers are those of the report.
//!
//! Everything stands where it stands in the SVG, in mm from the lower left corner; words are set in the letters of the
//! document, hatches as single stripes. Title and caption become comments: a paper has a `\caption` of its own.

use std::collections::BTreeSet;
use std::fmt::Write;

use usvg::tiny_skia_path::{Path, PathSegment, Point, Transform};
use usvg::{Group, Node, Paint, TextAnchor};

use crate::table::exact;
use crate::tex::{comment, escaped};
use crate::{Figure, Sheet, mm_per_px};

/// px of a tree, which counts 96 to an inch, in mm.
const TREE_MM: f64 = 25.4 / 96.0;
/// pt of TeX in a mm.
const TEX_PT: f64 = 72.27 / 25.4;

impl Sheet<'_> {
    /// # Errors
    /// A drawing that cannot be read.
    pub fn tikz(&self) -> Result<String, String> {
        // TeX writes title, caption and source itself.
        let bare = Figure {
            title: String::new(),
            caption: String::new(),
            source: String::new(),
            link: String::new(),
            ..self.figure.clone()
        };
        let sheet = Sheet::of(&bare)?;
        let tree = sheet.tree()?;
        let mut writer = Writer {
            sheet: &sheet,
            out: String::new(),
            colours: BTreeSet::new(),
            height: sheet.height * mm_per_px(bare.text_pt),
            strokes: strokes(tree.root()),
        };
        writer.group(tree.root());
        Ok(writer.whole(self.figure))
    }
}

/// The paths that are strokes of series, in their order.
fn strokes(group: &Group) -> Vec<&usvg::Path> {
    let mut all = Vec::new();
    for node in group.children() {
        match node {
            Node::Group(group) => all.extend(strokes(group)),
            Node::Path(path) if path.id().starts_with("curve-") => all.push(&**path),
            _ => {}
        }
    }
    all
}

struct Writer<'t> {
    sheet: &'t Sheet<'t>,
    out: String,
    colours: BTreeSet<String>,
    /// Of the sheet, mm.
    height: f64,
    /// Strokes of series that are still to be written.
    strokes: Vec<&'t usvg::Path>,
}

impl Writer<'_> {
    fn whole(self, figure: &Figure) -> String {
        let mut out = String::new();
        for line in [&figure.title, &figure.source, &figure.link] {
            if !line.is_empty() {
                let _ = writeln!(out, "% {}", comment(line));
            }
        }
        if !figure.caption.is_empty() {
            let _ = writeln!(out, "% \\caption{{{}}}", comment(&escaped(&figure.caption)));
        }
        out.push_str("% Needs \\usepackage{pgfplots} \\pgfplotsset{compat=1.17}\n");
        out.push_str("\\begin{tikzpicture}[x=1mm, y=1mm, line join=round]\n");
        for colour in &self.colours {
            let _ = writeln!(out, "\\definecolor{{c{colour}}}{{HTML}}{{{colour}}}");
        }
        let _ = writeln!(
            out,
            "\\path[use as bounding box] (0,0) rectangle ({},{});",
            short(self.sheet.figure.width_mm),
            short(self.height)
        );
        out.push_str(&self.out);
        out.push_str("\\end{tikzpicture}\n");
        out
    }

    fn group(&mut self, group: &Group) {
        let opacity = group.opacity().get();
        let scoped = opacity < 1.0 || group.clip_path().is_some();
        if scoped {
            let _ = match opacity < 1.0 {
                true => writeln!(
                    self.out,
                    "\\begin{{scope}}[transparency group, opacity={}]",
                    short(f64::from(opacity))
                ),
                false => writeln!(self.out, "\\begin{{scope}}"),
            };
        }
        if let Some(clip) = group.clip_path() {
            let to = group.abs_transform().pre_concat(clip.transform());
            for path in shapes(clip.root()) {
                let path = path
                    .data()
                    .clone()
                    .transform(to.pre_concat(path.abs_transform()));
                if let Some(path) = path {
                    let _ = writeln!(self.out, "\\clip {};", self.way(&path));
                }
            }
        }
        for node in group.children() {
            match node {
                Node::Group(inner) => self.group(inner),
                Node::Path(path) if path.id().starts_with("curve-") => self.plots(path),
                Node::Path(path) => self.path(path),
                Node::Text(text) => self.text(text),
                Node::Image(_) => self.out.push_str("% an image is left out\n"),
            }
        }
        if scoped {
            self.out.push_str("\\end{scope}\n");
        }
    }

    fn colour(&mut self, colour: usvg::Color) -> String {
        let code = format!("{:02X}{:02X}{:02X}", colour.red, colour.green, colour.blue);
        let name = format!("c{code}");
        self.colours.insert(code);
        name
    }

    fn path(&mut self, path: &usvg::Path) {
        if !path.is_visible() {
            return;
        }
        let Some(data) = path.data().clone().transform(path.abs_transform()) else {
            return;
        };
        let mut look = Vec::new();
        let bounds = data.bounds();
        let flat = bounds.width() == 0.0 || bounds.height() == 0.0;
        if let Some(fill) = path.fill().filter(|_| !flat) {
            match fill.paint() {
                Paint::Color(colour) => {
                    look.push(format!("fill={}", self.colour(*colour)));
                    opaque("fill", fill.opacity().get(), &mut look);
                    if fill.rule() == usvg::FillRule::EvenOdd {
                        look.push("even odd rule".into());
                    }
                }
                Paint::Pattern(pattern) => self.hatch(pattern, &data, path.abs_transform()),
                _ => self.out.push_str("% a gradient is left out\n"),
            }
        }
        look.extend(self.stroke(path));
        if !look.is_empty() {
            let _ = writeln!(self.out, "\\path[{}] {};", look.join(", "), self.way(&data));
        }
    }

    /// What the stroke of a path looks like; nothing where it has none.
    fn stroke(&mut self, path: &usvg::Path) -> Vec<String> {
        let Some(stroke) = path.stroke() else {
            return Vec::new();
        };
        let Paint::Color(colour) = stroke.paint() else {
            return Vec::new();
        };
        let each = scale(path.abs_transform()) * TREE_MM;
        let mm = |px: f32| format!("{}mm", short(f64::from(px) * each));
        let mut look = vec![
            format!("draw={}", self.colour(*colour)),
            format!("line width={}", mm(stroke.width().get())),
        ];
        opaque("draw", stroke.opacity().get(), &mut look);
        if let Some(dashes) = stroke.dasharray() {
            let turn = dashes.iter().enumerate();
            let part = |(k, px): (usize, &f32)| format!("{} {}", ["on", "off"][k % 2], mm(*px));
            let all: Vec<String> = turn.map(part).collect();
            look.push(format!("dash pattern={}", all.join(" ")));
        }
        match stroke.linecap() {
            usvg::LineCap::Round => look.push("line cap=round".into()),
            usvg::LineCap::Square => look.push("line cap=rect".into()),
            usvg::LineCap::Butt => {}
        }
        look
    }

    /// The stripes of a hatch inside `area`: those that its pattern repeats, one by one.
    fn hatch(&mut self, pattern: &usvg::Pattern, area: &Path, to: Transform) {
        let to = to.pre_concat(pattern.transform());
        let (rect, bounds) = (pattern.rect(), area.bounds());
        let stripe = shapes(pattern.root())
            .into_iter()
            .find(|p| p.stroke().is_some());
        let (Some(stripe), Some(back)) = (stripe, to.invert()) else {
            return;
        };
        let corners = [
            (bounds.left(), bounds.top()),
            (bounds.right(), bounds.top()),
            (bounds.left(), bounds.bottom()),
            (bounds.right(), bounds.bottom()),
        ];
        let mut inside = corners.map(|(x, y)| Point::from_xy(x, y));
        back.map_points(&mut inside);
        let extent = |of: fn(&Point) -> f32| {
            let all = inside.iter().map(of);
            all.fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(v), b.max(v)))
        };
        let ((x0, x1), (y0, y1)) = (extent(|p| p.x), extent(|p| p.y));
        // The stripe runs through the tile from top to bottom.
        let (pitch, middle) = (rect.width(), stripe.abs_bounding_box().x());
        let mut look = self.stroke(stripe);
        if let Some(width) = look.iter_mut().find(|part| part.starts_with("line width")) {
            let px = stripe.stroke().map_or(1.0, |s| s.width().get());
            *width = format!(
                "line width={}mm",
                short(f64::from(px) * scale(to) * TREE_MM)
            );
        }
        let _ = writeln!(self.out, "\\begin{{scope}}\n\\clip {};", self.way(area));
        // The stripe has a fill, too, as every path, and no area.
        let mut grounds = shapes(pattern.root()).into_iter();
        let ground = grounds.find_map(|p| p.fill().filter(|_| p.stroke().is_none()).cloned());
        if let Some(fill) = ground
            && let Paint::Color(colour) = fill.paint()
        {
            let mut look = vec![format!("fill={}", self.colour(*colour))];
            opaque("fill", fill.opacity().get(), &mut look);
            let _ = writeln!(self.out, "\\path[{}] {};", look.join(", "), self.way(area));
        }
        let first = ((x0 - rect.x() - middle) / pitch).floor() as i32;
        let last = ((x1 - rect.x() - middle) / pitch).ceil() as i32;
        let _ = write!(self.out, "\\path[{}]", look.join(", "));
        for k in first..=last {
            let x = rect.x() + middle + k as f32 * pitch;
            let mut ends = [Point::from_xy(x, y0), Point::from_xy(x, y1)];
            to.map_points(&mut ends);
            let [from, until] = ends.map(|p| self.at(p));
            let _ = write!(self.out, " {from} -- {until}");
        }
        self.out.push_str(";\n\\end{scope}\n");
    }

    /// All series in an axis of their own, once.
    fn plots(&mut self, first: &usvg::Path) {
        let all = std::mem::take(&mut self.strokes);
        let known = |path: &usvg::Path| {
            let curves = self.sheet.figure.curves.iter();
            let named = |series: &str| path.id().strip_prefix("curve-") == Some(series);
            curves
                .into_iter()
                .find(|curve| named(&curve.series))
                .cloned()
        };
        if known(first).is_none() {
            self.strokes = all;
            return self.path(first);
        }
        if all.is_empty() {
            return;
        }
        let (frame, each) = (
            self.sheet.figure.frame,
            mm_per_px(self.sheet.figure.text_pt),
        );
        let left = (self.sheet.drawing.0 + frame.left) * each;
        let foot = self.height - (self.sheet.drawing.1 + frame.bottom) * each;
        let (width, height) = (
            (frame.right - frame.left) * each,
            (frame.bottom - frame.top) * each,
        );
        let _ = writeln!(
            self.out,
            "\\begin{{axis}}[at={{({}mm,{}mm)}}, anchor=south west, scale only axis, width={}mm, height={}mm,\n  \
             xmin={}, xmax={}, ymin={}, ymax={}, hide axis, clip=false]",
            short(left),
            short(foot),
            short(width),
            short(height),
            frame.x0,
            frame.x1,
            frame.y0,
            frame.y1,
        );
        let mut others = Vec::new();
        for path in all {
            let Some(curve) = known(path) else {
                others.push(path);
                continue;
            };
            let look = self.stroke(path).join(", ");
            let _ = writeln!(self.out, "% {}", comment(&curve.name));
            for run in curve.runs.iter().filter(|run| !run.is_empty()) {
                let points: Vec<String> = run
                    .iter()
                    .map(|(x, y)| format!("({},{})", exact(*x), exact(*y)))
                    .collect();
                let _ = writeln!(
                    self.out,
                    "\\addplot[{look}] coordinates {{{}}};",
                    points.join(" ")
                );
            }
        }
        self.out.push_str("\\end{axis}\n");
        self.strokes = others;
    }

    fn text(&mut self, text: &usvg::Text) {
        let to = text.abs_transform();
        let turn = f64::from(-to.ky.atan2(to.sx)).to_degrees();
        for chunk in text.chunks() {
            let (Some(x), Some(y)) = (chunk.x(), chunk.y()) else {
                continue;
            };
            let mut at = [Point::from_xy(x, y)];
            to.map_points(&mut at);
            let spans = chunk.spans();
            let size = spans
                .iter()
                .map(|s| s.font_size().get())
                .fold(0.0, f32::max);
            let mut words = String::new();
            for span in spans {
                let part = chunk
                    .text()
                    .get(span.start()..span.end())
                    .unwrap_or_default();
                match span.font_size().get() < 0.9 * size {
                    true => words.push_str(&format!("$_{{\\mathrm{{{}}}}}$", escaped(part))),
                    false => words.push_str(&escaped(part)),
                }
            }
            let anchor = match chunk.anchor() {
                TextAnchor::Start => "base west",
                TextAnchor::Middle => "base",
                TextAnchor::End => "base east",
            };
            let pt = f64::from(size) * scale(to) * TREE_MM * TEX_PT;
            let ink = spans.iter().find_map(|span| match span.fill()?.paint() {
                Paint::Color(colour) => Some(*colour),
                _ => None,
            });
            let ink = self.colour(ink.unwrap_or_else(usvg::Color::black));
            let bold = spans.iter().any(|span| span.font().weight() >= 600);
            let turned = if turn.abs() > 0.01 {
                format!(", rotate={}", short(turn))
            } else {
                String::new()
            };
            let _ = writeln!(
                self.out,
                "\\node[anchor={anchor}, inner sep=0pt, text={ink}, font={{\\fontsize{{{:.2}}}{{{:.2}}}\\selectfont{}}}{turned}] at {} {{{words}}};",
                pt,
                1.2 * pt,
                if bold { "\\bfseries" } else { "" },
                self.at(at[0]),
            );
        }
    }

    /// px of the tree as mm from the lower left corner.
    fn at(&self, point: Point) -> String {
        let (x, y) = (f64::from(point.x) * TREE_MM, f64::from(point.y) * TREE_MM);
        format!("({},{})", short(x), short(self.height - y))
    }

    fn way(&self, path: &Path) -> String {
        let mut out = Vec::new();
        let mut last = Point::zero();
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(p) => out.push(self.at(p)),
                PathSegment::LineTo(p) => out.push(format!("-- {}", self.at(p))),
                PathSegment::QuadTo(c, p) => {
                    let third = |end: Point| {
                        Point::from_xy(
                            end.x + (c.x - end.x) * 2.0 / 3.0,
                            end.y + (c.y - end.y) * 2.0 / 3.0,
                        )
                    };
                    out.push(self.bend(third(last), third(p), p));
                }
                PathSegment::CubicTo(a, b, p) => out.push(self.bend(a, b, p)),
                PathSegment::Close => out.push("-- cycle".into()),
            }
            if let PathSegment::MoveTo(p)
            | PathSegment::LineTo(p)
            | PathSegment::QuadTo(_, p)
            | PathSegment::CubicTo(_, _, p) = segment
            {
                last = p;
            }
        }
        out.join(" ")
    }

    fn bend(&self, a: Point, b: Point, to: Point) -> String {
        format!(
            ".. controls {} and {} .. {}",
            self.at(a),
            self.at(b),
            self.at(to)
        )
    }
}

/// The paths below a group.
fn shapes(group: &Group) -> Vec<&usvg::Path> {
    let mut all = Vec::new();
    for node in group.children() {
        match node {
            Node::Group(inner) => all.extend(shapes(inner)),
            Node::Path(path) => all.push(&**path),
            _ => {}
        }
    }
    all
}

fn opaque(what: &str, opacity: f32, look: &mut Vec<String>) {
    if opacity < 1.0 {
        look.push(format!("{what} opacity={}", short(f64::from(opacity))));
    }
}

/// By how much a transform enlarges.
fn scale(to: Transform) -> f64 {
    f64::from((to.sx * to.sy - to.kx * to.ky).abs()).sqrt()
}

/// A number with three decimals at most.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".into()
    } else {
        text.into()
    }
}
