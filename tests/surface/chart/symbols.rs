//! Symbols in the words of a chart: `P_a`, `P_G,1` or `P_l''` are written with their index below the line.

use tandem::chart::inside::Piece::{Index, Plain};
use tandem::chart::inside::pieces;

#[test]
fn an_index_stands_below_the_line() {
    assert_eq!(
        pieces("P_a, output of A"),
        [Plain("P"), Index("a", 0), Plain(", output of A")]
    );
    assert_eq!(
        pieces("from P_l''"),
        [Plain("from P"), Index("l", 2), Plain("")]
    );
    assert_eq!(
        pieces("P_G,1, interval 2"),
        [Plain("P"), Index("G,1", 0), Plain(", interval 2")]
    );
    assert_eq!(
        pieces("6 P_a + 2 P_l' + 1"),
        [
            Plain("6 P"),
            Index("a", 0),
            Plain(" + 2 P"),
            Index("l", 1),
            Plain(" + 1")
        ]
    );
}

#[test]
fn names_stay_as_they_are() {
    for name in [
        "bus_1",
        "BP_1",
        "max_p_mw",
        "P_",
        "_",
        "L_1",
        "P_averylongindex",
        "case.P_a",
        "P_a_b",
        "",
        "Zürich_ä",
    ] {
        assert_eq!(pieces(name), [Plain(name)], "{name}");
    }
}
