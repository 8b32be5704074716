//! Convex pieces of the unit square, each side with what bounds it there.

/// c + a u + b v ≥ 0 with a² + b² = 1: the distance from a line, positive on its inner side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half {
    pub c: f64,
    pub a: f64,
    pub b: f64,
}

impl Half {
    pub(super) fn at(&self, (u, v): (f64, f64)) -> f64 {
        self.c + self.a * u + self.b * v
    }

    fn turned(&self) -> Half {
        Half {
            c: -self.c,
            a: -self.a,
            b: -self.b,
        }
    }
}

/// What bounds a side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Border {
    /// The square.
    Square,
    /// Another piece that was taken away.
    Cut,
    /// A condition by its number.
    Condition(usize),
}

/// Closer than this is the same.
const ON: f64 = 1e-13;

/// A convex polygon, counter-clockwise.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub corners: Vec<(f64, f64)>,
    /// Of the side from each corner to the next.
    pub sides: Vec<(Half, Border)>,
}

impl Piece {
    pub(super) fn square() -> Piece {
        let half = |c: f64, a: f64, b: f64| (Half { c, a, b }, Border::Square);
        Piece {
            corners: vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)],
            sides: vec![
                half(0.0, 0.0, 1.0),
                half(1.0, -1.0, 0.0),
                half(1.0, 0.0, -1.0),
                half(0.0, 1.0, 0.0),
            ],
        }
    }

    pub(super) fn area(&self) -> f64 {
        area(&self.corners)
    }

    /// A point well inside, another one for every attempt: on no line of symmetry.
    pub(super) fn inner(&self, attempt: usize) -> (f64, f64) {
        let weight = |k: usize| {
            let share = (k + 1) as f64 * 0.618_033_988_75 + attempt as f64 * 0.414_213_562_37;
            1.0 + 0.6 * share.fract()
        };
        let mut sum = (0.0, 0.0, 0.0);
        for (k, corner) in self.corners.iter().enumerate() {
            let w = weight(k);
            sum = (sum.0 + w * corner.0, sum.1 + w * corner.1, sum.2 + w);
        }
        (sum.0 / sum.2, sum.1 / sum.2)
    }

    /// The part on the inner side of a line; `None` where it has no area.
    pub(super) fn clipped(&self, half: &Half, border: Border) -> Option<Piece> {
        let off: Vec<f64> = self.corners.iter().map(|&corner| half.at(corner)).collect();
        if off.iter().all(|&d| d >= -ON) {
            return Some(self.clone());
        }
        let (mut corners, mut sides) = (Vec::new(), Vec::new());
        let count = self.corners.len();
        for k in 0..count {
            let next = (k + 1) % count;
            let (a, b) = (self.corners[k], self.corners[next]);
            let (da, db) = (off[k], off[next]);
            let across = || {
                let part = da / (da - db);
                (a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1))
            };
            if da >= -ON {
                corners.push(a);
                if db >= -ON {
                    sides.push(self.sides[k]);
                } else if da <= ON {
                    sides.push((*half, border));
                } else {
                    sides.push(self.sides[k]);
                    corners.push(across());
                    sides.push((*half, border));
                }
            } else if db > ON {
                corners.push(across());
                sides.push(self.sides[k]);
            }
        }
        let piece = Piece { corners, sides };
        (piece.corners.len() >= 3 && piece.area() > 0.0).then_some(piece)
    }

    /// What both have in common, with the sides of this one and cuts.
    pub(super) fn common(&self, other: &Piece) -> Option<Piece> {
        if !self.is_near(other) {
            return None;
        }
        let mut sides = other.sides.iter();
        sides.try_fold(self.clone(), |piece, (half, border)| {
            let border = match border {
                Border::Square => Border::Square,
                _ => Border::Cut,
            };
            piece.clipped(half, border)
        })
    }

    /// What is left without another.
    pub(super) fn without(self, other: &Piece) -> Vec<Piece> {
        let mut left = Vec::new();
        if self.common(other).is_none() {
            return vec![self];
        }
        let mut rest = self;
        for (half, _) in &other.sides {
            left.extend(rest.clipped(&half.turned(), Border::Cut));
            match rest.clipped(half, Border::Cut) {
                Some(inner) => rest = inner,
                None => break,
            }
        }
        left
    }

    fn is_near(&self, other: &Piece) -> bool {
        let span = |piece: &Piece, of: fn(&(f64, f64)) -> f64| {
            let values = piece.corners.iter().map(of);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                (low.min(v), high.max(v))
            })
        };
        let meet = |of: fn(&(f64, f64)) -> f64| {
            let (a, b) = (span(self, of), span(other, of));
            a.0 < b.1 && b.0 < a.1
        };
        meet(|corner| corner.0) && meet(|corner| corner.1)
    }
}

/// The area of a polygon given counter-clockwise.
pub(super) fn area(corners: &[(f64, f64)]) -> f64 {
    let next = corners.iter().cycle().skip(1);
    let Some(&(x0, y0)) = corners.first() else {
        return 0.0;
    };
    let cross =
        |(a, b): (&(f64, f64), &(f64, f64))| (a.0 - x0) * (b.1 - y0) - (b.0 - x0) * (a.1 - y0);
    0.5 * corners.iter().zip(next).map(cross).sum::<f64>()
}
