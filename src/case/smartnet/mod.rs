//! Balancing cases as a folder of CSV files, in the schema of the SmartNet project's market
//! simulator as it was published with the residual supply function approach.
//!
//! [`read`] takes the files by name and [`write()`] is the way back. Quantities are MW and Mvar,
//! impedances per unit on 1 MVA.
//!
//! | file | what | columns |
//! |---|---|---|
//! | TransmissionNodes | buses | ID |
//! | DistributionNodes | feeder buses | ID, Vsqmin, Vsqmax |
//! | Edges | branches, feeder lines, boundaries | ID, NodeFrom, NodeTo, R, X, S |
//! | NetInjections | imbalances | Node, forT, P, Q |
//! | Bids | segments | Node, QtBids, QBid, QBidSeg, forT, QuantityLoQ, PriceLoQ, QuantityHiQ, PriceHiQ, Xlb, Xub |
//! | ExclusiveQtBids | groups | ID, QtBid |
//! | RampConstraints | changes of p | QtBids, QBid, RCRealPowerIncr, RCMin |
//! | MinDurationPairs | started, then on | QtBids, QBid1, QBid2, Tau, ForTime |
//! | HalfPlanes | reactive capability | QtBid, QPHPSlope, QPHPOffset, QPHPConstr |
//! | QPDisc | rating | QtBid, QPDFrom, QPDTo, QPDMax |
//! | GeneralParam | periods | StartTime, EndTime, baseMVA |
//! | AlphaOmegaSet, NoNewAct | offers with start and stop; that may not start | QtBids, QBid, forT; or columns of these names in Bids |
//!
//! A price there belongs to the size of the quantity: where the quantity is negative the sign
//! changes, as a case's cost is price · p. `Xlb` = 1 means all or nothing. Where an edge joins
//! transmission and distribution it is lossless. Taps are left out of the flow there, and so here.
//!
//! Two things in the published program are taken for slips and not repeated: an all-or-nothing
//! segment loses its price there, and the offer of the period before is looked for where it cannot
//! be found.

mod bids;
mod network;
mod table;
mod write;

pub use write::{Written, write};

use super::balancing::{Bid, Injection};
use super::import::{Import, counted};
use super::{Balancing, CASE_VERSION, Case, Problem};
use network::Network;
use std::collections::HashMap;
use table::{Files, Notes, Table};

/// Longest folder read, bytes in all.
const MAX_BYTES: usize = 64 << 20;

/// Most problems reported of one folder.
const MOST_PROBLEMS: usize = 50;

/// Voltage at which impedances in per unit become ohms: 10 kV, so 1 p.u. on 1 MVA is 100 Ω.
const BASE_KV: f64 = 10.0;

/// Decimal places from p.u. on 1 MVA to Ω at [`BASE_KV`].
const OHM_SHIFT: i32 = 2;

/// A limit from which on the published program, too, takes an edge as not limited, MVA.
const NO_LIMIT_MVA: f64 = 90_000.0;

/// Reactance that joins two buses where the file says zero, p.u. on 1 MVA.
const TIE_X_PU: f64 = 1e-6;

/// Segments below this are left out, MW.
const LEAST_MW: f64 = 1e-5;

/// Price cap of a case read, $/MWh: that of the published studies.
const PRICE_CAP: f64 = 3000.0;

/// Reads a case from the files of a folder, as (name, text); folders in the name are ignored.
///
/// Buses, edges, bids and groups keep their numbers as ids; a feeder is `DN-<root>`, an imbalance
/// `inj-<node>`. What the market model leaves out is said in the case's `import`.
///
/// # Errors
/// Every problem found, each with file and line; or, when the files can be read but make no usable
/// case, what [`Case::validate`] says.
pub fn read(files: &[(String, String)]) -> Result<Case, Vec<Problem>> {
    let case = assemble(files).map_err(|mut problems| {
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        problems.truncate(MOST_PROBLEMS);
        if more > 0 {
            problems.push(Problem::error(
                "folder",
                format!("There are {more} more problems."),
            ));
        }
        problems
    })?;
    case.checked().map_err(|invalid| invalid.0)
}

fn assemble(files: &[(String, String)]) -> Result<Case, Vec<Problem>> {
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    if bytes > MAX_BYTES {
        let message = format!(
            "The files hold {} MB; Tandem reads up to {} MB. Choose one case's folder.",
            bytes >> 20,
            MAX_BYTES >> 20
        );
        return Err(vec![Problem::error("folder", message)]);
    }
    let name = name(files);
    let mut files = Files::new(files)?;
    let mut notes = Notes::default();
    let periods = Periods::read(&files.required("GeneralParam")?)?;
    let network = network::read(&mut files, &mut notes)?;
    let imbalances = network::imbalances(&mut files, &network, &periods, &mut notes)?;
    let bids = bids::read(&mut files, &network, &periods, &mut notes)?;
    let unread = files.unread();
    if !unread.is_empty() {
        notes.left_out(&format!("Files not read: {}.", unread.join(", ")));
    }
    let import = report(&network, &bids.bids, &imbalances, &notes);
    Ok(Case {
        version: CASE_VERSION,
        name,
        source: SOURCE.to_string(),
        import: Some(import),
        base_mva: 1.0,
        buses: network.buses,
        branches: network.branches,
        feeders: network.feeders,
        boundaries: network.boundaries,
        balancing: Some(Balancing {
            periods: periods.count,
            minutes_per_period: 60.0,
            price_cap_usd_per_mwh: PRICE_CAP,
            imbalances,
            bids: bids.bids,
            exclusive: bids.exclusive,
            ..Balancing::default()
        }),
        ..Case::default()
    })
}

/// The folder of the files, where their names tell it.
fn name(files: &[(String, String)]) -> String {
    let path = files.first().map_or("", |(path, _)| path);
    let mut parts = path.rsplit(['/', '\\']).skip(1);
    let folder = parts.next().filter(|part| !part.is_empty());
    folder.unwrap_or("SmartNet case").to_string()
}

const SOURCE: &str = "CSV files in the schema of the SmartNet market simulator, 1 MVA base.";

/// What the case holds, and what became of the rest.
fn report(network: &Network, bids: &[Bid], imbalances: &[Injection], notes: &Notes) -> Import {
    let [changed, left_out] = notes.sentences();
    let lines: usize = network.feeders.iter().map(|f| f.lines.len()).sum();
    Import {
        format: "CSV files of a balancing case (SmartNet)".into(),
        kept: vec![format!(
            "{}, {}, {} with {}, {}, {}.",
            counted(network.buses.len(), "bus", "buses"),
            counted(network.branches.len(), "branch", "branches"),
            counted(network.feeders.len(), "feeder", "feeders"),
            counted(lines, "line", "lines"),
            counted(bids.len(), "bid", "bids"),
            counted(imbalances.len(), "net injection", "net injections"),
        )],
        changed,
        left_out,
        assumed: vec![
            "One period is one hour.".into(),
            format!("Feeders are stated at {BASE_KV} kV, and each root holds its voltage."),
            format!("The price cap is {PRICE_CAP} $/MWh, that of the published studies."),
        ],
    }
}

/// The periods of a folder: `StartTime` to `EndTime`.
struct Periods {
    start: i64,
    count: usize,
}

impl Periods {
    fn read(table: &Table) -> Result<Self, Vec<Problem>> {
        let [start, end, base] = table.columns(["StartTime", "EndTime", "baseMVA"])?;
        let Some(row) = table.rows().next() else {
            return Err(table.missing_row());
        };
        let (start, end, base) = (row.whole(start)?, row.whole(end)?, row.number(base)?);
        if base != 1.0 {
            return Err(row.error(format!(
                "The base is {base} MVA; the files are read on a base of 1 MVA. Convert the impedances and write 1."
            )));
        }
        let most = super::check::bounds::PERIODS;
        match usize::try_from(end.saturating_sub(start).saturating_add(1)) {
            Ok(count) if (1..=most).contains(&count) => Ok(Self { start, count }),
            _ => Err(row.error(format!(
                "Periods go from {start} to {end}. Give 1 to {most} of them."
            ))),
        }
    }

    /// Period of a `forT`, from 1; `None` outside.
    fn of(&self, time: i64) -> Option<usize> {
        let period = usize::try_from(time.checked_sub(self.start)?).ok()?;
        (period < self.count).then_some(period + 1)
    }
}

/// Position of each id.
fn positions<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    ids.enumerate().map(|(i, id)| (id, i)).collect()
}

/// The voltage a root holds, p.u.: 1, or the nearest to it within the limits.
fn root_voltage(low: f64, high: f64) -> f64 {
    if low <= high {
        1_f64.clamp(low, high)
    } else {
        1.0
    }
}
