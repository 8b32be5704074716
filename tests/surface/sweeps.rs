//! The sweep on markets whose breakpoints are known by hand.

use serde_json::json;
use tandem::case::Problem;
use tandem::scenario::{Document, gallery};
use tandem::session::Session;
use tandem::sweep::{Ask, Breakpoint, Exact, Point, Swept, point, report, values};

fn exact(preset: &str, path: &str, range: (f64, f64), most: usize) -> (Swept, Session) {
    exact_of(gallery::document(preset).unwrap(), path, range, most)
}

fn exact_of(
    document: Document,
    path: &str,
    (from, to): (f64, f64),
    most: usize,
) -> (Swept, Session) {
    let ask = Ask {
        path: path.into(),
        from,
        to,
        points: 11,
        most,
        step: None,
    };
    let mut session = Session::new(document.clone());
    let mut exact = Exact::new(document, ask);
    while exact.step(&mut session).is_some() {}
    (exact.found(), session)
}

fn number(point: &Point, id: &str) -> Option<f64> {
    let mut summary = point.summary.as_ref()?.iter();
    summary.find(|q| q.id == id)?.value
}

/// A number between the points, by the strokes.
fn on_strokes(swept: &Swept, id: &str, value: f64) -> Option<f64> {
    let mut pairs = swept.points.windows(2);
    let pair =
        pairs.find(|p| p[0].value <= value && value <= p[1].value && p[0].value < p[1].value)?;
    let (a, b) = (number(&pair[0], id)?, number(&pair[1], id)?);
    Some(a + (b - a) * (value - pair[0].value) / (pair[1].value - pair[0].value))
}

/// Every number against 400 values of the market itself, away from breakpoints.
fn agrees_with_400(preset: &str, path: &str, (from, to): (f64, f64), swept: &Swept) {
    assert!(
        swept.pieces.iter().all(|piece| piece.exact),
        "{:?}",
        swept.pieces
    );
    let document = gallery::document(preset).unwrap();
    let mut session = Session::new(document.clone());
    for value in values(from, to, 401) {
        if swept
            .breakpoints
            .iter()
            .any(|b| (b.value - value).abs() < 1e-5 * (to - from))
        {
            continue;
        }
        let solved: Result<_, Vec<Problem>> = point(&mut session, &document, path, value);
        let Ok(summary) = solved else {
            let main = swept
                .points
                .iter()
                .find_map(|p| p.summary.as_ref())
                .unwrap();
            assert_eq!(on_strokes(swept, &main[1].id, value), None, "at {value}");
            continue;
        };
        for quantity in summary {
            let ours = on_strokes(swept, &quantity.id, value);
            let close = match (ours, quantity.value) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-8 * b.abs().max(1.0),
                (a, b) => a == b,
            };
            assert!(
                close,
                "{} at {value}: {ours:?}, {:?}",
                quantity.id, quantity.value
            );
        }
    }
}

#[track_caller]
fn near(found: Option<f64>, expected: f64) {
    assert!(
        found.is_some_and(|found| (found - expected).abs() < 1e-6),
        "{found:?}, not {expected}"
    );
}

/// By hand: with F the limit of line 1-3, the line carries 100 − 2/3 P3, so that
/// P3 = 1.5 (100 − F) from F = 100 down, and at F = 100 − 200/3 = 33 1/3 G3 is at its 100 MW: below, no dispatch.
/// The cost is 1,800 + 40 P3 $/h: 5,800 at 33 1/3, 1,800 from 100 up. A MWh at bus 2 costs 30 $ while
/// the line is full (half G1, half G3), 10 $ where it is not.
#[test]
fn the_triangle_has_two_breakpoints() {
    let (path, range) = ("case.branches.1-3.max_p_mw", (20.0, 120.0));
    let (swept, session) = exact("triangle", path, range, 200);
    let [edge, free] = swept.breakpoints.as_slice() else {
        panic!("{:?}", swept.breakpoints);
    };
    assert!((edge.value - 100.0 / 3.0).abs() < 1e-6 && (free.value - 100.0).abs() < 1e-8);
    assert_eq!(swept.main, "lmp:2");
    assert_eq!((edge.left, free.right.is_some()), (None, true));
    near(edge.right, 30.0);
    near(free.left, 30.0);
    near(free.right, 10.0);
    assert_eq!(edge.changes, ["there is an answer from here on"]);
    let marginal = "G3 at 50\u{a0}$/MWh is no longer marginal";
    assert_eq!(free.changes, ["line 1-3 is no longer full", marginal]);
    // The edge is where the market itself stops finding a dispatch, within its tolerance.
    let at_edge = 1_800.0 + 60.0 * (100.0 - edge.value);
    near(number(&swept.points[2], "cost_mean"), at_edge);
    near(number(swept.points.last().unwrap(), "cost_mean"), 1_800.0);
    agrees_with_400("triangle", path, range, &swept);
    let report = report(&session, path, &swept);
    assert!(
        report.headline.starts_with(
            "2 breakpoints between 20 and 120\u{a0}MW: straight in between, each piece checked at "
        ),
        "{}",
        report.headline
    );
    assert!(
        report
            .headline
            .ends_with("There is no answer from 20 to 33.3333\u{a0}MW."),
        "{}",
        report.headline
    );
    assert_eq!(report.tables[0].rows.len(), 2);
    assert_eq!(report.charts[0].marks.len(), 1);
    assert!(
        report.series("lmp:2").is_some() && swept.solves < 80,
        "{} solves",
        swept.solves
    );
}

/// By hand: line 2-3 carries G1 and D2. D2 at 12 $/MWh is dearer than G1 at 6 and cheaper than G4 at 16. From 8 MW
/// G1 is at its maximum and D2 takes what room there is, up to its 4 MW at 12; below 8 G1 has to
/// give way. The cost changes by 6 − 16 = −10 $/h per MW of limit below 8, by 12 − 16 = −4 up to 12, then by 0: from
/// 8·6 + 2·8 + 5·16 = 144 at 8 to 8·6 + 2·8 + 4·12 + 1·16 = 128 at 12.
#[test]
fn line_2_3_of_the_four_nodes_goes_through_the_merit_order() {
    let (path, range) = ("case.branches.2-3.max_p_mw", (5.0, 15.0));
    let (swept, _) = exact("zuo-4node-optimal", path, range, 300);
    let at: Vec<f64> = swept.breakpoints.iter().map(|b| b.value).collect();
    assert!(
        at.len() == 2 && (at[0] - 8.0).abs() < 1e-8 && (at[1] - 12.0).abs() < 1e-8,
        "{at:?}"
    );
    let [all, room] = swept.breakpoints.as_slice() else {
        unreachable!()
    };
    let six = " (in all 6 intervals)";
    assert_eq!(
        all.changes,
        [format!(
            "D2 at 12\u{a0}$/MWh is marginal instead of G1 at 6\u{a0}$/MWh{six}"
        )]
    );
    assert_eq!(
        room.changes,
        [
            format!("line 2-3 is no longer full{six}"),
            format!("D2 at 12\u{a0}$/MWh is no longer marginal{six}")
        ]
    );
    // G1 8 at 6, D3 2 at 8, D2 F − 8 at 12, G4 the rest of 15 at 16.
    let cost = |limit: f64| {
        let (g1, d2) = (limit.min(8.0), (limit - 8.0).clamp(0.0, 4.0));
        6.0 * g1 + 16.0 + 12.0 * d2 + 16.0 * (13.0 - g1 - d2)
    };
    for value in [5.0, 6.3, 8.0, 10.0, 12.0, 14.9] {
        near(on_strokes(&swept, "cost_mean", value), cost(value));
    }
    agrees_with_400("zuo-4node-optimal", path, range, &swept);
}

/// The factor of the error of the state estimation is a ratio of outputs: it bends everywhere, the cost does not.
#[test]
fn curves_do_not_hide_what_is_straight() {
    let path = "case.branches.2-3.max_p_mw";
    let (swept, session) = exact("zuo-4node-se", path, (9.0, 11.0), 400);
    assert!(
        swept
            .curves
            .iter()
            .any(|name| name == "error factor per interval"),
        "{:?}",
        swept.curves
    );
    assert!(
        swept
            .pieces
            .iter()
            .any(|piece| piece.exact && piece.to - piece.from > 0.2)
    );
    let report = report(&session, path, &swept);
    assert!(
        report
            .headline
            .contains("Not straight, known at the points alone: "),
        "{}",
        report.headline
    );
}

/// A field of whole numbers has nothing between them.
#[test]
fn whole_numbers_are_solved_once_each() {
    let (swept, _) = exact("zuo-4node-optimal", "mechanism.intervals", (1.0, 6.0), 100);
    let at: Vec<f64> = swept.points.iter().map(|p| p.value).collect();
    assert_eq!(at, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert!(swept.pieces.is_empty() && swept.breakpoints.is_empty());
}

#[test]
fn what_the_solves_did_not_settle_is_said() {
    let path = "case.branches.2-3.max_p_mw";
    let (swept, session) = exact("zuo-4node-optimal", path, (5.0, 15.0), 13);
    assert_eq!(swept.solves, 13);
    assert!(swept.pieces.iter().any(|piece| piece.open && !piece.exact));
    let report = report(&session, path, &swept);
    let said = "with the solves that were allowed: sampled at ";
    assert!(report.headline.contains(said), "{}", report.headline);
}

/// By hand: BSP2 bids against BSP3 at 10 $/MWh and BSP1 at 20, so who is marginal changes there and nowhere else; the price
/// that is swept is no change by itself. Prices that the function of the DSO samples within its tolerance may jump beside.
#[test]
fn a_swept_price_is_no_change_by_itself() {
    let path = "case.balancing.bids.BSP2.offers.0.segments.0.usd_per_mwh";
    let (swept, _) = exact("mezghani-s1", path, (5.0, 25.0), 300);
    let holds = |b: &&Breakpoint| b.changes.iter().any(|text| text.contains("marginal"));
    let changes: Vec<&Breakpoint> = swept.breakpoints.iter().filter(holds).collect();
    let [ten, twenty] = changes.as_slice() else {
        panic!("{:?}", swept.breakpoints);
    };
    assert!((ten.value - 10.0).abs() < 1e-6 && (twenty.value - 20.0).abs() < 1e-6);
    let said = "BSP1 at 20\u{a0}$/MWh is marginal instead of BSP2";
    assert_eq!(twenty.changes, [said]);
    let mut all = swept.breakpoints.iter().flat_map(|b| &b.changes);
    assert!(
        !all.any(|text| text.contains("BSP2 at")),
        "{:?}",
        swept.breakpoints
    );
}

/// On a curve what changes is known no nearer than between two points.
#[test]
fn what_changes_on_a_curve_is_told_between_points() {
    let (swept, session) = exact("zuo-4node", "case.loads.L4.p_mw", (8.0, 20.0), 60);
    let told = |part: &str| {
        let mut turns = swept.turns.iter();
        turns.any(|turn| turn.to > turn.from && turn.changes.iter().any(|text| text.contains(part)))
    };
    let exactly = |part: &str| {
        let mut all = swept.breakpoints.iter().flat_map(|b| &b.changes);
        all.any(|text| text.contains(part))
    };
    let full = "line 2-3 becomes full";
    assert!(told(full) || exactly(full), "{swept:?}");
    let report = report(&session, "case.loads.L4.p_mw", &swept);
    let rows = report.tables[0].rows.len();
    assert_eq!(rows, swept.breakpoints.len() + swept.turns.len());
}

/// Two units whose offers rise, 10 + 0.2 p at b0 and 14 + 0.1 p at b1, with the load at b1 behind 30 MW of line.
fn rising() -> Document {
    let unit = |id: &str, bus: &str, from: f64, to: f64| {
        json!({"id": id, "bus": bus, "min_p_mw": 0.0, "max_p_mw": 100.0,
            "offer": [{"p_mw": 100.0, "usd_per_mwh": from, "end_usd_per_mwh": to}]})
    };
    let case = json!({
        "version": 1, "name": "rising", "source": "", "base_mva": 100.0,
        "buses": [{"id": "b0"}, {"id": "b1"}],
        "branches": [{"id": "l", "from": "b0", "to": "b1", "x_pu": 0.1, "max_p_mw": 30.0}],
        "generators": [unit("G0", "b0", 10.0, 30.0), unit("G1", "b1", 14.0, 24.0)],
        "loads": [{"id": "L", "bus": "b1", "p_mw": 40.0}],
    });
    let mechanism = json!({"kind": "rt_sced", "method": "optimal", "intervals": 1});
    Document::from_value(json!({"version": 1, "case": case, "mechanism": mechanism})).unwrap()
}

/// By hand: G0 alone up to λ = 10 + 0.2 L = 14 at L = 20; then both at one λ = (L + 190) / 15, of which G0 has
/// 5 λ − 50, its 30 MW of line at λ = 16, L = 50; then G1 alone at 14 + 0.1 (L − 30). The cost is
/// 10 L + 0.1 L², then 240 + ∫ λ, then 390 + 14 (L − 30) + 0.05 (L − 30)².
#[test]
fn offers_that_rise_make_the_cost_a_parabola_between_breakpoints() {
    let path = "case.loads.L.p_mw";
    let (swept, session) = exact_of(rising(), path, (5.0, 80.0), 300);
    let at: Vec<f64> = swept.breakpoints.iter().map(|b| b.value).collect();
    assert!(
        at.len() == 2 && (at[0] - 20.0).abs() < 1e-7 && (at[1] - 50.0).abs() < 1e-7,
        "{at:?}"
    );
    assert!(swept.curves.is_empty(), "{:?}", swept.curves);
    assert!(swept.pieces.iter().all(|piece| piece.exact));
    let cost = |load: f64| match load {
        l if l < 20.0 => 10.0 * l + 0.1 * l * l,
        l if l < 50.0 => 240.0 + (l * l - 400.0) / 30.0 + 190.0 / 15.0 * (l - 20.0),
        l => 390.0 + 14.0 * (l - 30.0) + 0.05 * (l - 30.0) * (l - 30.0),
    };
    assert!(swept.points.len() > 60, "{}", swept.points.len());
    for point in &swept.points {
        near(number(point, "cost_mean"), cost(point.value));
    }
    let report = report(&session, path, &swept);
    let said = "2 breakpoints between 5 and 80\u{a0}MW: straight or a parabola in between, each piece checked at ";
    assert!(report.headline.starts_with(said), "{}", report.headline);
    assert!(
        report.headline.contains("Parabolas: "),
        "{}",
        report.headline
    );
    assert!(swept.solves < 90, "{} solves", swept.solves);
}
