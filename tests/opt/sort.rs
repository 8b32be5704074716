//! Stable sorting, compiled once.

/// Against the standard library's, on every list of up to six digits from 0 to 3 with their positions.
#[test]
fn items_go_where_the_library_puts_them() {
    for length in 0..=6_u32 {
        for code in 0..4_u32.pow(length) {
            let digit = |k: u32| code / 4_u32.pow(k) % 4;
            let items: Vec<(u32, u32)> = (0..length).map(|k| (digit(k), k)).collect();
            let (mut ours, mut theirs) = (items.clone(), items);
            tandem::opt::inside::by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            assert_eq!(ours, theirs);
        }
    }
}
