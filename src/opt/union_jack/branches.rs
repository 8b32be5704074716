//! The best triangles by branch and bound on windows of cells, each node by pivots from the one it was split from.
//!
//! A node holds (x, y) of every surface to a window of its grid, or to one triangle:
//!
//! ```text
//! window      x, y within its sides                      value ≥ every cut of the convex function
//! triangle    x, y within its sides, n·(x, y) ≤ d        value ≥ g·(x, y) + c, the plane through its corners
//! ```
//!
//! Costs are the same in all nodes, so the basis of a node bounds the cost of its halves, and dual simplex pivots lead
//! from one to the other. Rows that a triangle needs have places of their own behind the others, empty in a window.

use super::super::ids::Var;
use super::super::model::{Constraint, Model, dot};
use super::super::parametric::{Atlas, Basis, Reached, Walk, walk};
use super::grid::Vertex;
use super::held::{Held, Limits, ON_SIDE, corners, least_binaries};
use super::windows::relax;
use super::{Found, Minimum, SAME_COST, Surface, Window, around, with_curves};
use crate::opt::Failure;

/// Rounds of rows in one node.
const ROUNDS: usize = 100;

/// Surfaces in one search: windows multiply with each, where an integer program binds them together.
const MOST_SURFACES: usize = 2;

/// Nodes of a search.
const NODES: usize = 20_000;

/// A row counts as violated beyond this, in its unit.
const VIOLATED: f64 = 1e-7;

struct Node {
    held: Vec<Held>,
    bound: f64,
    basis: Basis,
    x: Vec<f64>,
}

/// A triangle for each surface, with the optimum on them.
struct Leaf {
    triangles: Vec<[Vertex; 3]>,
    cost: f64,
    x: Vec<f64>,
    alone: bool,
}

/// The program with the convex functions in place of the interpolated ones, and its rows.
struct Tree<'a, 's> {
    surfaces: &'a [Surface<'s>],
    model: Model,
    costs: Vec<Var>,
    /// Rows before those of triangles.
    rows: usize,
    /// Rows behind those of triangles, as they entered.
    entered: Vec<Constraint>,
    /// Bounds of x and y of every surface in the program itself.
    ranges: Vec<[(f64, f64); 2]>,
}

/// What the search says.
enum Search {
    Found(Found),
    Infeasible,
    /// Several answers, or one that is not proven.
    Unclear,
}

/// By branch and bound; `None` of many surfaces, and where several points cost the least, or where something is not proven.
pub(super) fn by_branches(
    base: &mut Model,
    surfaces: &[Surface],
    known: &mut Atlas,
    lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Option<Result<Minimum, Failure>> {
    if surfaces.len() > MOST_SURFACES {
        return None;
    }
    let (model, costs) = with_curves(base, surfaces);
    let first = known.optimum(&model)?;
    let (mut tree, root) = match first.alone {
        true => Tree::grown(base, surfaces, (model, costs, first), known, lazy)?,
        // Of several points the simplex method takes one.
        false => match relax(base, surfaces, lazy) {
            Ok((model, costs, solution)) => {
                let basis = known.optimum(&model)?.basis;
                let root = Reached {
                    x: solution.x,
                    objective: solution.objective,
                    basis,
                    alone: false,
                };
                (Tree::new(surfaces, model, costs), root)
            }
            Err(why) => return Some(Err(why)),
        },
    };
    let done = |(triangles, objective): Found| Minimum {
        triangles,
        objective,
        bound: root.objective,
    };
    let mut most = f64::INFINITY;
    if let Some(triangles) = around(surfaces, &root.x)
        && let Some(cost) = tree.on(base, &root, &triangles, lazy)?
    {
        if cost - root.objective <= SAME_COST * (1.0 + cost.abs()) {
            return Some(Ok(done((triangles, cost))));
        }
        most = cost;
    }
    match tree.search(base, &root, most, lazy) {
        Search::Found(found) => Some(Ok(done(found))),
        Search::Infeasible => Some(Err(Failure::Infeasible)),
        Search::Unclear => None,
    }
}

impl<'a, 's> Tree<'a, 's> {
    fn new(surfaces: &'a [Surface<'s>], model: Model, costs: Vec<Var>) -> Tree<'a, 's> {
        let range = |v: Var| {
            let column = &model.vars()[v.0];
            (column.lower, column.upper)
        };
        let ranges = surfaces.iter().map(|s| [range(s.x), range(s.y)]);
        Tree {
            ranges: ranges.collect(),
            rows: model.rows().len(),
            entered: Vec::new(),
            surfaces,
            costs,
            model,
        }
    }

    /// The bound with the rows that its point needs; `None` where that is not one point alone.
    fn grown(
        base: &mut Model,
        surfaces: &'a [Surface<'s>],
        (mut model, costs, mut reached): (Model, Vec<Var>, Reached),
        known: &mut Atlas,
        lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
    ) -> Option<(Tree<'a, 's>, Reached)> {
        for _ in 0..ROUNDS {
            let mut more = named(base, lazy, &reached.x);
            let pairs = surfaces.iter().zip(&costs);
            more.extend(pairs.filter_map(|(s, &cost)| s.supporting_row(cost, &reached.x)));
            let before = model.rows().len();
            for row in more {
                if is_violated(&row, &reached.x) {
                    model.push(row);
                }
            }
            if model.rows().len() == before {
                return Some((Tree::new(surfaces, model, costs), reached));
            }
            reached = known.optimum(&model).filter(|r| r.alone)?;
        }
        None
    }

    /// Cost on given triangles, `Some(None)` where they hold no dispatch.
    fn on(
        &mut self,
        base: &mut Model,
        root: &Reached,
        triangles: &[[Vertex; 3]],
        lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
    ) -> Option<Option<f64>> {
        let held: Vec<Held> = triangles.iter().map(|t| Held::Triangle(*t)).collect();
        let walk = self.solved(base, &held, &root.basis, f64::INFINITY, lazy)?;
        Some(match walk {
            Walk::Optimum(reached) => Some(reached.objective),
            Walk::Dearer | Walk::Infeasible => None,
        })
    }

    /// The best triangles, none of which cost more than `most`.
    fn search(
        &mut self,
        base: &mut Model,
        root: &Reached,
        most: f64,
        lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
    ) -> Search {
        let all = self.surfaces.iter();
        let mut open = vec![Node {
            held: all.map(|s| Held::Window(Window::whole(s.jack))).collect(),
            bound: root.objective,
            basis: root.basis.clone(),
            x: root.x.clone(),
        }];
        let mut least = most;
        let mut leaves: Vec<Leaf> = Vec::new();
        for _ in 0..NODES {
            let near = least + SAME_COST * (1.0 + least.abs());
            let bounds = open.iter().map(|node| node.bound).enumerate();
            let next = bounds.min_by(|a, b| a.1.total_cmp(&b.1));
            let Some((k, _)) = next.filter(|(_, bound)| *bound <= near) else {
                return self.best(leaves, least);
            };
            let node = open.swap_remove(k);
            for held in self.split(&node) {
                let near = least + SAME_COST * (1.0 + least.abs());
                let Some(walk) = self.solved(base, &held, &node.basis, near, lazy) else {
                    return Search::Unclear;
                };
                let Walk::Optimum(reached) = walk else {
                    continue;
                };
                match corners(&held) {
                    Some(triangles) => {
                        least = least.min(reached.objective);
                        leaves.push(Leaf {
                            triangles,
                            cost: reached.objective,
                            x: reached.x,
                            alone: reached.alone,
                        });
                    }
                    None => open.push(Node {
                        held,
                        bound: reached.objective,
                        basis: reached.basis,
                        x: reached.x,
                    }),
                }
            }
        }
        Search::Unclear
    }

    /// The halves of a node: of the window in which the interpolation is furthest above the convex function, or of the
    /// largest.
    fn split(&self, node: &Node) -> Vec<Vec<Held>> {
        let windows = node.held.iter().enumerate();
        let windows = windows.filter_map(|(s, held)| match held {
            Held::Window(window) => Some((s, *window)),
            Held::Triangle(_) => None,
        });
        let gap = |&(s, _): &(usize, Window)| {
            let surface = &self.surfaces[s];
            let value = surface.jack.at(node.x[surface.x.0], node.x[surface.y.0]);
            value.map_or(f64::INFINITY, |v| v - node.x[self.costs[s].0])
        };
        let Some((s, window)) = windows.max_by(|a, b| gap(a).total_cmp(&gap(b))) else {
            return Vec::new();
        };
        let with = |held: Held| {
            let mut all = node.held.clone();
            all[s] = held;
            all
        };
        let (i, j) = (window.columns, window.rows);
        if i.0 == i.1 && j.0 == j.1 {
            let both = self.surfaces[s].jack.triangles((i.0, j.0));
            return both.map(|t| with(Held::Triangle(t))).into();
        }
        let halves = match i.1 - i.0 >= j.1 - j.0 {
            true => {
                let middle = (i.0 + i.1) / 2;
                [((i.0, middle), j), ((middle + 1, i.1), j)]
            }
            false => {
                let middle = (j.0 + j.1) / 2;
                [(i, (j.0, middle)), (i, (middle + 1, j.1))]
            }
        };
        halves
            .map(|(columns, rows)| with(Held::Window(Window { columns, rows })))
            .into()
    }

    /// The optimum of a node, if it costs no more than `most`.
    fn solved(
        &mut self,
        base: &mut Model,
        held: &[Held],
        start: &Basis,
        most: f64,
        lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
    ) -> Option<Walk> {
        if !self.hold(held) {
            return Some(Walk::Infeasible);
        }
        let mut start = start.clone();
        for _ in 0..ROUNDS {
            let reached = match walk(&self.model, &start, most)? {
                Walk::Optimum(reached) => reached,
                other => return Some(other),
            };
            let mut more = match corners(held).is_some() {
                true => named(base, lazy, &reached.x),
                false => Vec::new(),
            };
            for (n, held) in held.iter().enumerate() {
                let (surface, cost) = (&self.surfaces[n], self.costs[n]);
                if matches!(held, Held::Window(_)) {
                    more.extend(surface.supporting_row(cost, &reached.x));
                }
            }
            let before = self.entered.len();
            for row in more {
                if is_violated(&row, &reached.x) {
                    self.model.push(row.clone());
                    self.entered.push(row);
                }
            }
            if self.entered.len() == before {
                return Some(Walk::Optimum(reached));
            }
            start = reached.basis;
        }
        None
    }

    /// Writes what a node holds into the program; `false` where that leaves no point.
    fn hold(&mut self, held: &[Held]) -> bool {
        self.model.truncate_rows(self.rows);
        let mut is_open = true;
        for (n, held) in held.iter().enumerate() {
            let surface = &self.surfaces[n];
            let Some(Limits { x, y, rows }) = held.limits(surface, self.costs[n]) else {
                return false;
            };
            for (var, side, own) in [
                (surface.x, x, self.ranges[n][0]),
                (surface.y, y, self.ranges[n][1]),
            ] {
                let (lower, upper) = (side.0.max(own.0), side.1.min(own.1));
                let slack = SAME_COST * (1.0 + lower.abs());
                is_open &= lower <= upper + slack;
                self.model.set_bounds(var, lower.min(upper), upper);
            }
            for row in rows {
                self.model.push(row);
            }
        }
        for row in &self.entered {
            self.model.push(row.clone());
        }
        is_open
    }

    /// The least of the leaves, if they are all of one point: its triangle with the least binaries.
    fn best(&self, leaves: Vec<Leaf>, least: f64) -> Search {
        let near = least + SAME_COST * (1.0 + least.abs());
        let mut leaves = leaves.into_iter().filter(|leaf| leaf.cost <= near);
        let Some(first) = leaves.next() else {
            return match least.is_finite() {
                true => Search::Unclear,
                false => Search::Infeasible,
            };
        };
        let same = |leaf: &Leaf| {
            let vars = self.surfaces.iter().flat_map(|s| [s.x, s.y]);
            let mut pairs = vars.map(|v| (leaf.x[v.0], first.x[v.0]));
            leaf.alone && pairs.all(|(a, b)| (a - b).abs() <= ON_SIDE * (1.0 + b.abs()))
        };
        if !(first.alone && leaves.all(|leaf| same(&leaf))) {
            return Search::Unclear;
        }
        let pairs = self.surfaces.iter().zip(&first.triangles);
        let triangles = pairs.map(|(s, &triangle)| {
            let at = (first.x[s.x.0], first.x[s.y.0]);
            least_binaries(s, triangle, at)
        });
        Search::Found((triangles.collect(), first.cost))
    }
}

/// Rows that a point has to meet, which `base` keeps.
fn named(
    base: &mut Model,
    lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
    x: &[f64],
) -> Vec<Constraint> {
    let rows = lazy(x);
    for row in &rows {
        base.push(row.clone());
    }
    rows
}

fn is_violated(row: &Constraint, x: &[f64]) -> bool {
    let value = dot(&row.terms, x);
    (value - row.upper).max(row.lower - value) > VIOLATED
}
