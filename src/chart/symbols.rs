//! Symbols in the words of a chart: `P_a`, `P_G,1` or `P_l''` are written with their index below the line.

/// Letters that carry an index in the texts of reports; an underscore after anything else is part of a name.
const BASES: [char; 4] = ['P', 'C', 'V', 'x'];
/// Longest index, characters.
const LONGEST: usize = 8;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    Plain(&'t str),
    /// Below the line, and how many primes stand after it.
    Index(&'t str, usize),
}

/// A text as pieces in their order. The page does the same with what it writes: `www/js/ui/symbols.js`.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(place) = text[at..].find('_').map(|k| at + k) {
        at = place + 1;
        let Some(end) = index_end(text, place) else {
            continue;
        };
        let primes = text[end..]
            .chars()
            .take_while(|c| *c == '\'')
            .count()
            .min(2);
        if text[end + primes..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        out.push(Piece::Plain(&text[from..place]));
        out.push(Piece::Index(&text[place + 1..end], primes));
        from = end + primes;
        at = from;
    }
    out.push(Piece::Plain(&text[from..]));
    out
}

/// Where the index after the underscore at `place` ends, if one does belong to a symbol.
fn index_end(text: &str, place: usize) -> Option<usize> {
    let mut before = text[..place].chars().rev();
    let base = before.next()?;
    let joined = before
        .next()
        .is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
    if joined || !BASES.contains(&base) {
        return None;
    }
    let rest = &text[place + 1..];
    let word = |s: &str| -> usize { s.find(|c: char| !c.is_alphanumeric()).unwrap_or(s.len()) };
    let mut length = word(rest);
    if let Some(more) = rest[length..].strip_prefix(',') {
        let second = word(more);
        length += if second > 0 { 1 + second } else { 0 };
    }
    (1..=LONGEST)
        .contains(&rest[..length].chars().count())
        .then_some(place + 1 + length)
}

#[cfg(test)]
mod tests {
    use super::Piece::{Index, Plain};
    use super::pieces;

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
}
