//! Lists, counts and changes in a sentence.

use tandem::report::words::*;

#[test]
fn lists_read_as_in_a_sentence() {
    assert_eq!(steps("hour", &[19]), "hour 19");
    assert_eq!(steps("hour", &[19, 20]), "hours 19 and 20");
    assert_eq!(
        steps("slot", &[1, 2, 3, 8, 10, 11]),
        "slots 1 to 3, 8, 10 and 11"
    );
    let names = ["A", "B", "C", "D"].map(String::from);
    assert_eq!(listed_up_to(4, &names), "A, B, C and D");
    assert_eq!(listed_up_to(3, &names), "A, B and 2 more");
    assert_eq!(counted(0, "slot"), "no slots");
    assert_eq!(share(0, 24, "interval"), "in none of 24 intervals");
    assert_eq!(share(24, 24, "interval"), "in all 24 intervals");
    assert_eq!(share(1, 1, "interval"), "in 1 of 1 interval");
    assert_eq!(counted(1, "slot"), "1 slot");
}

#[test]
fn changes_are_told_in_per_cent_only_where_that_says_something() {
    assert_eq!(changed(88.0, 100.0, "$"), "12\u{a0}% less than");
    assert_eq!(changed(100.0, 80.0, "$"), "25\u{a0}% more than");
    assert_eq!(changed(80.0001, 80.0, "$"), "the same as");
    // 544 % less, 3,900 % more and a base that is a gain.
    assert_eq!(changed(-4.44, 1.0, "$"), "5.44\u{a0}$ less than");
    assert_eq!(changed(40.0, 1.0, "$"), "39\u{a0}$ more than");
    assert_eq!(changed(-9.0, -10.0, "$"), "1\u{a0}$ more than");
    assert_eq!(changed(5.0, 0.0, "$"), "5\u{a0}$ more than");
    assert_eq!(percent_change(0.0, 0.0), None);
}
