//! What charts are drawn with.

mod bands;
mod canvas;
mod labels;
mod metric;
mod palette;
mod place;
mod polygon;
mod polyline;
mod scale;
mod symbols;
mod triangulation;
mod walk;

use tandem::chart::inside::together;

#[test]
fn names_of_one_stroke_are_said_together() {
    assert_eq!(together(&["D2", "D3"]), "D2 and D3");
    assert_eq!(
        together(&[
            "net benefit of DSO1 so far",
            "net benefit of DSO3 so far",
            "net benefit of DSO4 so far"
        ]),
        "net benefit of DSO1, DSO3 and DSO4 so far"
    );
    assert_eq!(together(&["cost", "cost, mean"]), "cost and cost, mean");
}
