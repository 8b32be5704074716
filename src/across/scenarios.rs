//! The case in the words of each mechanism.

use serde_json::{Value, json};

use super::known;
use super::system::{Side, System};
use crate::case::Case;
use crate::market::Mechanism;

/// How an answer names what it dispatches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// MW of a resource in the series `p:ID`.
    Output,
    /// Likewise, and what is bought beside it in `second:ID`; what the TSO lacks then is its own.
    WithSecond,
    /// MW taken in the series `load:ID`, and the ledger for five minutes.
    Taken,
}

/// One way to clear the market, with the scenario that asks for it.
pub struct Asked {
    pub id: &'static str,
    pub name: &'static str,
    pub paper: &'static str,
    /// Who must know what.
    pub known: &'static str,
    /// Changes of the scenario on screen that lead to it; none where it is another scenario.
    pub changes: Vec<(String, Value)>,
    pub case: Value,
    pub mechanism: Value,
    pub view: Value,
    pub reads: Reads,
    /// Payments by a Nash bargain of the two sides in place of its own.
    pub bargain: bool,
}

/// Everything that is run, in the order of the papers.
pub fn all(case: &Case, system: &System, mechanism: &Mechanism) -> Vec<Asked> {
    let mut all = schemes(case, mechanism);
    let rsf = all.iter().position(|asked| asked.id == "common");
    if let Some(at) = rsf {
        let common = &all[at];
        let bargain = Asked {
            id: "nash_bargain",
            name: "common market, Nash bargain",
            paper: "Wang",
            known: known::BARGAIN,
            changes: Vec::new(),
            case: common.case.clone(),
            mechanism: common.mechanism.clone(),
            view: json!({}),
            reads: Reads::Output,
            bargain: true,
        };
        all.push(bargain);
    }
    all.extend(aggregated(case, system));
    all.extend(bids(case, system));
    all.push(community(case, system));
    all
}

/// The schemes of Mezghani et al., by the mechanism of the scenario itself.
fn schemes(case: &Case, mechanism: &Mechanism) -> Vec<Asked> {
    let fields = serde_json::to_value(mechanism).unwrap_or_default();
    let case = serde_json::to_value(case).unwrap_or_default();
    let scheme = |(id, name, known): &(&'static str, &'static str, &'static str)| {
        let mut mechanism = fields.clone();
        mechanism["scheme"] = json!(id);
        Asked {
            id,
            name,
            paper: "Mezghani",
            known,
            changes: vec![("mechanism.scheme".into(), json!(id))],
            case: case.clone(),
            mechanism,
            view: json!({}),
            reads: Reads::Output,
            bargain: false,
        }
    };
    known::SCHEMES.iter().map(scheme).collect()
}

/// The dispatch of Zuo et al.: the feeder is a part of the network, all bids on it are DERs of one aggregator.
fn aggregated(case: &Case, system: &System) -> Vec<Asked> {
    let of = |side: Side| system.resources.iter().filter(move |r| r.side == side);
    let unit = |r: &super::system::Resource| {
        json!({"id": r.id, "bus": r.bus, "min_p_mw": 0.0, "max_p_mw": r.max_mw,
               "offer": [{"p_mw": r.max_mw, "usd_per_mwh": r.usd_per_mwh}]})
    };
    let mut buses: Vec<Value> = case.buses.iter().map(|b| json!({"id": b.id})).collect();
    buses.extend(system.feeder.buses.iter().map(|b| json!({"id": b.id})));
    let branch = |id: &str, from: &str, to: &str, limit: Option<f64>| {
        // Of no effect in a network without loops.
        json!({"id": id, "from": from, "to": to, "x_pu": 0.1, "max_p_mw": limit})
    };
    let mut branches: Vec<Value> = (case.branches.iter())
        .map(|b| branch(&b.id, &b.from, &b.to, None))
        .collect();
    let boundary = &case.boundaries[0];
    branches.push(branch(&boundary.id, &system.at, &system.feeder.root, None));
    let lines = system.feeder.lines.iter();
    branches.extend(lines.map(|l| branch(&l.id, &l.from, &l.to, l.max_s_mva)));
    let ids: Vec<&str> = of(Side::Feeder).map(|r| r.id.as_str()).collect();
    let loads = system.needs.iter();
    let case = json!({
        "version": 1, "name": case.name, "source": case.source, "base_mva": 1.0,
        "buses": buses, "branches": branches,
        "generators": of(Side::Transmission).map(unit).collect::<Vec<_>>(),
        "ders": of(Side::Feeder).map(unit).collect::<Vec<_>>(),
        "aggregators": [{"id": system.feeder.id, "ders": ids}],
        "loads": loads.map(|n| json!({"id": n.id, "bus": n.bus, "p_mw": n.p_mw})).collect::<Vec<_>>(),
    });
    let method = |(id, name, known, more): &(&'static str, &'static str, &'static str, &str)| {
        let mut mechanism = json!({"kind": "rt_sced", "intervals": 1, "interval_minutes": 60.0});
        mechanism["method"] = json!(more);
        Asked {
            id,
            name,
            paper: "Zuo",
            known,
            changes: Vec::new(),
            case: case.clone(),
            mechanism,
            view: json!({}),
            reads: Reads::Output,
            bargain: false,
        }
    };
    known::METHODS.iter().map(method).collect()
}

/// The two markets of Khojasteh et al.: the DSO balances the feeder first and forwards what is left and keeps its limits, of
/// which the TSO buys what it lacks. Prices are multiples of the dearest bid on transmission, at which the TSO sells.
fn bids(case: &Case, system: &System) -> Vec<Asked> {
    let above = system
        .resources
        .iter()
        .filter(|r| r.side == Side::Transmission);
    let tso = above.map(|r| r.usd_per_mwh).fold(0.0, f64::max);
    if tso <= 0.0 {
        return Vec::new();
    }
    let below = || system.resources.iter().filter(|r| r.side == Side::Feeder);
    let resource = |r: &super::system::Resource| {
        json!({"id": r.id, "bus": r.bus, "owner": r.id, "max_up_mw": r.max_mw, "max_down_mw": 0.0,
               "up_cost": [r.usd_per_mwh / tso], "down_value": [r.usd_per_mwh / tso]})
    };
    let mut own = serde_json::to_value(case).unwrap_or_default();
    own["balancing"] = Value::Null;
    // The imbalance is shared as the load is: its buses get it, and none of the load is there.
    if let Some(buses) = own["feeders"][0]["buses"].as_array_mut() {
        for bus in buses {
            let here = system.needs.iter().filter(|n| bus["id"] == n.bus.as_str());
            bus["p_load_mw"] = json!(here.map(|n| n.p_mw).sum::<f64>());
            bus["q_load_mvar"] = json!(0.0);
        }
    }
    own["local_market"] = json!({
        "feeder": system.feeder.id, "periods": 1,
        "imbalance_mwh": [system.needed_mw(Side::Feeder)],
        "day_ahead_usd_per_mwh": [tso], "tso_up": [1.0], "tso_down": [0.0], "load_factor": [0.0],
        "tso_imbalance_mwh": [system.needed_mw(Side::Transmission)],
        "resources": below().map(resource).collect::<Vec<_>>(),
    });
    // The owner of the cheapest bid on the feeder has the most to gain.
    let cheapest = below().min_by(|a, b| a.usd_per_mwh.total_cmp(&b.usd_per_mwh));
    let strategic: Vec<&str> = cheapest.iter().map(|r| r.id.as_str()).collect();
    let behaviour =
        |(id, name, known, outcome): &(&'static str, &'static str, &'static str, &str)| Asked {
            id,
            name,
            paper: "Khojasteh",
            known,
            changes: Vec::new(),
            case: own.clone(),
            mechanism: json!({"kind": "bsp_bidding", "strategic": strategic, "hour": 1}),
            view: json!({"step": 1, "outcome": outcome}),
            reads: Reads::WithSecond,
            bargain: false,
        };
    known::BEHAVIOURS.iter().map(behaviour).collect()
}

/// The market of Theisen et al. in one interval: every bid and every need is a community with a bid of its own, and the load
/// serving entity sells what is bid on transmission. Transmission stands at the head of the feeder.
fn community(case: &Case, system: &System) -> Asked {
    /// $/kWh that whoever is out of balance would pay; $ and kWh of the case are those of the market.
    const CAP: f64 = 3.0;
    let bus = |bus: &str, side: Side| match side {
        Side::Feeder => bus.to_string(),
        Side::Transmission => system.feeder.root.clone(),
    };
    let member = |id: &str, at: String| {
        json!({"id": id, "bus": at, "takes_part": true, "load_kw": [0.0], "tan_phi": 0.0,
               "battery": {"energy_kwh": 1.0, "power_kw": 1.0, "efficiency": 1.0,
                           "min_soc": 0.0, "max_soc": 1.0, "initial_soc": 0.5}})
    };
    let bid = |id: &str, [from, preferred, to]: [f64; 3], price: f64| {
        json!({"id": id, "min_kw": from, "preferred_kw": preferred, "max_kw": to,
               "top_usd_per_kwh": price, "above_usd_per_kwh": price,
               "below_usd_per_kwh": price, "bottom_usd_per_kwh": price})
    };
    let below = || system.resources.iter().filter(|r| r.side == Side::Feeder);
    let above = || {
        system
            .resources
            .iter()
            .filter(|r| r.side == Side::Transmission)
    };
    let lse = above().map(|r| r.usd_per_mwh).fold(0.0, f64::max) / 1000.0;
    let capacity: f64 = above().map(|r| 1000.0 * r.max_mw).sum();
    let members = below().map(|r| member(&r.id, bus(&r.bus, r.side)));
    let members = members.chain(
        system
            .needs
            .iter()
            .map(|n| member(&n.id, bus(&n.bus, n.side))),
    );
    let bids = below().map(|r| {
        bid(
            &r.id,
            [-1000.0 * r.max_mw, 0.0, 0.0],
            r.usd_per_mwh / 1000.0,
        )
    });
    let bids = bids.chain(
        system
            .needs
            .iter()
            .map(|n| bid(&n.id, [1000.0 * n.p_mw; 3], CAP)),
    );
    let mut own = serde_json::to_value(case).unwrap_or_default();
    own["communities"] = json!({
        "minutes_per_interval": 60.0, "start": "2026-01-01T00:00+00:00",
        "lse_usd_per_kwh": [lse], "forecast_usd_per_kwh": [lse],
        "members": members.collect::<Vec<_>>(),
    });
    Asked {
        id: "community",
        name: "community market",
        paper: "Theisen",
        known: known::COMMUNITY,
        changes: Vec::new(),
        case: own,
        mechanism: json!({"kind": "community", "cap_usd_per_kwh": CAP, "lse_capacity_kw": capacity,
            "given": {"lse_usd_per_kwh": lse, "bids": bids.collect::<Vec<_>>()}}),
        view: json!({"step": 1}),
        reads: Reads::Taken,
        bargain: false,
    }
}
