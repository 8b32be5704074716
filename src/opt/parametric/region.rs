//! A critical region: what holds in it, and its edges.

use std::rc::Rc;

use super::basis::{Answer, Basis, Contradiction};
use super::family::{Cost, Linear};
use super::pieces::{Half, Piece};
use crate::opt::{Limit, Row};

/// Sides nearer than this, in shares of the box, lie on one another.
pub(super) const BESIDE: f64 = 1e-8;

/// Where one basis is optimal, or none of the programs has a point.
pub struct Region {
    pub kind: Kind,
    /// Counter-clockwise.
    pub corners: Vec<(f64, f64)>,
    /// A point inside.
    pub centre: (f64, f64),
    /// Of the box.
    pub share: f64,
    pub edges: Vec<Edge>,
    pub(super) piece: Piece,
}

/// What holds in a [`Region`].
pub enum Kind {
    Optimal(Box<Optimum>),
    /// The rows that contradict one another.
    Empty(Vec<Row>),
}

/// The optimum in a region.
pub struct Optimum {
    pub basis: Basis,
    pub cost: Cost,
    pub x: Vec<Linear>,
    /// Multipliers of all rows.
    pub rows: Vec<Linear>,
}

/// A part of the boundary of a region with one neighbour.
pub struct Edge {
    pub from: (f64, f64),
    pub to: (f64, f64),
    /// Why the region ends here; nothing at the end of the box, or where another is cut out of it.
    pub crosses: Vec<Cross>,
    pub beyond: Beyond,
}

/// What lies beyond an [`Edge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// The end of the box.
    Nothing,
    /// A region by its place in [`Map::regions`](super::Map::regions).
    Region(usize),
}

/// What changes at an [`Edge`], seen from inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cross {
    /// A row or a variable reaches this limit.
    Reaches(Limit),
    /// What stands at this limit is worth nothing more there.
    Leaves(Limit),
    /// There is a point at last.
    Opens,
}

/// A region that was found, in shares of the box.
#[derive(Clone)]
pub(super) struct Found {
    pub piece: Piece,
    pub conditions: Rc<Vec<(Half, Cross)>>,
    pub held: Rc<Held>,
}

pub(super) enum Held {
    Optimal(Basis, Box<[Answer; 3]>),
    Empty(Contradiction),
}
