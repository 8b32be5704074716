//! MATPOWER files: there and back, the idioms of published files, and refusals with their line.

use crate::good::{anonymous, told};
use tandem::case::matpower::{CURVE_BLOCKS, read, write};
use tandem::case::{self, Block, Case, Problem};
use tandem::scenario::{Document, Scenario};

fn read_ok(text: &str) -> Case {
    read(text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The case without what a MATPOWER file cannot hold.
fn bare(case: &Case) -> Case {
    let mut case = anonymous(case);
    for bus in &mut case.buses {
        (bus.x, bus.y) = (None, None);
    }
    case
}

/// Two buses, one generator, one line; each test changes a line of it.
const SMALL: &str = "\
function mpc = small
%SMALL  Two buses.
%   Made up.

mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1	3	0	0	0	0	1	1	0	10	1	1.1	0.9;
	2	1	50	10	0	0	1	1	0	10	1	1.1	0.9;
];
mpc.gen = [
	1	0	0	0	0	1	100	1	80	0;
];
mpc.branch = [
	1	2	0.01	0.1	0	60	0	0	0	0	1;
];
mpc.gencost = [
	2	0	0	2	20	0;
];
";

/// `SMALL` in format 1.
fn first_version() -> String {
    SMALL
        .replace(
            "function mpc = small",
            "function [baseMVA, bus, gen, branch, areas, gencost] = small",
        )
        .replace("mpc.version = '2';", "areas = [1 1];")
        .replace("mpc.", "")
}

#[test]
fn ieee_cases_survive_the_way_there_and_back() {
    for id in ["ieee14", "ieee30"] {
        let case = case::builtin(id).unwrap();
        let again = read_ok(&write(&case));
        assert_eq!(bare(&again), bare(&case), "{id}");
        assert_eq!(write(&bare(&again)), write(&bare(&case)), "{id}");
    }
}

#[test]
fn ders_become_generators_and_blocks_piecewise_costs() {
    let mut case = case::builtin("zuo-4node").unwrap();
    let block = |p_mw, usd_per_mwh| Block::flat(p_mw, usd_per_mwh);
    case.generators[1].offer = vec![block(5.0, 16.0), block(0.0, 17.0), block(10.0, 18.5)];
    case.generators[1].ramp_mw_per_min = Some(2.5);
    case.branches[0].max_p_mw = Some(0.0);
    let text = write(&case);
    assert!(text.contains("% DER D2"), "{text}");
    let again = read_ok(&text);
    let suppliers: Vec<_> = again
        .generators
        .iter()
        .map(|g| (g.id.as_str(), g.max_p_mw))
        .collect();
    assert_eq!(
        suppliers,
        [("G1", 8.0), ("G4", 15.0), ("G2", 4.0), ("G3", 2.0)]
    );
    assert_eq!(
        again.generators[1].offer,
        [block(5.0, 16.0), block(10.0, 18.5)]
    );
    assert_eq!(again.generators[1].ramp_mw_per_min, Some(2.5));
    assert_eq!(again.branches[0].max_p_mw, Some(0.0));
    assert_eq!(again.branches[1].max_p_mw, Some(10.0));
    assert_eq!(again.branches[2].max_p_mw, None);
}

/// A quadratic cost reads back as it was written; what no polynomial holds is chords of its cost: 10 to 20 $/MWh over
/// 5 MW and on at 20 to 15 MW.
#[test]
fn prices_that_rise_become_quadratic_costs_or_chords() {
    let mut case = case::builtin("zuo-4node").unwrap();
    let rises = |p_mw, from, to| Block {
        end_usd_per_mwh: Some(to),
        ..Block::flat(p_mw, from)
    };
    case.generators[0].offer = vec![rises(8.0, 16.0, 20.0)];
    case.generators[1].offer = vec![rises(5.0, 10.0, 20.0)];
    case.generators[1].max_p_mw = 15.0;
    let text = write(&case);
    assert!(
        text.contains("% G4: a price that rises is 10 chords"),
        "{text}"
    );
    assert!(!text.contains("% G1: a price"), "{text}");
    let again = read_ok(&text);
    assert_eq!(again.generators[0].offer, case.generators[0].offer);
    let chords = &again.generators[1].offer;
    assert_eq!(chords.len(), CURVE_BLOCKS + 1);
    assert!((chords[0].usd_per_mwh - 10.5).abs() < 1e-9);
    assert!((chords[10].usd_per_mwh - 20.0).abs() < 1e-9);
    let total: f64 = chords.iter().map(|b| b.p_mw * b.usd_per_mwh).sum();
    assert!((total - (75.0 + 200.0)).abs() < 1e-9);
}

#[test]
fn buses_without_numbers_are_numbered_and_named() {
    let mut case = case::builtin("triangle").unwrap();
    let rename = |id: &mut String| *id = format!("Bus '{id}'");
    case.buses.iter_mut().for_each(|b| rename(&mut b.id));
    case.loads.iter_mut().for_each(|l| rename(&mut l.bus));
    case.generators.iter_mut().for_each(|g| rename(&mut g.bus));
    for branch in &mut case.branches {
        rename(&mut branch.from);
        rename(&mut branch.to);
    }
    assert_eq!(case.validate(), []);
    let text = write(&case);
    assert!(text.contains("'Bus ''1''';"), "{text}");
    let again = read_ok(&text);
    assert_eq!(bare(&again), bare(&case::builtin("triangle").unwrap()));
    assert!(told(&again).contains("left out: Fields of the file: bus_name."));
}

#[test]
fn name_header_and_notes_go_into_the_case() {
    let case = read_ok(SMALL);
    assert_eq!(case.name, "small");
    assert!(
        case.source.contains("SMALL Two buses. Made up."),
        "{}",
        case.source
    );
    let import = told(&case);
    let kept = "kept: 2 buses, 1 branch (1 with a limit), 1 generator of 80 MW, 1 load of 50 MW.";
    assert!(import.contains(kept), "{import}");
    assert!(import.contains("line charging"), "{import}");
    assert_eq!(case.branches[0].max_p_mw, Some(60.0));
}

#[test]
fn rows_in_every_notation() {
    let change = |from: &str, to: &str| read_ok(&SMALL.replace(from, to));
    let same = bare(&read_ok(SMALL));
    let second = "\t2\t1\t50\t10\t0\t0\t1\t1\t0\t10\t1\t1.1\t0.9;\n";
    for other in [
        "  2, 1, 50, 10, 0, 0, 1, 1, 0, 10, 1, 1.1, 0.9\n",
        "2 1 5e1 1.0E+1 0 0 1 1 0 10 1 1.1 .9 % comment ; 3 4\n\n",
        "2 1 50 10 0 0 ... goes on\n 1 1 0 10 1 1.1 0.9;;\n",
        "2 1 100/2 2*5 -0 0 1 1 0 1d1 1 1.1 0.9;\n%{\n3 3 3\n%}\n",
    ] {
        assert_eq!(bare(&change(second, other)), same, "{other}");
    }
    assert_eq!(bare(&read_ok(&SMALL.replace('\n', "\r\n"))), same);
    assert_eq!(bare(&read_ok(&format!("\u{feff}{SMALL}"))), same);
    assert_eq!(bare(&read_ok(&first_version())), same);
    assert_eq!(bare(&read_ok(&SMALL.replace("mpc", "s"))), same);
}

#[test]
fn zero_tap_zero_rating_status_and_parallel_branches() {
    let branches = "\
	1	2	0.01	0.1	0	60	0	0	0	0	1;
	2	1	0	0.1	0	0	0	0	0.95	-3	1;
	1	2	0	0.2	0	1e10	0	0	0	0	0;
";
    let case = read_ok(&SMALL.replace("\t1\t2\t0.01\t0.1\t0\t60\t0\t0\t0\t0\t1;\n", branches));
    let seen: Vec<_> = case
        .branches
        .iter()
        .map(|b| (b.id.as_str(), b.tap, b.shift_deg, b.max_p_mw, b.in_service))
        .collect();
    let expected = [
        ("1-2", 1.0, 0.0, Some(60.0), true),
        ("2-1", 0.95, -3.0, None, true),
        ("1-2-2", 1.0, 0.0, None, false),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn kilowatts_and_ohms_are_converted_as_published_feeder_files_do() {
    let conversion = "
[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, GS, BS, BUS_AREA, VM, ...
    VA, BASE_KV, ZONE, VMAX, VMIN, LAM_P, LAM_Q, MU_VMAX, MU_VMIN] = idx_bus;
[F_BUS, T_BUS, BR_R, BR_X] = idx_brch;
Vbase = mpc.bus(1, BASE_KV) * 1e3;      %% in Volts
Sbase = mpc.baseMVA * 1e6;              %% in VA
mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
pf = 0.8;
mpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));
mpc.bus(:, PD) = mpc.bus(:, PD) * pf;
";
    let case = read_ok(&format!("{SMALL}{conversion}"));
    // 10 kV, 100 MVA: 1 Ω base; 50 kVA at power factor 0.8.
    assert!((case.branches[0].x_pu - 0.1).abs() < 1e-15);
    assert!((case.loads[0].p_mw - 0.04).abs() < 1e-15);
    assert!((case.loads[0].q_mvar - 0.03).abs() < 1e-15);
    assert!(told(&case).contains("changed: The conversions of units"));
}

#[test]
fn nominal_voltages_are_kept_and_those_that_are_none_left_out() {
    let kv = |case: &Case| case.buses.iter().map(|bus| bus.base_kv).collect::<Vec<_>>();
    let case = read_ok(SMALL);
    assert_eq!(kv(&case), [Some(10.0), Some(10.0)]);
    assert_eq!(kv(&read_ok(&write(&case))), [Some(10.0), Some(10.0)]);
    // In volts, as if they were kV; 0 is what a file writes that does not say.
    let row = "\t2\t1\t50\t10\t0\t0\t1\t1\t0\t10";
    let with = |kv: &str| SMALL.replace(row, &row.replace("\t0\t10", &format!("\t0\t{kv}")));
    let odd = read_ok(&with("138000"));
    assert_eq!(kv(&odd), [Some(10.0), None]);
    let left_out = odd.import.unwrap().left_out;
    assert!(
        left_out
            .iter()
            .any(|it| it.starts_with("Nominal voltages of 1 bus")),
        "{left_out:?}"
    );
    let none = read_ok(&with("0"));
    assert_eq!(kv(&none), [Some(10.0), None]);
    assert!(
        none.import
            .unwrap()
            .left_out
            .iter()
            .all(|it| !it.starts_with("Nominal"))
    );
}

#[test]
fn what_the_market_model_leaves_out_is_said() {
    let text = SMALL
        .replace("\t2\t1\t50\t10\t0\t0", "\t2\t1\t50\t10\t5\t7")
        .replace(
            "];\nmpc.gen = [",
            "3 4 9 0 0 0 1 1 0 10 1 1.1 0.9];\nmpc.gen = [",
        )
        .replace(
            "];\nmpc.branch",
            "2 0 0 0 0 1 100 0 80 0\n3 0 0 0 0 1 100 1 80 0];\nmpc.branch",
        )
        .replace(
            "\t2\t0\t0\t2\t20\t0;",
            "2 5 0 3 0.1 20 3\n2 0 0 3 0 1 0\n2 0 0 3 0 1 0",
        );
    let case = read_ok(&format!(
        "{text}mpc.genfuel = {{'coal'; 'gas'; 'wind'}};\nmpc.A = [];\n"
    ));
    for part in [
        "changed: Shunt conductances are load at 1 p.u. voltage: 5 MW.",
        "left out: 1 isolated bus (type 4) with 9 MW of load.",
        "left out: 1 generator at isolated buses.",
        "left out: 1 generator out of service.",
        "kept: Quadratic costs of 1 generator, as bids whose prices rise along a straight line.",
        "kept: Costs at no output of 1 generator, 3 $/h in all",
        "left out: Costs of starting and stopping of 1 generator",
        "left out: Fields of the file: genfuel.",
    ] {
        let import = told(&case);
        assert!(import.contains(part), "no {part:?} in {import}");
    }
    assert_eq!(case.generators[0].no_load_usd_per_h, 3.0);
    assert_eq!(case.loads[0].p_mw, 55.0);
    assert_eq!(case.buses.len(), 2);
    assert_eq!(case.generators.len(), 1);
    // 0.1 p² + 20 p over 80 MW: from 20 to 36 $/MWh.
    let [block] = case.generators[0].offer.as_slice() else {
        panic!("{:?}", case.generators[0].offer)
    };
    assert_eq!(
        (block.p_mw, block.usd_per_mwh, block.end()),
        (80.0, 20.0, 36.0)
    );
    let cubic = read_ok(&SMALL.replace("\t2\t0\t0\t2\t20\t0;", "2 0 0 4 0.001 0 20 0;"));
    assert_eq!(cubic.generators[0].offer.len(), CURVE_BLOCKS);
    // Marginal cost 20 + 0.003 p²: chords over 8 MW are 0.006 · 8² / 8 = 0.048 above it, and 0.006 · 8³ / 12 a block dearer.
    let text = "changed: Costs of degree three and more of 1 generator are 10 equal blocks each, whose prices rise along straight lines from marginal cost to marginal cost: they cost up to 2.56 $/h more or less than the curves, and a price is up to 0.05 $/MWh from the marginal cost.";
    assert!(told(&cubic).contains(text), "{}", told(&cubic));
    let free = read_ok(SMALL.split("mpc.gencost").next().unwrap());
    assert_eq!(free.generators[0].offer[0].usd_per_mwh, 0.0);
    assert!(told(&free).contains("assumed: The file has no costs"));
}

/// Cost of serving a case, $/h, and the LMPs.
fn solved(text: &str) -> (f64, Vec<f64>) {
    let scenario = Scenario::open(text).unwrap();
    let report = tandem::run::run(&scenario).unwrap();
    let cost = report.quantity("cost_last").unwrap().value.unwrap();
    let buses = scenario.case.buses.iter();
    let lmps = buses.map(|b| report.series(&format!("lmp:{}", b.id)).unwrap().values[0]);
    (cost, lmps.collect())
}

/// What a cost is at no output belongs to the cost: 3 + 20 · 50 $/h, by hand.
#[test]
fn costs_at_no_output_are_paid() {
    let text = SMALL.replace("2\t0\t0\t2\t20\t0;", "2\t0\t0\t2\t20\t3;");
    assert_eq!(solved(&text), (1003.0, vec![20.0, 20.0]));
    let scenario = Scenario::open(&text).unwrap();
    let program = tandem::run::lp_file(&scenario, 1).unwrap();
    assert!(program.starts_with("\\ The costs of generators at no output, 3 $/h, come on top."));
    let case = read_ok(&text);
    assert_eq!(bare(&read_ok(&write(&case))), bare(&case));
}

/// MATPOWER's DC OPF of three public reports rebuilt: a load that bids 45 $/MWh (950 $/h, which values
/// what it takes), angle limits of 3 degrees (2905.60 $/h, by p = 100 · 3 π / 180 / 0.1), a Pmax of Inf.
#[test]
fn loads_that_bid_angle_limits_and_no_limit() {
    let with = |gen_rows: &str, cost_rows: &str| {
        let text = SMALL
            .replace("\t1\t0\t0\t0\t0\t1\t100\t1\t80\t0;", gen_rows)
            .replace("\t2\t0\t0\t2\t20\t0;", cost_rows);
        let tight = "\t1\t2\t0.01\t0.1\t0\t60\t0\t0\t0\t0\t1;";
        text.replace(tight, "1 2 0.01 0.1 0 0 0 0 0 0 1 -3 3;")
    };
    // 52.36 of 100 MW come over the line at 10, the rest is dear: by hand.
    let far = with(
        "1 0 0 0 0 1 100 1 200 0; 2 0 0 0 0 1 100 1 200 0",
        "2 0 0 2 10 0; 2 0 0 2 50 0",
    )
    .replace("\t2\t1\t50\t", "\t2\t1\t100\t");
    let over = 100.0 * 3.0 * std::f64::consts::PI / 180.0 / 0.1;
    let (cost, lmps) = solved(&far);
    assert!((cost - (10.0 * over + 50.0 * (100.0 - over))).abs() < 1e-6);
    assert_eq!(lmps, [10.0, 50.0]);
    assert!(
        told(&read_ok(&far))
            .contains("changed: The angle limits of 1 branch are limits on the flow")
    );
    // Limits that differ by direction: 3 or 5 degrees forwards, and 3 backwards of a branch the other way round.
    for (angles, most) in [("-1 3;", over), ("-3 5;", over / 3.0 * 5.0)] {
        let by_direction = far.replace("-3 3;", angles);
        let (cost, lmps) = solved(&by_direction);
        let by_hand = 10.0 * most + 50.0 * (100.0 - most);
        assert!((cost - by_hand).abs() < 1e-6, "{cost} {by_hand}");
        assert_eq!(lmps, [10.0, 50.0]);
    }
    let back = far.replace(
        "1 2 0.01 0.1 0 0 0 0 0 0 1 -3 3;",
        "2 1 0.01 0.1 0 0 0 0 0 0 1 -3 40;",
    );
    assert!((solved(&back).0 - solved(&far).0).abs() < 1e-6);
    let case = read_ok(&back);
    assert!(
        told(&case)
            .contains("changed: 1 branch with angle limits that differ by direction: two circuits")
    );
    assert_eq!(case.branches.len(), 2);
    assert_eq!(bare(&read_ok(&write(&case))).branches[1].x_pu, 0.2);
    let one_sided = far.replace("-3 3;", "0 3;");
    assert!(
        told(&read_ok(&one_sided))
            .contains("left out: Angle limits of 1 branch in one direction alone.")
    );
    let contradict = far.replace("0.1 0 0 0 0 0 0 1 -3 3;", "0.1 0 60 0 0 0 10 1 3 5;");
    assert!(refusals(&contradict).contains("contradict each other"));
    let loose = far
        .replace("-3 3;", "-60 60;")
        .replace("0.1 0 0 0 0", "0.1 0 90 0 0");
    assert!(!told(&read_ok(&loose)).contains("ngle limits"));
    // A load of up to 30 MW worth 45 $/MWh beside 40 MW at 20: it takes all of it. Value − cost.
    let bids = with(
        "1 0 0 0 0 1 100 1 Inf 0; 2 0 0 0 0 1 100 1 0 -30",
        "2 0 0 2 20 0; 2 0 0 2 45 0",
    )
    .replace("\t2\t1\t50\t", "\t2\t1\t40\t")
    .replace("-3 3;", "-360 360;");
    let (cost, lmps) = solved(&bids);
    assert!((cost - (20.0 * 70.0 - 45.0 * 30.0)).abs() < 1e-9);
    assert_eq!(lmps, [20.0, 20.0]);
    let case = read_ok(&bids);
    assert_eq!(case.generators[0].max_p_mw, 140.0);
    let import = told(&case);
    assert!(
        import.contains("assumed: 1 generator without a limit"),
        "{import}"
    );
    assert!(
        import.contains("changed: 1 generator with Pmin below zero"),
        "{import}"
    );
}

/// A tie that is out of service states nothing that matters; a bus without load, generator or branch
/// plays no part.
/// By hand: buses 2 and 3 are one, and so are 2 and 4; the 120 MW there come over line 1-2 at 20 $/MWh, up to its 90 MW and
/// from the unit at bus 4, now at 2, at 30: 90·20 + 30·30 = 2700 $/h. A branch beside one without reactance carries
/// nothing, and one between bus 3 and 1 is parallel to 1-2.
#[test]
fn buses_without_reactance_between_them_are_one() {
    let text = "\
function mpc = ties
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1 3 0 0 0 0 1 1 0 10 1 1.1 0.9;
	2 1 100 0 0 0 1 1 0 10 1 1.1 0.9;
	3 1 20 0 0 0 1 1 0 10 1 1.1 0.9;
	4 1 0 0 0 0 1 1 0 10 1 1.1 0.9;
];
mpc.gen = [1 0 0 0 0 1 100 1 200 0; 4 0 0 0 0 1 100 1 200 0];
mpc.branch = [
	1 2 0 0.1 0 45 0 0 0 0 1;
	2 3 0 0 0 15 0 0 0 0 1;
	3 4 0 0 0 0 0 0 0 0 1;
	2 4 0 0.2 0 0 0 0 0 0 1;
	3 1 0 0.1 0 0 0 0 0 0 1;
];
mpc.gencost = [2 0 0 2 20 0; 2 0 0 2 30 0];
";
    let case = read_ok(text);
    let ids: Vec<&str> = case.buses.iter().map(|b| b.id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    let (usd_per_h, lmp) = solved(text);
    assert!((usd_per_h - 2700.0).abs() < 1e-6, "{usd_per_h}");
    assert_eq!(lmp.len(), 2);
    let told = told(&case);
    for part in [
        "Branches without reactance make one of their two buses: 3 with 2, 4 with 2.",
        "Limits of 1 branch without reactance",
        "1 branch beside one without reactance",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let nearly = text.replace("2 3 0 0 0 15", "2 3 0 6e-10 0 15");
    let again = read_ok(&nearly);
    assert_eq!(bare(&again), bare(&case));
    assert!(crate::good::told(&again).contains("The reactance of 1 branch is below 0.0000001"));
}

/// Public reports rebuilt, with the answers of MATPOWER's DC OPF: two islands at 18 and 40 $/MWh, 2640 $/h; a DC line
/// beside a free branch, 1000 $/h; and a generator without any limit, 1000 $/h, each with the loads of SMALL; and a DC line
/// that loses 1 MW anyway and a tenth of its flow, by hand.
#[test]
fn islands_dc_lines_and_no_limits_at_all() {
    let rows =
        "3 3 0 0 0 0 1 1 0 230 1 1.1 0.9; 4 1 30 0 0 0 1 1 0 230 1 1.1 0.9;\n];\nmpc.gen = [";
    let islands = SMALL
        .replace("];\nmpc.gen = [", rows)
        .replace(
            "\t1\t0\t0\t0\t0\t1\t100\t1\t80\t0;",
            "1 0 0 0 0 1 100 1 80 0; 3 0 0 0 0 1 100 1 50 0;",
        )
        .replace("\t2\t0\t0\t2\t20\t0;", "2 0 0 2 18 0; 2 0 0 2 40 0;")
        .replace(
            "60\t0\t0\t0\t0\t1;",
            "60 0 0 0 0 1; 3 4 0 0.1 0 0 0 0 0 0 1;",
        );
    let (cost, lmps) = solved(&islands);
    assert_eq!(
        (cost, lmps),
        (18.0 * 50.0 + 40.0 * 30.0, vec![18.0, 18.0, 40.0, 40.0])
    );
    let case = read_ok(&islands);
    assert!(
        told(&case).contains("changed: The network has 2 islands"),
        "{}",
        told(&case)
    );
    // The branch between them is written like any other, and gets the id of its ends.
    let mut written = bare(&case);
    written.branches[2].id = "1-3".into();
    assert_eq!(bare(&read_ok(&write(&case))), written);
    // 50 + 1 MW are needed at bus 2, the branch brings 10, so that 41 / 0.9 MW are sent over the DC line.
    let dc = format!("{SMALL}mpc.dcline = [1 2 1 0 0 0 0 1 1 0 60 0 0 0 0 1 0.1];")
        .replace("0.1\t0\t60\t", "0.1\t0\t10\t");
    let (cost, lmps) = solved(&dc);
    assert!((cost - 20.0 * (10.0 + 41.0 / 0.9)).abs() < 1e-9, "{cost}");
    assert!(
        (lmps[0] - 20.0).abs() < 1e-9 && (lmps[1] - 20.0 / 0.9).abs() < 1e-9,
        "{lmps:?}"
    );
    let case = read_ok(&dc);
    assert!(
        told(&case).contains("kept: 1 DC line, dispatched at no cost."),
        "{}",
        told(&case)
    );
    assert_eq!(read_ok(&write(&case)).dc_lines, case.dc_lines);
    let cost = |c1: &str| format!("{dc}\nmpc.dclinecost = [2 0 0 2 {c1} 0];");
    assert_eq!(read_ok(&cost("0")).dc_lines, case.dc_lines);
    assert!(refusals(&cost("3")).contains("DC line dc-1-2 has a cost (dclinecost)"));
    let bottomless = SMALL.replace("1\t80\t0;", "1 1e10 -1e10;");
    assert_eq!(solved(&bottomless).0, 20.0 * 50.0);
    let told = told(&read_ok(&bottomless));
    assert!(
        told.contains("assumed: 1 generator without a limit") && told.contains("a Pmin of"),
        "{told}"
    );
}

/// A switch of the file that is off, as in MATPOWER's case8387pegase.
#[test]
fn what_a_switch_turns_off_is_not_carried_out() {
    let block = "if fixed\n  k = find(isinf(mpc.gen(:, 9)));\n  if 1\n    x = 2;\n  end\n  mpc.gen(k, 9) = mpc.gen(k, 2);\nend\n";
    let off = format!("{SMALL}fixed = 0;\n{block}");
    assert_eq!(bare(&read_ok(&off)), bare(&read_ok(SMALL)));
    assert!(
        refusals(&off.replace("= 0;\nif", "= 1;\nif"))
            .contains("does not know this statement: if fixed")
    );
    let either = off.replace("  mpc.gen(k", "else\n  mpc.gen(k");
    assert!(refusals(&either).contains("does not know this statement: else"));
}

#[test]
fn what_is_out_of_service_is_not_looked_at() {
    let line = "\t1\t2\t0.01\t0.1\t0\t60\t0\t0\t0\t0\t1;\n";
    let open = format!("{line}2 1 0 0 0 -1 0 0 0 0 0;\n");
    let dead = "3 1 0 0 0 0 1 1 0 10 1 1.1 0.9;\n];\nmpc.gen = [";
    let case = read_ok(&SMALL.replace(line, &open).replace("];\nmpc.gen = [", dead));
    assert_eq!((case.buses.len(), case.branches.len()), (2, 2));
    assert!(!case.branches[1].in_service);
    let import = told(&case);
    assert!(import.contains("kept: 1 branch out of service"), "{import}");
    let left = "left out: 1 bus joined to neither load nor generation (3) with 0 branches.";
    assert!(import.contains(left), "{import}");
}

/// Public reports: quotes doubled in names, Octave's comments, other structs, format 1, scripts, byte
/// order marks and UTF-16.
#[test]
fn a_case_file_is_known_by_what_it_holds() {
    let same = bare(&read_ok(SMALL));
    for text in [
        format!("{SMALL}mpc.bus_name = {{'O''Brien (w'; 'B; % ]'}};\n"),
        SMALL.replace('%', "#"),
        SMALL.replace("mpc", "s"),
        first_version(),
        SMALL
            .replace("function mpc = small", "case_data = struct();")
            .replace("mpc.", "case_data."),
        SMALL
            .replace("function mpc = small\n", "")
            .replace("mpc.", "net."),
        format!("\u{feff}{SMALL}"),
    ] {
        let scenario = Scenario::open(&text).unwrap_or_else(|p| panic!("{p:?} in {text}"));
        assert_eq!(bare(&scenario.case), same, "{text}");
    }
    let mut utf_16 = vec![0xff, 0xfe];
    utf_16.extend(SMALL.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(bare(&Document::open_file(&utf_16).unwrap().case), same);
    let latin_1 = SMALL.replace("Made up", "Fran?aise").into_bytes();
    let latin_1: Vec<u8> = latin_1
        .iter()
        .map(|b| if *b == b'?' { 0xe7 } else { *b })
        .collect();
    let case = Document::open_file(&latin_1).unwrap().into_scenario().case;
    assert!(case.source.contains("Française"));
    assert!(told(&case).contains("assumed: The text is no Unicode"));
}

/// Files of other tools by name, with the way to one that is read; never "a broken link".
#[test]
fn other_files_are_called_what_they_are() {
    for (bytes, part) in [
        (&b"PK\x03\x04 xl/workbook.xml"[..], "Excel workbook"),
        (b"MATLAB 5.0 MAT-file, Platform", "MAT-file"),
        (b"\x89HDF\r\n", "PyPSA"),
        (b"<!doctype html><html>", "web page"),
        (b"<?xml version=\"1.0\"?><rdf:RDF xmlns:cim=\"x\">", "CIM"),
        (b"Clear\nNew Circuit.IEEE34", "OpenDSS"),
        (b"0, 100.0, 33, 0, 1, 60.0 / PSS(R)E\ntitle\n", "PSS/E"),
        (b"time,load_kw\n2022-11-14T00:00,1\n", "table (CSV)"),
        (
            b"{\"_module\": \"pandapower.auxiliary\", \"_class\": \"pandapowerNet\"}",
            "pandapower",
        ),
        (
            b"{\"per_unit\": true, \"bus\": {}, \"branch\": {}}",
            "PowerModels",
        ),
        (b"// a case\n{}", "no comments"),
        (b"  \n", "empty"),
        (b"hello", "none of the files that are known"),
        (b"\x00\x01\x02", "no text"),
    ] {
        let problems = Document::open_file(bytes).unwrap_err();
        assert!(problems[0].message.contains(part), "{part}: {problems:?}");
        assert!(
            !problems[0].message.contains("may have been cut"),
            "{problems:?}"
        );
    }
    // Links are links however they were handed on.
    let link = "https://example.org/#p=zuo-4node&v=1";
    for text in [
        format!("\"{link}\","),
        format!("<{link}>"),
        format!("({link})."),
        format!("\n{link}\n"),
    ] {
        let scenario = Scenario::open(&text).unwrap_or_else(|p| panic!("{p:?} in {text}"));
        assert_eq!(scenario.preset, "zuo-4node");
    }
}

/// The only problem of `SMALL` with one change.
/// What is said of a file that is refused.
fn refusals(text: &str) -> String {
    let problems = read(text).unwrap_err();
    problems.into_iter().map(|p| p.message).collect()
}

fn refused(from: &str, to: &str) -> Problem {
    assert!(SMALL.contains(from), "{from}");
    let problems = read(&SMALL.replacen(from, to, 1)).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems[0].clone()
}

/// What is put for what, where the first problem is, and what its message holds.
const REFUSED: [(&str, &str, &str, &str); 24] = [
    (
        "mpc.version = '2'",
        "mpc.version = '3'",
        "line 5",
        "version 3",
    ),
    (
        "mpc.version = '2'",
        "for k = 1:3",
        "line 5",
        "does not know this statement: for k",
    ),
    (
        "mpc.version = '2'",
        "x = rand(3)",
        "line 5",
        "function \"rand\"",
    ),
    ("mpc.version = '2'", "x = y", "line 5", "\"y\" is not known"),
    (
        "mpc.version = '2'",
        "[PD, PQ] = idx_bus",
        "line 5",
        "does not know",
    ),
    (
        "mpc.version = '2'",
        "mpc.bus(1, 3) = 5",
        "line 5",
        "does not know",
    ),
    (
        "mpc.version = '2'",
        "mpc.A = [1 0]",
        "line 5",
        "field A adds constraints",
    ),
    (
        "mpc.version = '2'",
        "mpc.reserves.cost = 1",
        "line 5",
        "reserves",
    ),
    (
        "mpc.version = '2'",
        "mpc.dcline = [1 2 1 5]",
        "line 5",
        "4 columns",
    ),
    (
        "mpc.version = '2'",
        "mpc.bus = [1 2]",
        "line 7",
        "second time",
    ),
    (
        "mpc.bus = [",
        "mpc.bus = zeros(3) + [",
        "line 7",
        "not given by numbers",
    ),
    (
        "\t2\t1\t50",
        "\t2\t1\tfifty",
        "line 9",
        "\"fifty\" is not a number",
    ),
    (
        "\t2\t1\t50",
        "\t2\t1\tNaN",
        "line 9",
        "Number 3 of the row is NaN",
    ),
    ("\t2\t1\t50", "\t2\t1\t50\t7", "line 9", "14 numbers"),
    ("\t2\t1\t50", "\t1\t1\t50", "line 9", "Bus 1 is given twice"),
    ("\t2\t1\t50", "\t2.5\t1\t50", "line 9", "bus number is 2.5"),
    (
        "\t1\t0\t0\t0\t0\t1\t100",
        "\t7\t0\t0\t0\t0\t1\t100",
        "line 12",
        "no bus 7",
    ),
    ("\t80\t0;", "\t80\t90;", "line 12", "up to Pmax"),
    ("\t80\t0;", ";", "line 11", "8 columns"),
    (
        "\t0.1\t0\t60\t0\t0\t0\t0\t1",
        "\t0\t0\t60\t0\t0\t0\t3\t1",
        "line 15",
        "reactance of branch 1-2 is zero beside a phase shift",
    ),
    ("\t0.1\t0\t60", "\t0.1\t0\t-60", "line 15", "rating A"),
    (
        "\t2\t0\t0\t2\t20\t0;",
        "\t3\t0\t0\t2\t20\t0;",
        "line 18",
        "cost model is 3",
    ),
    (
        "\t2\t0\t0\t2\t20\t0;",
        "\t2\t0\t0\t3\t-1\t20\t0;",
        "line 18",
        "convex",
    ),
    ("mpc.baseMVA = 100", "", "file", "no baseMVA"),
];

#[test]
fn what_is_not_known_is_refused_with_its_line() {
    for (from, to, field, part) in REFUSED {
        // Where bus 2 or the line is lost, other problems follow; the first is the one meant.
        let problems = read(&SMALL.replacen(from, to, 1)).unwrap_err();
        assert_eq!(problems[0].field, field, "{to}: {problems:#?}");
        assert!(problems[0].message.contains(part), "{to}: {problems:#?}");
    }
    assert_eq!(
        refused(
            "mpc.gencost = [",
            "mpc.gencost = [2 0 0 2 1 0; 2 0 0 2 1 0;"
        )
        .field,
        "line 17"
    );
    assert!(
        refused("\t1\t2\t0.01", "\t1\t3\t0.01")
            .message
            .contains("no bus 3")
    );
}

#[test]
fn a_file_of_noise_is_refused_with_few_problems() {
    for text in ["", "hello", "\u{0}\u{1}", "mpc.bus = [1 2 3", "{}", "'"] {
        let problems = read(text).unwrap_err();
        assert!((1..=4).contains(&problems.len()), "{text:?}: {problems:#?}");
    }
    let rows = "1 2 0 0 0 0 0 0 0 3 1;\n".repeat(1000);
    let many = SMALL.replace("mpc.branch = [", &format!("mpc.branch = [{rows}"));
    let problems = read(&many).unwrap_err();
    assert_eq!(problems.len(), 51);
    assert!(problems[50].message.contains("more problems"));
}
