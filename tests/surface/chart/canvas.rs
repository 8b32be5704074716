//! The paper: a plotters backend that writes SVG text.

use tandem::chart::inside::*;

#[test]
fn tenths_are_written_as_pixels() {
    for (tenths, text) in [
        (0, "0"),
        (5, "0.5"),
        (-5, "-0.5"),
        (120, "12"),
        (-123, "-12.3"),
    ] {
        let mut out = String::new();
        push_px(&mut out, tenths);
        assert_eq!(out, text);
    }
}

#[test]
fn strokes_along_the_axes_are_short() {
    let path = PathData::of(&[(0, 0), (100, 0), (100, 50), (100, 50), (125, 75)]);
    assert_eq!(path.d, "M0 0H10V5L12.5 7.5");
}

#[test]
fn text_cannot_break_the_document() {
    let mut out = String::new();
    push_escaped(&mut out, "a<b>&\"'\u{0}\u{7}é");
    assert_eq!(out, "a&lt;b&gt;&amp;&quot;&#39;é");
}
