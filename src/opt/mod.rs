//! How is it optimised? Pure mathematics: this layer knows no power system.
//!
//! # The program
//!
//! ```text
//! minimise    f(x) = constant + Σ_j c_j x_j + Σ_(i≤j) q_ij x_i x_j
//! subject to  lower_i ≤ Σ_j a_ij x_j ≤ upper_i        rows        ↔ y_i
//!             lower_j ≤ x_j ≤ upper_j                 bounds      ↔ z_j
//!             F_k x + g_k in the second-order cone    cones       ↔ u_k
//!             x_j whole for some j
//! ```
//!
//! The second-order cone holds the vectors whose first entry is at least the Euclidean
//! norm of the others. At an optimum of the continuous program
//!
//! ```text
//! ∂f/∂x_j = Σ_i a_ij y_i + Σ_k (F_kᵀ u_k)_j + z_j
//! ```
//!
//! # Signs
//!
//! Always a minimisation; a multiplier is the derivative of the optimal cost in the limit.
//!
//! | what is tight        | multiplier        | meaning                                   |
//! |----------------------|-------------------|-------------------------------------------|
//! | row, upper limit     | y_i ≤ 0           | one more unit of limit lowers the cost    |
//! | row, lower limit     | y_i ≥ 0           | one more unit asked for raises the cost   |
//! | row, equality        | y_i of any sign   | cost of one more unit on the right        |
//! | row, neither         | y_i = 0           |                                           |
//! | variable, lower bound | z_j ≥ 0          | cost of forcing one more unit in          |
//! | variable, upper bound | z_j ≤ 0          | what one more unit would save             |
//! | variable, both       | z_j of any sign   |                                           |
//! | variable, neither    | z_j = 0           |                                           |
//! | cone k               | u_k in the cone   | −g_k·u_k is its part of the dual cost     |
//!
//! # Prices at ties
//!
//! Optimal multipliers need not be unique. A price is then the cost of the *next* unit in
//! a stated direction, and the interval of all optimal prices is there to be shown beside
//! it: [`DualFace`].
//!
//! # Who solves what
//!
//! | model                                      | call                                    |
//! |--------------------------------------------|-----------------------------------------|
//! | linear, small or with lazy rows; integers  | [`simplex::solve`], [`simplex::solve_lazy`]; prices from [`DualFace`] |
//! | linear, again and again with other data    | [`parametric::Atlas`]                   |
//! | costs that bend, exactly                   | [`quadratic::solve`], [`quadratic::solve_lazy`]; prices from [`DualFace`] |
//! | quadratic, cones, large sparse linear      | [`conic::solve`]; duals with the solution |
//! | the same again with other limits and costs | [`conic::Session`]                      |
//! | near a known optimum of the same, with cones | [`conic::solve_from`]                |
//! | continuous, whatever it is, with prices    | [`solve_priced`]                        |
//! | many binaries, or binaries with cones      | [`diving::solve`]; what a choice implies from [`presolve::settled`] |
//! | prices after integers                      | [`Model::fix_integers`], then as linear |
//! | no point at all                            | [`infeasible::explain`]                 |
//! | cost of a sum of bounded steps, by pieces  | [`zonotope::CostCurve`]                 |
//! | the same, interpolated on a triangulation  | [`union_jack::minimise`]                |
//! | shadow of the feasible set on a few variables | [`projection::project`]           |
//! | symmetric sparse linear system             | [`sparse::Ldl`]                         |
//!
//! Scale the model so that the coefficients of a row and of a column stay within six
//! orders of magnitude (MW or per unit, never W), penalties within 1e4 of prices, bids
//! above 1e-5; bound angles and fix one of each island.
//!
//! A program without integers whose largest limit or largest cost is of no ordinary size is
//! solved, priced and certified in units of its own (`scale`), so that no tolerance depends on
//! whether powers are written in W or in GW.
//!
//! No answer is taken on trust: [`certify`] recomputes what it claims from the model.
//!
//! # Example
//!
//! Two generators and 15 MW of load, by hand: the cheap one gives its 10 MW, the next MW costs 30 $/h.
//!
//! ```
//! use tandem::opt::{Model, certify, explain, solve_priced};
//!
//! let mut model = Model::new("dispatch");
//! let cheap = model.var("cheap", 0.0, 10.0, 20.0);
//! let dear = model.var("dear", 0.0, 10.0, 30.0);
//! let balance = model.row("balance", [(cheap, 1.0), (dear, 1.0)], 15.0, 15.0);
//!
//! let optimum = solve_priced(&model).unwrap();
//! assert_eq!(optimum.x, [10.0, 5.0]);
//! let duals = optimum.duals.unwrap();
//! assert_eq!(duals.rows[balance.0], 30.0);
//! assert_eq!(duals.reduced[cheap.0], -10.0);
//! assert!(certify("dispatch", &model, &optimum.x, Some(&duals)).certified);
//!
//! // 25 MW are 5 MW too many.
//! model.set_limits(balance, 25.0, 25.0);
//! assert!(solve_priced(&model).is_err());
//! let explanation = explain(&model);
//! assert_eq!(explanation.conflict.len(), 3);
//! assert!(explanation.irreducible);
//! ```

mod at;
pub mod certificate;
pub mod conic;
mod count;
pub mod diving;
mod elastic;
mod face;
mod failure;
mod giving;
mod ids;
pub mod infeasible;
pub mod iteration;
pub mod lp_file;
mod model;
mod outcome;
pub mod parametric;
pub mod presolve;
mod prices;
pub mod projection;
pub mod quadratic;
mod scale;
pub mod search;
pub mod simplex;
mod solve;
pub mod sparse;
pub mod union_jack;
pub mod zonotope;

pub use at::At;
pub use certificate::{Certificate, TOLERANCE, certify};
pub use count::solves;
pub use failure::Failure;
pub use ids::{Limit, Row, Var};
pub use infeasible::{Cure, Explanation, Relaxation, explain};
pub use model::{Affine, Column, Cone, Constraint, Model, Tag};
pub use outcome::{Duals, Outcome, Solution};
pub use prices::{DualFace, TIGHT};
pub use scale::unit;
pub use solve::{SIMPLEX_COLUMNS, solve_priced};

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::conic::inside::*;
    pub use super::iteration::*;
    pub use super::presolve::*;
    pub use super::scale::*;
    pub use super::search::*;
    pub use crate::sort::by_key;
}
