//! A path walked by the clock: the point reached is marked, what lies behind it is joined.

use tandem::chart::inside::*;
use tandem::report::Clock;
use tandem::report::Report;

#[test]
fn every_step_adds_the_same_strokes() {
    let report = Report {
        clock: Some(Clock {
            name: "interval".into(),
            steps: 6,
            minutes_per_step: 5.0,
        }),
        ..Report::default()
    };
    let at = |count, cursor| reached(&report, count, cursor).map(|r| (r.index, r.step));
    assert_eq!(at(6, Some(0)), Some((0, 0)));
    assert_eq!(at(6, Some(5)), Some((5, 5)));
    assert_eq!(at(11, Some(3)), Some((6, 3)));
    assert_eq!(at(11, None), Some((10, 5)));
    assert_eq!(at(11, Some(99)), Some((10, 5)));
    assert_eq!(at(1, Some(3)), Some((0, 0)));
    assert_eq!(at(0, None), None);
    assert_eq!(reached(&Report::default(), 1, None).unwrap().index, 0);
}
