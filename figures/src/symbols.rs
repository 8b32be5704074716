//! Symbols in words: `P_a`, `P_G,1` or `P_l''` have their index below the line.

/// Letters that carry an index in the texts of reports; the terminal and the page do the same with what they write.
const BASES: [char; 4] = ['P', 'C', 'V', 'x'];
/// Longest index, characters.
const LONGEST: usize = 8;

/// Where a symbol with an index stands in `text`: its letter, the index, how many primes, and where it ends.
pub fn symbol(text: &str, at: usize) -> Option<(char, &str, usize, usize)> {
    let rest = &text[at..];
    let base = rest.chars().next().filter(|c| BASES.contains(c))?;
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
        return None;
    }
    let index = rest[base.len_utf8()..].strip_prefix('_')?;
    let word = |s: &str| s.find(|c: char| !c.is_alphanumeric()).unwrap_or(s.len());
    let mut length = word(index);
    if let Some(more) = index[length..].strip_prefix(',') {
        let second = word(more);
        length += if second > 0 { 1 + second } else { 0 };
    }
    let (index, rest) = index.split_at(length);
    if !(1..=LONGEST).contains(&index.chars().count()) {
        return None;
    }
    let primes = rest.chars().take_while(|c| *c == '\'').count().min(2);
    let end = at + base.len_utf8() + 1 + length + primes;
    Some((base, index, primes, end))
}
