//! Points and rectangles, in data or on the sheet, and the way from one to the other.

pub type Point = (f64, f64);

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub x0: f64,
    pub x1: f64,
    pub y0: f64,
    pub y1: f64,
}

impl Rect {
    pub const fn new(x0: f64, x1: f64, y0: f64, y1: f64) -> Self {
        Self { x0, x1, y0, y1 }
    }

    pub fn at((x, y): Point, width: f64, height: f64) -> Self {
        Self::new(x, x + width, y, y + height)
    }

    pub fn centred((x, y): Point, width: f64, height: f64) -> Self {
        let (half, tall) = (width / 2.0, height / 2.0);
        Self::new(x - half, x + half, y - tall, y + tall)
    }

    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }

    pub fn middle(&self) -> Point {
        (0.5 * (self.x0 + self.x1), 0.5 * (self.y0 + self.y1))
    }

    pub fn holds(&self, (x, y): Point) -> bool {
        x >= self.x0 && x <= self.x1 && y >= self.y0 && y <= self.y1
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.x0 < other.x1 && self.x1 > other.x0 && self.y0 < other.y1 && self.y1 > other.y0
    }
}

/// A window of data shown in a frame of the sheet, where y runs downward.
#[derive(Clone, Copy)]
pub struct Map {
    pub window: Rect,
    pub frame: Rect,
}

impl Map {
    pub fn px(&self, (x, y): Point) -> Point {
        let (w, f) = (&self.window, &self.frame);
        (
            f.x0 + (x - w.x0) / w.width() * f.width(),
            f.y1 - (y - w.y0) / w.height() * f.height(),
        )
    }

    pub fn data(&self, (x, y): Point) -> Point {
        let (w, f) = (&self.window, &self.frame);
        (
            w.x0 + (x - f.x0) / f.width() * w.width(),
            w.y0 + (f.y1 - y) / f.height() * w.height(),
        )
    }
}
