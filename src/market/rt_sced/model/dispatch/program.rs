//! Columns and the balance row of one interval's program.

use std::sync::Arc;

use crate::opt::{Model, Row, Var};

use super::request::Request;
use crate::market::rt_sced::model::dc_line::DcLine;
use crate::market::rt_sced::model::system::{Resource, System};
use crate::market::shared::offers::blocks_between;

/// Who owns a column of the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Generator(usize),
    Der(usize),
    /// A DC line one way: its flow where `forward`, what flows back otherwise.
    DcLine {
        line: usize,
        forward: bool,
    },
    /// P_a of an equivalent.
    Total(usize),
    /// φ_l of an equivalent: the n-th of its critical lines.
    Sent(usize, usize),
    /// P_l'' of an equivalent on a Union Jack.
    Other(usize),
    /// Value of an equivalent's exact curve, $/h.
    Value(usize),
}

/// Whether equivalents enter as such or with their DERs laid open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    Aggregated,
    Open,
}

pub(super) struct Columns {
    pub(super) owner: Vec<Owner>,
    pub(super) var: Vec<Var>,
}

impl Columns {
    /// Adds a column to a program.
    fn add(
        &mut self,
        model: &mut Model,
        owner: Owner,
        name: impl Into<Arc<str>>,
        (lower, upper): (f64, f64),
        cost: f64,
    ) -> Var {
        let v = model.var(name, lower, upper, cost);
        self.owner.push(owner);
        self.var.push(v);
        v
    }

    /// Adds the blocks of an offer between two outputs.
    fn add_blocks(
        &mut self,
        model: &mut Model,
        owner: Owner,
        unit: &Resource,
        (low, high): (f64, f64),
    ) {
        let blocks = blocks_between(&unit.offer, low, high).zip(&unit.block_names);
        for (part, name) in blocks {
            let range = (part.lower, part.upper);
            let v = self.add(model, owner, name.clone(), range, part.usd_per_mwh);
            model.quadratic(v, v, 0.5 * part.slope);
        }
    }

    /// Adds a DC line, one column for each way it may flow, so that none flows where none is needed.
    fn add_dc_line(&mut self, model: &mut Model, line: usize, dc: &DcLine) {
        let forward = (dc.min_p_mw.max(0.0), dc.max_p_mw.max(0.0));
        let back = ((-dc.max_p_mw).max(0.0), (-dc.min_p_mw).max(0.0));
        for (forward, range, suffix) in [(true, forward, ""), (false, back, "_back")] {
            if range.1 > 0.0 {
                let owner = Owner::DcLine { line, forward };
                self.add(model, owner, format!("p_{}{suffix}", dc.id), range, 0.0);
            }
        }
    }

    /// Output of every generator at a point, MW.
    pub(super) fn outputs_mw(&self, system: &System, x: &[f64]) -> Vec<f64> {
        let mut outputs = vec![0.0; system.generators.len()];
        for (owner, p) in self.owner.iter().zip(x) {
            if let Owner::Generator(g) = *owner {
                outputs[g] += p;
            }
        }
        outputs
    }

    /// The blocks of a generator or DER, in the order of its offer.
    pub(super) fn of_unit(&self, unit: Owner) -> impl Iterator<Item = Var> + '_ {
        let pairs = self.owner.iter().zip(&self.var);
        pairs
            .filter(move |(owner, _)| **owner == unit)
            .map(|(_, v)| *v)
    }

    /// The variables of equivalent `e`: P_a, then the coordinates of its curve, then its value.
    pub(super) fn of_equivalent(&self, e: usize) -> impl Iterator<Item = Var> + '_ {
        let pairs = self.owner.iter().zip(&self.var);
        pairs
            .filter(move |(owner, _)| owner.equivalent() == Some(e))
            .map(|(_, v)| *v)
    }
}

impl Owner {
    /// What one MW of a unit or a DC line injects, by bus.
    pub(super) fn injects(self, system: &System) -> Vec<(usize, f64)> {
        match self {
            Owner::Generator(g) => vec![(system.generators[g].bus, 1.0)],
            Owner::Der(d) => vec![(system.ders[d].bus, 1.0)],
            Owner::DcLine { line, forward } => {
                let way = if forward { 1.0 } else { -1.0 };
                let ends = system.dc_lines[line].spread();
                ends.map(|(bus, share)| (bus, way * share)).to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// What one MW of it adds to the balance of the network: MW that come in, less what a DC line loses.
    fn balance(self, system: &System) -> f64 {
        match self {
            Owner::Generator(_) | Owner::Der(_) | Owner::Total(_) => 1.0,
            Owner::DcLine { line, forward } => {
                let gain = system.dc_lines[line].arrives - 1.0;
                if forward { gain } else { -gain }
            }
            Owner::Sent(..) | Owner::Other(_) | Owner::Value(_) => 0.0,
        }
    }

    pub(super) fn equivalent(&self) -> Option<usize> {
        match *self {
            Owner::Generator(_) | Owner::Der(_) | Owner::DcLine { .. } => None,
            Owner::Total(e) | Owner::Sent(e, _) | Owner::Other(e) | Owner::Value(e) => Some(e),
        }
    }
}

/// With losses the balance counts what arrives at the reference: [`losses`](crate::market::rt_sced::model::losses).
///
/// `Eq. [zuo2022](5)`, `(6)`, `(7)`, `(8)`: offers in blocks, one balance row, bounds. A block whose price
/// rises by s for each MW costs c p + ½ s p².
///
/// An equivalent enters with P_a and, on its exact curve, φ by critical line and its cost as a
/// variable of its own; on a Union Jack, with P_l''.
pub(super) fn program(system: &System, request: &Request, detail: Detail) -> (Model, Columns, Row) {
    let (mut model, columns) = variables(system, request, detail);
    let pairs = columns.owner.iter().zip(&columns.var);
    let brings = |owner: &Owner| match &request.losses {
        None => owner.balance(system),
        Some(losses) => {
            let injected = owner.injects(system).into_iter();
            injected
                .map(|(bus, share)| share * losses.brings(bus))
                .sum()
        }
    };
    let more = request.more_mw.iter();
    let load: f64 = match &request.losses {
        None => request.loads_mw.iter().chain(more.map(|(_, p)| p)).sum(),
        Some(losses) => {
            let loads = system
                .load_bus
                .iter()
                .copied()
                .zip(request.loads_mw.iter().copied());
            let taken = loads.chain(more.copied());
            losses.needed_mw() + taken.map(|(bus, p)| losses.brings(bus) * p).sum::<f64>()
        }
    };
    let terms = pairs.map(|(owner, &v)| (v, brings(owner)));
    let terms = terms.filter(|(_, share)| *share != 0.0);
    let balance = model.row("power_balance", terms, load, load);
    (model, columns, balance)
}

/// The columns of [`program`], without any row.
pub(super) fn variables(system: &System, request: &Request, detail: Detail) -> (Model, Columns) {
    let mut model = Model::new(request.name.clone());
    model.set_unit(system.tolerance_mw(1.0));
    let mut columns = Columns {
        owner: Vec::new(),
        var: Vec::new(),
    };
    let generators = system.generators.iter().zip(request.generator_range_mw);
    for (g, (unit, range)) in generators.enumerate() {
        columns.add_blocks(&mut model, Owner::Generator(g), unit, *range);
    }
    let equivalents = match detail {
        Detail::Aggregated => request.equivalents(),
        Detail::Open => &[],
    };
    for (d, unit) in system.ders.iter().enumerate() {
        let group = system.group_of[d];
        if !equivalents.iter().any(|e| Some(e.group) == group) {
            let range = (unit.min_p_mw, unit.max_p_mw);
            columns.add_blocks(&mut model, Owner::Der(d), unit, range);
        }
    }
    for (e, equivalent) in equivalents.iter().enumerate() {
        let id = &system.groups[equivalent.group].id;
        let (bid, curve) = (&equivalent.bid, &equivalent.contribution);
        let mut add = |owner: Owner, name: String, range: (f64, f64), cost: f64| {
            columns.add(&mut model, owner, name, range, cost);
        };
        add(Owner::Total(e), format!("P_{id}"), bid.range(0), 0.0);
        if equivalent.jack.is_some() {
            let line = &system.limits[equivalent.lines[0]].id;
            add(
                Owner::Other(e),
                format!("P_{line}''_{id}"),
                bid.range(1),
                0.0,
            );
            continue;
        }
        for (n, &k) in equivalent.lines.iter().enumerate() {
            let name = format!("P_{}'_{id}", system.limits[k].id);
            add(Owner::Sent(e, n), name, curve.range(1 + n), 0.0);
        }
        let least = curve.cut(vec![0.0; curve.dimension()]).constant;
        let range = (least, f64::INFINITY);
        add(Owner::Value(e), format!("cost_{id}"), range, 1.0);
    }
    for (line, dc) in system.dc_lines.iter().enumerate() {
        columns.add_dc_line(&mut model, line, dc);
    }
    (model, columns)
}
