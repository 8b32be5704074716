//! What is said of bids, imbalances and zones that do not fit.

use crate::good::{one, with_feeder};
use tandem::case::balancing::{
    Balancing, Bid, DurationPair, ExclusiveGroup, HalfPlane, Injection, PeriodOffer, Ramp, Segment,
    ShiftFactor, Zone, ZoneLimit,
};
use tandem::case::{Bus, Case, Problem, Severity};

/// Two periods, a bid at transmission and one on the feeder, one zone inside another.
fn market() -> Case {
    let mut case = with_feeder();
    for id in ["Z1", "Z2", "Y1"] {
        case.buses.push(Bus::new(id));
    }
    let segment = |min: f64, max: f64, price: f64| Segment {
        min_p_mw: min,
        max_p_mw: max,
        usd_per_mwh: price,
        indivisible: false,
    };
    let offer = |id: &str, period: usize| PeriodOffer {
        id: id.into(),
        period,
        segments: vec![segment(0.0, 2.0, 20.0), segment(-1.0, 0.0, 5.0)],
        ..PeriodOffer::default()
    };
    let bid = |id: &str, bus: &str| Bid {
        id: id.into(),
        bus: bus.into(),
        offers: vec![offer("", 1), offer("", 2)],
        ..Bid::default()
    };
    let mut local = bid("BSP2", "f2");
    local.reactive = true;
    local.half_planes = vec![HalfPlane {
        slope: 0.05,
        offset_mvar: 0.0,
        above: true,
    }];
    local.max_s_mva = Some(3.0);
    local.ramps = vec![Ramp {
        period: 1,
        min_mw: Some(-1.0),
        max_mw: Some(1.0),
    }];
    local.offers = vec![offer("day", 1), offer("day", 2)];
    local.minimum_duration = vec![DurationPair {
        start: "day".into(),
        start_period: 1,
        on: "day".into(),
        on_period: 2,
    }];
    let zone = |id: &str, bus: &str, buses: &[&str]| Zone {
        id: id.into(),
        bus: bus.into(),
        buses: buses.iter().map(|b| b.to_string()).collect(),
        max_p_mw: Some(5.0),
        limits: vec![ZoneLimit {
            id: "line".into(),
            factors: vec![ShiftFactor {
                bus: buses[0].into(),
                factor: 0.4,
            }],
            flow_mw: -1.0,
            max_p_mw: 4.0,
        }],
    };
    case.balancing = Some(Balancing {
        periods: 2,
        minutes_per_period: 60.0,
        price_cap_usd_per_mwh: 3000.0,
        schedule: vec![Injection {
            id: "plan".into(),
            bus: "2".into(),
            p_mw: vec![1.0],
            q_mvar: vec![],
        }],
        imbalances: vec![Injection {
            id: "inj".into(),
            bus: "f1".into(),
            p_mw: vec![-0.2, -0.3],
            q_mvar: vec![-0.1],
        }],
        bids: vec![bid("BSP1", "1"), local],
        exclusive: vec![ExclusiveGroup {
            id: "X".into(),
            bids: vec!["BSP1".into(), "BSP2".into()],
        }],
        zones: vec![
            zone("North", "1", &["Z1", "Z2"]),
            zone("Valley", "Z1", &["Y1"]),
        ],
    });
    case
}

fn bad(change: impl FnOnce(&mut Balancing), field: &str, parts: &[&str]) -> Problem {
    let change = |case: &mut Case| change(case.balancing.as_mut().unwrap());
    one(market(), change, &format!("case.balancing.{field}"), parts)
}

#[test]
fn a_market_needs_neither_generators_nor_loads() {
    let mut case = market();
    assert_eq!(case.validate(), []);
    case.generators.clear();
    case.loads.clear();
    case.ders.clear();
    case.aggregators.clear();
    assert_eq!(case.validate(), []);
    let text = case.to_json();
    assert_eq!(Case::from_json(&text).unwrap(), case);
}

#[test]
fn periods_and_lengths() {
    bad(|b| b.periods = 0, "periods", &["0 periods", "from 1 to 96"]);
    bad(|b| b.periods = 97, "periods", &["97 periods"]);
    bad(
        |b| b.minutes_per_period = f64::NAN,
        "minutes_per_period",
        &["not a number"],
    );
    bad(
        |b| b.price_cap_usd_per_mwh = -1.0,
        "price_cap_usd_per_mwh",
        &["-1 $/MWh"],
    );
    bad(
        |b| b.imbalances[0].p_mw.push(0.0),
        "imbalances.inj.p_mw",
        &["3 values for 2 periods", "one for all"],
    );
    bad(
        |b| b.imbalances[0].p_mw.clear(),
        "imbalances.inj.p_mw",
        &["0 values"],
    );
    bad(
        |b| b.imbalances[0].q_mvar = vec![0.0; 3],
        "imbalances.inj.q_mvar",
        &["3 values"],
    );
    bad(
        |b| b.imbalances[0].p_mw[1] = f64::INFINITY,
        "imbalances.inj.p_mw.1",
        &["infinite MW"],
    );
    bad(
        |b| b.bids[0].offers[1].period = 3,
        "bids.BSP1.offers.1.period",
        &["period is 3", "from 1 to 2"],
    );
    bad(
        |b| b.bids[1].ramps[0].period = 2,
        "bids.BSP2.ramps.0.period",
        &["from 1 to 1"],
    );
}

#[test]
fn ids_and_references() {
    bad(
        |b| b.schedule[0].id = "inj".into(),
        "imbalances.inj.id",
        &["\"inj\" is used twice", "case.balancing.schedule"],
    );
    bad(
        |b| {
            b.exclusive.clear();
            b.bids[0].id = "a.b".into();
        },
        "bids.0.id",
        &["holds \".\""],
    );
    let twice = bad(
        |b| {
            b.exclusive.clear();
            b.bids[0].id = "G1".into();
        },
        "bids.G1.id",
        &["\"G1\" is used twice", "case.generators"],
    );
    assert!(twice.is_error());
    bad(
        |b| b.zones[1].id = "North".into(),
        "zones.1.id",
        &["used twice"],
    );
    bad(
        |b| b.bids[0].bus = "nowhere".into(),
        "bids.BSP1.bus",
        &["no bus \"nowhere\"", "Choose from"],
    );
    bad(
        |b| b.imbalances[0].bus = "nowhere".into(),
        "imbalances.inj.bus",
        &["no bus"],
    );
    bad(
        |b| b.exclusive[0].bids[1] = "BSP9".into(),
        "exclusive.X.bids.1",
        &["no bid \"BSP9\"", "\"BSP1\""],
    );
    bad(
        |b| b.exclusive[0].bids[1] = "BSP1".into(),
        "exclusive.X.bids.1",
        &["named twice"],
    );
    bad(
        |b| b.bids[1].minimum_duration[0].on = "night".into(),
        "bids.BSP2.minimum_duration.0.on",
        &["no offer \"night\" in period 2"],
    );
    bad(
        |b| b.bids[1].minimum_duration[0].start_period = 9,
        "bids.BSP2.minimum_duration.0.start_period",
        &["period is 9"],
    );
}

#[test]
fn offers_and_segments() {
    let segment = "bids.BSP1.offers.1.segments.0";
    bad(
        |b| b.bids[0].offers.clear(),
        "bids.BSP1.offers",
        &["offers nothing"],
    );
    bad(
        |b| b.bids[0].offers[1].period = 1,
        "bids.BSP1.offers.1.period",
        &["Two offers without an id are for period 1"],
    );
    bad(
        |b| b.bids[0].offers[1].segments.clear(),
        "bids.BSP1.offers.1.segments",
        &["no segment"],
    );
    bad(
        |b| b.bids[0].offers[1].segments[0].max_p_mw = -1.0,
        &format!("{segment}.min_p_mw"),
        &["0 MW is above the greatest of -1 MW", "Exchange"],
    );
    bad(
        |b| b.bids[0].offers[1].segments[0].max_p_mw = f64::NAN,
        &format!("{segment}.max_p_mw"),
        &["not a number"],
    );
    bad(
        |b| {
            let segment = &mut b.bids[0].offers[1].segments[0];
            (segment.min_p_mw, segment.indivisible) = (-1.0, true);
        },
        &format!("{segment}.indivisible"),
        &["from -1 to 2 MW", "Split it at zero"],
    );
    let dear = bad(
        |b| b.bids[0].offers[1].segments[0].usd_per_mwh = -3001.0,
        "bids.BSP1.offers",
        &["price of -3001 $/MWh", "cap of 3000 $/MWh", "1 segment(s)"],
    );
    assert_eq!(dear.severity, Severity::Warning);
    bad(
        |b| b.bids[1].half_planes[0].slope = f64::NAN,
        "bids.BSP2.half_planes.0.slope",
        &["not a number"],
    );
    bad(
        |b| b.bids[1].max_s_mva = Some(-1.0),
        "bids.BSP2.max_s_mva",
        &["-1 MVA"],
    );
    bad(
        |b| b.bids[1].reactive = false,
        "bids.BSP2.half_planes",
        &["Set reactive"],
    );
    bad(
        |b| b.bids[1].ramps[0].min_mw = Some(2.0),
        "bids.BSP2.ramps.0.min_mw",
        &["2 MW is above the greatest of 1 MW"],
    );
}

#[test]
fn zones() {
    bad(
        |b| b.zones[0].buses.push("2".into()),
        "zones.North.buses.2",
        &["Bus \"2\" is in a zone but branch"],
    );
    bad(
        |b| b.zones[1].buses.push("Z2".into()),
        "zones.Valley.buses.1",
        &["is in zone \"North\", too"],
    );
    bad(
        |b| b.zones[1].buses.push("f1".into()),
        "zones.Valley.buses.1",
        &["no bus \"f1\""],
    );
    bad(
        |b| b.zones[0].bus = "Z2".into(),
        "zones.North.bus",
        &["in the zone itself"],
    );
    bad(
        |b| b.zones[0].bus = "Y1".into(),
        "zones.North.bus",
        &["zones \"North\" and \"Valley\" lie in each other"],
    );
    bad(
        |b| b.zones[0].limits[0].factors[0].bus = "Y1".into(),
        "zones.North.limits.line.factors.0.bus",
        &["no bus of the zone \"Y1\""],
    );
    bad(
        |b| b.zones[0].limits[0].max_p_mw = -4.0,
        "zones.North.limits.line.max_p_mw",
        &["-4 MW"],
    );
    bad(
        |b| b.zones[0].max_p_mw = Some(f64::NAN),
        "zones.North.max_p_mw",
        &["not a number"],
    );
}

#[test]
fn feeders_of_a_market() {
    one(
        market(),
        |c| {
            let line = &mut c.feeders[0].lines[0];
            (line.min_p_mw, line.max_p_mw) = (Some(1.0), Some(0.5));
        },
        "case.feeders.F.lines.f0-f1.min_p_mw",
        &["1 MW is above the greatest of 0.5 MW"],
    );
    one(
        market(),
        |c| c.feeders[0].root_v_pu = 0.0,
        "case.feeders.F.root_v_pu",
        &["0 p.u.", "usually 1"],
    );
}

#[test]
fn a_hostile_size_is_refused_before_it_is_looked_at() {
    bad(
        |b| {
            let offer = b.bids[0].offers[0].clone();
            b.bids[0].offers = vec![offer; 60_000];
        },
        "bids",
        &["120004 segments in all", "up to 100000"],
    );
}
