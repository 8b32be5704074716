//! Where can a label stand? The place among several with the least in its way.

use super::metric::LINE;
use super::polyline::clip_segment;
use super::rect::{Point, Rect};

/// What is already on the sheet, in px.
#[derive(Default)]
pub struct Occupied {
    strokes: Vec<[Point; 2]>,
    boxes: Vec<Rect>,
}

impl Occupied {
    pub fn stroke(&mut self, a: Point, b: Point) {
        self.strokes.push([a, b]);
    }

    pub fn block(&mut self, area: Rect) {
        self.boxes.push(area);
    }

    /// Strokes crossing the area, a block counting as ten.
    fn cost(&self, area: &Rect) -> usize {
        let crossing = |s: &&[Point; 2]| clip_segment(s[0], s[1], area).is_some();
        let blocks = self.boxes.iter().filter(|b| b.overlaps(area)).count();
        self.strokes.iter().filter(crossing).count() + 10 * blocks
    }

    /// As [`place`](Self::place), but none where every candidate lies on a block.
    pub fn place_free(&mut self, candidates: &[Rect], sheet: &Rect) -> Option<Rect> {
        let free: Vec<Rect> = candidates
            .iter()
            .filter(|c| !self.boxes.iter().any(|b| b.overlaps(c)))
            .copied()
            .collect();
        self.place(&free, sheet)
    }

    /// The candidate inside `sheet` with the least in its way, the earlier one at equal
    /// cost; it is taken from then on. None when no candidate lies inside.
    pub fn place(&mut self, candidates: &[Rect], sheet: &Rect) -> Option<Rect> {
        let best = candidates
            .iter()
            .filter(|c| sheet.holds((c.x0, c.y0)) && sheet.holds((c.x1, c.y1)))
            .map(|c| (self.cost(c), *c))
            .reduce(|best, next| if next.0 < best.0 { next } else { best })
            .map(|(_, area)| area)?;
        self.block(best);
        Some(best)
    }
}

/// Boxes for a line of text around a point, in each of the directions at each of the distances.
pub fn around((x, y): Point, far: &[f64], directions: &[Point], width: f64) -> Vec<Rect> {
    let one = |far: f64, (dx, dy): Point| {
        let centre = (x + dx * (far + width / 2.0), y + dy * (far + LINE / 2.0));
        Rect::centred(centre, width, LINE)
    };
    let all = far
        .iter()
        .flat_map(|far| directions.iter().map(move |to| one(*far, *to)));
    all.collect()
}
