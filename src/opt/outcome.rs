//! How a solve ended. Infeasible is an answer, not an error.

/// The end of a solve.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Proven optimal, and the point meets the model as written.
    Optimal(Solution),
    /// No point meets every row, bound, cone and integrality.
    Infeasible,
    /// The cost can fall for ever.
    Unbounded,
    /// No answer that can be stood by, and why: a malformed model, a numerical failure, a
    /// search stopped with a gap, a returned point that violates the model.
    Failed(String),
}

/// How the words of a search begin that ended at a limit.
pub(super) const STOPPED: &str = "stopped";

impl Outcome {
    /// Whether a search ended at a limit before its point was proven best.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Outcome::Failed(why) if why.starts_with(STOPPED))
    }

    /// The solution, or a sentence that says why there is none.
    ///
    /// # Errors
    /// Every outcome but [`Outcome::Optimal`].
    pub fn optimal(self) -> Result<Solution, String> {
        match self {
            Outcome::Optimal(solution) => Ok(solution),
            Outcome::Infeasible => Err("no point meets every limit".to_string()),
            Outcome::Unbounded => Err("the cost can fall without end".to_string()),
            Outcome::Failed(why) => Err(why),
        }
    }
}

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
