//! How a solve ended. Infeasible is an answer, too: [`Failure::is_answer`].

use super::failure::Failure;

/// The end of a solve: a point that is proven optimal and meets the model as written, or why there is none.
pub type Outcome = Result<Solution, Failure>;

/// An optimal point of a model.
#[derive(Clone, Debug)]
pub struct Solution {
    /// One value per variable, in the variable's unit.
    pub x: Vec<f64>,
    /// Recomputed from the model at `x`.
    pub objective: f64,
    /// Filled by the interior-point solver; a vertex has its own in
    /// [`DualFace`](super::DualFace).
    pub duals: Option<Duals>,
}

/// Multipliers of a minimisation, signs as on the front page of [`opt`](super).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duals {
    /// y_i = ∂(optimal cost)/∂(limit of row i): ≤ 0 at an upper limit, ≥ 0 at a lower one.
    pub rows: Vec<f64>,
    /// z_j = ∂f/∂x_j − Σ_i a_ij y_i − Σ_k (F_kᵀ u_k)_j: ≥ 0 at a lower bound, ≤ 0 at an upper.
    pub reduced: Vec<f64>,
    /// u_k, one vector per second-order cone, itself in the cone. Empty without cones.
    pub cones: Vec<Vec<f64>>,
    /// Known to be the only optimal multipliers. Interior-point duals never claim it.
    pub unique: bool,
}
