//! Words on the sheet: axis titles, keys, names of marks and of series.

use tandem::chart::inside::spread;

#[test]
fn names_stand_apart_and_near() {
    assert_eq!(
        spread(&[10.0, 50.0], 14.0, 0.0, 100.0),
        Some(vec![10.0, 50.0])
    );
    assert_eq!(
        spread(&[50.0, 50.0], 14.0, 0.0, 100.0),
        Some(vec![43.0, 57.0])
    );
    assert_eq!(
        spread(&[0.0, 0.0, 0.0], 14.0, 0.0, 100.0),
        Some(vec![0.0, 14.0, 28.0])
    );
    assert_eq!(
        spread(&[99.0, 99.0], 14.0, 0.0, 100.0),
        Some(vec![86.0, 100.0])
    );
    assert_eq!(spread(&[1.0; 9], 14.0, 0.0, 100.0), None);
    assert_eq!(spread(&[], 14.0, 0.0, 100.0), Some(vec![]));
    let places = spread(&[20.0, 22.0, 30.0, 90.0, 99.0], 14.0, 0.0, 100.0).unwrap();
    assert!(
        places.windows(2).all(|w| w[1] - w[0] >= 14.0 - 1e-9),
        "{places:?}"
    );
}
