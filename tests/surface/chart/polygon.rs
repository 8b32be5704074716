//! Convex polygons: parts, cuts, and what lies inside.

use tandem::chart::inside::*;

const SQUARE: [Corner; 4] = [
    (0.0, 0.0, 0.0),
    (1.0, 0.0, 1.0),
    (1.0, 1.0, 1.0),
    (0.0, 1.0, 0.0),
];

fn area(polygon: &[Corner]) -> f64 {
    let double: f64 = sides(polygon).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
    double.abs() / 2.0
}

#[test]
fn bands_share_the_cell_out_exactly() {
    let levels = [0.0, 0.25, 0.5, 0.75, 1.0];
    let sum: f64 = levels
        .windows(2)
        .map(|w| {
            let part = keep(&keep(&SQUARE, |c| c.2 - w[0]), |c| w[1] - c.2);
            assert!((area(&part) - 0.25).abs() < 1e-12, "{part:?}");
            area(&part)
        })
        .sum();
    assert!((sum - 1.0).abs() < 1e-12);
    assert_eq!(level(&SQUARE, 0.5), Some(((0.5, 0.0), (0.5, 1.0))));
    assert_eq!(level(&SQUARE, 2.0), None);
    assert_eq!(value_at(&SQUARE, (0.3, 0.9)), Some(0.3));
    assert_eq!(value_at(&SQUARE[..2], (0.3, 0.9)), None);
    assert!(keep(&SQUARE, |c| c.2 - 1.0).is_empty());
}

#[test]
fn a_window_cuts_all_four_sides() {
    let frame = Rect::new(0.25, 0.75, -1.0, 0.5);
    let part = window(&SQUARE, &frame);
    assert!((area(&part) - 0.25).abs() < 1e-12);
    assert!(part.iter().all(|c| frame.holds((c.0, c.1)) && c.2 == c.0));
}

#[test]
fn rectangles_beside_inside_and_across() {
    let triangle = [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)];
    let at = |x: f64, y: f64| Rect::at((x, y), 2.0, 2.0);
    assert!(holds(&triangle, &at(1.0, 1.0), 1.0));
    assert!(!holds(&triangle, &at(1.0, 1.0), 1.1));
    assert!(overlaps(&triangle, &at(4.0, 4.0)));
    assert!(!overlaps(&triangle, &at(5.0, 5.0)));
    assert!(!overlaps(&triangle, &at(-2.0, 3.0)));
    let (x, y) = centre(&triangle);
    assert!((x - 10.0 / 3.0).abs() < 1e-12 && (y - 10.0 / 3.0).abs() < 1e-12);
    let cloud = [(1.0, 1.0), (0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (2.0, 0.0)];
    assert_eq!(hull(&cloud).len(), 3);
}
