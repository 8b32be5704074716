//! Scalar expressions, as case files use them to convert units.

use std::collections::HashMap;
use tandem::case::matpower::inside::*;

fn value(text: &str) -> Result<f64, String> {
    let names = HashMap::from([("Vbase".to_string(), 12660.0), ("s.x".to_string(), 2.0)]);
    evaluate(text, &names)
}

#[test]
fn arithmetic() {
    for (text, expected) in [
        ("1 + 2*3 - 4/2", 5.0),
        ("-2^2", -4.0),
        ("2^-1", 0.5),
        ("(1+2)*-3", -9.0),
        ("1e3/1.5E+1", 1e3 / 15.0),
        ("1d2", 100.0),
        (".5", 0.5),
        ("2.*3", 6.0),
        ("s.x.*3", 6.0),
        ("Vbase^2 / 1e6", 160.2756),
        ("sin(acos(0.6))", 0.8),
    ] {
        assert!((value(text).unwrap() - expected).abs() < 1e-12, "{text}");
    }
    assert_eq!(value("-Inf"), Ok(f64::NEG_INFINITY));
    assert_eq!(evaluate_factor("/ 4 * 2", &HashMap::new()), Ok(0.5));
}

#[test]
fn what_is_not_understood_is_said() {
    for (text, part) in [
        ("1 +", "ends too early"),
        ("a", "\"a\" is not known"),
        ("f(1)", "function \"f\""),
        ("m(1, 2)", "m(1, 2)"),
        ("(1", "missing"),
        ("1 2", "\"2\" was not expected"),
        ("1..2", "not a number"),
        ("!", "not expected"),
        ("é", "not known"),
    ] {
        let error = value(text).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    assert!(value(&"(".repeat(100_000)).unwrap_err().contains("deeply"));
    assert!(evaluate_factor("+ 1", &HashMap::new()).is_err());
}
