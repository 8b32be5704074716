//! The largest box of activations that is safe in any combination.

use tandem::market::shared::safe_box::*;

/// Two resources of 2 MW either way on a line with 3 MW of room: any worth shares it, and no corner is over.
#[test]
fn no_corner_of_the_box_is_over_a_limit() {
    let side = |worth: f64| Side {
        most_mw: 2.0,
        worth,
    };
    let of = |name, worth| Resource {
        name,
        up: side(worth),
        down: side(1.0),
    };
    let limit = Limit {
        name: "line".into(),
        g: vec![1.0, 1.0],
        room_mw: 3.0,
    };
    let resources = [of("a", 2.0), of("b", 1.0)];
    let found = largest("box".into(), &resources, std::iter::once(limit)).unwrap();
    assert_eq!(found, [(2.0, 2.0), (1.0, 2.0)]);
    let (up, down): (Vec<f64>, Vec<f64>) = found.into_iter().unzip();
    assert_eq!(reach(&[1.0, 1.0], &up, &down), 3.0);
}
