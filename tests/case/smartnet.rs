//! Balancing cases as folders of CSV files: there and back, conventions, refusals with their line.
//!
//! `TANDEM_BLESS=1 cargo test --test case smartnet` writes the three-node folder anew.

use crate::good::{anonymous, only, told};
use tandem::case::balancing::{
    Balancing, Bid, DurationPair, ExclusiveGroup, HalfPlane, Injection, PeriodOffer, Ramp, Segment,
};
use tandem::case::smartnet::{read, write};
use tandem::case::{Boundary, Branch, Bus, CASE_VERSION, Case, Feeder, FeederBus, FeederLine};

type Files = Vec<(String, String)>;

fn read_ok(files: &Files) -> Case {
    read(files).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn bad(files: &Files, field: &str, parts: &[&str]) {
    only(&read(files).unwrap_err(), field, parts);
}

/// Says where two cases differ; the cases themselves would fill the screen.
fn same(a: &Case, b: &Case) {
    let (a, b) = (a.to_json(), b.to_json());
    for (a, b) in a.lines().zip(b.lines()) {
        assert_eq!(a, b);
    }
    assert_eq!(a.len(), b.len());
}

fn injection(bus: &str, p: f64, q: f64) -> Injection {
    Injection {
        id: format!("inj-{bus}"),
        bus: bus.into(),
        p_mw: vec![p],
        q_mvar: if q == 0.0 { vec![] } else { vec![q] },
    }
}

fn bid(id: &str, bus: &str, most: f64, price: f64) -> Bid {
    Bid {
        id: id.into(),
        bus: bus.into(),
        reactive: bus != "1",
        offers: vec![PeriodOffer {
            period: 1,
            segments: vec![Segment {
                max_p_mw: most,
                usd_per_mwh: price,
                ..Segment::default()
            }],
            ..PeriodOffer::default()
        }],
        ..Bid::default()
    }
}

fn feeder_bus(id: &str, low: f64, high: f64) -> FeederBus {
    FeederBus {
        id: id.into(),
        p_load_mw: 0.0,
        q_load_mvar: 0.0,
        min_v_pu: low,
        max_v_pu: high,
    }
}

/// One transmission bus above a feeder of two, one bid at each.
fn three_node() -> Case {
    Case {
        version: CASE_VERSION,
        base_mva: 1.0,
        buses: vec![Bus::new("1")],
        feeders: vec![Feeder {
            id: "DN-2".into(),
            base_kv: 10.0,
            root: "2".into(),
            root_v_pu: 1.0,
            buses: vec![feeder_bus("2", 1.0, 1.0), feeder_bus("3", 0.95, 1.05)],
            lines: vec![FeederLine {
                id: "2".into(),
                from: "2".into(),
                to: "3".into(),
                r_ohm: 1.0,
                x_ohm: 10.0,
                max_s_mva: Some(0.5),
                min_p_mw: None,
                max_p_mw: None,
            }],
        }],
        boundaries: vec![Boundary {
            id: "1".into(),
            bus: "1".into(),
            feeder: "DN-2".into(),
            max_p_mw: Some(5.0),
        }],
        balancing: Some(Balancing {
            periods: 1,
            minutes_per_period: 60.0,
            price_cap_usd_per_mwh: 3000.0,
            imbalances: vec![injection("1", -1.0, 0.0), injection("3", -0.2, -0.1)],
            bids: vec![
                bid("1", "1", 3.0, 20.0),
                bid("2", "2", 1.0, 15.0),
                bid("3", "3", 1.0, 10.0),
            ],
            ..Balancing::default()
        }),
        ..Case::default()
    }
}

/// Everything the schema knows, over three periods.
fn rich() -> Case {
    let mut case = three_node();
    case.buses.push(Bus::new("7"));
    case.branches.push(Branch {
        id: "9".into(),
        from: "1".into(),
        to: "7".into(),
        x_pu: 0.00025,
        r_pu: 0.0,
        tap: 1.0,
        shift_deg: 0.0,
        max_p_mw: None,
        in_service: true,
    });
    case.feeders[0].lines[0].r_ohm = 0.1 + 0.2; // a number of seventeen digits
    case.feeders[0].lines[0].x_ohm = 0.00012;
    case.boundaries[0].max_p_mw = None;
    let balancing = case.balancing.as_mut().unwrap();
    balancing.periods = 3;
    for injection in &mut balancing.imbalances {
        injection.p_mw = vec![-0.1, 0.0, 0.3];
    }
    balancing.imbalances[1].q_mvar = vec![-0.1, 0.2, 0.0];
    let segment = |min: f64, max: f64, price: f64, indivisible: bool| Segment {
        min_p_mw: min,
        max_p_mw: max,
        usd_per_mwh: price,
        indivisible,
    };
    let up = &mut balancing.bids[1];
    up.offers = (1..=3)
        .map(|period| PeriodOffer {
            period,
            start_stop: true,
            no_new_activation: period > 1,
            segments: vec![
                segment(0.0, 0.3, 40.0, true),
                segment(0.1, 0.4, 41.5, false),
            ],
            ..PeriodOffer::default()
        })
        .collect();
    up.minimum_duration = vec![
        DurationPair {
            start_period: 1,
            on_period: 2,
            ..DurationPair::default()
        },
        DurationPair {
            start_period: 1,
            on_period: 3,
            ..DurationPair::default()
        },
    ];
    up.half_planes = vec![HalfPlane {
        slope: 0.05,
        offset_mvar: 0.0,
        above: false,
    }];
    let down = &mut balancing.bids[2];
    down.max_s_mva = Some(0.7);
    down.reactive = true;
    down.offers = [("31", 1), ("31", 2), ("32", 2)]
        .map(|(id, period)| PeriodOffer {
            id: id.into(),
            period,
            segments: vec![
                segment(-0.5, 0.0, 5.0, false),
                segment(-0.2, 0.0, -1.0, true),
            ],
            ..PeriodOffer::default()
        })
        .into();
    down.ramps = [1, 2]
        .map(|period| Ramp {
            period,
            min_mw: Some(-0.2),
            max_mw: Some(0.25),
        })
        .into();
    let mut still = bid("4", "3", 0.2, 0.0);
    still.reactive = false;
    balancing.bids.push(still);
    balancing.exclusive = vec![ExclusiveGroup {
        id: "5".into(),
        bids: vec!["1".into(), "4".into()],
    }];
    case
}

#[test]
fn three_nodes_there_and_back() {
    let case = three_node();
    assert_eq!(case.validate(), []);
    let written = write(&case);
    assert_eq!(written.notes, Vec::<String>::new());
    let folder = std::path::Path::new("tests/golden/smartnet/three-node");
    if std::env::var_os("TANDEM_BLESS").is_some() {
        std::fs::create_dir_all(folder).unwrap();
        for (name, text) in &written.files {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    for (name, text) in &written.files {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(*text, kept, "{name}");
    }
    same(&anonymous(&read_ok(&written.files)), &case);
}

#[test]
fn all_of_the_schema_there_and_back() {
    let case = rich();
    assert_eq!(case.validate(), []);
    let written = write(&case);
    assert_eq!(written.notes, Vec::<String>::new());
    same(&anonymous(&read_ok(&written.files)), &case);
}

#[test]
fn what_the_schema_has_no_place_for_is_said() {
    let mut case = tandem::case::builtin("zuo-4node").unwrap();
    let notes = write(&case).notes.join("\n");
    for part in ["generators", "loads", "DERs", "numbered"] {
        assert!(notes.contains(part), "no {part} in {notes}");
    }
    case = rich();
    case.base_mva = 100.0;
    case.branches[0].x_pu = 0.025;
    case.branches[0].tap = 2.0;
    let balancing = case.balancing.as_mut().unwrap();
    balancing.bids[0].id = "BSP1".into();
    balancing.exclusive[0].bids[0] = "BSP1".into();
    let written = write(&case);
    assert!(written.notes.iter().any(|n| n.contains("Turns ratios")));
    assert!(
        written
            .notes
            .iter()
            .any(|n| n.contains("bids are numbered"))
    );
    let back = read_ok(&written.files);
    assert_eq!(back.branches[0].x_pu, 0.0005);
    assert_eq!(back.balancing.unwrap().bids[0].id, "1");
}

/// The files of the rich case with one of them changed.
fn changed(name: &str, change: impl Fn(&str) -> String) -> Files {
    let mut files = write(&rich()).files;
    let name = format!("{name}.csv");
    let (_, text) = files.iter_mut().find(|(n, _)| *n == name).unwrap();
    *text = change(text);
    files
}

#[test]
fn prices_change_their_sign_with_the_quantity() {
    let head = "Node,QtBids,QBid,QBidSeg,forT,QuantityLoQ,PriceLoQ,QuantityHiQ,PriceHiQ,Xlb,Xub\n";
    let rows = "3,10,1,1,1,0,36,2,36,1,1\n\
                3,11,2,2,1,0,-36,-2,-36,1,1\n\
                3,12,3,3,1,-1,-7,-3,-7,0,1\n\
                3,13,4,4,1,0,1,0.000001,1,0,1\n\
                3,14,5,5,1,0,10,1,12,0,1\n\
                3,15,6,6,9,0,10,1,12,0,1\n";
    let case = read_ok(&changed("Bids", |_| format!("{head}{rows}")));
    let bids = &case.balancing.as_ref().unwrap().bids;
    let seen: Vec<_> = bids
        .iter()
        .map(|bid| {
            let s = &bid.offers[0].segments[0];
            (
                bid.id.as_str(),
                s.min_p_mw,
                s.max_p_mw,
                s.usd_per_mwh,
                s.indivisible,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("10", 0.0, 2.0, 36.0, true),
            ("11", -2.0, 0.0, 36.0, true),
            ("12", -2.0, 0.0, 7.0, false),
            ("14", 0.0, 1.0, 11.0, false),
        ]
    );
    for part in [
        "left out: 1 segments of less than",
        "left out: 1 bids of nothing else",
        "changed: 1 segments whose price changes",
        "left out: 1 segments of bids outside the periods",
        "minimum durations of offers that are not there",
        "assumed: One period is one hour.",
    ] {
        let import = told(&case);
        assert!(import.contains(part), "no {part:?} in {import}");
    }
}

#[test]
fn published_dialects() {
    // Periods counted from elsewhere, marks in files of their own, other line ends, more columns.
    let mut files = write(&rich()).files;
    let shift = |text: &str, column: usize| -> String {
        let mut lines = text.lines();
        let mut out = format!("{}\r", lines.next().unwrap());
        for line in lines {
            let mut cells: Vec<String> = line.split(',').map(str::to_string).collect();
            let time: i64 = cells[column].parse().unwrap();
            cells[column] = (time + 88).to_string();
            out.push_str(&format!("{}\r", cells.join(",")));
        }
        out
    };
    let mut marks = [
        String::from("QtBids,QBid,forT\n"),
        String::from("QtBids,QBid,forT\n"),
    ];
    for (name, text) in &mut files {
        *text = match name.as_str() {
            "NetInjections.csv" => shift(text, 1),
            "MinDurationPairs.csv" => shift(&shift(text, 3).replace('\r', "\n"), 4),
            "GeneralParam.csv" => text.replace("1,100,1,3,1", "1,100,89,91,1"),
            "Bids.csv" => {
                let mut rows = String::new();
                for (k, line) in text.lines().enumerate() {
                    let cells: Vec<&str> = line.split(',').collect();
                    let time =
                        |t: &str| t.parse::<i64>().map_or(t.into(), |t| (t + 88).to_string());
                    for (mark, cell) in marks.iter_mut().zip(&cells[12..14]) {
                        if k > 0 && *cell == "1" {
                            mark.push_str(&format!(
                                "{},{},{}\n",
                                cells[1],
                                cells[2],
                                time(cells[4])
                            ));
                        }
                    }
                    let mut cells: Vec<String> =
                        cells[..12].iter().map(|c| c.to_string()).collect();
                    cells[4] = time(&cells[4]);
                    rows.push_str(&format!("{}\n", cells.join(", ")));
                }
                format!("\u{feff}{rows}")
            }
            _ => text.replace('\n', "\r"),
        };
        *name = format!("Denmark/CSV_88/{name}");
    }
    let [start, none] = marks;
    files.push(("Denmark/CSV_88/AlphaOmegaSet.csv".into(), start));
    files.push(("Denmark/CSV_88/NoNewAct.csv".into(), none));
    files.push(("Denmark/CSV_88/Qt2ForT.csv".into(), "QtBids,forT".into()));
    let case = read_ok(&files);
    assert!(told(&case).contains("left out: Files not read: Denmark/CSV_88/Qt2ForT.csv."));
    same(&anonymous(&case), &rich());
}

#[test]
fn zero_reactance_taps_and_limits() {
    let case = read_ok(&changed("Edges", |text| {
        format!("{text}11,7,1,0,0,0,0,0,0,0.33,0\n12,7,1,0,0,0.0001,0,95000,0,1,0\n")
    }));
    assert_eq!(case.branches[1].x_pu, 1e-6);
    assert_eq!(case.branches[1].max_p_mw, None);
    assert_eq!(case.branches[2].max_p_mw, None);
    for part in [
        "1 edges without reactance are ties",
        "turns ratios of 1 edges",
    ] {
        assert!(told(&case).contains(part), "{}", told(&case));
    }
}

#[test]
fn refusals_name_file_and_line() {
    let mut files = write(&rich()).files;
    files.retain(|(name, _)| name != "QPDisc.csv" && name != "Bids.csv");
    bad(&files, "folder", &["no Bids.csv, QPDisc.csv", "head line"]);
    let mut files = write(&rich()).files;
    files.push(("other/edges.csv".into(), String::new()));
    bad(&files, "edges.csv", &["there twice", "one case"]);
    let cases: [(&str, &str, &str, &str, &[&str]); 9] = [
        (
            "Bids",
            "QuantityLoQ",
            "Quantity",
            "Bids.csv, line 1",
            &["no column QuantityLoQ"],
        ),
        (
            "Bids",
            "1,1,1,1,1,0,20",
            "8,1,1,1,1,0,20",
            "Bids.csv, line 2",
            &["no node 8"],
        ),
        (
            "Bids",
            "1,1,1,1,1,0,20",
            "1,1,1,1,1,0,x",
            "Bids.csv, line 2",
            &["PriceLoQ is \"x\""],
        ),
        (
            "Bids",
            "1,1,1,1,1,0,20",
            "1,1,1,1,1,0",
            "Bids.csv, line 2",
            &["13 cells", "14"],
        ),
        (
            "Edges",
            "9,1,7",
            "9,1,8",
            "Edges.csv, line 2",
            &["no node 8"],
        ),
        (
            "Edges",
            "9,1,7",
            "2,1,7",
            "Edges.csv, line 3",
            &["Edge 2 is given twice"],
        ),
        (
            "GeneralParam",
            "3,1",
            "300,1",
            "GeneralParam.csv, line 2",
            &["1 to 300", "96"],
        ),
        (
            "GeneralParam",
            "3,1",
            "3,100",
            "GeneralParam.csv, line 2",
            &["base is 100 MVA"],
        ),
        (
            "HalfPlanes",
            "0.05,0,0",
            "0.05,0,2",
            "HalfPlanes.csv, line 2",
            &["QPHPConstr is 2"],
        ),
    ];
    for (name, from, to, field, parts) in cases {
        let files = changed(name, |text| {
            assert!(text.contains(from), "{name}: {text}");
            text.replacen(from, to, 1)
        });
        bad(&files, field, parts);
    }
    let lonely = changed("DistributionNodes", |text| {
        format!("{text}8,0.81,1.21,0,0,0\n")
    });
    bad(
        &lonely,
        "Edges.csv",
        &["1 distribution node(s)", "among them 8"],
    );
    let twice = changed("Edges", |text| format!("{text}13,7,3,0,0,0,0,0,0,1,0\n"));
    bad(&twice, "Edges.csv", &["13", "split the network"]);
}
