//! The sheet as pixels, so many to an inch, which the file says.

use resvg::tiny_skia::{Pixmap, Transform};
use usvg::{Options, Tree};

use crate::{Sheet, fonts, mm_per_px};

/// Longest side that a picture may have, px.
const MOST: f64 = 20_000.0;

impl Sheet<'_> {
    pub(crate) fn tree(&self) -> Result<Tree, String> {
        let options = Options {
            font_family: fonts::SANS.to_string(),
            fontdb: fonts::DATABASE.clone(),
            ..Options::default()
        };
        Tree::from_str(&fonts::shown(&self.document("")), &options).map_err(|e| e.to_string())
    }

    /// # Errors
    /// A drawing that cannot be read, a picture too large.
    pub fn png(&self, dpi: f64) -> Result<Vec<u8>, String> {
        let tree = self.tree()?;
        let each = mm_per_px(self.figure.text_pt) / 25.4 * dpi;
        let (width, height) = ((self.width * each).round(), (self.height * each).round());
        if !(width.min(height) >= 1.0 && width.max(height) <= MOST) {
            return Err(format!(
                "a picture of {width} × {height} px is out of range; at most {MOST} px a side"
            ));
        }
        let mut pixmap = Pixmap::new(width as u32, height as u32).ok_or("the sheet has no size")?;
        let of = tree.size();
        let (x, y) = (width as f32 / of.width(), height as f32 / of.height());
        resvg::render(&tree, Transform::from_scale(x, y), &mut pixmap.as_mut());
        encoded(&pixmap, dpi).map_err(|e| e.to_string())
    }
}

fn encoded(pixmap: &Pixmap, dpi: f64) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (dpi / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    let pixels = pixmap.pixels().iter().flat_map(|pixel| {
        let plain = pixel.demultiply();
        [plain.red(), plain.green(), plain.blue(), plain.alpha()]
    });
    writer.write_image_data(&pixels.collect::<Vec<u8>>())?;
    writer.finish()?;
    Ok(out)
}
