//! Figures and tables for papers: sizes by hand, one picture in all formats, TeX as it compiles.

mod tex;

use std::path::PathBuf;
use std::process::{Command, Output};

use roxmltree::Document;
use serde_json::Value;
use tandem_figures::{Cell, Column, Figure, Sheet, Table, mm_per_px};

/// A file of this test alone.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("export");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

fn export(arguments: &[&str], out: &PathBuf) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tandem"))
        .arg("export")
        .args(arguments)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap()
}

/// What is written into the file `name`.
fn written(arguments: &[&str], name: &str) -> Vec<u8> {
    let out = file(name);
    let done = export(arguments, &out);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{arguments:?}: {said}");
    std::fs::read(out).unwrap()
}

fn text(arguments: &[&str], name: &str) -> String {
    String::from_utf8(written(arguments, name)).unwrap()
}

#[test]
fn letters_of_eight_points_make_a_pixel_a_fifth_of_a_millimetre() {
    // By hand: 8 pt = 8 · 25.4 / 72 = 2.8222 mm over 12 · 1.08 = 12.96 px.
    assert!((mm_per_px(8.0) - 2.822_222 / 12.96).abs() < 1e-6);
}

/// By hand: 88 mm are 88 / 25.4 · 72 = 249.449 pt and, 300 px an inch, 1039.4 px; 300 / 0.0254 = 11811 px a metre.
#[test]
fn a_column_is_as_wide_in_every_format() {
    let svg = text(&["zuo-4node", "dispatch"], "column.svg");
    let document = Document::parse(&svg).unwrap();
    assert_eq!(document.root_element().attribute("width"), Some("88.000mm"));
    let pdf = written(&["zuo-4node", "dispatch"], "column.pdf");
    let words = String::from_utf8_lossy(&pdf).into_owned();
    assert!(words.starts_with("%PDF-1."));
    assert!(words.contains("/MediaBox[0 0 249.448"), "no width of 88 mm");
    let png = written(&["zuo-4node", "dispatch"], "column.png");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!(number(16), 1039);
    let dims = png.windows(4).position(|four| four == b"pHYs").unwrap();
    assert_eq!((number(dims + 4), number(dims + 8)), (11811, 11811));
    let tex = text(&["zuo-4node", "dispatch"], "column.tex");
    assert!(tex.contains("rectangle (88,"), "{tex}");
}

#[test]
fn an_own_size_holds_all_the_words_and_too_little_is_refused() {
    let svg = text(&["zuo-4node", "dispatch", "--size", "120x90"], "own.svg");
    let root = Document::parse(&svg).unwrap();
    let height = root.root_element().attribute("height").unwrap();
    let height: f64 = height.trim_end_matches("mm").parse().unwrap();
    assert!((height - 90.0).abs() < 1e-3, "{height}");
    let done = export(
        &["zuo-4node", "dispatch", "--size", "60x20"],
        &file("small.svg"),
    );
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("too small"));
    for (arguments, said) in [
        (&["zuo-4node", "dispatch", "--size", "wide"][..], "--size"),
        (&["zuo-4node", "dispatch", "--dpi", "1"], "--dpi"),
        (&["zuo-4node", "dispatch", "--interval", "7"], "there are 6"),
        (&["zuo-4node", "dispach"], "did you mean `dispatch`?"),
        (&["zuo-4node"], "say which chart or table"),
        (
            &["zuo-4node", "dispatch", "--page", "javascript:alert(1)"],
            "--page",
        ),
    ] {
        let done = export(arguments, &file("bad.svg"));
        assert_eq!(done.status.code(), Some(2), "{arguments:?}");
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(words.contains(said), "{arguments:?}: {words}");
    }
}

#[test]
fn a_slide_is_16_to_9_and_thousands_keep_their_space() {
    // The names of the edges of a low region move below it.
    let svg = text(&["zuo-4node", "region", "--size", "slide"], "slide.svg");
    let root = Document::parse(&svg).unwrap();
    assert_eq!(root.root_element().attribute("height"), Some("190.500mm"));
    // 10 000 $ have a thin space, no box.
    let tex = text(&["lind-5bus", "money"], "money.tex");
    assert!(tex.contains("10\\,000") && !tex.contains("[U+"), "{tex}");
    // The ground of a hatch is as thin as in the SVG, or there is none.
    let tex = text(&["wang-day", "bargain"], "bargain.tex");
    let hatch = tex.split("\\begin{scope}").nth(1).unwrap();
    assert!(!hatch.contains("\\path[fill=c1B1E21]"), "{hatch}");
}

/// What is asked for stands on the sheet, what is left out does not, and nothing is fetched.
#[test]
fn a_sheet_needs_nothing_beside_it() {
    let asked = ["zuo-4node", "dispatch", "--page", "https://host/tandem"];
    let svg = text(&asked, "words.svg");
    let document = Document::parse(&svg).unwrap();
    let words: Vec<String> = document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .map(|node| node.descendants().filter_map(|part| part.text()).collect())
        .collect();
    let has = |text: &str| words.iter().any(|line| line.contains(text));
    assert!(has("zuo-4node, scenario SHA-256") && has("https://host/tandem/#p=zuo-4node"));
    assert!(
        document
            .descendants()
            .any(|node| node.attribute("href") == Some("https://host/tandem/#p=zuo-4node"))
    );
    assert!(svg.contains("@font-face") && !svg.contains("url(http"));
    let bare = text(
        &[&asked[..], &["--without", "title,legend,caption,source"]].concat(),
        "bare.svg",
    );
    assert!(!bare.contains("SHA-256") && !bare.contains("aggregator A1</text>"));
}

/// In grey no two series of a chart with up to six have the same dashes.
#[test]
fn dashes_alone_tell_series_apart_in_grey() {
    let dashes = |grey: bool| {
        let mut asked = vec!["zuo-30bus", "dispatch"];
        asked.extend(grey.then_some("--grey"));
        let svg = text(&asked, if grey { "grey.svg" } else { "colour.svg" });
        let document = Document::parse(&svg).unwrap();
        let strokes = document.descendants().filter(|node| {
            let id = node.attribute("id").unwrap_or_default();
            id.starts_with("curve-")
        });
        let dash =
            |node: roxmltree::Node| node.attribute("stroke-dasharray").unwrap_or("").to_string();
        strokes.map(dash).collect::<Vec<_>>()
    };
    let grey = dashes(true);
    let mut apart = grey.clone();
    apart.sort();
    apart.dedup();
    assert!(grey.len() > 2 && apart.len() == grey.len(), "{grey:?}");
    assert_ne!(grey, dashes(false));
}

/// The numbers of pgfplots are those of the report, not those of the drawing.
#[test]
fn a_curve_in_tex_has_the_numbers_of_the_report() {
    let tex = text(&["zuo-4node", "dispatch"], "numbers.tex");
    // Table II of the paper: D2 gives 1, 2.5, 1.75, 2.125 MW by turns, each held over its interval.
    let steps = "(0.5,1) (1.5,1) (1.5,2.5) (2.5,2.5) (2.5,1.75) (3.5,1.75) (3.5,2.125) (4.5,2.125)";
    assert!(tex.contains(&format!("coordinates {{{steps}")), "{tex}");
    // A third of the width is two of six intervals, wherever the drawing rounds.
    assert!(tex.contains("xmin=0.5, xmax=6.5"));
}

/// Letters that no font of the figures has are a box in PDF, PNG and TikZ, not nothing.
#[test]
fn names_keep_their_letters_or_show_that_one_is_missing() {
    let picture = |title: &str| {
        let figure = Figure {
            picture: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>"
                .into(),
            title: title.into(),
            width_mm: 20.0,
            text_pt: 8.0,
            ..Figure::default()
        };
        Sheet::of(&figure).unwrap().png(100.0).unwrap()
    };
    assert_eq!(picture("電"), picture("□"));
    assert_ne!(picture("電"), picture("ℓ"));
    let tex = tandem_figures::Table {
        title: "Ω 1 % & x̃ ≤ ℓ 電 \"10⁻⁶\"".into(),
        ..Table::default()
    };
    let title = "\\caption{$\\Omega$ 1 \\% \\& $\\tilde{\\mathrm{x}}$ $\\le$ $\\ell$ [U+96FB] ''10$^-$$^6$''}";
    assert!(tex.latex().contains(title), "{}", tex.latex());
}

#[test]
fn a_table_for_latex_as_written_by_hand() {
    let column = |name: &str, unit: &str| Column {
        name: name.into(),
        unit: unit.into(),
    };
    let table = Table {
        title: "Prices & parts of P_a''".into(),
        note: "100 % of 2-3".into(),
        columns: vec![column("bus", ""), column("LMP", "$/MWh")],
        rows: vec![
            vec![Cell::Text("N_1".into()), Cell::Number(-12.5)],
            vec![Cell::Text("=2+3".into()), Cell::Number(1.0 / 3.0)],
            vec![Cell::Text("none".into()), Cell::Empty(())],
        ],
        source: "Tandem".into(),
        link: String::new(),
    };
    let tex = "% Tandem\n\
        % Needs \\usepackage{booktabs}\n\
        \\begin{table}\n\\centering\n\
        \\caption{Prices \\& parts of $P_{\\mathrm{a}}''$}\n\
        \\begin{tabular}{lr}\n\\toprule\n\
        bus & \\multicolumn{1}{r}{LMP} \\\\\n \
        & \\multicolumn{1}{r}{\\$/MWh} \\\\\n\
        \\midrule\n\
        N\\_1 & $-12.5000$ \\\\\n\
        =2+3 & 0.3333 \\\\\n\
        none &  \\\\\n\
        \\bottomrule\n\\end{tabular}\n\
        \n\\smallskip\\footnotesize 100 \\% of 2-3\n\
        \\end{table}\n";
    assert_eq!(table.latex(), tex);
    assert_eq!(
        table.csv(),
        "bus,LMP ($/MWh)\r\nN_1,-12.5\r\n'=2+3,0.333333333333\r\nnone,\r\n"
    );
}

/// All of a scenario: what is read back is what was asked, every figure and table is there, and the schema holds the report.
#[test]
fn the_archive_holds_everything_there_is_to_publish() {
    let asked = ["zuo-4node", "--set", "case.branches.2-3.max_p_mw=10.5"];
    let bytes = written(&asked, "all.zip");
    let files = tandem_formats::unpacked(&bytes).unwrap();
    let read = |name: &str| {
        let found = files.iter().find(|(path, _)| path == name);
        String::from_utf8(found.unwrap_or_else(|| panic!("no {name}")).1.clone()).unwrap()
    };
    let report: Value = serde_json::from_str(&read("report.json")).unwrap();
    let ids = |of: &str| -> Vec<String> {
        let all = report[of].as_array().unwrap().iter();
        all.map(|one| one["id"].as_str().unwrap().to_string())
            .collect()
    };
    for id in ids("charts") {
        for kind in ["svg", "pdf", "tex", "csv"] {
            assert!(
                files
                    .iter()
                    .any(|(path, _)| *path == format!("figures/{id}.{kind}"))
            );
        }
    }
    for id in ids("tables") {
        assert!(read(&format!("tables/{id}.tex")).contains("\\toprule"));
    }
    // Another run of the scenario in the archive gives the same headline.
    let scenario = file("again.json");
    std::fs::write(&scenario, read("scenario.json")).unwrap();
    let again = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["run", scenario.to_str().unwrap()])
        .output()
        .unwrap();
    let headline = report["headline"].as_str().unwrap();
    let plain = |text: &str| text.replace(['\u{a0}', '\u{202f}'], " ");
    let said = plain(&String::from_utf8_lossy(&again.stdout));
    assert!(said.contains(&plain(headline)), "{headline}\n{said}");
    assert!(read("citations.bib").contains("@inproceedings{zuo2022oscillation,"));
    // Every field of the report is one that the schema knows.
    let schema: Value = serde_json::from_str(&read("report.schema.json")).unwrap();
    let known = schema["properties"].as_object().unwrap();
    for field in report.as_object().unwrap().keys() {
        assert!(known.contains_key(field), "{field} is not in the schema");
    }
}
