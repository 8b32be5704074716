//! Limits after losses that are tried in one program, of one interval or of several.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::limit::{Limit, Outage};
use super::outages::Loss;
use super::screening::{Found, Screened, TOLERANCE_MW, known, limit_of, limit_of_cut, screen};
use super::system::System;

/// Distance from a limit, relative, from which on a flow is near it.
const NEAR: f64 = 1e-3;

/// One of them, and which of its sides are rows, by interval.
struct One {
    line: usize,
    outage: Outage,
    limit: Limit,
    rows: Vec<[bool; 2]>,
}

/// What is tried so far.
pub struct Tried {
    known: BTreeSet<(usize, Loss)>,
    all: Vec<One>,
}

impl Tried {
    /// Nothing beside the limits of the system.
    pub fn new(system: &System) -> Tried {
        Tried {
            known: known(&system.limits),
            all: Vec::new(),
        }
    }

    /// Shows the sides that flows, by interval, exceed and that are no rows yet, with their intervals: of what is tried,
    /// and where there are none, of the losses that exceed every line most.
    pub fn exceeded(
        &mut self,
        system: &System,
        flows_mw: &[Vec<f64>],
        mut see: impl FnMut(usize, &Limit, bool),
    ) {
        let tolerance = system.tolerance_mw(TOLERANCE_MW);
        let mut enter = |one: &mut One| -> bool {
            let mut any = false;
            for (n, flows) in flows_mw.iter().enumerate() {
                let flow = one.limit.flow_mw(flows);
                let upper = one.limit.side_of(flow);
                let row = &mut one.rows[n][usize::from(upper)];
                if !*row && one.limit.loaded_mw(flow) - one.limit.max_p_mw > tolerance {
                    *row = true;
                    any = true;
                    see(n, &one.limit, upper);
                }
            }
            any
        };
        let mut any = false;
        for one in &mut self.all {
            any |= enter(one);
        }
        if any {
            return;
        }
        let flows: Vec<&[f64]> = flows_mw.iter().map(Vec::as_slice).collect();
        let Screened { exceeded, .. } = screen(system, &flows, &self.known);
        for beyond in exceeded {
            let outage = Outage {
                lost: beyond.lost,
                share: beyond.share,
                place: system.place_of(beyond.lost),
            };
            let limit = match &beyond.cut {
                Some(cut) => limit_of_cut(system, cut),
                None => Some(limit_of(system, beyond.limit, outage)),
            };
            let Some(limit) = limit else { continue };
            // One loss may exceed a line in both directions, in one interval and another.
            if limit.cut.is_some() || self.known.insert((limit.branch, beyond.lost)) {
                let mut one = One {
                    line: beyond.limit,
                    outage,
                    limit,
                    rows: vec![[false; 2]; flows_mw.len()],
                };
                enter(&mut one);
                self.all.push(one);
            }
        }
    }

    /// Those that some of the flows are near, or beyond; all, where there are none.
    pub fn near(&self, flows_mw: Option<&[Vec<f64>]>) -> Found {
        let is_near = |one: &&One| {
            let most = one.limit.max_p_mw;
            let from = most - NEAR * (1.0 + most);
            let loaded = |flows: &Vec<f64>| one.limit.loaded_mw(one.limit.flow_mw(flows));
            let near = |flows: &Vec<f64>| loaded(flows) >= from;
            flows_mw.is_none_or(|flows| flows.iter().any(near))
        };
        let mut found = Found::default();
        for one in self.all.iter().filter(is_near) {
            match &one.limit.cut {
                Some(cut) => found.cuts.push(Rc::clone(cut)),
                None => {
                    let key = (one.line, one.outage.lost);
                    found.pairs.insert(key, one.outage.share);
                }
            }
        }
        found
    }
}
