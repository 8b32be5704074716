//! The clearing within the limits of the feeders.
//!
//! ```text
//! max  Σ_j V_j(Q_j) − P^a Σ_f g_f
//! s.t. every feeder f with Q_j at the bus of j and g_f at its root   ↔ λ_i
//!      −G_f ≤ g_f ≤ G_f, the limit where it meets transmission
//!      0 ≤ Σ_j Q_j ≤ C                                              ↔ μ
//! ```
//!
//! The price at a community is λ at its bus + μ: P^a, what limits add, and what sharing takes off.
//! The LSE keeps Σ p_j Q_j − P^a Σ Q_j. Eq. `[theisen2024]`(3.5), not in the paper.

use crate::market::Failure;
use crate::network::formulation::Injected;
use crate::network::formulation::feeder::{self, Physics};
use crate::opt::{self, Certificate, Model, Row, Solution, Var, certify, simplex, solve_priced};

use super::bid::Bid;
use super::clearing::{Cleared, Kind, Supply, finish};
use super::network::{KW_PER_MW, Network};

/// A clearing within the limits, with the price at each community, $/kWh.
#[derive(Clone, Debug)]
pub struct Within {
    pub cleared: Cleared,
    pub usd_per_kwh: Vec<f64>,
    /// Spilled less not served at each, kW.
    pub lost_kw: Vec<f64>,
    /// At the substation, before any limit, $/kWh.
    pub root_usd_per_kwh: f64,
    /// Worth of each bid less what its energy costs the LSE, $/h; losses are not counted.
    pub parts_usd_per_h: Vec<f64>,
    /// The program's optimum and its prices against the program.
    pub certificate: Certificate,
}

impl Network<'_> {
    /// Clears within the limits; `None` where the feeders' own loads break them.
    ///
    /// # Errors
    /// A sentence when the program cannot be solved.
    pub fn clear(
        &self,
        bids: &[Bid],
        supply: &Supply,
        t: usize,
        physics: Physics,
    ) -> Result<Option<Within>, Failure> {
        let all = [(0..bids.len()).collect()];
        let program = self.write(bids, supply, t, physics, &all);
        let solved = match solve_priced(&program.model) {
            Err(opt::Failure::Infeasible) => return Ok(None),
            solved => solved.map_err(|why| unsolved(t, &why))?,
        };
        self.read(bids, supply, &program, &solved).map(Some)
    }

    /// Worth of each bid less what its energy costs the LSE, $/h, where communities deliver to each other
    /// within their group only; the LSE has its capacity for each group. Losses are not counted.
    ///
    /// # Errors
    /// As [`Network::clear`].
    pub fn parts_usd_per_h(
        &self,
        bids: &[Bid],
        supply: &Supply,
        t: usize,
        physics: Physics,
        groups: &[Vec<usize>],
    ) -> Result<Option<Vec<f64>>, Failure> {
        let program = self.write(bids, supply, t, physics, groups);
        let solved = match physics {
            Physics::BranchFlow => solve_priced(&program.model),
            _ => simplex::solve(&program.model),
        };
        match solved {
            Err(opt::Failure::Infeasible) => Ok(None),
            solved => {
                let solved = solved.map_err(|why| unsolved(t, &why))?;
                Ok(Some(program.parts_usd_per_h(bids, supply, &solved.x)))
            }
        }
    }

    /// What a solved program says.
    fn read(
        &self,
        bids: &[Bid],
        supply: &Supply,
        program: &Program,
        solved: &Solution,
    ) -> Result<Within, Failure> {
        let Some(duals) = &solved.duals else {
            return Err("the clearing within the feeder has no prices".into());
        };
        let at = |v: &Var| solved.x[v.0];
        let quantity = program.quantity_kw(bids, &solved.x);
        let mut usd_per_kwh = vec![0.0; bids.len()];
        let common = program.sums.first().map_or(0.0, |sum| duals.rows[sum.0]);
        for (price, balance) in usd_per_kwh.iter_mut().zip(&program.balance) {
            *price = (duals.rows[balance.0] + common) / KW_PER_MW;
        }
        let parts_usd_per_h = program.parts_usd_per_h(bids, supply, &solved.x);
        let lost_kw = program
            .lost
            .iter()
            .map(|(u, s)| KW_PER_MW * (at(s) - at(u)));
        let lost_kw = lost_kw.collect();
        let lost: f64 = program.lost.iter().map(|(u, s)| at(u) - at(s)).sum();
        let total = quantity.iter().sum::<f64>() - KW_PER_MW * lost;
        let mut cleared = finish(bids, supply, quantity);
        cleared.lse_kw = total.max(0.0);
        cleared.unserved_kw = KW_PER_MW * program.lost.iter().map(|(u, _)| at(u)).sum::<f64>();
        cleared.spill_kw = KW_PER_MW * program.lost.iter().map(|(_, s)| at(s)).sum::<f64>();
        // The mean of what communities pay stands for the price.
        let weights: Vec<f64> = cleared.quantity_kw.iter().map(|q| q.abs()).collect();
        let weight: f64 = weights.iter().sum();
        if weight > 0.0 {
            let sum: f64 = usd_per_kwh.iter().zip(&weights).map(|(p, w)| p * w).sum();
            cleared.usd_per_kwh = sum / weight;
        }
        let ends = usd_per_kwh.iter().copied();
        cleared.interval = (
            ends.clone().fold(f64::INFINITY, f64::min),
            ends.fold(f64::NEG_INFINITY, f64::max),
        );
        let (low, high) = cleared.interval;
        let short = cleared.unserved_kw > 1e-6 || low > supply.lse_usd_per_kwh + 1e-9;
        if short {
            cleared.kind = Kind::Shortage;
        } else if high - low > 1e-9 {
            cleared.kind = Kind::Congested;
        }
        Ok(Within {
            cleared,
            usd_per_kwh,
            lost_kw,
            root_usd_per_kwh: supply.lse_usd_per_kwh + common / KW_PER_MW,
            parts_usd_per_h,
            certificate: certify(
                "clearing within the limits",
                &program.model,
                &solved.x,
                Some(duals),
            ),
        })
    }

    /// The limit where a feeder meets transmission, MW; infinite where its bids come nowhere near.
    fn reached_mw(&self, f: usize, bids: &[Bid], t: usize) -> f64 {
        let most = self.feeders[f].most_mw();
        let own = bids
            .iter()
            .zip(&self.place)
            .filter(|(_, place)| place.0 == f);
        let widest = own.map(|(b, _)| b.min_kw.abs().max(b.max_kw().abs()) / KW_PER_MW);
        let loads = self.loads(f, t, None);
        let base: f64 = loads.iter().map(|load| load.0.abs()).sum();
        match 1.2 * (base + widest.sum::<f64>()) < most {
            true => f64::INFINITY,
            false => most,
        }
    }

    /// Writes the program.
    pub fn write(
        &self,
        bids: &[Bid],
        supply: &Supply,
        t: usize,
        physics: Physics,
        groups: &[Vec<usize>],
    ) -> Program {
        let mut model = Model::new(format!(
            "community clearing within the feeder, interval {}",
            t + 1
        ));
        let free = f64::INFINITY;
        let pa = supply.lse_usd_per_kwh * KW_PER_MW;
        let mut injected = Vec::with_capacity(self.feeders.len());
        for (f, part) in self.feeders.iter().enumerate() {
            let loads = self.loads(f, t, None).into_iter();
            let most = self.reached_mw(f, bids, t);
            let root = model.var(self.named("import", f), -most, most, pa);
            let mut own: Vec<Injected> = loads
                .map(|(p, q)| Injected {
                    p_mw: -p,
                    q_mvar: -q,
                    ..Injected::default()
                })
                .collect();
            own[part.tree.root].p.push((root, 1.0));
            injected.push(own);
        }
        let (mut steps, mut lost) = (Vec::new(), Vec::new());
        let mut rows = vec![(Vec::new(), 0.0); groups.len()];
        for (j, bid) in bids.iter().enumerate() {
            let (f, bus) = self.place[j];
            let place = &mut injected[f][bus];
            let name = &self.system.members[j].id;
            let own: Vec<Var> = bid
                .steps
                .iter()
                .enumerate()
                .map(|(k, s)| {
                    let cost = -s.usd_per_kwh * KW_PER_MW;
                    model.var(format!("{name}[{k}]"), 0.0, s.width_kw / KW_PER_MW, cost)
                })
                .collect();
            let cap = supply.cap_usd_per_kwh * KW_PER_MW;
            let unserved = model.var(format!("unserved[{name}]"), 0.0, free, cap);
            let floor = supply.floor_usd_per_kwh() * KW_PER_MW;
            let spill = model.var(format!("spill[{name}]"), 0.0, free, -floor);
            place.p_mw -= bid.min_kw / KW_PER_MW;
            place.p.extend(own.iter().map(|v| (*v, -1.0)));
            place.p.extend([(unserved, 1.0), (spill, -1.0)]);
            if let Some(g) = groups.iter().position(|group| group.contains(&j)) {
                let (row, base) = &mut rows[g];
                row.extend(own.iter().map(|v| (*v, -1.0)));
                row.extend([(unserved, 1.0), (spill, -1.0)]);
                *base += bid.min_kw / KW_PER_MW;
            }
            steps.push(own);
            lost.push((unserved, spill));
        }
        let flows: Vec<feeder::FeederFlow> = self
            .feeders
            .iter()
            .zip(&injected)
            .enumerate()
            .map(|(f, (part, own))| {
                let tag = self.named("", f);
                feeder::add(&mut model, part.feeder, &part.tree, physics, own, &tag)
            })
            .collect();
        // 0 ≤ Σ Q ≤ C, with −Σ(steps) on the left.
        let mut sums = Vec::with_capacity(rows.len());
        for (mut row, base) in rows {
            let lse = model.var("LSE", 0.0, supply.capacity_kw / KW_PER_MW, 0.0);
            row.push((lse, 1.0));
            sums.push(model.row("communities", row, base, base));
        }
        let balance = self.place.iter().map(|&(f, bus)| flows[f].balance_p[bus]);
        let balance = balance.collect();
        Program {
            balance,
            flows,
            model,
            steps,
            lost,
            sums,
        }
    }
}

/// The worse of two proofs.
pub fn worse(worst: Option<Certificate>, proof: Certificate) -> Option<Certificate> {
    match worst {
        Some(worst)
            if (!worst.certified || proof.certified)
                && (worst.certified != proof.certified || proof.gap.abs() <= worst.gap.abs()) =>
        {
            Some(worst)
        }
        _ => Some(proof),
    }
}

fn unsolved(t: usize, why: &opt::Failure) -> Failure {
    format!(
        "the clearing of interval {} within the feeder: {why}",
        t + 1
    )
    .into()
}

/// The program of an interval within the limits, in MW and $/MWh.
pub struct Program {
    pub model: Model,
    pub steps: Vec<Vec<Var>>,
    /// Unserved and spilled at every community.
    pub lost: Vec<(Var, Var)>,
    /// Σ Q = Q_LSE of every group.
    pub sums: Vec<Row>,
    /// Of the bus of every community.
    pub balance: Vec<Row>,
    /// By feeder.
    pub flows: Vec<feeder::FeederFlow>,
}

impl Program {
    /// What each takes, kW. What is not served does not flow, what is spilled does not either.
    fn quantity_kw(&self, bids: &[Bid], x: &[f64]) -> Vec<f64> {
        let each = bids.iter().zip(&self.steps).map(|(bid, own)| {
            let steps: f64 = own.iter().map(|v| x[v.0]).sum();
            let kw = bid.min_kw + KW_PER_MW * steps;
            if kw.abs() < 1e-6 { 0.0 } else { kw }
        });
        each.collect()
    }

    /// Worth of each bid less what its energy costs the LSE, $/h.
    fn parts_usd_per_h(&self, bids: &[Bid], supply: &Supply, x: &[f64]) -> Vec<f64> {
        let quantity = self.quantity_kw(bids, x);
        let parts = bids.iter().zip(&quantity).zip(&self.lost);
        let parts = parts.map(|((bid, kw), (u, s))| {
            let (unserved, spilled) = (KW_PER_MW * x[u.0], KW_PER_MW * x[s.0]);
            let bought = kw - unserved + spilled;
            bid.value_usd_per_h(*kw)
                - supply.lse_usd_per_kwh * bought
                - supply.cap_usd_per_kwh * unserved
                + supply.floor_usd_per_kwh() * spilled
        });
        parts.collect()
    }
}
