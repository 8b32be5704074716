//! What is told of the region of the four-node system: layers, points on its edge and beyond it, other grids.
//! Expected values by hand: the region is 0 ≤ P_a ≤ 6, −14 ≤ P_l'' ≤ 10, −10 ≤ P_a + P_l'' ≤ 12, and the factors of
//! capacity count 2/3 of a MW of the aggregator on line 2-3 of 10 MW.

use super::{preset, values};
use tandem::chart::{View, csv, draw};
use tandem::report::{ChartLayer, Mark, Probe, Report};
use tandem::run;
use tandem::scenario::link;
use tandem::session::Session;

fn layer<'a>(report: &'a Report, id: &str) -> &'a ChartLayer {
    let layers = &report.chart("region").unwrap().layers;
    layers.iter().find(|layer| layer.id == id).unwrap()
}

fn said(layer: &ChartLayer, step: usize) -> String {
    layer.says[step].replace('\u{a0}', " ")
}

fn on(report: &Report) -> Vec<&str> {
    let layers = report.chart("region").unwrap().layers.iter();
    layers.filter(|l| l.on).map(|l| l.id.as_str()).collect()
}

fn probe(id: &str, key: &str, at: (f64, f64)) -> Probe {
    run::probe(&preset(id, &[]), key, at.0, at.1).unwrap()
}

/// The value that a point gives a series.
fn shown(probe: &Probe, series: &str) -> f64 {
    let mut all = probe.shown.iter();
    all.find(|s| s.series == series)
        .map_or(f64::NAN, |s| s.value)
}

#[test]
fn factors_promise_from_the_state_measured_before() {
    let report = run::run(&preset("zuo-4node", &[])).unwrap();
    assert_eq!(on(&report), ["region", "promised"]);
    let promised = values(&report, "promised:A");
    assert!((promised[0] - 3.0).abs() < 1e-9 && (promised[1] - 4.5).abs() < 1e-9);
    // Interval 1: 3 MW of the 4 that the region has. Interval 2: 4.5 MW, 0.5 MW over the line as in Table II.
    let forgone = said(layer(&report, "forgone"), 0);
    assert!(
        forgone.contains("1 MW is forgone") && forgone.contains("4 $/h more than the optimum"),
        "{forgone}"
    );
    assert!(said(layer(&report, "forgone"), 1).contains("forgo nothing"));
    let over = said(layer(&report, "promised"), 1);
    assert!(
        over.contains("up to 4.5 MW") && over.contains("0.5 MW cannot be delivered"),
        "{over}"
    );
    assert!(!said(layer(&report, "promised"), 0).contains("cannot be delivered"));
    // All that they allow in interval 2 lies on or under the line through (4.5, 8) that falls by 2/3 MW for each MW.
    let Mark::Parts { steps, .. } = &layer(&report, "promised").marks[0] else {
        panic!("no outline")
    };
    let top = |p: &(f64, f64)| p.1 - (8.0 - (p.0 - 4.5) * 2.0 / 3.0);
    let corners = &steps[1][0].corners;
    assert!(
        corners.iter().filter(|p| top(p).abs() < 1e-9).count() == 2,
        "{corners:?}"
    );
    // The rest of the hatched part is beyond the region, too.
    let Mark::Parts { steps, over, .. } = &layer(&report, "promised").marks[1] else {
        panic!("no hatch")
    };
    assert!(*over && !steps[1].is_empty() && steps[0].is_empty());
    for corner in steps[1].iter().flat_map(|part| &part.corners) {
        let (x, y) = *corner;
        let beyond =
            x + y >= 12.0 - 1e-9 || y >= 10.0 - 1e-9 || x + y <= -10.0 + 1e-9 || y <= -14.0 + 1e-9;
        assert!(beyond, "{corner:?}");
    }
}

#[test]
fn the_exact_bid_is_told_block_by_block() {
    let report = run::run(&preset("zuo-4node-exact", &[])).unwrap();
    assert_eq!(on(&report), ["region", "exact"]);
    let exact = said(layer(&report, "exact"), 0);
    assert!(
        exact.contains("8 $/MWh up to 2 MW and 12 $/MWh up to 4 MW"),
        "{exact}"
    );
}

#[test]
fn the_edge_names_its_limit_and_beyond_it_stands_the_overload() {
    let key = "A behind 2-3";
    let edge = probe("zuo-4node", key, (4.0, 8.0));
    assert!(edge.inside && edge.beyond.is_none());
    assert_eq!(edge.edges, ["line 2-3 full; D3 at maximum"]);
    // The load of 15 MW: D2 2, D3 2, G1 the 8 of the others, G4 the other 3.
    for (series, value) in [
        ("p:D2", 2.0),
        ("p:D3", 2.0),
        ("p:G1", 8.0),
        ("p:G4", 3.0),
        ("flow:2-3", 10.0),
        ("flow:1-2", 8.0),
        ("flow:3-4", 12.0),
        ("loading:2-3", 1.0),
    ] {
        assert!((shown(&edge, series) - value).abs() < 1e-6, "{series}");
    }
    // D3 gives 2 at most, so D2 2.5 and G1 8 meet on line 2-3.
    let over = probe("zuo-4node", key, (4.5, 8.0));
    assert!(!over.inside && over.edges.is_empty());
    let beyond = over.beyond.as_ref().unwrap();
    assert!((beyond.to.0 - 4.5).abs() < 1e-9 && (beyond.to.1 - 7.5).abs() < 1e-9);
    assert_eq!(beyond.label.replace('\u{a0}', " "), "0.5 MW over line 2-3");
    assert!((shown(&over, "flow:2-3") - 10.5).abs() < 1e-6);
    assert!((shown(&over, "p:D2") - 2.5).abs() < 1e-6);
    // Inside, but the others put no flow back: G1 gives 0 MW at least.
    let alone = probe("zuo-4node", key, (5.0, -14.0));
    assert!(alone.inside && shown(&alone, "p:G1").is_nan());
    assert!((shown(&alone, "flow:2-3") + 10.0).abs() < 1e-6);
    assert!(
        alone.sentence.contains("No dispatch of the generators"),
        "{}",
        alone.sentence
    );
    // More than all DERs have: nothing to put on the line.
    let beyond_all = probe("zuo-4node", key, (7.0, 0.0));
    assert!(!beyond_all.inside && beyond_all.beyond.is_none() && beyond_all.shown.is_empty());
}

/// The paper prints 3.08, 1.00 and 0.63 $/h above 136 $/h for M = 3, 4, 5, with a rectangle that it does not print; over
/// the natural one it is 3, 1 and 0.7, as the presets of each M have it.
#[test]
fn another_grid_is_asked_about_beside_the_run() {
    for (m, points, loss) in [(3, 81, "3 $/h"), (4, 289, "1 $/h"), (5, 1089, "0.7 $/h")] {
        let key = format!("A behind 2-3:m={m}");
        for id in ["zuo-4node", "zuo-4node-union-jack-m3"] {
            let net = probe(id, &key, (2.0, 6.0)).net.unwrap();
            assert_eq!(net.points.len(), points, "{id} M = {m}");
            let says = net.says.replace('\u{a0}', " ");
            assert!(says.contains(&format!("costs {loss} more")), "{id}: {says}");
        }
    }
    let says = |id: &str, set: &[(&str, &str)], m: u32| {
        let key = format!("A behind 2-3:m={m}");
        let probe = run::probe(&preset(id, set), &key, 2.0, 6.0).unwrap();
        probe.net.unwrap().says.replace('\u{a0}', " ")
    };
    let ends = |id: &str, set: &[(&str, &str)], m: u32, end: &str| {
        let says = says(id, set, m);
        assert!(says.contains(end), "{id}, M = {m}: {says}");
    };
    let table = "optimum. Printed in Zuo et al., Table III:";
    ends(
        "zuo-4node",
        &[],
        3,
        &format!("{table} 3.08 $/h, 0.08 $/h more than ours (139.08 less 136.00;"),
    );
    ends(
        "zuo-4node-exact",
        &[],
        4,
        &format!("{table} 1.00 $/h, as ours (137.00"),
    );
    ends(
        "zuo-4node",
        &[],
        5,
        &format!("{table} 0.63 $/h, 0.07 $/h less than ours (136.63"),
    );
    ends(
        "zuo-4node-union-jack-calibrated-m3",
        &[],
        5,
        &format!("{table} 0.63 $/h, as ours"),
    );
    // Another load, and a preset with a ramp and another load: not the system of the table.
    let load = [("case.loads.L4.p_mw", "15.2")];
    ends(
        "zuo-4node",
        &load,
        4,
        &format!("{table} 1.00 $/h, of another system than this one ("),
    );
    ends(
        "zuo-4node-look-ahead",
        &[],
        4,
        "of another system than this one (",
    );
    assert!(!says("zuo-4node", &[], 2).contains("Printed"));
    // The grid of the run itself says the same.
    let report = run::run(&preset("zuo-4node-union-jack-m3", &[])).unwrap();
    let layers = &report.chart("region").unwrap().layers;
    let jack = layers.iter().find(|layer| layer.id == "jack").unwrap();
    assert!(
        jack.says[0].contains("3.08\u{a0}$/h, 0.08\u{a0}$/h more than ours"),
        "{}",
        jack.says[0]
    );
    let refused = run::probe(&preset("zuo-4node", &[]), "A behind 2-3:m=9", 2.0, 6.0);
    assert!(refused.is_err());
}

/// Axes hold all layers: a switch moves none of them. The step in view has its own hatch; a file has every layer.
#[test]
fn layers_are_drawn_as_they_are_switched() {
    let report = run::run(&preset("zuo-4node", &[])).unwrap();
    let view = |ids: &[&str], step: usize| View {
        layers: Some(ids.iter().map(|id| id.to_string()).collect()),
        cursor: Some(step),
        ..View::default()
    };
    let drawn = |ids: &[&str], step: usize| draw(&report, "region", &view(ids, step)).unwrap();
    let (one, all) = (
        drawn(&["region"], 1),
        drawn(&["region", "promised", "forgone", "jack", "exact"], 1),
    );
    assert_eq!(one.frame, all.frame);
    let parts = |svg: &str| svg.matches("class=\"parts\"").count();
    assert_eq!((parts(&one.svg), parts(&all.svg)), (0, 4));
    assert!(!drawn(&[], 1).svg.contains("class=\"surface\""));
    let says = |svg: &str| svg.contains("promised, but overloads the line");
    let (first, second) = (drawn(&["promised"], 0), drawn(&["promised"], 1));
    assert_ne!(first.svg, second.svg);
    assert!(says(&second.svg));
    let file = csv(&report, "region").unwrap();
    assert!(
        file.contains("D3, 8 $/MWh") && file.contains("forgone"),
        "{file}"
    );
}

/// What is switched is part of the link, and of every door: a report has the layers that its view names.
#[test]
fn a_link_keeps_the_layers_that_are_on() {
    let on = |layers: &[&str]| {
        let mut session = Session::preset("zuo-4node").unwrap();
        session.set("view.layers", &format!("{layers:?}")).unwrap();
        session.solve().unwrap();
        // A link holds them.
        let link = session.link().fragment;
        let mut again = Session::new(link::decode(&link).unwrap());
        again.solve().unwrap();
        let report = again.report().unwrap();
        let region = report.chart("region").unwrap();
        let on = region.layers.iter().filter(|layer| layer.on);
        on.map(|layer| layer.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(on(&["region/forgone", "region/jack"]), ["forgone", "jack"]);
    assert!(on(&["region/"]).is_empty());
    // Another chart's layers leave these as they are.
    assert_eq!(on(&["lmp/forgone"]), on(&[]));
}
