//! Times of a file: dates of the Gregorian calendar at fixed offsets from UTC.

/// Days from 1970-01-01 to a date of the Gregorian calendar; `None` where there is no such date.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(1900..=2200).contains(&year) {
        return None;
    }
    // Years from March on, so that the leap day is the last.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    Some(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468)
}

/// Seconds since 1970 in UTC and the offset in minutes of `2022-11-14T00:05[:00][Z|±hh:mm]`; the hour may
/// have one digit, as spreadsheets write it.
pub(super) fn instant(text: &str, offset_minutes: i32) -> Option<(i64, i32)> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', ' ', 't'])?;
    let digits = |part: &str, most: i64| -> Option<i64> {
        let fine = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|v| fine && *v <= most)
    };
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let day = days(year.parse().ok()?, digits(month, 12)?, digits(day, 31)?)?;
    let (clock, offset) = match clock.find(['Z', 'z', '+', '-']) {
        None => (clock, offset_minutes),
        Some(at) => (&clock[..at], offset(&clock[at..])?),
    };
    let mut parts = clock.trim().split(':');
    let hour = digits(parts.next()?, 24)?;
    let minute = digits(parts.next()?, 59)?;
    let second = match parts.next() {
        None => 0,
        Some(second) => digits(second.split('.').next()?, 59)?,
    };
    if parts.next().is_some() {
        return None;
    }
    // 24:00 is the end of the day, and there is nothing after it.
    if hour == 24 && (minute, second) != (0, 0) {
        return None;
    }
    let local = day * 86_400 + hour * 3_600 + minute * 60 + second;
    Some((local - i64::from(offset) * 60, offset))
}

/// Minutes east of UTC of `Z`, `+01:00`, `-0800` or `+1`.
pub fn offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest = text[1..].replace(':', "");
    let (hours, minutes) = match rest.len() {
        1 | 2 => (rest.as_str(), "0"),
        4 => rest.split_at_checked(2)?,
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (60 * hours + minutes))
}

/// Whether a text states its offset from UTC.
pub(super) fn states_offset(text: &str) -> bool {
    text.get(10..)
        .is_some_and(|clock| clock.contains(['Z', 'z', '+', '-']))
}

/// Whether no line from `before` to `after` (s, on a clock without offsets) can be the night when clocks
/// go forward: a Sunday, an hour between midnight and four.
pub(super) fn may_be_put_forward(before: i64, after: i64) -> bool {
    let of_day = before.rem_euclid(86_400);
    // 1970-01-01 was a Thursday.
    let sunday = (before.div_euclid(86_400) + 4).rem_euclid(7) == 0;
    sunday && of_day < 3 * 3_600 && after.rem_euclid(86_400) <= 4 * 3_600
}

/// `2022-11-14T00:05+01:00` from seconds in UTC and an offset.
pub(super) fn written(seconds: i64, offset: i32) -> String {
    let local = seconds + i64::from(offset) * 60;
    let (mut day, clock) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    day += 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * of_year + 2) / 153;
    let date = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let sign = if offset < 0 { '-' } else { '+' };
    let (h, min) = (offset.abs() / 60, offset.abs() % 60);
    format!(
        "{year:04}-{month:02}-{date:02}T{:02}:{:02}{sign}{h:02}:{min:02}",
        clock / 3_600,
        clock / 60 % 60
    )
}
