//! Hatches: parallel stripes that areas are filled with.

use super::canvas::{Canvas, PathData, SUB};

pub struct Hatch {
    pub id: String,
    pub colour: &'static str,
    /// Distance of the stripes, px, and their width.
    pub pitch: i32,
    pub width: &'static str,
    pub turn: &'static str,
    /// A breath of the colour under the stripes.
    pub ground: bool,
}

impl Hatch {
    pub fn define(&self, canvas: &mut Canvas) {
        let pitch = self.pitch.to_string();
        let size = [("width", pitch.as_str()), ("height", pitch.as_str())];
        let id = [("id", self.id.as_str()), ("patternUnits", "userSpaceOnUse")];
        let turn = [("patternTransform", self.turn)];
        canvas.open("pattern", &[&id[..], &size, &turn].concat());
        if self.ground {
            let fill = [("fill", self.colour), ("fill-opacity", "0.07")];
            canvas.empty("rect", &[size, fill].concat());
        }
        let (middle, far) = (self.pitch * SUB / 2, self.pitch * SUB);
        let stripe = PathData::of(&[(middle, 0), (middle, far)]);
        let look = ["", "", self.colour, self.width];
        canvas.path(&stripe, look, &[("stroke-opacity", "0.4")]);
        canvas.close("pattern");
    }
}
