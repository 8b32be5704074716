//! TikZ as TeX sets it: every point of every path where the SVG has it. Where there is no TeX, the test says so and ends.

use std::fs;
use std::process::Command;

use usvg::tiny_skia_path::{PathSegment, Point};
use usvg::{Group, Node, Options, Tree};

use super::{file, text};

/// How far a point may be off, mm.
const NEAR: f64 = 0.2;

/// The corners of every path, with the handles of its bends.
type Paths = Vec<Vec<(f64, f64)>>;

/// Charts of every mechanism: lines over time, planes with hatches, bars, dots in rows.
const CHARTS: [(&str, &str, &[&str]); 8] = [
    ("zuo-4node", "region", &[]),
    ("zuo-30bus", "dispatch", &["--grey"]),
    ("zuo-30bus", "lmp_by_bus", &["--size", "slide", "--dark"]),
    ("wang-day", "", &[]),
    ("mezghani-s1", "", &[]),
    (
        "mezghani-s1",
        "scheme_costs",
        &["--compare", "--size", "double"],
    ),
    ("khojasteh-k33", "", &[]),
    ("theisen-base", "", &[]),
];

#[test]
fn what_tex_sets_stands_where_the_drawing_has_it() {
    let Ok(version) = Command::new("pdflatex").arg("--version").output() else {
        // The checks of the project install it and say so.
        assert!(
            std::env::var_os("TANDEM_TEX").is_none(),
            "pdflatex was installed and does not run"
        );
        println!(
            "skipped: this machine has no pdflatex (Debian: texlive-latex-base, texlive-pictures)"
        );
        return;
    };
    assert!(version.status.success());
    for (scenario, chart, options) in CHARTS {
        let chart = match chart {
            "" => first_chart(scenario),
            id => id.to_string(),
        };
        let name = format!("{scenario}-{chart}");
        // A picture without the words that TeX writes itself.
        let without = ["--without", "title,caption,source"];
        let asked = [&[scenario, chart.as_str()][..], options, &without].concat();
        let svg = text(&asked, &format!("{name}.svg"));
        text(&asked, &format!("{name}.tex"));
        let set = compiled(&name);
        let drawn = drawn(&svg);
        assert!(drawn.len() > 4, "{name}: {} paths", drawn.len());
        let lost = furthest(&drawn, &set);
        assert!(
            lost <= NEAR,
            "{name}: a point of the drawing is {lost} mm from what TeX sets"
        );
        let added = furthest(&set, &drawn);
        assert!(
            added <= NEAR,
            "{name}: TeX sets a point {added} mm from the drawing"
        );
    }
}

fn first_chart(scenario: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["run", scenario, "--json"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    report["charts"][0]["id"].as_str().unwrap().to_string()
}

/// The greatest distance from a corner of `from` to the nearest stroke of `to`, mm: curves of many numbers have fewer corners
/// in the SVG.
fn furthest(from: &Paths, to: &Paths) -> f64 {
    let nearest = |point: &(f64, f64)| {
        let strokes = to.iter().flat_map(|path| {
            let alone = (path.len() == 1).then(|| away(*point, path[0], path[0]));
            let pairs = path.windows(2).map(|pair| away(*point, pair[0], pair[1]));
            pairs.chain(alone)
        });
        strokes.fold(f64::INFINITY, f64::min)
    };
    from.iter().flatten().map(nearest).fold(0.0, f64::max)
}

/// From a point to the stroke from `a` to `b`.
fn away(point: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    let along = match length > 0.0 {
        true => ((point.0 - a.0) * dx + (point.1 - a.1) * dy) / length,
        false => 0.0,
    };
    let along = along.clamp(0.0, 1.0);
    (point.0 - a.0 - along * dx).hypot(point.1 - a.1 - along * dy)
}

/// Every point of every path of an SVG, mm from its upper left corner.
fn drawn(svg: &str) -> Paths {
    let tree = Tree::from_str(svg, &Options::default()).unwrap();
    let mut points: Paths = Vec::new();
    collect(tree.root(), &mut points);
    points
}

fn collect(group: &Group, out: &mut Paths) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, out),
            Node::Path(path) => {
                let data = path.data().clone().transform(path.abs_transform()).unwrap();
                let mm = |p: Point| (f64::from(p.x) * 25.4 / 96.0, f64::from(p.y) * 25.4 / 96.0);
                for segment in data.segments() {
                    match segment {
                        PathSegment::MoveTo(p) => out.push(vec![mm(p)]),
                        PathSegment::LineTo(p) => last(out).push(mm(p)),
                        PathSegment::CubicTo(a, b, p) => last(out).extend([a, b, p].map(mm)),
                        PathSegment::QuadTo(..) => panic!("charts have no parabolas"),
                        PathSegment::Close => close(last(out)),
                    }
                }
            }
            _ => {}
        }
    }
}

fn last(paths: &mut Paths) -> &mut Vec<(f64, f64)> {
    paths.last_mut().expect("a path begins somewhere")
}

fn close(path: &mut Vec<(f64, f64)>) {
    let first = path[0];
    path.push(first);
}

/// Every point of every path that TeX makes of the file, mm from the upper left corner; stripes of hatches, which it sets one
/// by one, are left out.
fn compiled(name: &str) -> Paths {
    let folder = file("");
    let source = fs::read_to_string(file(&format!("{name}.tex"))).unwrap();
    // A hatch is clipped to its area, of which the clip stays.
    let mut kept = String::new();
    let mut inside = 0;
    for line in source.lines() {
        inside = match line {
            "\\begin{scope}" => 1,
            "\\end{scope}" => 0,
            _ if inside > 0 && line.starts_with("\\path[draw") => 2,
            _ => inside,
        };
        if inside == 2 {
            inside = 1;
            continue;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    fs::write(file(&format!("{name}-kept.tex")), kept).unwrap();
    let document = format!(
        "\\documentclass{{article}}\\usepackage{{pgfplots}}\\pgfplotsset{{compat=1.17}}\n\
         \\pdfcompresslevel=0 \\pdfobjcompresslevel=0\n\\begin{{document}}\n\
         \\hoffset=-1in \\voffset=-1in\n\\setbox0=\\hbox{{\\input{{{name}-kept.tex}}\\unskip}}\n\
         \\pdfpagewidth=\\wd0 \\pdfpageheight=\\dimexpr\\ht0+\\dp0\\relax\n\\shipout\\box0\n\\end{{document}}\n"
    );
    fs::write(file(&format!("{name}-set.tex")), document).unwrap();
    let output = Command::new("pdflatex")
        .args([
            "-interaction=nonstopmode",
            "-halt-on-error",
            &format!("{name}-set.tex"),
        ])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{name}: {said}");
    let pdf = fs::read(file(&format!("{name}-set.pdf"))).unwrap();
    paths(&String::from_utf8_lossy(&pdf))
}

/// The points of the paths of an uncompressed page.
fn paths(pdf: &str) -> Paths {
    let page = &pdf[pdf.find("/MediaBox [").expect("a page") + 11..];
    let height: f64 = page
        .split_whitespace()
        .nth(3)
        .unwrap()
        .trim_end_matches(']')
        .parse()
        .unwrap();
    let mut points: Paths = Vec::new();
    // The stream of the page is the one that draws.
    let streams = pdf.split("stream\n").skip(1).step_by(2);
    for stream in streams.filter(|stream| {
        stream.contains(" re\n") || stream.contains(" m\n") || stream.contains(" m ")
    }) {
        let stream = stream.split("endstream").next().unwrap();
        draw(stream, height, &mut points);
    }
    points
}

fn draw(stream: &str, height: f64, paths: &mut Paths) {
    const PT: f64 = 25.4 / 72.0;
    let mut at = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let (mut saved, mut numbers): (Vec<[f64; 6]>, Vec<f64>) = (Vec::new(), Vec::new());
    for word in stream.split_whitespace() {
        if let Ok(number) = word.parse::<f64>() {
            numbers.push(number);
            continue;
        }
        let here = |x: f64, y: f64| {
            let (x, y) = (at[0] * x + at[2] * y + at[4], at[1] * x + at[3] * y + at[5]);
            (x * PT, (height - y) * PT)
        };
        match (word, numbers.as_slice()) {
            ("q", _) => saved.push(at),
            ("Q", _) => at = saved.pop().expect("as many Q as q"),
            ("cm", [.., a, b, c, d, e, f]) => {
                let [p, q, r, s, t, u] = at;
                at = [
                    p * a + r * b,
                    q * a + s * b,
                    p * c + r * d,
                    q * c + s * d,
                    p * e + r * f + t,
                    q * e + s * f + u,
                ];
            }
            ("m", [.., x, y]) => paths.push(vec![here(*x, *y)]),
            ("l", [.., x, y]) => last(paths).push(here(*x, *y)),
            ("c", [.., a, b, c, d, x, y]) => {
                last(paths).extend([here(*a, *b), here(*c, *d), here(*x, *y)]);
            }
            ("h", _) => close(last(paths)),
            ("re", [.., x, y, w, h]) => {
                let (x1, y1) = (x + w, y + h);
                let corners = [(*x, *y), (x1, *y), (x1, y1), (*x, y1), (*x, *y)];
                paths.push(corners.map(|(x, y)| here(x, y)).to_vec());
            }
            _ => {}
        }
        numbers.clear();
    }
}
