// Archives that the page makes: their checksums, what another program unpacks of them, and what the page itself does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';

import { unzipped } from '../../www/js/ui/zip.js';
import { crc32, zipped } from '../../www/js/ui/zipped.js';

test('files become an archive and come out of it', async () => {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  // The check value of CRC-32 in every catalogue of checksums.
  assert.equal(crc32(bytes('123456789')), 0xcbf43926);
  const files = [
    { name: 'short.txt', bytes: bytes('123456789') },
    { name: 'ordner/lang-ä.txt', bytes: bytes('market '.repeat(500)) },
    { name: 'leer.bin', bytes: new Uint8Array() },
  ];
  const archive = Buffer.from(await (await zipped(files)).arrayBuffer());
  assert.deepEqual(
    (await unzipped(archive)).map((file) => ({ ...file, bytes: new Uint8Array(file.bytes) })),
    files,
  );

  // The second entry as the format has it (APPNOTE 4.3.7), inflated by zlib; the first is stored in 30 + 9 + 9 bytes.
  const at = 48;
  assert.equal(archive.readUInt32LE(at), 0x04034b50);
  assert.equal(archive.readUInt16LE(at + 8), 8);
  const from = at + 30 + archive.readUInt16LE(at + 26);
  const content = inflateRawSync(archive.subarray(from, from + archive.readUInt32LE(at + 18)));
  assert.equal(content.toString(), 'market '.repeat(500));
  assert.equal(archive.readUInt32LE(at + 14), crc32(content));
});
