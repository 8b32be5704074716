//! A scenario as the fragment of a link.

/// The check value of CRC-32 that its catalogues give.
#[test]
fn checksum_is_crc_32() {
    assert_eq!(
        tandem::scenario::inside::checksum(b"123456789"),
        0xcbf4_3926
    );
}
