//! Why there is no answer, as a type: what a caller has to tell apart is a variant, what a person reads is a sentence.

use std::fmt;

use super::ids::Limit;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No point meets every row, bound, cone and integrality.
    Infeasible,
    /// The same, with the limits that contradict one another: the sum of `sources` is `0 ≤ −by`.
    Empty {
        sources: Vec<(Limit, f64)>,
        /// In words, in the order of `sources`.
        names: Vec<String>,
        by: f64,
    },
    /// The cost can fall for ever.
    Unbounded,
    /// A search ended at its limit (nodes, rounds of cuts, pieces) before its answer was proven.
    Stopped(String),
    /// Eliminating `variable` would leave `rows` rows or more, above `limit`.
    TooLarge {
        variable: String,
        rows: usize,
        limit: usize,
        /// Variables still to eliminate, `variable` among them, of `of`.
        left: usize,
        of: usize,
    },
    /// Asked for what is not there: a malformed model, a kind of model that the solver does not take.
    Refused(String),
    /// No answer that can be stood by: a numerical failure, a returned point that violates the model.
    Numerics(String),
}

impl Failure {
    /// Whether this says something of the program itself, so that no other solver need be asked.
    pub fn is_answer(&self) -> bool {
        matches!(
            self,
            Failure::Infeasible | Failure::Empty { .. } | Failure::Unbounded
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Infeasible => f.write_str("no point meets every limit"),
            Failure::Empty { names, by, .. } => write!(
                f,
                "no point meets all limits: {} contradict each other by {by}; move one of them outward",
                names.join(", ")
            ),
            Failure::Unbounded => f.write_str("the cost can fall without end"),
            Failure::TooLarge {
                variable,
                rows,
                limit,
                left,
                of,
            } => write!(
                f,
                "eliminating `{variable}` takes {rows} rows or more, above the limit of {limit}, with {left} of {of} variables still to go; merge variables, leave out rows that cannot bind, or raise the limit"
            ),
            Failure::Stopped(why) | Failure::Refused(why) | Failure::Numerics(why) => {
                f.write_str(why)
            }
        }
    }
}

impl std::error::Error for Failure {}
