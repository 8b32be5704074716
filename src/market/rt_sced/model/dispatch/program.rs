//! Columns and the balance row of one interval's program.

use crate::opt::{Model, Row, Var};

use super::request::Request;
use crate::market::rt_sced::model::system::System;
use crate::market::shared::offers::blocks_between;

/// Who owns a column of the program.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    Generator(usize),
    Der(usize),
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
    pub(super) fn push(&mut self, owner: Owner, var: Var) {
        self.owner.push(owner);
        self.var.push(var);
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
    pub(super) fn equivalent(&self) -> Option<usize> {
        match *self {
            Owner::Generator(_) | Owner::Der(_) => None,
            Owner::Total(e) | Owner::Sent(e, _) | Owner::Other(e) | Owner::Value(e) => Some(e),
        }
    }
}

/// `Eq. [zuo2022](5)`, `(6)`, `(7)`, `(8)`: offers in blocks, one balance row, bounds.
///
/// An equivalent enters with P_a and, on its exact curve, φ by critical line and its cost as a
/// variable of its own; on a Union Jack, with P_l''.
pub(super) fn program(system: &System, request: &Request, detail: Detail) -> (Model, Columns, Row) {
    let mut model = Model::new(request.name.clone());
    model.set_unit(system.tolerance_mw(1.0));
    let mut columns = Columns {
        owner: Vec::new(),
        var: Vec::new(),
    };
    let generators = system.generators.iter().zip(request.generator_range_mw);
    for (g, (unit, &(low, high))) in generators.enumerate() {
        for (k, (lower, upper, price)) in blocks_between(&unit.offer, low, high).enumerate() {
            let var = model.var(format!("{}_{}", unit.id, k + 1), lower, upper, price);
            columns.push(Owner::Generator(g), var);
        }
    }
    let equivalents = match detail {
        Detail::Aggregated => request.equivalents(),
        Detail::Open => &[],
    };
    for (d, unit) in system.ders.iter().enumerate() {
        let group = system.group_of[d];
        if equivalents.iter().any(|e| Some(e.group) == group) {
            continue;
        }
        let blocks = blocks_between(&unit.offer, unit.min_p_mw, unit.max_p_mw);
        for (k, (lower, upper, price)) in blocks.enumerate() {
            let var = model.var(format!("{}_{}", unit.id, k + 1), lower, upper, price);
            columns.push(Owner::Der(d), var);
        }
    }
    for (e, equivalent) in equivalents.iter().enumerate() {
        let id = &system.groups[equivalent.group].id;
        let (low, high) = equivalent.bid.range(0);
        let total = model.var(format!("P_{id}"), low, high, 0.0);
        columns.push(Owner::Total(e), total);
        if equivalent.jack.is_some() {
            let (low, high) = equivalent.bid.range(1);
            let line = &system.limits[equivalent.lines[0]].id;
            let other = model.var(format!("P_{line}''_{id}"), low, high, 0.0);
            columns.push(Owner::Other(e), other);
            continue;
        }
        for (n, &k) in equivalent.lines.iter().enumerate() {
            let (low, high) = equivalent.contribution.range(1 + n);
            let line = &system.limits[k].id;
            let sent = model.var(format!("P_{line}'_{id}"), low, high, 0.0);
            columns.push(Owner::Sent(e, n), sent);
        }
        let curve = &equivalent.contribution;
        let least = curve.cut(vec![0.0; curve.dimension()]).constant;
        let value = model.var(format!("cost_{id}"), least, f64::INFINITY, 1.0);
        columns.push(Owner::Value(e), value);
    }
    let load: f64 = request.loads_mw.iter().sum();
    let injects =
        |owner: &Owner| matches!(owner, Owner::Generator(_) | Owner::Der(_) | Owner::Total(_));
    let pairs = columns.owner.iter().zip(&columns.var);
    let balance = model.row(
        "power_balance",
        pairs
            .filter(|(owner, _)| injects(owner))
            .map(|(_, &v)| (v, 1.0)),
        load,
        load,
    );
    (model, columns, balance)
}
