//! A zip archive of text files, stored as they are (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16).

use super::File;
use crate::scenario::link::checksum;

/// Version 2.0, names in UTF-8 (bit 11), stored; 1 January 1980, so that the same bank is the same file.
const COMMON: [u16; 5] = [20, 0x0800, 0, 0, 0x0021];

fn numbers(out: &mut Vec<u8>, short: &[u16], long: &[u32]) {
    out.extend(short.iter().flat_map(|n| n.to_le_bytes()));
    out.extend(long.iter().flat_map(|n| n.to_le_bytes()));
}

/// The archive; a bank is far from the 4 GiB and 65,535 files that the plain format can hold.
pub fn stored(files: &[File]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        let (name, bytes) = (file.name.as_bytes(), file.text.as_bytes());
        let sizes = [checksum(bytes), bytes.len() as u32, bytes.len() as u32];
        let at = out.len() as u32;
        numbers(&mut out, &[], &[0x0403_4b50]);
        numbers(&mut out, &COMMON, &sizes);
        numbers(&mut out, &[name.len() as u16, 0], &[]);
        out.extend(name);
        out.extend(bytes);
        numbers(&mut directory, &[], &[0x0201_4b50]);
        numbers(&mut directory, &[20], &[]);
        numbers(&mut directory, &COMMON, &sizes);
        numbers(&mut directory, &[name.len() as u16, 0, 0, 0, 0], &[0, at]);
        directory.extend(name);
    }
    let (count, at) = (files.len() as u16, out.len() as u32);
    out.extend(&directory);
    numbers(&mut out, &[], &[0x0605_4b50]);
    numbers(
        &mut out,
        &[0, 0, count, count],
        &[directory.len() as u32, at],
    );
    numbers(&mut out, &[0], &[]);
    out
}
