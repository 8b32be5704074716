//! The lower level on the branch-flow cone of the feeder: losses, reactive power and voltages.
//!
//! Rows of the feeder by [`feeder`](crate::network::formulation::feeder), with every limit softened at
//! the price V of an overload as in the linear market (V per MW of a line, and per MW that would
//! cure a voltage):
//!
//! ```text
//! min  Σ_k (α_k u_k − β_k w_k) + π^u r − π^d s + V Σ_l ζ_l
//!      P_root = P⁰_root + r − s            import of the feeder
//!      branch flow with load − (u − w)     ↔ λ_n at every bus
//! DLMP_k = λ at the bus of k
//! ```
//!
//! P⁰_root is the import of the hour's load without its imbalance, by AC power flow: the TSO sells and
//! buys the change of the *import*, and with it what activation and imbalance change of the losses.
//!
//! A cone that is not tight burns power that no line would. What it says is then a relaxation: the
//! dispatch is no power flow, its prices are no prices of one, and it is not called certified.
//!
//! Section `[bsp]`(4.9) of the model notes.

use std::cell::RefCell;
use std::rc::Rc;

use crate::case::Feeder;
use crate::market::Failure;
use crate::network::distflow_rows::State;
use crate::network::formulation::Injected;
use crate::network::formulation::feeder::{self, FeederFlow, FeederLimit, Physics};
use crate::network::formulation::parts::{FeederParts, pulls};
use crate::network::formulation::recovery::{EXACT_MVA, Part};
use crate::network::{Radial, SweepFlow, sweep};
use crate::opt::conic::Session;
use crate::opt::{Certificate, Limit, Model, Row, Solution, Var, certify};

/// An interior point is this near to the bound that it means, MW.
const AT_BOUND_MW: f64 = 1e-6;

/// The feeder of all hours.
pub struct Grid {
    pub feeder: Feeder,
    pub tree: Radial,
    /// Bus of each resource.
    pub at: Vec<usize>,
    pub max_exchange_mw: Option<f64>,
}

/// What an hour brings to its program, MW, Mvar and $/MWh.
pub struct Terms<'a> {
    pub load_mw: &'a [f64],
    pub load_mvar: &'a [f64],
    /// The load without imbalance.
    pub schedule_mw: &'a [f64],
    /// Of resources, upwards and downwards.
    pub max_mw: [&'a [f64]; 2],
    pub tso_up: f64,
    pub tso_down: f64,
    pub overload: f64,
    /// Squared voltage of a bus per MW of its limit, p.u.
    pub unit: &'a dyn Fn(usize) -> f64,
}

/// What is taken in a cleared hour, MW: upwards and downwards, from and to the TSO.
pub struct Taken {
    pub mw: [Vec<f64>; 2],
    pub tso_mw: [f64; 2],
    pub flow: ConeFlow,
}

impl Grid {
    /// AC power flow of a load with net activations.
    ///
    /// # Errors
    /// The power flow does not settle.
    pub fn sweep(
        &self,
        load_mw: &[f64],
        load_mvar: &[f64],
        net_mw: &[f64],
    ) -> Result<SweepFlow, Failure> {
        let loads = load_mw.iter().zip(load_mvar);
        let mut injected: Vec<(f64, f64)> = loads.map(|(p, q)| (-p, -q)).collect();
        for (&bus, a) in self.at.iter().zip(net_mw) {
            injected[bus].0 += a;
        }
        Ok(sweep(&self.tree, self.feeder.root_v_pu, &injected)?)
    }
}

/// The program of one hour, solved again with other bids and capacities.
pub struct Cone {
    pub grid: Rc<Grid>,
    pub(super) session: RefCell<Session>,
    pub(super) up: Vec<Var>,
    pub(super) down: Vec<Var>,
    pub(super) tso_up: Var,
    pub(super) tso_down: Var,
    /// Its limits are those that may be exceeded.
    pub(super) flow: FeederFlow,
    /// Limits of the exchange, with +1 where it is that of the import.
    boundary: Vec<(Row, f64)>,
    injected: Vec<Injected>,
    /// What may be exceeded, and the unit of the limit per MW of the variable.
    over: Vec<(Var, FeederLimit, f64)>,
    /// Power flow of the load without imbalance.
    pub schedule: SweepFlow,
}

/// What the cone says of the feeder in a cleared hour.
#[derive(Clone, Debug)]
pub struct ConeFlow {
    /// By bus, $/MWh.
    pub price: Vec<f64>,
    pub v_pu: Vec<f64>,
    /// Entering the line above each bus, at the root the import, MW and Mvar.
    pub p_mw: Vec<f64>,
    pub q_mvar: Vec<f64>,
    pub loss_mw: f64,
    /// Over limits of lines and the boundary, MW, and of voltages, the worst bus, p.u.².
    pub overload_mw: f64,
    pub voltage_over_pu2: f64,
    /// Most that a line burns beyond its losses, MVA.
    pub burnt_mva: f64,
    /// What the prices are made of, and what of that at the root is of the limit of the boundary, $/MWh.
    pub parts: FeederParts,
    pub boundary_usd: f64,
    /// What a MW more of the limit of active power of the line above each bus saves, $/MWh; `None` without one.
    pub shadow: Vec<Option<f64>>,
    pub certificate: Certificate,
}

impl ConeFlow {
    /// Its certificate under a name, which says where the answer is a relaxation.
    pub fn certified(&self, name: String) -> Certificate {
        let kind = match self.is_tight() {
            true => "on the cone",
            false => "relaxation, the cone is not tight",
        };
        Certificate {
            solve: format!("{name}, {kind}"),
            ..self.certificate.clone()
        }
    }

    /// Flows and voltages, losses counted.
    pub fn state(&self) -> State {
        State {
            p_mw: self.p_mw.clone(),
            q_mvar: self.q_mvar.clone(),
            w_pu2: self.v_pu.iter().map(|v| v * v).collect(),
        }
    }

    /// Whether currents are those of a power flow.
    pub fn is_tight(&self) -> bool {
        self.burnt_mva <= EXACT_MVA
    }
}

impl std::fmt::Debug for Cone {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("Cone")
    }
}

/// Lets every limit of the feeder be exceeded at a price; limits of voltages in the units of the
/// linear rows. The limits of `flow` are then those rows.
fn soften(model: &mut Model, terms: &Terms, flow: &mut FeederFlow) -> Vec<(Var, FeederLimit, f64)> {
    let free = f64::INFINITY;
    let (mut over, mut soft) = (Vec::new(), Vec::new());
    let mut both_ends = (usize::MAX, Var(0));
    for &(limit, of) in &flow.limits {
        let scale = match of {
            FeederLimit::LeastVoltage(j) | FeederLimit::MostVoltage(j) => (terms.unit)(j),
            FeederLimit::Power(_) | FeederLimit::ApparentPower(_) => 1.0,
        };
        let (var, bound, sign) = match limit {
            Limit::VarLower(var) => (var, model.vars()[var.0].lower, 1.0),
            Limit::VarUpper(var) => (var, model.vars()[var.0].upper, -1.0),
            Limit::Cone(k) => {
                // Both ends of a line share what it carries too much.
                if let FeederLimit::ApparentPower(j) = of
                    && both_ends.0 != j
                {
                    both_ends = (j, model.var(format!("over {k}"), 0.0, free, terms.overload));
                    over.push((both_ends.1, of, scale));
                }
                model.loosen(k, both_ends.1);
                soft.push((limit, of));
                continue;
            }
            _ => continue,
        };
        if bound.is_finite() {
            let name = format!("over {}{sign:+}", model.vars()[var.0].name);
            let slack = model.var(name.clone(), 0.0, free, terms.overload);
            let row = model.row(name, [(var, sign), (slack, scale)], sign * bound, free);
            over.push((slack, of, scale));
            soft.push((Limit::RowLower(row), of));
        }
    }
    for &(limit, of) in &flow.limits {
        if let Limit::VarLower(var) = limit {
            let voltage = matches!(of, FeederLimit::LeastVoltage(_));
            model.set_bounds(var, if voltage { 0.0 } else { -free }, free);
        }
    }
    flow.limits = soft;
    over
}

impl Cone {
    /// Writes the program of an hour.
    ///
    /// # Errors
    /// The schedule has no power flow.
    pub fn new(grid: &Rc<Grid>, terms: &Terms) -> Result<Cone, Failure> {
        let rest = vec![0.0; grid.at.len()];
        let schedule = grid.sweep(terms.schedule_mw, terms.load_mvar, &rest)?;
        let free = f64::INFINITY;
        let mut model = Model::new("market of the DSO on the cone");
        let mut volumes = |name: &str, most: &[f64]| -> Vec<Var> {
            let all = most.iter().enumerate();
            all.map(|(k, most)| model.var(format!("{name}[{k}]"), 0.0, *most, 0.0))
                .collect()
        };
        let (up, down) = (
            volumes("up", terms.max_mw[0]),
            volumes("down", terms.max_mw[1]),
        );
        let tso_up = model.var("tso_up", 0.0, free, terms.tso_up);
        let tso_down = model.var("tso_down", 0.0, free, -terms.tso_down);
        let loads = terms.load_mw.iter().zip(terms.load_mvar);
        let mut injected: Vec<Injected> = loads
            .map(|(p, q)| Injected {
                p_mw: -p,
                q_mvar: -q,
                ..Injected::default()
            })
            .collect();
        for ((&bus, &up), &down) in grid.at.iter().zip(&up).zip(&down) {
            injected[bus].p.extend([(up, 1.0), (down, -1.0)]);
        }
        let root = &mut injected[grid.tree.root];
        root.p.extend([(tso_up, 1.0), (tso_down, -1.0)]);
        root.p_mw += schedule.import_p_mw;
        let (feeder, tree) = (&grid.feeder, &grid.tree);
        let mut flow = feeder::add(&mut model, feeder, tree, Physics::BranchFlow, &injected, "");
        let mut over = soften(&mut model, terms, &mut flow);
        let mut boundary = Vec::new();
        if let Some(most) = grid.max_exchange_mw {
            for sign in [1.0, -1.0] {
                let name = format!("over boundary{sign:+}");
                let slack = model.var(name.clone(), 0.0, free, terms.overload);
                let change = [(tso_up, -sign), (tso_down, sign), (slack, 1.0)];
                let right = sign * schedule.import_p_mw - most;
                boundary.push((model.row(name, change, right, free), sign));
                over.push((slack, FeederLimit::Power(tree.root), 1.0));
            }
        }
        Ok(Cone {
            grid: Rc::clone(grid),
            session: RefCell::new(Session::new(model)?),
            up,
            down,
            tso_up,
            tso_down,
            flow,
            boundary,
            injected,
            over,
            schedule,
        })
    }

    /// Clears the hour with these bids, and with capacities that may be less than its own.
    ///
    /// # Errors
    /// A sentence when the program cannot be solved.
    pub fn clear(&self, most_mw: [&[f64]; 2], bids: [&[f64]; 2]) -> Result<Taken, Failure> {
        let mut session = self.session.borrow_mut();
        self.put(&mut session, most_mw, bids);
        let solution = session.solve()?;
        let near = |var: Var, most: f64| -> f64 {
            let x = solution.x[var.0];
            match (x < AT_BOUND_MW, x > most - AT_BOUND_MW) {
                (true, _) => 0.0,
                (_, true) => most,
                _ => x,
            }
        };
        let all = |side: usize| -> Vec<f64> {
            let both = [&self.up, &self.down][side].iter().zip(most_mw[side]);
            both.map(|(var, most)| near(*var, *most)).collect()
        };
        Ok(Taken {
            mw: [all(0), all(1)],
            tso_mw: [self.tso_up, self.tso_down].map(|var| near(var, f64::INFINITY)),
            flow: self.read(session.model(), &solution),
        })
    }

    /// Writes capacities and bids into the program.
    pub(super) fn put(&self, session: &mut Session, most_mw: [&[f64]; 2], bids: [&[f64]; 2]) {
        let sides = [(&self.up, 1.0), (&self.down, -1.0)];
        for (side, (vars, sign)) in sides.into_iter().enumerate() {
            for (k, &var) in vars.iter().enumerate() {
                session.set_bounds(var, 0.0, most_mw[side][k]);
                session.set_cost(var, sign * bids[side][k]);
            }
        }
    }

    /// Rows of the limits of active power of the line above bus `j`.
    pub(super) fn limits_of(&self, j: usize) -> impl Iterator<Item = Row> {
        let own = self.flow.limits.iter();
        own.filter_map(move |(limit, of)| match (limit, of) {
            (Limit::RowLower(row), FeederLimit::Power(at)) if *at == j => Some(*row),
            _ => None,
        })
    }

    fn read(&self, model: &Model, solution: &Solution) -> ConeFlow {
        let x = &solution.x;
        let (feeder, tree) = (&self.grid.feeder, &self.grid.tree);
        let buses = 0..feeder.buses.len();
        let value = |vars: &[Option<Var>]| -> Vec<f64> {
            vars.iter().map(|v| v.map_or(0.0, |v| x[v.0])).collect()
        };
        let part = Part {
            feeder,
            tree,
            flow: &self.flow,
            injected: &self.injected,
        };
        let losses = tree.above.iter().enumerate();
        let losses =
            losses.map(|(j, above)| above.map_or(0.0, |above| above.r_pu * self.flow.l_pu(x, j)));
        let exceeded = |voltage: bool| {
            let of = self.over.iter().filter(move |(_, of, _)| {
                let of = matches!(
                    of,
                    FeederLimit::LeastVoltage(_) | FeederLimit::MostVoltage(_)
                );
                of == voltage
            });
            let each = of.map(|&(var, _, scale)| x[var.0] * scale);
            each.filter(|over| *over > AT_BOUND_MW)
        };
        let mut p_mw = value(&self.flow.p);
        let change = x[self.tso_up.0] - x[self.tso_down.0];
        p_mw[tree.root] = self.schedule.import_p_mw + change;
        let burnt_mva = part.largest_excess_mva(x);
        let mut certificate = certify(model.name(), model, x, solution.duals.as_ref());
        certificate.certified &= burnt_mva <= EXACT_MVA;
        let duals = solution.duals.as_ref();
        let price = |row: &Row| duals.map_or(f64::NAN, |duals| duals.rows[row.0]);
        let parts = duals.map_or_else(FeederParts::default, |duals| {
            FeederParts::new(model, duals, &pulls(model, duals), (tree, &self.flow))
        });
        let rent = |j: usize| {
            self.limits_of(j)
                .map(|row| price(&row))
                .reduce(|a, b| a + b)
        };
        let of_boundary = self.boundary.iter().map(|(row, sign)| sign * price(row));
        ConeFlow {
            parts,
            boundary_usd: of_boundary.sum(),
            shadow: buses.clone().map(rent).collect(),
            price: self.flow.balance_p.iter().map(price).collect(),
            v_pu: buses
                .map(|j| self.flow.voltage_pu(feeder, tree, x, j))
                .collect(),
            p_mw,
            q_mvar: value(&self.flow.q),
            loss_mw: losses.sum(),
            overload_mw: exceeded(false).sum(),
            voltage_over_pu2: exceeded(true).fold(0.0, f64::max),
            burnt_mva,
            certificate,
        }
    }
}
