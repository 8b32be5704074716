//! The synthetic cases have the counts and percentiles of the published instances.
//!
//! Source of the numbers: the tables of instances in Mezghani et al., IEEE TPWRS 38(5), 2023, and
//! counts over the files published with it.

use tandem::case::balancing::{Bid, Segment};
use tandem::case::smartnet::{read, write};
use tandem::case::synthetic::{Country, smartnet};
use tandem::case::{Case, builtin};

fn bids(case: &Case) -> &[Bid] {
    &case.balancing.as_ref().unwrap().bids
}

fn segments<'a>(bids: impl Iterator<Item = &'a Bid>) -> Vec<&'a Segment> {
    let offers = bids.flat_map(|bid| &bid.offers);
    offers.flat_map(|offer| &offer.segments).collect()
}

fn percentile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}

fn near(what: &str, have: f64, want: f64, tolerance: f64) {
    let gap = (have / want - 1.0).abs();
    assert!(gap <= tolerance, "{what}: {have}, published {want}");
}

/// Depth of every feeder, lines.
fn depths(case: &Case) -> Vec<f64> {
    let feeders = case.feeders.iter().map(|feeder| {
        let mut depth = std::collections::HashMap::from([(feeder.root.as_str(), 0)]);
        for line in &feeder.lines {
            depth.insert(&line.to, depth[line.from.as_str()] + 1);
        }
        f64::from(*depth.values().max().unwrap())
    });
    feeders.collect()
}

/// What the tables say of an instance.
struct Published {
    country: Country,
    /// Transmission buses, branches, feeders, feeder buses, feeder lines.
    network: [usize; 5],
    /// Bids, offers, segments at transmission, at feeders.
    market: [usize; 4],
    /// Exclusive groups, minimum durations, offers that may not start, half-planes.
    conditions: [usize; 4],
    /// Medians: R and X in p.u., rating in MVA, quantity up and down in MW, depth.
    medians: [f64; 6],
    /// Share all or nothing at transmission and feeders.
    indivisible: [f64; 2],
    /// Net imbalance in the first period at transmission and feeders, MW.
    imbalance: [f64; 2],
}

const PUBLISHED: [Published; 4] = [
    Published {
        country: Country::MediumIt,
        network: [27, 28, 4, 175, 171],
        market: [356, 1_373, 264, 1_403],
        conditions: [17, 1_002, 0, 292],
        medians: [1.6e-3, 9e-4, 6.9, 0.012, 0.147, 16.5],
        indivisible: [0.26, 0.25],
        imbalance: [-8.3, 41.5],
    },
    Published {
        country: Country::Italy1,
        network: [4_236, 4_818, 50, 1_822, 1_772],
        market: [3_035, 8_577, 3_834, 8_484],
        conditions: [543, 5_730, 0, 4_463],
        medians: [8.3e-4, 4e-4, 6.9, 0.006, 0.01, 15.0],
        indivisible: [0.15, 0.30],
        imbalance: [52.7, -175.8],
    },
    Published {
        country: Country::Italy2,
        network: [4_236, 4_818, 50, 1_822, 1_772],
        market: [5_029, 13_423, 8_923, 17_655],
        conditions: [623, 6_480, 0, 4_713],
        medians: [8.3e-4, 4e-4, 6.9, 0.005, 0.01, 15.0],
        indivisible: [0.11, 0.18],
        imbalance: [-359.7, -89.4],
    },
    Published {
        country: Country::Denmark,
        network: [209, 263, 73, 2_981, 2_908],
        market: [7_296, 22_731, 2_714, 23_209],
        conditions: [1_239, 39_478, 12_181, 0],
        medians: [2.8e-3, 7.7e-4, 4.4, 0.0078, 0.008, 13.0],
        indivisible: [0.61, 0.72],
        imbalance: [-54.9, -39.5],
    },
];

#[test]
fn counts_and_medians_are_the_published_ones() {
    for published in PUBLISHED {
        let id = published.country.id();
        let start = std::time::Instant::now();
        let case = builtin(id).unwrap();
        let took = start.elapsed();
        let balancing = case.balancing.as_ref().unwrap();
        let lines = || case.feeders.iter().flat_map(|feeder| &feeder.lines);
        let network = [
            case.buses.len(),
            case.branches.len(),
            case.feeders.len(),
            case.feeders.iter().map(|f| f.buses.len()).sum(),
            lines().count(),
        ];
        assert_eq!(network, published.network, "{id}");
        let (national, local): (Vec<&Bid>, Vec<&Bid>) =
            bids(&case).iter().partition(|bid| !bid.reactive);
        let (national, local) = (segments(national.into_iter()), segments(local.into_iter()));
        let market = [
            bids(&case).len(),
            bids(&case).iter().map(|bid| bid.offers.len()).sum(),
            national.len(),
            local.len(),
        ];
        assert_eq!(market, published.market, "{id}");
        let offers = || bids(&case).iter().flat_map(|bid| &bid.offers);
        let conditions = [
            balancing.exclusive.len(),
            bids(&case).iter().map(|b| b.minimum_duration.len()).sum(),
            offers().filter(|offer| offer.no_new_activation).count(),
            bids(&case).iter().map(|b| b.half_planes.len()).sum(),
        ];
        assert_eq!(conditions, published.conditions, "{id}");
        let up = local.iter().filter(|s| s.max_p_mw > 0.0);
        let down = local.iter().filter(|s| s.min_p_mw < 0.0);
        let medians = [
            percentile(lines().map(|l| l.r_ohm / 100.0).collect(), 0.5),
            percentile(lines().map(|l| l.x_ohm / 100.0).collect(), 0.5),
            percentile(lines().map(|l| l.max_s_mva.unwrap()).collect(), 0.5),
            percentile(up.map(|s| s.max_p_mw).collect(), 0.5),
            percentile(down.map(|s| -s.min_p_mw).collect(), 0.5),
            percentile(depths(&case), 0.5),
        ];
        let tolerance = if case.feeders.len() < 10 { 0.35 } else { 0.15 };
        for (k, (have, want)) in medians.into_iter().zip(published.medians).enumerate() {
            near(&format!("{id} median {k}"), have, want, tolerance);
        }
        for (segments, want) in [&national, &local].into_iter().zip(published.indivisible) {
            let whole = segments.iter().filter(|s| s.indivisible).count();
            near(id, whole as f64 / segments.len() as f64, want, 0.2);
        }
        let imbalance = |feeder: bool| -> f64 {
            let all = balancing.imbalances.iter();
            all.filter(|i| (i.bus.len() > 4) == feeder)
                .map(|i| i.p(0))
                .sum()
        };
        near(id, imbalance(false), published.imbalance[0], 0.01);
        near(id, imbalance(true), published.imbalance[1], 0.01);
        eprintln!("{id}: {took:?}");
        let text = case.to_json();
        eprintln!("{id}: {} kB of JSON", text.len() / 1024);
        assert!(text.len() < tandem::scenario::MAX_TEXT);
    }
}

#[test]
fn they_are_valid_and_say_what_they_are() {
    for id in builtin::generated() {
        let case = builtin(id).unwrap();
        let start = std::time::Instant::now();
        assert_eq!(case.validate(), [], "{id}");
        eprintln!("{id} checked in {:?}", start.elapsed());
        for part in ["Synthetic", "not its data", "Recipe"] {
            assert!(case.source.contains(part), "{id}: {}", case.source);
        }
    }
}

#[test]
fn seeds_reproduce() {
    let small = |seed| smartnet(Country::Denmark, seed, 0.05);
    assert_eq!(small(7), small(7));
    assert_ne!(small(7), small(8));
    for country in Country::ALL {
        for seed in 0..6 {
            for scale in [0.0, 0.02, 0.1] {
                let case = smartnet(country, seed, scale);
                assert_eq!(case.validate(), [], "{country:?} {seed} {scale}");
            }
        }
    }
}

#[test]
fn nothing_is_activated_for_its_own_sake() {
    for id in builtin::generated() {
        let case = builtin(id).unwrap();
        let all = segments(bids(&case).iter());
        let up = all
            .iter()
            .filter(|s| s.max_p_mw > 0.0)
            .map(|s| s.usd_per_mwh);
        let down = all
            .iter()
            .filter(|s| s.min_p_mw < 0.0)
            .map(|s| s.usd_per_mwh);
        let (up, down) = (up.fold(f64::MAX, f64::min), down.fold(f64::MIN, f64::max));
        assert!(down + 0.01 <= up, "{id}: down {down}, up {up}");
    }
}

/// Voltages and flows of the imbalances alone, without losses.
#[test]
fn imbalances_fit_the_feeders_but_for_a_line_here_and_there() {
    for id in builtin::generated() {
        let case = builtin(id).unwrap();
        let balancing = case.balancing.as_ref().unwrap();
        let (mut over, mut lines) = (0, 0);
        for t in 0..balancing.periods {
            let at: std::collections::HashMap<&str, (f64, f64)> = balancing
                .imbalances
                .iter()
                .map(|i| (i.bus.as_str(), (i.p(t), i.q(t))))
                .collect();
            for feeder in &case.feeders {
                let mut below: std::collections::HashMap<&str, (f64, f64)> = Default::default();
                for bus in &feeder.buses {
                    let own = at.get(bus.id.as_str()).copied().unwrap_or_default();
                    below.insert(&bus.id, own);
                }
                for line in feeder.lines.iter().rev() {
                    let (p, q) = below[line.to.as_str()];
                    let sum = below.get_mut(line.from.as_str()).unwrap();
                    *sum = (sum.0 + p, sum.1 + q);
                    lines += 1;
                    over += usize::from(p.hypot(q) > line.max_s_mva.unwrap());
                }
                let mut squared = std::collections::HashMap::from([(feeder.root.as_str(), 1.0)]);
                for line in &feeder.lines {
                    let (p, q) = below[line.to.as_str()];
                    let rise = 2.0 * (line.r_ohm * p + line.x_ohm * q) / 100.0;
                    let v2: f64 = squared[line.from.as_str()] + rise;
                    let bus = &feeder.buses[0];
                    let (low, high) = (bus.min_v_pu.powi(2), bus.max_v_pu.powi(2));
                    assert!(low <= v2 && v2 <= high, "{id}: V² {v2} at {}", line.to);
                    squared.insert(&line.to, v2);
                }
            }
        }
        let share = over as f64 / lines as f64;
        eprintln!("{id}: {over} of {lines} lines over their rating");
        assert!(share < 0.03, "{id}: {over} of {lines}");
    }
}

#[test]
fn there_and_back_as_csv() {
    for country in Country::ALL {
        let scale = if country == Country::MediumIt {
            1.0
        } else {
            0.1
        };
        let mut case = smartnet(country, 3, scale);
        let written = write(&case);
        assert_eq!(written.notes, Vec::<String>::new());
        let mut back = read(&written.files).unwrap();
        back.name.clone_from(&case.name);
        back.source.clone_from(&case.source);
        back.import = None;
        for bus in &mut case.buses {
            (bus.x, bus.y) = (None, None);
        }
        assert!(back == case, "{country:?}");
    }
}
