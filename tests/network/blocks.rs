//! Blocks: the parts of a network that one branch's outage cannot split.

use tandem::network::inside::{NEVER, blocks, bridges};

#[test]
fn a_triangle_with_a_tail_and_a_double_line() {
    let edges = [
        Some((0, 1)),
        Some((1, 2)),
        Some((2, 0)),
        Some((2, 3)),
        Some((3, 4)),
        Some((4, 3)),
        None,
        Some((4, 5)),
    ];
    let of = blocks(6, &edges);
    let expected = [false, false, false, true, false, false, false, true];
    assert_eq!(bridges(&of), expected);
    assert!(of[0] == of[1] && of[1] == of[2]);
    assert!(of[4] == of[5] && of[4] != of[0]);
    assert_eq!(of[6], NEVER);
}

#[test]
fn two_cycles_that_share_a_node_are_two_blocks() {
    let edges = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2)].map(Some);
    let of = blocks(5, &edges);
    assert!(of[0] == of[1] && of[1] == of[2]);
    assert!(of[3] == of[4] && of[4] == of[5] && of[3] != of[0]);
}
