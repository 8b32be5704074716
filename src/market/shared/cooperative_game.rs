//! A game of one ISO and some DSOs: Shapley value, least core, nucleolus. Pure functions of the
//! values of coalitions.
//!
//! A coalition is a set of bits, bit 0 the ISO, bit m the m-th DSO. Without the ISO nothing moves, so
//! such a coalition is worth nothing.

use crate::opt::Failure;
use crate::opt::{Model, Var, simplex};

/// Values of all coalitions.
#[derive(Clone, Debug, PartialEq)]
pub struct Game {
    /// By set of bits; 2ⁿ of them.
    value: Vec<f64>,
    players: usize,
}

/// Excesses this close count as equal, relative to the largest value.
const SAME: f64 = 1e-9;

impl Game {
    /// From the value of every coalition by its set of bits, the empty one first.
    ///
    /// # Errors
    /// As [`Game::with_veto`]; less than two players.
    pub fn new(value: Vec<f64>) -> Result<Game, Failure> {
        if value.len() < 4 || !value.len().is_power_of_two() || value.iter().any(|v| !v.is_finite())
        {
            let why = "a game needs one number per coalition of two players or more";
            return Err(Failure::Refused(why.into()));
        }
        Ok(Game {
            players: value.len().trailing_zeros() as usize,
            value,
        })
    }

    /// From the value of every set of DSOs together with the ISO; bit m − 1 is the m-th DSO.
    ///
    /// # Errors
    /// A number of values that is no power of two, or values that are not finite.
    pub fn with_veto(of_dsos: &[f64]) -> Result<Game, Failure> {
        Game::new(of_dsos.iter().flat_map(|v| [0.0, *v]).collect())
    }

    /// Number n of players; coalitions are sets of n bits.
    pub fn players(&self) -> usize {
        self.players
    }

    /// Worth of a coalition.
    pub fn value(&self, coalition: usize) -> f64 {
        self.value.get(coalition).copied().unwrap_or(f64::NAN)
    }

    /// Worth of everyone together.
    pub fn grand(&self) -> f64 {
        self.value(self.everyone())
    }

    fn everyone(&self) -> usize {
        (1 << self.players) - 1
    }

    /// Coalitions that are neither empty nor everyone.
    fn proper(&self) -> std::ops::Range<usize> {
        1..self.everyone()
    }

    /// Shapley value: what a player adds to those before it, over all orders.
    ///
    /// φ_i = Σ_{S∌i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)). Eq. `[wang2017]`(1.9).
    pub fn shapley(&self) -> Vec<f64> {
        let n = self.players;
        // |S|! (n − |S| − 1)! / n! = 1 / (n · C(n − 1, |S|)).
        let mut choose = vec![1.0; n];
        for k in 1..n {
            choose[k] = choose[k - 1] * (n - k) as f64 / k as f64;
        }
        let share = |i: usize| -> f64 {
            let without = (0..=self.everyone()).filter(|s| s & (1 << i) == 0);
            let adds = without.map(|s| {
                let weight = n as f64 * choose[s.count_ones() as usize];
                (self.value(s | (1 << i)) - self.value(s)) / weight
            });
            adds.sum()
        };
        (0..n).map(share).collect()
    }

    /// What each player adds to all others, v(N) − v(N \ i): its gain by Vickrey, Clarke and Groves.
    pub fn marginal(&self) -> Vec<f64> {
        let all = self.everyone();
        let adds = |i: usize| self.grand() - self.value(all & !(1 << i));
        (0..self.players).map(adds).collect()
    }

    /// Largest v(S) − x(S) of a proper coalition; the allocation is in the core where it is not
    /// above 0.
    pub fn largest_excess(&self, x: &[f64]) -> f64 {
        let excess = |s: usize| self.value(s) - sum(x, s);
        self.proper().map(excess).fold(f64::NEG_INFINITY, f64::max)
    }

    /// ε of the least core: the least largest excess of any allocation; the core is empty where it is
    /// above 0.
    ///
    /// # Errors
    /// A linear program that is not solved.
    pub fn least_core(&self) -> Result<f64, Failure> {
        let (_, excess) = self.level(&[], &[])?;
        Ok(excess)
    }

    /// Nucleolus, by a sequence of linear programs: the largest excess made as small as it goes, then
    /// the largest of the rest, until nothing is left to choose.
    ///
    /// Eq. `[wang2017]`(1.9).
    ///
    /// # Errors
    /// A linear program that is not solved.
    pub fn nucleolus(&self) -> Result<Vec<f64>, Failure> {
        let mut settled: Vec<(usize, f64)> = Vec::new();
        let mut rank = Span::new(self.players);
        rank.add(self.everyone());
        let size = self.size();
        for _ in 0..self.players {
            // A coalition whose sum the settled ones fix cannot be made better off.
            let open: Vec<usize> = self.proper().filter(|&s| !rank.holds(s)).collect();
            if open.is_empty() {
                break;
            }
            let (x, excess) = self.level_of(&settled, &open)?;
            let tight = open
                .iter()
                .copied()
                .filter(|&s| (self.value(s) - sum(&x, s) - excess).abs() <= 1e3 * SAME * size);
            let tight: Vec<usize> = tight.collect();
            let mut found = false;
            for s in tight {
                if rank.holds(s) {
                    continue;
                }
                let most = self.most(&settled, &open, excess, s)?;
                if most <= self.value(s) - excess + 1e3 * SAME * size {
                    settled.push((s, self.value(s) - excess));
                    rank.add(s);
                    found = true;
                }
            }
            if !found {
                let why = "no coalition is tight in all least cores";
                return Err(Failure::Numerics(why.into()));
            }
        }
        let open: Vec<usize> = self.proper().filter(|&s| !rank.holds(s)).collect();
        Ok(self.level_of(&settled, &open)?.0)
    }

    fn size(&self) -> f64 {
        self.value
            .iter()
            .fold(1e-12_f64, |most, v| most.max(v.abs()))
    }

    fn level(&self, settled: &[(usize, f64)], but: &[usize]) -> Result<(Vec<f64>, f64), Failure> {
        let open: Vec<usize> = self.proper().filter(|s| !but.contains(s)).collect();
        self.level_of(settled, &open)
    }

    /// Allocation with the least largest excess over `open`, and that excess; `settled` coalitions
    /// have their sums.
    fn level_of(
        &self,
        settled: &[(usize, f64)],
        open: &[usize],
    ) -> Result<(Vec<f64>, f64), Failure> {
        let size = self.size();
        let (mut model, x) = self.program("least core", settled, size);
        let free = f64::INFINITY;
        // Without an open coalition nothing but the sums decides.
        let low = if open.is_empty() { 0.0 } else { -1e3 };
        let excess = model.var("excess", low, 1e3, 1.0);
        for &s in open {
            let terms = members(&x, s).chain([(excess, 1.0)]);
            model.row(format!("{s:b}"), terms, self.value(s) / size, free);
        }
        let found = simplex::solve(&model)?.x;
        let shares = x.iter().map(|v| found[v.0] * size).collect();
        Ok((shares, found[excess.0] * size))
    }

    /// Most that coalition `s` can have while no open one has more than `excess` to complain of.
    fn most(
        &self,
        settled: &[(usize, f64)],
        open: &[usize],
        excess: f64,
        s: usize,
    ) -> Result<f64, Failure> {
        let size = self.size();
        let (mut model, x) = self.program("most of a coalition", settled, size);
        for &other in open {
            let least = (self.value(other) - excess) / size - SAME;
            model.row(
                format!("{other:b}"),
                members(&x, other),
                least,
                f64::INFINITY,
            );
        }
        for (v, _) in members(&x, s) {
            model.set_cost(v, -1.0);
        }
        let found = simplex::solve(&model)?;
        Ok(-found.objective * size)
    }

    /// Allocations of v(N), in units of `size`.
    fn program(&self, name: &str, settled: &[(usize, f64)], size: f64) -> (Model, Vec<Var>) {
        let mut model = Model::new(name);
        let x: Vec<Var> = (0..self.players)
            .map(|i| model.var(format!("x[{i}]"), -1e3, 1e3, 0.0))
            .collect();
        let all = self.grand() / size;
        model.row("everyone", members(&x, self.everyone()), all, all);
        for &(s, total) in settled {
            let total = total / size;
            model.row(
                format!("settled {s:b}"),
                members(&x, s),
                total - SAME,
                total + SAME,
            );
        }
        (model, x)
    }
}

/// x(S).
fn sum(x: &[f64], s: usize) -> f64 {
    let own = x.iter().enumerate().filter(|(i, _)| s & (1 << i) != 0);
    own.map(|(_, v)| v).sum()
}

fn members(x: &[Var], s: usize) -> impl Iterator<Item = (Var, f64)> + '_ {
    let own = x.iter().enumerate();
    own.filter(move |(i, _)| s & (1 << i) != 0)
        .map(|(_, &v)| (v, 1.0))
}

/// The span of some sets' indicator vectors, by elimination.
struct Span {
    rows: Vec<Vec<f64>>,
    n: usize,
}

impl Span {
    fn new(n: usize) -> Span {
        Span {
            rows: Vec::new(),
            n,
        }
    }

    fn rest(&self, s: usize) -> Vec<f64> {
        let mut v: Vec<f64> = (0..self.n)
            .map(|i| if s & (1 << i) != 0 { 1.0 } else { 0.0 })
            .collect();
        for row in &self.rows {
            let pivot = row.iter().position(|a| *a != 0.0).unwrap_or(0);
            let factor = v[pivot] / row[pivot];
            for (a, b) in v.iter_mut().zip(row) {
                *a -= factor * b;
                if a.abs() < 1e-9 {
                    *a = 0.0;
                }
            }
        }
        v
    }

    fn holds(&self, s: usize) -> bool {
        self.rest(s).iter().all(|a| *a == 0.0)
    }

    fn add(&mut self, s: usize) {
        let rest = self.rest(s);
        if rest.iter().any(|a| *a != 0.0) {
            self.rows.push(rest);
        }
    }
}
