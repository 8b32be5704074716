//! Spaces as a terminal and what reads from it expect them.

use std::io::{Result, Write};

/// Writes on with plain spaces in the place of those that no line end parts and that stand between thousands.
pub struct Plain<'w, W: Write>(pub &'w mut W);

impl<W: Write> Write for Plain<'_, W> {
    /// Formatted text comes in whole strings, so that no sign is cut in two.
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let text = text.replace(['\u{a0}', '\u{202f}'], " ");
                self.0.write_all(text.as_bytes())?;
            }
            Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.0.flush()
    }
}
