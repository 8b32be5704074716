//! Why nobody can be dispatched: the limits that would have to give way for a program to have an answer.

use serde::{Deserialize, Serialize};

use crate::opt::infeasible::{any_solver, relax_among};
use crate::opt::{Limit, Model};

/// A limit that would have to give way in a slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivingWay {
    pub limit: Limited,
    /// Of the line, bus or DSO; empty where it is of all.
    pub id: String,
    /// From 0.
    pub slot: usize,
    /// In the unit of the limit.
    pub amount: f64,
}

impl GivingWay {
    /// By an amount that is not known yet.
    pub fn new(limit: Limited, id: &str, slot: usize) -> GivingWay {
        let (id, amount) = (id.to_string(), 0.0);
        GivingWay {
            limit,
            id,
            slot,
            amount,
        }
    }
}

/// What a dispatch has to keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limited {
    /// Generation is no less than what is drawn, MW.
    Short,
    /// Generation is no more than what is drawn, MW.
    Surplus,
    /// Of a transmission line, MW.
    Line,
    /// Of a transmission line backwards, MW.
    Backwards,
    /// Of the squared voltage of a feeder, p.u.
    LeastVoltage,
    MostVoltage,
    /// Of a feeder's line, MW.
    Power,
    /// Of a feeder's line, MVA.
    ApparentPower,
    /// What a DSO draws, MW.
    LeastImport,
    MostImport,
    /// Of what a battery holds at the end of the day, MWh.
    FinalEnergy,
}

/// Why a program has no answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unserved {
    /// Name of the program.
    pub program: String,
    pub kept: Kept,
    /// Where the least gives way.
    pub giving_way: Vec<GivingWay>,
}

/// The limits that cannot all be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kept {
    /// All of a dispatch.
    All,
    /// Those of the feeders, whatever transmission does.
    Feeders,
    /// Those of the feeder of a DSO that keeps its planned import.
    PlannedImport,
}

/// Limits named at most.
const NAMED: usize = 4;

/// What has to give way least of the limits that `find` knows, with MW per unit of the program where that
/// is what a limit counts in; nothing where none of them helps.
pub fn giving_way(
    model: &Model,
    find: impl Fn(Limit) -> Option<(GivingWay, f64)>,
) -> Vec<GivingWay> {
    let found = relax_among(model, any_solver, |limit| find(limit).is_some());
    let mut list: Vec<GivingWay> = Vec::new();
    for moved in &found.relaxations {
        let Some((mut own, scale)) = find(moved.limit) else {
            continue;
        };
        own.amount = moved.amount * scale;
        let same = |known: &&mut GivingWay| {
            (known.limit, &known.id, known.slot) == (own.limit, &own.id, own.slot)
        };
        match list.iter_mut().find(same) {
            Some(known) => known.amount = known.amount.max(own.amount),
            None => list.push(own),
        }
    }
    list.truncate(NAMED);
    list
}
