//! Scalar expressions, as case files use them to convert units.

use std::collections::HashMap;

/// Named column positions and type codes of the format (`idx_bus`, `idx_brch`, `idx_gen`,
/// `idx_cost`), in the order in which those functions return them.
pub const CONSTANTS: [(&str, &[(&str, f64)]); 4] = [
    (
        "idx_bus",
        &[
            ("PQ", 1.0),
            ("PV", 2.0),
            ("REF", 3.0),
            ("NONE", 4.0),
            ("BUS_I", 1.0),
            ("BUS_TYPE", 2.0),
            ("PD", 3.0),
            ("QD", 4.0),
            ("GS", 5.0),
            ("BS", 6.0),
            ("BUS_AREA", 7.0),
            ("VM", 8.0),
            ("VA", 9.0),
            ("BASE_KV", 10.0),
            ("ZONE", 11.0),
            ("VMAX", 12.0),
            ("VMIN", 13.0),
            ("LAM_P", 14.0),
            ("LAM_Q", 15.0),
            ("MU_VMAX", 16.0),
            ("MU_VMIN", 17.0),
        ],
    ),
    (
        "idx_brch",
        &[
            ("F_BUS", 1.0),
            ("T_BUS", 2.0),
            ("BR_R", 3.0),
            ("BR_X", 4.0),
            ("BR_B", 5.0),
            ("RATE_A", 6.0),
            ("RATE_B", 7.0),
            ("RATE_C", 8.0),
            ("TAP", 9.0),
            ("SHIFT", 10.0),
            ("BR_STATUS", 11.0),
            ("PF", 14.0),
            ("QF", 15.0),
            ("PT", 16.0),
            ("QT", 17.0),
            ("MU_SF", 18.0),
            ("MU_ST", 19.0),
            ("ANGMIN", 12.0),
            ("ANGMAX", 13.0),
            ("MU_ANGMIN", 20.0),
            ("MU_ANGMAX", 21.0),
        ],
    ),
    (
        "idx_gen",
        &[
            ("GEN_BUS", 1.0),
            ("PG", 2.0),
            ("QG", 3.0),
            ("QMAX", 4.0),
            ("QMIN", 5.0),
            ("VG", 6.0),
            ("MBASE", 7.0),
            ("GEN_STATUS", 8.0),
            ("PMAX", 9.0),
            ("PMIN", 10.0),
            ("MU_PMAX", 22.0),
            ("MU_PMIN", 23.0),
            ("MU_QMAX", 24.0),
            ("MU_QMIN", 25.0),
            ("PC1", 11.0),
            ("PC2", 12.0),
            ("QC1MIN", 13.0),
            ("QC1MAX", 14.0),
            ("QC2MIN", 15.0),
            ("QC2MAX", 16.0),
            ("RAMP_AGC", 17.0),
            ("RAMP_10", 18.0),
            ("RAMP_30", 19.0),
            ("RAMP_Q", 20.0),
            ("APF", 21.0),
        ],
    ),
    (
        "idx_cost",
        &[
            ("PW_LINEAR", 1.0),
            ("POLYNOMIAL", 2.0),
            ("MODEL", 1.0),
            ("STARTUP", 2.0),
            ("SHUTDOWN", 3.0),
            ("NCOST", 4.0),
            ("COST", 5.0),
        ],
    ),
];

/// What names stand for in an expression.
pub trait Names {
    /// A plain name.
    fn value(&self, name: &str) -> Option<f64>;
    /// A name with two arguments: an entry of a matrix, counted from 1.
    fn entry(&self, name: &str, row: f64, column: f64) -> Option<f64>;
}

impl Names for HashMap<String, f64> {
    fn value(&self, name: &str) -> Option<f64> {
        self.get(name).copied()
    }
    fn entry(&self, _: &str, _: f64, _: f64) -> Option<f64> {
        None
    }
}

/// Deepest nesting taken on; the parser calls itself.
const DEEPEST: usize = 40;

/// The value of an expression of numbers, names, + − * / ^, parentheses and a few functions.
///
/// # Errors
/// What stands in the way, as the end of a sentence.
pub fn evaluate(text: &str, names: &impl Names) -> Result<f64, String> {
    let mut parser = Parser {
        rest: text,
        names,
        depth: 0,
    };
    let value = parser.sum()?;
    match parser.peek() {
        None => Ok(value),
        Some(c) => Err(format!("\"{c}\" was not expected")),
    }
}

/// The product of 1 and a tail such as `/ 1e3` or `* a / b`.
///
/// # Errors
/// As [`evaluate`]; also a tail that adds or subtracts.
pub fn evaluate_factor(tail: &str, names: &impl Names) -> Result<f64, String> {
    let mut parser = Parser {
        rest: tail,
        names,
        depth: 0,
    };
    let value = parser.factors(1.0)?;
    match parser.peek() {
        None => Ok(value),
        Some(c) => Err(format!("\"{c}\" was not expected")),
    }
}

struct Parser<'a, N> {
    rest: &'a str,
    names: &'a N,
    depth: usize,
}

impl<N: Names> Parser<'_, N> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches(super::text::is_blank);
        self.rest.chars().next()
    }

    /// Takes the sign if it is next; `.*` and `./` and `.^` mean the same for scalars.
    fn take(&mut self, sign: char) -> bool {
        self.peek();
        let plain = self.rest.strip_prefix('.').unwrap_or(self.rest);
        let rest = if "*/^".contains(sign) {
            plain
        } else {
            self.rest
        };
        match rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> Result<f64, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deeply".to_string());
        }
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value += self.product()?;
            } else if self.take('-') {
                value -= self.product()?;
            } else {
                self.depth -= 1;
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let first = self.signed()?;
        self.factors(first)
    }

    fn factors(&mut self, mut value: f64) -> Result<f64, String> {
        loop {
            if self.take('*') {
                value *= self.signed()?;
            } else if self.take('/') {
                value /= self.signed()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn signed(&mut self) -> Result<f64, String> {
        let mut sign = 1.0;
        loop {
            if self.take('-') {
                sign = -sign;
            } else if !self.take('+') {
                return Ok(sign * self.power()?);
            }
        }
    }

    fn power(&mut self) -> Result<f64, String> {
        let mut base = self.atom()?;
        while self.take('^') {
            let minus = self.take('-');
            let exponent = self.atom()?;
            base = libm::pow(base, if minus { -exponent } else { exponent });
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<f64, String> {
        match self.peek() {
            Some('(') => {
                self.take('(');
                let value = self.sum()?;
                if self.take(')') {
                    Ok(value)
                } else {
                    Err("\")\" is missing".to_string())
                }
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() => self.named(),
            Some(c) => Err(format!("\"{c}\" was not expected")),
            None => Err("it ends too early".to_string()),
        }
    }

    fn number(&mut self) -> Result<f64, String> {
        let bytes = self.rest.as_bytes();
        let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
        let is = |i: usize, set: &[u8]| bytes.get(i).is_some_and(|b| set.contains(b));
        let mut end = 0;
        while digit(end) || is(end, b".") && !is(end + 1, b"*/^") {
            end += 1;
        }
        if is(end, b"eEdD") {
            let digits = end + 1 + usize::from(is(end + 1, b"+-"));
            if digit(digits) {
                end = digits;
                while digit(end) {
                    end += 1;
                }
            }
        }
        let (number, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        number
            .replace(['d', 'D'], "e")
            .parse()
            .map_err(|_| format!("\"{number}\" is not a number"))
    }

    fn named(&mut self) -> Result<f64, String> {
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        // `a.*b`: the dot belongs to the operator.
        let (name, rest) = match name.strip_suffix('.') {
            Some(short) => (short, self.rest.get(short.len()..).unwrap_or("")),
            None => (name, rest),
        };
        self.rest = rest;
        if !self.take('(') {
            return match name {
                "pi" => Ok(std::f64::consts::PI),
                "Inf" | "inf" => Ok(f64::INFINITY),
                "NaN" | "nan" => Ok(f64::NAN),
                _ => self
                    .names
                    .value(name)
                    .ok_or_else(|| format!("\"{name}\" is not known")),
            };
        }
        let first = self.sum()?;
        let second = if self.take(',') {
            Some(self.sum()?)
        } else {
            None
        };
        if !self.take(')') {
            return Err("\")\" is missing".to_string());
        }
        match (name, second) {
            ("sin", None) => Ok(libm::sin(first)),
            ("cos", None) => Ok(libm::cos(first)),
            ("tan", None) => Ok(libm::tan(first)),
            ("asin", None) => Ok(libm::asin(first)),
            ("acos", None) => Ok(libm::acos(first)),
            ("atan", None) => Ok(libm::atan(first)),
            ("sqrt", None) => Ok(first.sqrt()),
            ("abs", None) => Ok(first.abs()),
            (matrix, Some(column)) => self
                .names
                .entry(matrix, first, column)
                .ok_or_else(|| format!("{matrix}({first}, {column}) is not known")),
            (function, None) => Err(format!("the function \"{function}\" is not known")),
        }
    }
}
