//! A [`Case`] as a MATPOWER case file.

use super::super::{Block, Case};
use super::cost::CURVE_BLOCKS;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// Writes a valid case in format version 2.
///
/// Kept: buses, branches, limits, DC lines, loads, generators and offers (one block as a linear or, where its price
/// rises, quadratic cost, more as a piecewise linear one, in which a block whose price rises is
/// [`CURVE_BLOCKS`] chords). Buses keep their ids where all are whole numbers, and are numbered
/// otherwise, with the ids in `mpc.bus_name`. DERs become generators, feeder loads become load at
/// the bus of their boundary; comments say which. What a case does not hold (charging, voltages)
/// is 0 or 1. Not kept: aggregators, feeder lines, positions, ids other than those of buses.
pub fn write(case: &Case) -> String {
    let numbers = bus_numbers(case);
    let mut out = String::new();
    head(&mut out, case);
    buses(&mut out, case, &numbers);
    generators(&mut out, case, &numbers);
    branches(&mut out, case, &numbers);
    dc_lines(&mut out, case, &numbers);
    costs(&mut out, case, &numbers);
    names(&mut out, case, &numbers);
    out
}

type Numbers<'a> = HashMap<&'a str, u64>;

fn bus_numbers(case: &Case) -> Numbers<'_> {
    let own: Option<Vec<u64>> = case
        .buses
        .iter()
        .map(|bus| {
            let number = bus.id.parse::<u64>().ok()?;
            let plain = number.to_string() == bus.id && (1..1_000_000_000).contains(&number);
            plain.then_some(number)
        })
        .collect();
    let distinct = |all: &Vec<u64>| all.iter().collect::<HashSet<_>>().len() == all.len();
    let numbers = match own.filter(distinct) {
        Some(own) => own,
        None => (1..=case.buses.len() as u64).collect(),
    };
    let ids = case.buses.iter().map(|bus| bus.id.as_str());
    ids.zip(numbers).collect()
}

/// Writing to a String cannot fail.
macro_rules! line {
    ($out:expr, $($arg:tt)*) => {{ let _ = writeln!($out, $($arg)*); }};
}

fn head(out: &mut String, case: &Case) {
    let name: String = case
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let name = if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("case_{name}")
    };
    line!(out, "function mpc = {name}");
    line!(out, "%{}", one_line(&case.name).to_ascii_uppercase());
    line!(out, "%   {}", one_line(&case.source));
    line!(out, "%   Written by Tandem {}.", env!("CARGO_PKG_VERSION"));
    line!(
        out,
        "\nmpc.version = '2';\nmpc.baseMVA = {};",
        case.base_mva
    );
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn buses(out: &mut String, case: &Case, numbers: &Numbers) {
    let mut load: HashMap<&str, (f64, f64)> = HashMap::new();
    let at_feeders = case
        .feeders
        .iter()
        .flat_map(|feeder| &feeder.buses)
        .map(|bus| (bus.id.as_str(), bus.p_load_mw, bus.q_load_mvar));
    let plain = case
        .loads
        .iter()
        .map(|l| (l.bus.as_str(), l.p_mw, l.q_mvar));
    for (bus, p_mw, q_mvar) in plain.chain(at_feeders) {
        if let Some(bus) = case.transmission_bus_of(bus) {
            let sum = load.entry(bus).or_default();
            *sum = (sum.0 + p_mw, sum.1 + q_mvar);
        }
    }
    let reference = case
        .generators
        .first()
        .map(|g| g.bus.as_str())
        .or_else(|| case.buses.first().map(|bus| bus.id.as_str()));
    let supplied: HashSet<&str> = case.generators.iter().map(|g| g.bus.as_str()).collect();
    line!(
        out,
        "\n%\tbus_i\ttype\tPd\tQd\tGs\tBs\tarea\tVm\tVa\tbaseKV\tzone\tVmax\tVmin"
    );
    for boundary in &case.boundaries {
        line!(
            out,
            "% the load of feeder {} is counted at bus {}",
            one_line(&boundary.feeder),
            numbers.get(boundary.bus.as_str()).copied().unwrap_or(0)
        );
    }
    line!(out, "mpc.bus = [");
    for bus in &case.buses {
        let Some(number) = numbers.get(bus.id.as_str()) else {
            continue;
        };
        let kind = if reference == Some(bus.id.as_str()) {
            3
        } else if supplied.contains(bus.id.as_str()) {
            2
        } else {
            1
        };
        let (p, q) = load.get(bus.id.as_str()).copied().unwrap_or_default();
        let kv = bus.base_kv.unwrap_or(0.0);
        line!(
            out,
            "\t{number}\t{kind}\t{p}\t{q}\t0\t0\t1\t1\t0\t{kv}\t1\t1.1\t0.9;"
        );
    }
    line!(out, "];");
}

/// Generators and DERs alike: bus number, limits, ramp, offer and a remark.
struct Supplier<'a> {
    bus: u64,
    min_p_mw: f64,
    max_p_mw: f64,
    ramp_mw_per_min: f64,
    offer: &'a [Block],
    no_load_usd_per_h: f64,
    remark: String,
}

fn suppliers<'a>(case: &'a Case, numbers: &Numbers) -> Vec<Supplier<'a>> {
    let number = |bus: &str| numbers.get(case.transmission_bus_of(bus)?).copied();
    let generators = case.generators.iter().filter_map(|g| {
        Some(Supplier {
            bus: number(&g.bus)?,
            min_p_mw: g.min_p_mw,
            max_p_mw: g.max_p_mw,
            ramp_mw_per_min: g.ramp_mw_per_min.unwrap_or(0.0),
            offer: &g.offer,
            no_load_usd_per_h: g.no_load_usd_per_h,
            remark: one_line(&g.id),
        })
    });
    let ders = case.ders.iter().filter_map(|d| {
        Some(Supplier {
            bus: number(&d.bus)?,
            min_p_mw: d.min_p_mw,
            max_p_mw: d.max_p_mw,
            ramp_mw_per_min: 0.0,
            offer: &d.offer,
            no_load_usd_per_h: 0.0,
            remark: format!("DER {}", one_line(&d.id)),
        })
    });
    generators.chain(ders).collect()
}

fn generators(out: &mut String, case: &Case, numbers: &Numbers) {
    line!(
        out,
        "\n%\tbus\tPg\tQg\tQmax\tQmin\tVg\tmBase\tstatus\tPmax\tPmin\tPc1\tPc2\tQc1min\tQc1max\tQc2min\tQc2max\tramp_agc\tramp_10\tramp_30\tramp_q\tapf"
    );
    line!(out, "mpc.gen = [");
    for s in suppliers(case, numbers) {
        line!(
            out,
            "\t{}\t0\t0\t0\t0\t1\t{}\t1\t{}\t{}\t0\t0\t0\t0\t0\t0\t{}\t0\t0\t0\t0;\t% {}",
            s.bus,
            case.base_mva,
            s.max_p_mw,
            s.min_p_mw,
            s.ramp_mw_per_min,
            s.remark
        );
    }
    line!(out, "];");
}

fn branches(out: &mut String, case: &Case, numbers: &Numbers) {
    line!(
        out,
        "\n%\tfbus\ttbus\tr\tx\tb\trateA\trateB\trateC\tratio\tangle\tstatus\tangmin\tangmax"
    );
    line!(out, "% rateA 0 means not limited");
    line!(out, "mpc.branch = [");
    for branch in &case.branches {
        let ends = (
            numbers.get(branch.from.as_str()),
            numbers.get(branch.to.as_str()),
        );
        let (Some(from), Some(to)) = ends else {
            continue;
        };
        // 0 would read as not limited: the smallest limit that still is one.
        let limit = branch
            .max_p_mw
            .map_or(0.0, |limit| limit.max(f64::MIN_POSITIVE));
        let tap = if branch.tap == 1.0 { 0.0 } else { branch.tap };
        line!(
            out,
            "\t{from}\t{to}\t{}\t{}\t0\t{limit:?}\t0\t0\t{tap}\t{}\t{}\t-360\t360;",
            branch.r_pu,
            branch.x_pu,
            branch.shift_deg,
            u8::from(branch.in_service)
        );
    }
    line!(out, "];");
}

fn dc_lines(out: &mut String, case: &Case, numbers: &Numbers) {
    let ends = |bus: &str| numbers.get(bus).copied().unwrap_or(0);
    if case.dc_lines.is_empty() {
        return;
    }
    line!(
        out,
        "\n%\tfbus\ttbus\tstatus\tPf\tPt\tQf\tQt\tVf\tVt\tPmin\tPmax\tQminF\tQmaxF\tQminT\tQmaxT\tloss0\tloss1"
    );
    line!(out, "mpc.dcline = [");
    for line in &case.dc_lines {
        line!(
            out,
            "\t{}\t{}\t1\t0\t0\t0\t0\t1\t1\t{}\t{}\t0\t0\t0\t0\t0\t{};\t% {}",
            ends(&line.from),
            ends(&line.to),
            line.min_p_mw,
            line.max_p_mw,
            line.loss_share,
            one_line(&line.id)
        );
    }
    line!(out, "];");
}

fn costs(out: &mut String, case: &Case, numbers: &Numbers) {
    let rows: Vec<Vec<f64>> = suppliers(case, numbers)
        .iter()
        .map(|s| cost_row(s.offer, s.no_load_usd_per_h, s.max_p_mw))
        .collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    line!(out, "\n%\t1\tstartup\tshutdown\tn\tx1\ty1\t...\txn\tyn");
    line!(out, "%\t2\tstartup\tshutdown\tn\tc(n-1)\t...\tc0");
    let in_chords = suppliers(case, numbers);
    let in_chords = in_chords.iter().filter(|s| is_chords(s.offer, s.max_p_mw));
    for s in in_chords {
        line!(
            out,
            "% {}: a price that rises is {CURVE_BLOCKS} chords of its cost",
            s.remark
        );
    }
    line!(out, "mpc.gencost = [");
    for mut row in rows {
        row.resize(width, 0.0);
        let words: Vec<String> = row.iter().map(f64::to_string).collect();
        line!(out, "\t{};", words.join("\t"));
    }
    line!(out, "];");
}

/// Whether prices rise in a way that no polynomial holds: along one block of several, or not up to the capacity.
fn is_chords(offer: &[Block], max_p_mw: f64) -> bool {
    match offer {
        [only] => only.slope() != 0.0 && only.p_mw < max_p_mw,
        blocks => blocks.iter().any(|block| block.slope() != 0.0),
    }
}

/// One block is a linear or quadratic cost, more are the corners of a piecewise linear one.
fn cost_row(offer: &[Block], no_load_usd_per_h: f64, max_p_mw: f64) -> Vec<f64> {
    match offer {
        [] => vec![2.0, 0.0, 0.0, 2.0, 0.0, no_load_usd_per_h],
        [only] if only.slope() == 0.0 => {
            vec![2.0, 0.0, 0.0, 2.0, only.usd_per_mwh, no_load_usd_per_h]
        }
        [only] if !is_chords(offer, max_p_mw) => {
            let square = 0.5 * only.slope();
            vec![
                2.0,
                0.0,
                0.0,
                3.0,
                square,
                only.usd_per_mwh,
                no_load_usd_per_h,
            ]
        }
        blocks => {
            let wide: Vec<&Block> = blocks.iter().filter(|block| block.p_mw > 0.0).collect();
            if wide.is_empty() {
                return cost_row(&blocks[..1], no_load_usd_per_h, max_p_mw);
            }
            let mut corners = vec![(0.0, no_load_usd_per_h)];
            let (mut p, mut cost) = (0.0, no_load_usd_per_h);
            for block in wide {
                let count = if block.slope() == 0.0 {
                    1
                } else {
                    CURVE_BLOCKS
                };
                for k in 1..=count {
                    let width = block.p_mw * k as f64 / count as f64;
                    let price = block.usd_per_mwh + 0.5 * block.slope() * width;
                    corners.push((p + width, cost + width * price));
                }
                (p, cost) = corners[corners.len() - 1];
            }
            // The last price goes on to the capacity.
            if let Some(last) = blocks.last().filter(|b| b.slope() != 0.0 && p < max_p_mw) {
                corners.push((max_p_mw, cost + (max_p_mw - p) * last.end()));
            }
            let mut row = vec![1.0, 0.0, 0.0, corners.len() as f64];
            row.extend(corners.into_iter().flat_map(|(p, cost)| [p, cost]));
            row
        }
    }
}

fn names(out: &mut String, case: &Case, numbers: &Numbers) {
    let own = |bus: &str| numbers.get(bus).is_some_and(|n| n.to_string() == bus);
    if case.buses.iter().all(|bus| own(&bus.id)) {
        return;
    }
    line!(out, "\nmpc.bus_name = {{");
    for bus in &case.buses {
        line!(out, "\t'{}';", bus.id.replace('\'', "''"));
    }
    line!(out, "}};");
}
