//! ZIP archives.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Most files of an archive, and most bytes of all of them together.
const MOST_FILES: usize = 4096;
const MOST_BYTES: u64 = 512 << 20;

/// Whether these are the first bytes of an archive.
pub(crate) fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The files of an archive, as (path, bytes); what file managers add to it is left out.
///
/// # Errors
/// An archive that is damaged, or holds too much.
pub fn unpacked(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let damaged = |why: zip::result::ZipError| {
        format!(
            "The archive (ZIP) cannot be unpacked: {why}. Unpack it first, and open what is in it."
        )
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let (mut files, mut left) = (Vec::new(), MOST_BYTES);
    let most = "The archive (ZIP) holds too much. Unpack it first, and open what is in it.";
    if archive.len() > MOST_FILES {
        return Err(most.into());
    }
    for k in 0..archive.len() {
        let entry = archive.by_index(k).map_err(damaged)?;
        let path = entry.name().map_err(damaged)?.into_owned();
        if entry.is_dir()
            || path
                .split('/')
                .any(|p| p.starts_with('.') || p == "__MACOSX")
        {
            continue;
        }
        let mut inside = Vec::new();
        // What the archive says of its sizes is not believed.
        let read = entry.take(left + 1).read_to_end(&mut inside);
        read.map_err(|why| damaged(zip::result::ZipError::Io(why)))?;
        left = left
            .checked_sub(inside.len() as u64)
            .ok_or_else(|| most.to_string())?;
        files.push((path, inside));
    }
    Ok(files)
}
