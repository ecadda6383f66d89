import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { createTarPacker } from '../../../core/artefact/tar.ts';

/** Compression of archives, by the extension of their names. */
export type Compression = 'zst' | 'gz';

/** Bytes of an archived file that are written at a time. */
const chunkBytes = 1 << 20;

/** Fixed metadata without time and owner, so that equal files give equal archives. */
const fixed = { mtime: new Date(0), mode: 0o644, uid: 0, gid: 0, uname: '', gname: '' } as const;

/** A tar archive of these files (name → content), in their order. */
export async function pack(
  files: ReadonlyMap<string, string | Uint8Array>,
  compression: Compression,
): Promise<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const compressor =
    compression === 'gz'
      ? createGzip({ level: 9 })
      : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 15 } });
  const compressed = pipeline(Readable.fromWeb(readable), compressor, buffer);
  for (const [name, content] of files) {
    const bytes = Buffer.from(content);
    const writer = controller.add({ ...fixed, name, size: bytes.length, type: 'file' }).getWriter();
    for (let at = 0; at < bytes.length; at += chunkBytes)
      await writer.write(bytes.subarray(at, at + chunkBytes));
    await writer.close();
  }
  controller.finalize();
  return await compressed;
}
