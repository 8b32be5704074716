//! A case as the files of a folder.

mod bids;

use super::super::{Case, Feeder, FeederBus};
use super::{NO_LIMIT_MVA, OHM_SHIFT};
use csv::{StringRecord, Writer};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Files by name, and what of the case they do not hold.
pub struct Written {
    /// (name, text).
    pub files: Vec<(String, String)>,
    /// Sentences.
    pub notes: Vec<String>,
}

/// Writes a case in the schema of this module. Reading the files gives the case back but for its
/// name, source and diagram, the ids of imbalances and parties, and what the notes say.
pub fn write(case: &Case) -> Written {
    let mut out = Out::default();
    let balancing = case.balancing.clone().unwrap_or_default();
    let feeder_buses = || case.feeders.iter().flat_map(|feeder| &feeder.buses);
    let node = Numbers::new(
        "buses",
        case.buses
            .iter()
            .map(|bus| bus.id.as_str())
            .chain(feeder_buses().map(|bus| bus.id.as_str())),
        &mut out,
    );
    out.table("TransmissionNodes", &["ID", "RefNode"]);
    for (i, bus) in case.buses.iter().enumerate() {
        out.row([node.of(&bus.id), u8::from(i == 0).to_string()]);
    }
    out.table(
        "DistributionNodes",
        &["ID", "Vsqmin", "Vsqmax", "Root", "G", "B"],
    );
    for feeder in &case.feeders {
        feeder_nodes(feeder, &node, &mut out);
    }
    edges(case, &node, &mut out);
    out.table("NetInjections", &["Node", "forT", "P", "Q"]);
    injections(case, balancing.periods, &node, &mut out);
    let bid = Numbers::new(
        "bids",
        balancing.bids.iter().map(|b| b.id.as_str()),
        &mut out,
    );
    bids::write(case, &balancing.bids, &node, &bid, &mut out);
    let group = Numbers::new(
        "exclusive groups",
        balancing.exclusive.iter().map(|g| g.id.as_str()),
        &mut out,
    );
    out.table("ExclusiveQtBids", &["ID", "QtBid"]);
    for each in &balancing.exclusive {
        for member in &each.bids {
            out.row([group.of(&each.id), bid.of(member)]);
        }
    }
    out.table(
        "GeneralParam",
        &["Rho", "NbIter", "StartTime", "EndTime", "baseMVA"],
    );
    let end = balancing.periods.max(1).to_string();
    out.row(["1".to_string(), "100".into(), "1".into(), end, "1".into()]);
    left_out(case, &mut out);
    out.finish()
}

/// The tables written so far.
#[derive(Default)]
struct Out {
    tables: Vec<(String, Vec<StringRecord>)>,
    notes: Vec<String>,
}

impl Out {
    fn table(&mut self, name: &str, head: &[&str]) {
        self.tables.push((
            format!("{name}.csv"),
            vec![StringRecord::from(head.to_vec())],
        ));
    }

    /// A row of the table begun last.
    fn row<const N: usize>(&mut self, cells: [String; N]) {
        if let Some((_, rows)) = self.tables.last_mut() {
            rows.push(StringRecord::from(cells.to_vec()));
        }
    }

    fn note(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !self.notes.contains(&sentence) {
            self.notes.push(sentence);
        }
    }

    fn finish(self) -> Written {
        let text = |rows: Vec<StringRecord>| {
            let mut writer = Writer::from_writer(Vec::new());
            for row in &rows {
                // Into memory, and all rows of a table have one width.
                let _ = writer.write_record(row);
            }
            let bytes = writer.into_inner().unwrap_or_default();
            String::from_utf8(bytes).unwrap_or_default()
        };
        Written {
            files: self.tables.into_iter().map(|(n, r)| (n, text(r))).collect(),
            notes: self.notes,
        }
    }
}

/// Ids as the whole numbers of the schema: as they are where all of them are such, else counted.
struct Numbers<'a> {
    of: Option<HashMap<&'a str, usize>>,
}

impl<'a> Numbers<'a> {
    fn new(what: &str, ids: impl Iterator<Item = &'a str> + Clone, out: &mut Out) -> Self {
        let mut seen = HashSet::new();
        let whole = |id: &str| id.parse::<i64>().is_ok_and(|n| n.to_string() == id);
        if ids.clone().all(|id| whole(id) && seen.insert(id)) {
            return Self { of: None };
        }
        out.note(format!("The {what} are numbered: the schema has no names."));
        let mut of = HashMap::new();
        for id in ids {
            let next = of.len() + 1;
            of.entry(id).or_insert(next);
        }
        Self { of: Some(of) }
    }

    fn of(&self, id: &str) -> String {
        match &self.of {
            None => id.to_string(),
            Some(of) => of.get(id).map_or(String::new(), usize::to_string),
        }
    }
}

fn feeder_nodes(feeder: &Feeder, node: &Numbers, out: &mut Out) {
    for bus in &feeder.buses {
        let (mut low, mut high) = (bus.min_v_pu, bus.max_v_pu);
        if bus.id == feeder.root && feeder.root_v_pu != super::root_voltage(low, high) {
            (low, high) = (feeder.root_v_pu, feeder.root_v_pu);
            out.note("The voltage of a root that is not 1 p.u. stands as its limits.");
        }
        if low == 0.0 && high < 10.0 {
            out.note("A greatest voltage without a least one is not in the schema: left out.");
        }
        let zero = || "0".to_string();
        let squared = |v: f64| format!("{}", v * v);
        out.row([
            node.of(&bus.id),
            squared(low),
            squared(high),
            zero(),
            zero(),
            zero(),
        ]);
    }
}

/// A limit, where `None` is none. The schema takes zero as none, too.
fn limit(limit: Option<f64>, out: &mut Out) -> String {
    match limit {
        None => format!("{NO_LIMIT_MVA}"),
        Some(limit) if limit >= NO_LIMIT_MVA => {
            out.note("Limits of 90000 MVA or more count as none in the schema.");
            format!("{limit}")
        }
        Some(limit) if limit <= 0.0 => {
            out.note("Limits of zero are written as 0.000001 MVA: zero means none in the schema.");
            "0.000001".to_string()
        }
        Some(limit) => format!("{limit}"),
    }
}

fn edges(case: &Case, node: &Numbers, out: &mut Out) {
    let lines = || case.feeders.iter().flat_map(|feeder| &feeder.lines);
    let in_service = || case.branches.iter().filter(|branch| branch.in_service);
    let ids: Vec<&str> = in_service()
        .map(|branch| branch.id.as_str())
        .chain(lines().map(|line| line.id.as_str()))
        .chain(case.boundaries.iter().map(|b| b.id.as_str()))
        .collect();
    let mut seen = HashSet::new();
    let keep = ids
        .iter()
        .all(|id| id.parse::<i64>().is_ok() && seen.insert(*id));
    if !keep {
        out.note("The edges are numbered: the schema has no names.");
    }
    let mut count = 0;
    let mut number = |id: &str| {
        count += 1;
        if keep {
            id.to_string()
        } else {
            count.to_string()
        }
    };
    out.table(
        "Edges",
        &[
            "ID", "NodeFrom", "NodeTo", "R", "G", "X", "B", "S", "Charge", "Tap", "Shift",
        ],
    );
    let zero = || "0".to_string();
    let row = |out: &mut Out, ends: [String; 3], r: String, x: String, s: String| {
        let [id, from, to] = ends;
        let one = "1".to_string();
        out.row([id, from, to, r, zero(), x, zero(), s, zero(), one, zero()]);
    };
    for branch in in_service() {
        let x = branch.x_pu * branch.tap / case.base_mva;
        if branch.tap != 1.0 {
            out.note("Turns ratios are part of the reactance.");
        }
        if branch.shift_deg != 0.0 {
            out.note("Left out: phase shifts.");
        }
        let ends = [
            number(&branch.id),
            node.of(&branch.from),
            node.of(&branch.to),
        ];
        let s = limit(branch.max_p_mw, out);
        row(out, ends, zero(), format!("{x}"), s);
    }
    for feeder in &case.feeders {
        for line in &feeder.lines {
            if line.min_p_mw.is_some() || line.max_p_mw.is_some() {
                out.note("Left out: limits of feeder lines on active power alone.");
            }
            let ends = [number(&line.id), node.of(&line.from), node.of(&line.to)];
            let s = limit(line.max_s_mva, out);
            let (r, x) = (
                per_unit(line.r_ohm, feeder.base_kv),
                per_unit(line.x_ohm, feeder.base_kv),
            );
            row(out, ends, r, x, s);
        }
    }
    let root: HashMap<&str, &str> = case
        .feeders
        .iter()
        .map(|feeder| (feeder.id.as_str(), feeder.root.as_str()))
        .collect();
    for boundary in &case.boundaries {
        let root = root.get(boundary.feeder.as_str()).copied().unwrap_or("");
        let ends = [number(&boundary.id), node.of(&boundary.bus), node.of(root)];
        let s = limit(boundary.max_p_mw, out);
        row(out, ends, zero(), zero(), s);
    }
}

/// Ω per unit of 1 MVA; at 10 kV by moving the decimal point, so that nothing is rounded.
fn per_unit(ohm: f64, base_kv: f64) -> String {
    if base_kv != super::BASE_KV {
        return format!("{}", ohm / (base_kv * base_kv));
    }
    let text = format!("{ohm:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or(0) - OHM_SHIFT;
    plain(digits, exponent)
}

/// `digits` (one before the point) times ten to the `exponent`, without an exponent.
fn plain(digits: &str, exponent: i32) -> String {
    if exponent >= 0 {
        return format!("{digits}e{exponent}");
    }
    let figures: String = digits.chars().filter(char::is_ascii_digit).collect();
    if figures.chars().all(|c| c == '0') {
        return "0".to_string();
    }
    let sign = if digits.starts_with('-') { "-" } else { "" };
    let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
    format!("{sign}0.{zeros}{figures}")
}

/// The imbalances, one row for each node and period.
fn injections(case: &Case, periods: usize, node: &Numbers, out: &mut Out) {
    let Some(balancing) = &case.balancing else {
        return;
    };
    if !balancing.schedule.is_empty() {
        out.note("Net injections of the schedule and imbalances stand together.");
    }
    let mut order: Vec<&str> = Vec::new();
    let mut sums: BTreeMap<(&str, usize), (f64, f64)> = BTreeMap::new();
    for injection in balancing.schedule.iter().chain(&balancing.imbalances) {
        let bus = injection.bus.as_str();
        if sums.contains_key(&(bus, 0)) {
            out.note("Net injections at one bus are added up.");
        } else {
            order.push(bus);
        }
        for t in 0..periods {
            let sum = sums.entry((bus, t)).or_default();
            sum.0 += injection.p(t);
            sum.1 += injection.q(t);
        }
    }
    for bus in order {
        for t in 0..periods {
            let (p, q) = sums.get(&(bus, t)).copied().unwrap_or_default();
            out.row([
                node.of(bus),
                (t + 1).to_string(),
                format!("{p}"),
                format!("{q}"),
            ]);
        }
    }
}

/// What the schema has no place for.
fn left_out(case: &Case, out: &mut Out) {
    let loads = |buses: &FeederBus| buses.p_load_mw != 0.0 || buses.q_load_mvar != 0.0;
    let mut buses = case.feeders.iter().flat_map(|feeder| &feeder.buses);
    let balancing = case.balancing.as_ref();
    for (what, some) in [
        ("generators", !case.generators.is_empty()),
        ("loads", !case.loads.is_empty() || buses.any(loads)),
        ("DERs and aggregators", !case.ders.is_empty()),
        (
            "branches out of service",
            case.branches.iter().any(|branch| !branch.in_service),
        ),
        ("zones", balancing.is_some_and(|b| !b.zones.is_empty())),
        (
            "the length of a period other than an hour",
            balancing.is_some_and(|b| b.minutes_per_period != 60.0),
        ),
        (
            "a price cap other than 3000 $/MWh",
            balancing.is_some_and(|b| b.price_cap_usd_per_mwh != super::PRICE_CAP),
        ),
        (
            "who is paid for a bid, and who is commercial",
            balancing.is_some_and(|b| {
                let mut bids = b.bids.iter();
                bids.any(|bid| bid.commercial || !bid.party.is_empty())
            }),
        ),
    ] {
        if some {
            out.note(format!("Left out: {what}."));
        }
    }
}
