//! The scale of a surface's bands: a strip of their colours with numbers and unit.

use super::canvas::PathData;
use super::layout::{LINE, Layout, TEXT, room};
use super::metric::fit;
use super::paint::{Painter, tenths};
use super::surface::{Bands, THICK, WIDE};

impl Painter<'_, '_, '_> {
    /// The scale of the bands, beside the plot or under it.
    pub(super) fn colour_scale(&self, layout: &Layout) -> Result<(), String> {
        let Some(bands) = &self.plan.bands else {
            return Ok(());
        };
        self.group("scale", &[])?;
        if self.size.0 >= WIDE {
            self.upright_scale(bands, layout)?;
        } else if bands.room(self.size).1 > 0.0 {
            self.level_scale(bands)?;
        }
        self.end()
    }

    fn upright_scale(&self, bands: &Bands, layout: &Layout) -> Result<(), String> {
        let right = self.size.0 - layout.right + 14.0;
        let (x0, x1) = (right, right + THICK);
        let most = bands.title_width(self.size.0) - 12.0;
        let title = fit(&bands.title, TEXT, most.max(0.0));
        self.draw(Vec::new(), |_, canvas| {
            let at = tenths((self.size.0 - 4.0, TEXT + 1.0));
            canvas.text(&title, at, "end", &[("fill", self.sheet.muted)]);
        })?;
        let place = |part: f64| self.frame.y1 - part * (self.frame.y1 - self.frame.y0);
        self.swatches(bands, |from, to| ((x0, place(to)), (x1, place(from))))?;
        let pitch = (self.frame.y1 - self.frame.y0) / bands.count().max(1) as f64;
        let every = (LINE / pitch).ceil().max(1.0) as usize;
        self.numbers(bands, every, |part, text| {
            let y = place(part) + 0.36 * TEXT;
            (text, tenths((x1 + 4.0, y)), "start")
        })
    }

    fn level_scale(&self, bands: &Bands) -> Result<(), String> {
        let (width, height) = self.size;
        let title = fit(&bands.title, TEXT, 0.4 * width);
        let top = height - LINE - THICK - 2.0;
        let x0 = 2.0 + room(&title) + 8.0 + 0.5 * room(&bands.text(bands.limits[0]));
        let x1 = width - 4.0 - 0.5 * bands.widest();
        self.draw(Vec::new(), |_, canvas| {
            let at = tenths((2.0, top + THICK - 1.5));
            canvas.text(&title, at, "start", &[("fill", self.sheet.muted)]);
        })?;
        let place = |part: f64| x0 + part * (x1 - x0);
        self.swatches(bands, |from, to| {
            ((place(from), top), (place(to), top + THICK))
        })?;
        let pitch = (x1 - x0) / bands.count().max(1) as f64;
        let every = ((bands.widest() + 6.0) / pitch).ceil().max(1.0) as usize;
        self.numbers(bands, every, |part, text| {
            (text, tenths((place(part), top + THICK + TEXT)), "middle")
        })
    }

    fn swatches(
        &self,
        bands: &Bands,
        corners: impl Fn(f64, f64) -> ((f64, f64), (f64, f64)),
    ) -> Result<(), String> {
        let count = bands.count().max(1) as f64;
        for band in 0..bands.count() {
            let part = band as f64 / count;
            let (a, b) = corners(part, part + 1.0 / count);
            let colour = bands.colour(band, self.dark);
            self.draw(Vec::new(), |_, canvas| {
                let mut path = PathData::default();
                path.rectangle(tenths(a), tenths(b));
                canvas.path(&path, &[("fill", &colour)]);
            })?;
        }
        let (a, b) = (corners(0.0, 1.0), self.sheet.zero);
        self.draw(Vec::new(), |_, canvas| {
            let mut path = PathData::default();
            path.rectangle(tenths(a.0), tenths(a.1));
            canvas.path(&path, &[("fill", "none"), ("stroke", b)]);
        })
    }

    fn numbers(
        &self,
        bands: &Bands,
        every: usize,
        at: impl Fn(f64, String) -> (String, (i32, i32), &'static str),
    ) -> Result<(), String> {
        let count = bands.count();
        let constant = bands.limits.first() == bands.limits.last();
        for (k, limit) in bands.limits.iter().enumerate().step_by(every) {
            let part = match constant {
                true if k > 0 => break,
                true => 0.5,
                false => k as f64 / count.max(1) as f64,
            };
            let (text, place, anchor) = at(part, bands.text(*limit));
            self.draw(Vec::new(), |_, canvas| {
                canvas.text(&text, place, anchor, &[("fill", self.sheet.muted)]);
            })?;
        }
        Ok(())
    }
}
