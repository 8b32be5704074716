//! Variables, rows and limits of a model, by their order.

/// A variable of one [`Model`](super::Model), in order of creation from 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Var(pub usize);

/// A linear row of one [`Model`](super::Model), in order of creation from 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Row(pub usize);

/// One side of one thing of a model.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Limit {
    RowLower(Row),
    RowUpper(Row),
    VarLower(Var),
    VarUpper(Var),
    /// Index of a second-order cone; its change is added to the first row.
    Cone(usize),
}
