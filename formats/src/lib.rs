//! Grids in the formats of other programs, as MATPOWER case files with what the way there changed, left out and assumed.
//!
//! pandapower (JSON) and PyPSA (CSV folder) are read here, as their own optimal power flows understand them; PSS/E (RAW,
//! RAWX), PowerModels (JSON) and CIM (CGMES) by `powerio-tx`. What a file is, is told by what it holds.

mod archive;
#[cfg(target_arch = "wasm32")]
mod door;
mod grid;
mod pandapower;
mod powermodels;
mod pypsa;
mod recognise;
mod transmission;

pub use archive::{packed, unpacked};

/// What a reader did with a file beyond reading it, in sentences with counts and units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// Held in another form.
    pub changed: Vec<String>,
    pub left_out: Vec<String>,
    /// What the file does not say.
    pub assumed: Vec<String>,
}

/// A grid as a MATPOWER case file.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// The case file, format version 2.
    pub text: String,
    /// What was read, such as `PSS/E RAW file`.
    pub format: String,
    pub notes: Notes,
}

/// A sentence that may quote names of the file: on one line, nothing in it that hides or turns what follows.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        let formatting = ['\u{feff}', '\u{2028}', '\u{2029}', '\u{61c}'];
        c.is_control()
            || formatting.contains(&c)
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2060}'..='\u{206f}').contains(&c)
    };
    let mark = |c| if hidden(c) { '\u{fffd}' } else { c };
    text.chars().map(mark).collect()
}

/// Converts the files of one grid, as (path, bytes): one file, a ZIP archive of them, or those of a folder. `None` where
/// none of the formats is recognised.
///
/// # Errors
/// What the grid is, why it cannot be read, and what to do.
pub fn matpower(files: &[(String, Vec<u8>)]) -> Result<Option<Converted>, String> {
    let unpacked;
    let files = match files {
        [(_, bytes)] if archive::is(bytes) => {
            unpacked = archive::unpacked(bytes)?;
            &unpacked[..]
        }
        files => files,
    };
    let Some(found) = recognise::recognise(files) else {
        return Ok(None);
    };
    let format = found.name();
    let converted = found.read().and_then(|mut grid| {
        let text = grid.text()?;
        let Notes {
            changed,
            left_out,
            assumed,
        } = grid.notes;
        let shown = |list: Vec<String>| list.iter().map(|text| visible(text)).collect();
        Ok(Converted {
            text,
            format: format.to_string(),
            notes: Notes {
                changed: shown(changed),
                left_out: shown(left_out),
                assumed: shown(assumed),
            },
        })
    });
    converted
        .map(Some)
        .map_err(|why| format!("This is a {format}. {why}"))
}
