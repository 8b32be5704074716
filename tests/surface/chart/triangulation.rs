//! Points joined by segments: thin and quiet, as many as there are.

use tandem::chart::inside::*;

#[test]
fn straight_segments_become_one_stroke() {
    let points = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 1.0)];
    let strokes = |points: &[Point], segments: &[(usize, usize)]| {
        let net = Triangulation {
            label: "",
            points,
            excluded: &[],
            segments,
        };
        net.strokes(&Rect::new(0.0, 1.0, 0.0, 1.0))
    };
    let all = strokes(&points, &[(0, 1), (2, 1), (2, 3), (7, 1), (1, 1)]);
    assert_eq!(all, [[points[0], points[2]], [points[2], points[3]]]);
    assert!(strokes(&[], &[(0, 1)]).is_empty());
}
