//! Where can a label stand? The place among several with the least in its way.

use tandem::chart::inside::*;

#[test]
fn a_label_avoids_strokes_and_other_labels() {
    let sheet = Rect::new(0.0, 100.0, 0.0, 100.0);
    let at = |y: f64| Rect::at((10.0, y), 30.0, 10.0);
    let mut occupied = Occupied::default();
    occupied.stroke((0.0, 5.0), (100.0, 5.0));
    let candidates = [at(95.0), at(0.0), at(20.0), at(40.0)];
    assert_eq!(occupied.place(&candidates, &sheet), Some(at(20.0)));
    assert_eq!(occupied.place(&candidates, &sheet), Some(at(40.0)));
    assert_eq!(occupied.place(&candidates, &sheet), Some(at(0.0)));
    assert_eq!(occupied.place(&[at(95.0)], &sheet), None);
}
