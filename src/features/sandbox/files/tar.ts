import { notices } from '../../../core/messages/define.ts';
import { MessageError } from '../../../core/model/failure/said.ts';

const text = notices('sandbox.tar', {
  damaged: 'the archive from the engine is damaged at byte {at}',
});

/** Contents by path. Paths are below 100 characters. */
export type Files = ReadonlyMap<string, Buffer>;

const block = 512;
const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
const padding = (size: number) => Buffer.alloc((block - (size % block)) % block);

/** The header of a regular file (pax(1), "ustar Interchange Format"). */
function header(path: string, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const put = (at: number, value: string) => bytes.write(value, at, 'latin1');
  put(0, path);
  put(100, octal(0o644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(0, 11));
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\x0000');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)} `);
  return bytes;
}

/** A tar archive of regular files. */
export function packed(files: Files): Buffer {
  const parts = [...files].flatMap(([path, content]) => [
    header(path, content.length),
    content,
    padding(content.length),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/** The regular files of an archive, by name; of others only the size is read. MessageError where it is damaged. */
export function unpacked(archive: Buffer): Files {
  const files = new Map<string, Buffer>();
  for (let at = 0; ; ) {
    const head = archive.subarray(at, at + block);
    if (head.length < block) throw new MessageError(text.damaged({ at }));
    if (head.every((byte) => byte === 0)) return files;
    const field = (from: number, length: number) =>
      head.toString('latin1', from, from + length).replace(/\0.*$/s, '');
    const size = /^ *[0-7]{1,11} *$/.test(field(124, 12)) ? Number.parseInt(field(124, 12), 8) : Number.NaN;
    const end = at + block + size;
    if (!(end <= archive.length)) throw new MessageError(text.damaged({ at }));
    // A type flag of '0', or of NUL in older archives: a regular file.
    if (['0', ''].includes(field(156, 1))) files.set(field(0, 100), archive.subarray(at + block, end));
    at = end + padding(size).length;
  }
}
