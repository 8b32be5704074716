//! Fourier-Motzkin elimination that makes no combination other combinations imply.
//!
//! To eliminate x_j, every row with a positive coefficient of it is added to every row with
//! a negative one, scaled so that x_j cancels; rows without x_j stay. Done blindly, m rows
//! become m²/4, and after k variables some m^(2^k). Nearly all of them are superfluous.
//!
//! **Which are not.** A row made from the first m rows is Σ w_i row_i with w ≥ 0 and
//! Σ w_i b_ij = 0 for every eliminated j. These w form the cone
//!
//! ```text
//! W_k = { w ≥ 0 : Σ_i w_i b_ij = 0 for the k variables eliminated so far }
//! ```
//!
//! and the shadow is the set of x that meet the row of every w in W_k (Farkas). The rows of
//! its extreme rays suffice, since every other w is a sum of those. W_0 has the unit vectors
//! as extreme rays, one per first row. The extreme rays of W_(k+1), which is W_k cut by one
//! more hyperplane, are the rays of W_k on that hyperplane and the points in which it cuts
//! the two-dimensional faces of W_k between a ray on one side and one on the other: so two
//! rows are added up only if their rays are adjacent. In a cone within w ≥ 0 the smallest
//! face that holds a ray is given by its support {i : w_i > 0}, and therefore two rays are
//! adjacent exactly if no third ray has its support within the union of their supports
//! (the double description method: Motzkin, Raiffa, Thompson and Thrall 1953; the test on
//! supports for Fourier's method: Chernikov 1965, Kohler 1967, Imbert 1993; both in one
//! view: Fukuda and Prodon 1996). The test needs bits, no arithmetic.
//!
//! **When it holds.** A ray must be tested against *all* extreme rays. So rows `0 ≤ b` with
//! b ≥ 0, which say nothing, still keep their supports here to rule out others. And a row
//! must not be dropped for its right-hand side, or because a linear program shows it
//! redundant, while the test goes on: another row may rule out a pair on the strength of a
//! combination of the dropped row, and the shadow comes out too large. Such rows may go only
//! where the others become the first rows of a new elimination, unit vectors without a
//! history; what they are made of is no part of the test and goes along as multipliers
//! (`half_space.rs`). That is done once, before the first step.
//! Done half-way it was measured to make things worse: the rows left are dense, and of a
//! dense system nearly every pair is adjacent, while the supports of the rows as written
//! stay short.
//!
//! **Search.** A ray of W_k has no more than k + 1 positive entries. A pair whose union is
//! larger is out, and what could rule out a pair adds no more to the support of the longer
//! row than its partner may: the candidates for both are one short list per row.

use super::half_space::HalfSpace;

/// The first rows that a row is a sum of, one bit each.
type Support = Box<[u64]>;

/// Rows after some variables have been eliminated.
pub(super) struct Elimination {
    rows: Vec<(HalfSpace, Support)>,
    /// Supports of rows `0 ≤ b`.
    constants: Vec<Support>,
    /// Those rows, where b < 0.
    contradiction: Option<HalfSpace>,
    /// Variables eliminated since the rows last stood for themselves.
    steps: u32,
}

impl Elimination {
    /// `rows`, each standing for itself.
    pub fn new(rows: Vec<HalfSpace>) -> Elimination {
        let words = rows.len().div_ceil(64);
        let first = rows.into_iter().enumerate().map(|(i, row)| {
            let mut support = vec![0_u64; words].into_boxed_slice();
            if let Some(word) = support.get_mut(i / 64) {
                *word = 1 << (i % 64);
            }
            (row, support)
        });
        Elimination {
            rows: first.collect(),
            constants: Vec::new(),
            contradiction: None,
            steps: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn into_rows(self) -> Vec<HalfSpace> {
        self.rows.into_iter().map(|(row, _)| row).collect()
    }

    /// The worst row `0 ≤ b` with b < 0 beyond rounding.
    pub fn contradiction(&self) -> Option<&HalfSpace> {
        self.contradiction.as_ref()
    }

    /// Of `open` the variable that makes the fewest pairs for the rows it takes away.
    pub fn cheapest(&self, open: &[usize]) -> Option<usize> {
        open.iter().copied().min_by_key(|&j| {
            let count = |sign: f64| {
                let of_sign = self.rows.iter().filter(|(row, _)| row.a(j) * sign > 0.0);
                i64::try_from(of_sign.count()).unwrap_or(i64::MAX)
            };
            let (above, below) = (count(1.0), count(-1.0));
            above.saturating_mul(below) - above - below
        })
    }

    /// Eliminates variable `j`. `Err` holds a number of rows that the step would leave at
    /// least, where that is more than `limit`; nothing is done then.
    pub fn eliminate(&mut self, j: usize, limit: usize) -> Result<(), usize> {
        let stay = self.rows.iter().filter(|(row, _)| row.a(j) == 0.0).count();
        let made = self.pairs(j, limit, stay)?;
        self.steps += 1;
        self.rows.retain(|(row, _)| row.a(j) == 0.0);
        for (row, support) in made {
            if !row.is_constant() {
                self.rows.push((row, support));
                continue;
            }
            self.constants.push(support);
            let worst = self.contradiction.as_ref();
            if row.contradicts() && worst.is_none_or(|worst| row.b() < worst.b()) {
                self.contradiction = Some(row);
            }
        }
        Ok(())
    }

    /// The sums of adjacent rows of opposite sign in variable `j`.
    fn pairs(
        &self,
        j: usize,
        most: usize,
        stay: usize,
    ) -> Result<Vec<(HalfSpace, Support)>, usize> {
        let supports = self.rows.iter().map(|(_, support)| support);
        let all: Vec<(u32, &Support)> = supports
            .chain(&self.constants)
            .map(|support| (size(support), support))
            .collect();
        let mut made = Vec::new();
        let mut near: Vec<(u32, usize)> = Vec::new();
        for (i, ((row, own), &(own_size, _))) in self.rows.iter().zip(&all).enumerate() {
            if row.a(j) == 0.0 {
                continue;
            }
            let spare = (self.steps + 2).saturating_sub(own_size);
            let candidates = all.iter().enumerate().filter(|&(k, _)| k != i);
            near.clear();
            near.extend(candidates.filter_map(|(k, (_, s))| Some((added(own, s, spare)?, k))));
            near.sort_unstable();
            for &(more, k) in &near {
                let (Some((partner, other)), Some(&(size, _))) = (self.rows.get(k), all.get(k))
                else {
                    continue;
                };
                // Each pair once: from the row with the longer support.
                if row.a(j) * partner.a(j) >= 0.0 || (size, k) > (own_size, i) {
                    continue;
                }
                let union: Support = own.iter().zip(other).map(|(a, b)| a | b).collect();
                let ruled_out = near
                    .iter()
                    .take_while(|&&(extra, _)| extra <= more)
                    .filter(|&&(_, third)| third != k)
                    .any(|&(_, third)| all.get(third).is_some_and(|(_, s)| within(s, &union)));
                if !ruled_out {
                    let (a, b) = (row.a(j).abs(), partner.a(j).abs());
                    let parts = [(row, b / a.max(b)), (partner, a / a.max(b))];
                    made.push((HalfSpace::sum(&parts, Some(j)), union));
                }
            }
            if stay + made.len() > most {
                return Err(stay + made.len());
            }
        }
        Ok(made)
    }
}

fn size(support: &[u64]) -> u32 {
    support.iter().map(|word| word.count_ones()).sum()
}

/// How many bits `other` has that `own` has not, if no more than `most`.
fn added(own: &[u64], other: &[u64], most: u32) -> Option<u32> {
    let mut count = 0;
    for (own, other) in own.iter().zip(other) {
        let mut more = other & !own;
        while more != 0 {
            more &= more - 1;
            count += 1;
            if count > most {
                return None;
            }
        }
    }
    Some(count)
}

fn within(part: &[u64], whole: &[u64]) -> bool {
    let mut words = part.iter().zip(whole);
    words.all(|(part, whole)| part & !whole == 0)
}
