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
