//! Sentences with the numbers of a report in them: what lessons and answers are written in.
//!
//! `{cost_mean}` is a number of the summary with its unit, `{lmp:4}` a series at the step it is told for,
//! `{lmp:4 at 2}` at step 2, `{flow:2-3 max}` its greatest value (`min`, `mean`, `sum`, `first`, `last` likewise).
//! Numbers may be added, subtracted, multiplied and divided, from left to right, with blanks around the sign:
//! `{cost:common - cost:rsf}`. After a bar stands how it is written: `{share | 1}` with one decimal, `{share | bare}`
//! without its unit, `{share | size}` without its sign, `{share | in %}` in another unit. A number is written in the
//! unit in which the report is read, unless another is named.
//!
//! A condition compares two such expressions: `over_hours > 0 and cost_mean = cost_optimal`.

use super::number::united;
use super::units::{read_in, tidy};
use super::{Report, amount, grouped, plain};

/// Two numbers this close are the same in a condition, relative to the greater.
const SAME: f64 = 1e-6;

/// A sentence with its numbers at step `step`, from 0.
///
/// # Errors
/// What is wrong with the sentence, in words: a brace that is not closed, a number that the report does not have.
///
/// ```
/// use tandem::{run, scenario::gallery};
/// use tandem::report::say::say;
///
/// let report = run::run(&gallery::document("zuo-4node").unwrap()).unwrap();
/// let text = "D2 goes from {p:D2 first} to {p:D2 at 2}, the optimum costs {cost_optimum}.";
/// let said = say(text, &report, 0).unwrap().replace('\u{a0}', " ");
/// assert_eq!(said, "D2 goes from 1 MW to 2.5 MW, the optimum costs 136 $/h.");
/// ```
pub fn say(text: &str, report: &Report, step: usize) -> Result<String, String> {
    let mut said = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, after) = after
            .split_once('}')
            .ok_or_else(|| format!("“{{{after}” has no closing brace"))?;
        said.push_str(before);
        said.push_str(&placed(inside, report, step)?);
        rest = after;
    }
    said.push_str(rest);
    Ok(said)
}

/// Whether a sentence with its condition speaks of a step: some series in them stands without a choice of its
/// values.
pub fn follows_clock(text: &str, condition: &str, report: &Report) -> bool {
    let inside = text
        .split('{')
        .skip(1)
        .filter_map(|s| s.split(['|', '}']).next());
    let compared = condition
        .split(" and ")
        .flat_map(|part| part.split(['<', '>', '=', '!']));
    let terms = inside.chain(compared).flat_map(Terms::of);
    let mut open = terms.filter(|term| term.pick.is_empty());
    open.any(|term| report.series(term.id).is_some())
}

/// Whether a condition holds at step `step`, from 0; an empty one does.
///
/// # Errors
/// What is wrong with it, in words.
pub fn holds(condition: &str, report: &Report, step: usize) -> Result<bool, String> {
    if condition.trim().is_empty() {
        return Ok(true);
    }
    let parts = condition.split(" and ");
    parts
        .map(|part| compared(part, report, step))
        .try_fold(true, |all, one| Ok(all && one?))
}

fn compared(part: &str, report: &Report, step: usize) -> Result<bool, String> {
    const SIGNS: [&str; 6] = [" <= ", " >= ", " != ", " < ", " > ", " = "];
    let found = SIGNS
        .iter()
        .find_map(|sign| Some((*sign, part.split_once(sign)?)));
    let (sign, (left, right)) =
        found.ok_or_else(|| format!("“{part}” compares nothing; write e.g. cost_mean > 100"))?;
    let (a, b) = (value(left, report, step)?.0, value(right, report, step)?.0);
    let same = (a - b).abs() <= SAME * a.abs().max(b.abs()).max(1.0);
    Ok(match sign.trim() {
        "=" => same,
        "!=" => !same,
        "<" => a < b && !same,
        ">" => a > b && !same,
        "<=" => a <= b || same,
        _ => a >= b || same,
    })
}

/// What stands between braces, as it is written in a sentence.
fn placed(inside: &str, report: &Report, step: usize) -> Result<String, String> {
    let (expression, how) = inside.split_once('|').unwrap_or((inside, ""));
    let (mut number, mut unit) = value(expression, report, step)?;
    let mut digits = None;
    let (read, times) = read_in(&report.units, &unit);
    let (read, mut times) = (read.to_string(), times);
    let (mut bare, mut named) = (false, false);
    for word in how
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        match word {
            "bare" => bare = true,
            "size" => number = number.abs(),
            _ => match (word.parse::<u8>(), word.strip_prefix("in ")) {
                (Ok(places), _) => digits = Some(places),
                (_, Some(other)) => (unit, times, named) = (other.into(), 1.0, true),
                _ => {
                    return Err(format!(
                        "“{word}” is no way to write a number; there are bare, size, in UNIT and a count of decimals"
                    ));
                }
            },
        }
    }
    number *= times;
    match (bare, named) {
        (true, _) => unit.clear(),
        (false, false) => unit = read,
        _ => {}
    }
    if !number.is_finite() {
        return Err(format!("“{}” has no value", expression.trim()));
    }
    Ok(match digits {
        Some(digits) => united(&grouped(&plain(number, digits)), &unit),
        None => amount(number, &unit),
    })
}

/// A number of the report and which of its values is meant.
struct Term<'a> {
    sign: &'a str,
    id: &'a str,
    pick: Vec<&'a str>,
}

struct Terms;

impl Terms {
    /// The terms of an expression with the sign before each.
    fn of(expression: &str) -> Vec<Term<'_>> {
        let mut terms: Vec<Term> = Vec::new();
        let mut sign = "+";
        let mut words = expression.split_whitespace().peekable();
        while let Some(word) = words.next() {
            if matches!(word, "+" | "-" | "*" | "/") {
                sign = word;
                continue;
            }
            let mut pick = Vec::new();
            while let Some(next) = words.next_if(|next| !matches!(*next, "+" | "-" | "*" | "/")) {
                pick.push(next);
            }
            terms.push(Term {
                sign,
                id: word,
                pick,
            });
        }
        terms
    }
}

/// An expression's value at step `step`, from 0, and the unit of its first named number.
///
/// # Errors
/// What is wrong with it, in words.
pub fn value(expression: &str, report: &Report, step: usize) -> Result<(f64, String), String> {
    let mut total = None;
    let mut unit = String::new();
    for term in Terms::of(expression) {
        let (number, own) = term.value(report, step)?;
        if unit.is_empty() {
            unit = own;
        }
        total = Some(match (total, term.sign) {
            (None, "-") => -number,
            (None, _) => number,
            (Some(total), "-") => total - number,
            (Some(total), "*") => total * number,
            (Some(total), "/") => total / number,
            (Some(total), _) => total + number,
        });
    }
    total
        .map(|total| (total, unit))
        .ok_or_else(|| format!("“{expression}” names no number"))
}

/// An expression's value in a unit: that of its first named number, or the one it is read in.
///
/// # Errors
/// What is wrong with it, in words.
pub fn value_in(expression: &str, unit: &str, report: &Report, step: usize) -> Result<f64, String> {
    let (number, own) = value(expression, report, step)?;
    let (read, times) = read_in(&report.units, &own);
    Ok(match unit == read && unit != own {
        true => tidy(number * times),
        false => number,
    })
}

impl Term<'_> {
    fn value(&self, report: &Report, step: usize) -> Result<(f64, String), String> {
        if let Ok(number) = self.id.parse::<f64>() {
            return Ok((number, String::new()));
        }
        let (quantity, series) = (report.quantity(self.id), report.series(self.id));
        // Both may have one name: a total, and what it is made of. Who chooses a value means the series.
        if let Some(quantity) = quantity.filter(|_| self.pick.is_empty() || series.is_none()) {
            if let Some(pick) = self.pick.first() {
                let id = self.id;
                return Err(format!(
                    "{id} is one number: leave out “{pick}”, which chooses one of several"
                ));
            }
            return Ok((quantity.value.unwrap_or(f64::NAN), quantity.unit.clone()));
        }
        let Some(series) = series else {
            return Err(format!("the report has no number “{}”", self.id));
        };
        let finite = || series.values.iter().copied().filter(|v| v.is_finite());
        let number = match self.pick.as_slice() {
            [] => series.values.get(step).copied(),
            ["first"] => series.values.first().copied(),
            ["last"] => series.values.last().copied(),
            ["max"] => finite().reduce(f64::max),
            ["min"] => finite().reduce(f64::min),
            ["sum"] => Some(finite().sum()),
            ["mean"] => Some(finite().sum::<f64>() / finite().count() as f64),
            ["at", at] => at
                .parse::<usize>()
                .ok()
                .and_then(|at| series.values.get(at.checked_sub(1)?).copied()),
            other => {
                return Err(format!(
                    "“{}” chooses no value of {}; there are first, last, max, min, mean, sum and at STEP",
                    other.join(" "),
                    self.id
                ));
            }
        };
        Ok((number.unwrap_or(f64::NAN), series.unit.clone()))
    }
}
