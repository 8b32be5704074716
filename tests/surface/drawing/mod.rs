//! Charts as they are drawn: golden pictures, and what must hold of every picture.
//!
//! `UPDATE_GOLDEN=1 cargo test --test surface drawing` writes the pictures anew; look at them
//! before they are committed, on the pages that it lays into `target/charts` as well: every
//! picture in both themes and several sizes.

mod fixture;
mod invariants;
mod region;
mod tables;

use std::fs;
use std::path::PathBuf;

use tandem::chart::{View, draw};

/// The pictures kept as goldens: report, chart, view.
fn golden() -> Vec<(&'static str, tandem::report::Report, &'static str, View)> {
    let view = View::default();
    let at = |cursor| View {
        cursor: Some(cursor),
        ..View::default()
    };
    vec![
        ("dispatch", fixture::four_node(), "dispatch", view.clone()),
        (
            "dispatch-dark-narrow",
            fixture::four_node(),
            "dispatch",
            View {
                width: 360,
                height: 240,
                dark: true,
                ..View::default()
            },
        ),
        ("lmp", fixture::four_node(), "lmp", view.clone()),
        ("lmp-by-bus", fixture::four_node(), "lmp_by_bus", at(2)),
        ("lmp-by-30-buses", fixture::many_bars(), "lmp_by_bus", at(1)),
        ("flow", fixture::four_node(), "flow", view.clone()),
        ("rows", fixture::rows(), "rows", view.clone()),
        (
            "flow-zoomed",
            fixture::four_node(),
            "flow",
            View {
                x: Some((1.8, 4.2)),
                y: Some((9.9, 10.2)),
                ..View::default()
            },
        ),
        ("cost", fixture::four_node(), "cost", view.clone()),
        (
            "cobweb",
            fixture::four_node(),
            "cobweb",
            View {
                width: 420,
                height: 400,
                cursor: Some(3),
                ..View::default()
            },
        ),
        (
            "long-names",
            fixture::long_names(),
            "lmp_by_bus",
            View {
                width: 480,
                height: 300,
                ..View::default()
            },
        ),
        (
            "flow-smallest",
            fixture::four_node(),
            "flow",
            View {
                width: 240,
                height: 160,
                ..View::default()
            },
        ),
        ("dispatch-288", fixture::long(), "dispatch", view),
        (
            "region",
            region::report(),
            "region",
            region::view(720, 440, false),
        ),
        (
            "region-phone-dark",
            region::still(),
            "region",
            region::view(340, 340, true),
        ),
        (
            "region-grid",
            region::report(),
            "grid",
            region::view(720, 440, false),
        ),
        (
            "region-grid-33-phone",
            region::report(),
            "fine",
            region::view(340, 340, false),
        ),
        (
            "region-numbered",
            region::wordy(),
            "region",
            region::view(340, 340, false),
        ),
    ]
}

#[test]
fn golden_pictures() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/chart");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    if update {
        write_pages();
    }
    let mut changed = Vec::new();
    for (name, report, chart, view) in golden() {
        let drawing = draw(&report, chart, &view).unwrap();
        let path = folder.join(format!("{name}.svg"));
        if update {
            fs::write(&path, &drawing.svg).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(drawing.svg.as_str()) {
            changed.push(name);
        }
    }
    assert!(
        changed.is_empty(),
        "pictures changed: {changed:?}; see the head of this file"
    );
}

/// Lays all pictures on pages, to be looked at before they are committed.
fn write_pages() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/charts");
    fs::create_dir_all(&folder).unwrap();
    for dark in [false, true] {
        for (width, height) in [(720, 320), (360, 240), (1100, 420)] {
            let mut page = String::from("<!doctype html><meta charset=utf-8>");
            page += if dark {
                "<body style='background:#14181d;color:#ddd'>"
            } else {
                "<body>"
            };
            for (name, report, chart, view) in golden() {
                let view = View {
                    width,
                    height,
                    dark,
                    ..view
                };
                let drawing = draw(&report, chart, &view).unwrap();
                page += &format!(
                    "<div style='display:inline-block;margin:8px'><b>{name}</b><br>{}<br>",
                    drawing.svg
                );
                for item in drawing.legend {
                    page += &format!("{} {} ", item.swatch, item.name);
                }
                page += "</div>";
            }
            let theme = if dark { "dark" } else { "light" };
            fs::write(folder.join(format!("{theme}-{width}.html")), page).unwrap();
        }
    }
}
