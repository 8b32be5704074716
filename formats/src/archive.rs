//! ZIP archives.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

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

/// An archive of files, as (path, bytes); the same files are the same archive whenever it is made.
///
/// # Errors
/// More than an archive holds.
pub fn packed(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, String> {
    let failed = |why: String| format!("The archive (ZIP) cannot be made: {why}.");
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        let begun = archive.start_file(path.as_str(), options);
        begun.map_err(|why| failed(why.to_string()))?;
        let written = archive.write_all(bytes);
        written.map_err(|why| failed(why.to_string()))?;
    }
    let whole = archive.finish().map_err(|why| failed(why.to_string()))?;
    Ok(whole.into_inner())
}
