//! The scale of a surface's bands: a strip of their colours with numbers and unit.

use super::bands::{Bands, THICK, WIDE};
use super::canvas::PathData;
use super::layout::Layout;
use super::metric::{LINE, TEXT, fit, room};
use super::painter::{Painter, tenths};
use super::rect::{Point, Rect};

impl Painter<'_, '_> {
    /// The scale of the bands, beside the plot or under it.
    pub fn colour_scale(&mut self, layout: &Layout) {
        let Some(bands) = self.bands else { return };
        self.group("scale", &[]);
        if self.size.0 >= WIDE {
            self.upright_scale(bands, layout);
        } else if bands.room(self.size).1 > 0.0 {
            self.level_scale(bands);
        }
        self.end();
    }

    fn upright_scale(&mut self, bands: &Bands, layout: &Layout) {
        let (width, frame) = (self.size.0, self.frame());
        let x0 = width - layout.right + 14.0;
        let most = bands.title_width(width) - 12.0;
        let title = fit(&bands.title, TEXT, most.max(0.0));
        self.write(&title, (width - 4.0, TEXT + 1.0), "end", self.sheet.muted);
        let place = |part: f64| frame.y1 - part * frame.height();
        let strip = |from, to| Rect::new(x0, x0 + THICK, place(to), place(from));
        self.swatches(bands, strip);
        let pitch = frame.height() / bands.count().max(1) as f64;
        let number = |part| (x0 + THICK + 4.0, place(part) + 0.36 * TEXT);
        self.numbers(bands, LINE / pitch, number, "start");
    }

    fn level_scale(&mut self, bands: &Bands) {
        let (width, height) = self.size;
        let title = fit(&bands.title, TEXT, 0.4 * width);
        let top = height - LINE - THICK - 2.0;
        let x0 = 2.0 + room(&title) + 8.0 + 0.5 * room(&bands.text(bands.limits[0]));
        let x1 = width - 4.0 - 0.5 * bands.widest();
        let at = (2.0, top + THICK - 1.5);
        self.write(&title, at, "start", self.sheet.muted);
        let place = |part: f64| x0 + part * (x1 - x0);
        let strip = |from, to| Rect::new(place(from), place(to), top, top + THICK);
        self.swatches(bands, strip);
        let pitch = (x1 - x0) / bands.count().max(1) as f64;
        let number = |part| (place(part), top + THICK + TEXT);
        self.numbers(bands, (bands.widest() + 6.0) / pitch, number, "middle");
    }

    /// The colours, one strip after another; `strip` is the part of the scale from one share of its
    /// length to another.
    fn swatches(&mut self, bands: &Bands, strip: impl Fn(f64, f64) -> Rect) {
        let path = |area: Rect| {
            let mut path = PathData::default();
            path.rectangle(tenths((area.x0, area.y0)), tenths((area.x1, area.y1)));
            path
        };
        let count = bands.count().max(1) as f64;
        for band in 0..bands.count() {
            let part = band as f64 / count;
            let colour = bands.colour(band, self.dark);
            let area = path(strip(part, part + 1.0 / count));
            self.canvas.path(&area, ["", &colour, "", ""], &[]);
        }
        let frame = path(strip(0.0, 1.0));
        self.canvas
            .path(&frame, ["", "none", self.sheet.zero, ""], &[]);
    }

    /// The limits, so many bands apart that they do not touch.
    fn numbers(&mut self, bands: &Bands, apart: f64, at: impl Fn(f64) -> Point, anchor: &str) {
        let count = bands.count().max(1) as f64;
        let every = apart.ceil().max(1.0) as usize;
        for (k, limit) in bands.limits.iter().enumerate().step_by(every) {
            let part = match bands.is_constant() {
                true if k > 0 => break,
                true => 0.5,
                false => k as f64 / count,
            };
            self.write(&bands.text(*limit), at(part), anchor, self.sheet.muted);
        }
    }
}
