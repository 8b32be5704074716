//! A series as strokes: steps, breaks at missing values, clipping, thinning.

use tandem::chart::inside::*;

const UNIT: Rect = Rect::new(0.0, 1.0, 0.0, 1.0);

#[test]
fn missing_values_break_the_line() {
    let values = [
        (1.0, 1.0),
        (2.0, f64::NAN),
        (3.0, 2.0),
        (4.0, f64::INFINITY),
    ];
    assert_eq!(runs(values, false), [vec![(1.0, 1.0)], vec![(3.0, 2.0)]]);
    assert_eq!(runs(values, true)[1], [(2.5, 2.0), (3.5, 2.0)]);
    assert!(runs([], true).is_empty());
}

#[test]
fn ends_are_interpolated_at_the_edges() {
    let pieces = clip(&[(-1.0, 0.5), (2.0, 0.5)], &UNIT);
    assert_eq!(pieces, [vec![(0.0, 0.5), (1.0, 0.5)]]);
    let roof = [(0.0, 0.0), (0.5, 2.0), (1.0, 0.0)];
    assert_eq!(
        clip(&roof, &UNIT),
        [vec![(0.0, 0.0), (0.25, 1.0)], vec![(0.75, 1.0), (1.0, 0.0)]],
    );
    assert!(clip(&[(2.0, 2.0), (3.0, 1.5)], &UNIT).is_empty());
    assert!(clip(&[], &UNIT).iter().all(Vec::is_empty));
}

/// Every point of a clipped run lies in the window and on the run.
#[test]
fn clipping_keeps_to_the_window_and_to_the_line() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as f64 / (1u64 << 53) as f64 * 4.0 - 1.5
    };
    for _ in 0..500 {
        let run: Vec<_> = (0..6).map(|_| (random(), random())).collect();
        for p in clip(&run, &UNIT).iter().flatten() {
            let inside = Rect::new(-1e-12, 1.0 + 1e-12, -1e-12, 1.0 + 1e-12);
            assert!(inside.holds(*p), "{p:?} of {run:?}");
            let on = run.windows(2).any(|w| {
                let (d, e) = (
                    (w[1].0 - w[0].0, w[1].1 - w[0].1),
                    (p.0 - w[0].0, p.1 - w[0].1),
                );
                (d.0 * e.1 - d.1 * e.0).abs() < 1e-9
            });
            assert!(on, "{p:?} off {run:?}");
        }
    }
}

#[test]
fn thinning_keeps_the_extremes_of_every_column() {
    let points: Vec<_> = (0..20_000).map(|k| (k / 10, (k * 7919) % 1000)).collect();
    let thinned = thin(points.clone(), 200);
    assert!(thinned.len() <= 4 * 200);
    for column in 0..200 {
        let of = |set: &[(i32, i32)]| {
            let ys = set.iter().filter(|p| p.0 / 10 == column).map(|p| p.1);
            (ys.clone().min(), ys.max())
        };
        assert_eq!(of(&points), of(&thinned));
    }
}
