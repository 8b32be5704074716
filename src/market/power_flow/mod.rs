//! AC power flow of the feeders: what lines carry and lose, and which voltages the buses have, at loads that are
//! given. Nobody trades; it is asked by the contract of the markets, so that it has their form, sweeps and links.
//!
//! With the complex voltage V of a bus, the current I of the line z = r + jx above it (p.u. on 1 MVA) and what the
//! bus injects, s = g − k (p + jq) with the load p + jq of the case, the load factor k and a generation g:
//!
//! ```text
//! V_j = V_i − z_j I_j,        V at the substation as given
//! V_j I_j* + s_j = Σ_{m below j} V_j I_m*
//! losses = Σ_j z_j |I_j|²
//! ```
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | k | `PowerFlow::load_factor` | 1 | |
//! | g | `PowerFlow::generation_mw` | MW | bus |
//! | \|V\| | `SweepFlow::v_pu` | p.u. | bus |
//! | V_i I_j*, V_j I_j* | `LineFlow::p_sent_mw`, … | MW, Mvar | line |

mod inputs;
mod outcome;
mod params;
mod report;
mod solve;

pub use outcome::{Flow, Outcome};
pub use params::PowerFlow;

use crate::case::{Case, Problem};
use crate::inputs::{Fields, Section};
use crate::market::{Context, Contract, Failure, View};
use crate::report::Report;
use crate::report::plots::{Picture, picture};
use crate::report::units::Units;
use crate::report::{Role, words};

impl Contract for PowerFlow {
    const KIND: &'static str = "power_flow";
    const OPEN_MAPS: &'static [&'static str] = &["mechanism.generation_mw"];
    const PICTURES: &'static [Picture] = &[
        picture(
            "voltage",
            "Least and greatest voltage",
            ("voltage", "p.u.", false),
            &[
                ("least_v", Role::Line, false),
                ("greatest_v", Role::Reference, true),
            ],
        ),
        picture(
            "losses",
            "Losses",
            ("losses", "kW", true),
            &[("loss_kw", Role::Load, false)],
        ),
    ];
    const UNITS: Units = &[
        ("MW", "kW", 1e3),
        ("Mvar", "kvar", 1e3),
        ("MVA", "kVA", 1e3),
    ];
    type Outcome = Outcome;
    type Prepared = ();

    fn complete_view(&self, case: &Case, view: &mut View) {
        if let Some(first) = case.feeders.first() {
            view.feeder.get_or_insert_with(|| first.id.clone());
        }
    }

    fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section> {
        inputs::inputs(fields, case)
    }

    /// There is none of its own: it stands beside the balancing market.
    fn module(&self) -> &'static str {
        "residual_supply"
    }

    fn physics(&self) -> Vec<&'static str> {
        vec!["Feeders follow the AC power flow."]
    }

    fn check(&self, case: &Case) -> Vec<Problem> {
        if case.feeders.is_empty() {
            return vec![Problem::error(
                "case.feeders",
                "The case has no feeder. The AC power flow is that of radial feeders: add one, or open a case that has some.",
            )];
        }
        let buses = || case.feeders.iter().flat_map(|f| &f.buses);
        let known = |id: &str| buses().any(|bus| bus.id == id);
        let unknown = self.generation_mw.keys().filter(|id| !known(id));
        unknown
            .map(|id| {
                let field = format!("mechanism.generation_mw.{id}");
                let message = format!("No feeder has a bus \"{id}\". Name a bus of a feeder.");
                Problem::error(field, message)
            })
            .collect()
    }

    fn check_view(&self, case: &Case, view: &View) -> Vec<Problem> {
        let shown = view.feeder.as_deref().unwrap_or_default();
        if shown.is_empty() || case.feeders.iter().any(|f| f.id == shown) {
            return Vec::new();
        }
        let known: Vec<String> = case.feeders.iter().take(6).map(|f| f.id.clone()).collect();
        let message = format!(
            "There is no feeder \"{shown}\". Choose {}.",
            words::listed(&known)
        );
        vec![Problem::error("view.feeder", message)]
    }

    fn solve(&self, case: &Case, _context: &Context<Self>) -> Result<Outcome, Failure> {
        solve::solve(case, self)
    }

    fn report(&self, case: &Case, outcome: &Outcome, view: &View) -> Report {
        report::report(case, self, outcome, view)
    }

    fn lp_file(&self, _case: &Case, _step: usize) -> Result<String, Failure> {
        Err(
            "A power flow is a system of equations and no linear program: there is no LP file."
                .into(),
        )
    }
}
