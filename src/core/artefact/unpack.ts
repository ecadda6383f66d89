import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { openPlainFile } from '../files/plain-file.ts';
import { quantity } from '../messages/compose.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { createTarDecoder } from './tar.ts';

const MiB = 2 ** 20;

/** Limits of unpacking, so that a small file from a stranger fills neither disk nor memory. */
export interface UnpackLimits {
  /** Bytes of all files of one archive. */
  readonly bytes: number;
  /** Files and directories of one archive. */
  readonly entries: number;
  /** Bytes of a whole name. */
  readonly nameBytes: number;
  /** Parts of a name between `/`. */
  readonly depth: number;
  /** Maximum ratio of unpacked bytes to bytes of the archive, once {@link ratioFromBytes} are unpacked. */
  readonly ratio: number;
  /** Unpacked bytes below which the ratio is not checked: a short text of equal lines compresses extremely well. */
  readonly ratioFromBytes: number;
}

/** A run with a time series of every trial has about 100 MB, and its JSON lines compress to a twentieth. */
export const unpackLimits: UnpackLimits = {
  bytes: 4096 * MiB,
  entries: 20_000,
  nameBytes: 1024,
  depth: 12,
  ratio: 200,
  ratioFromBytes: 64 * MiB,
};

const text = notices('archive', {
  tooLarge: 'it unpacks to more than {size}',
  tooMany: 'it holds more than {n} files',
  bomb: 'it unpacks to more than {n} times its size',
  otherType: '{name} is neither a file nor a directory: {type}',
  sparse: '{name} is a sparse file',
  unsafeName: 'the name {name} is empty or leads outside the archive',
  longName: 'the name {name} is too long or too deep',
  twice: 'it contains {name} twice',
  broken: 'it is cut off, damaged or not a tar archive: {why}',
});

/** The reason why an archive is not unpacked. */
export class ArchiveError extends Error {
  readonly said: Message;

  constructor(said: Message) {
    super(said.text);
    this.said = said;
  }
}

/**
 * Unpacks a tar archive, plain or compressed by gzip or zstd, into an empty directory to which nobody else can write.
 * The compression is detected by the content, not by the name. Only regular files and directories are created, readable
 * by this user only, under plain names. ArchiveError for any other entry, or beyond the limits; files that were
 * unpacked until then stay.
 */
export async function unpack(archive: string, directory: string, limits: UnpackLimits): Promise<void> {
  const handle = await openPlainFile(archive, { followLinks: true });
  await using closing = new AsyncDisposableStack();
  closing.defer(() => handle.close());
  const { size } = await handle.stat();
  const head = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const source = handle.createReadStream({ start: 0, autoClose: false });
  closing.defer(() => void source.destroy());
  const decompressor = decompressorOf(head.buffer);
  if (decompressor !== null) {
    source.on('error', (error) => decompressor.destroy(error));
    source.pipe(decompressor);
    closing.defer(() => void decompressor.destroy());
  }
  try {
    await unpackTar(counted(decompressor ?? source, size, limits), directory, limits);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    // A web stream wraps an error of zlib in one without a message.
    const { code, message, cause } = Object(error) as NodeJS.ErrnoException;
    // A full disk is not the archive's fault.
    if (code === 'ENOSPC' || code === 'EDQUOT') throw error;
    throw new ArchiveError(
      text.broken({ why: message || (cause instanceof Error ? cause.message : String(error)) }),
    );
  }
}

/**
 * Maximum window, as in zstd's own default limit: a larger window needs that much memory, and no archive of ocibench
 * has one.
 */
const maxZstdWindowLog = 27;

/** Chosen by the first bytes (RFC 1952, RFC 8878); null for an archive that is not compressed. */
function decompressorOf(head: Buffer): Transform | null {
  if (head.readUInt16BE(0) === 0x1f8b) return createGunzip();
  if (head.readUInt32LE(0) !== 0xfd2fb528) return null;
  return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: maxZstdWindowLog } });
}

/** Passes on the bytes of a stream; throws where they exceed the limits. */
async function* counted(
  stream: Readable,
  archiveBytes: number,
  limits: UnpackLimits,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > limits.bytes)
      throw new ArchiveError(text.tooLarge({ size: quantity(limits.bytes / 2 ** 20, 'MiB') }));
    if (bytes > limits.ratioFromBytes && bytes > limits.ratio * archiveBytes)
      throw new ArchiveError(text.bomb({ n: limits.ratio }));
    yield chunk;
  }
}

async function unpackTar(
  bytes: AsyncIterable<Uint8Array>,
  directory: string,
  limits: UnpackLimits,
): Promise<void> {
  // Not Readable.toWeb: a Node stream that is left early passes on its buffered data, and the closed web stream then
  // throws where nothing catches it.
  const entries = ReadableStream.from(bytes).pipeThrough(createTarDecoder({ strict: true }));
  const names = new Set<string>();
  let n = 0;
  for await (const { header, body } of entries) {
    n++;
    if (n > limits.entries) throw new ArchiveError(text.tooMany({ n: limits.entries }));
    const { type = 'file', pax = {} } = header;
    const shown = header.name.slice(0, 200);
    if (type !== 'file' && type !== 'directory')
      throw new ArchiveError(text.otherType({ name: shown, type }));
    if (Object.keys(pax).some((key) => key.startsWith('GNU.sparse')))
      throw new ArchiveError(text.sparse({ name: shown }));
    const name = plainName(header.name, limits);
    // `./` is the archive's own directory, which some archives contain twice.
    if (type === 'file' || name !== '') {
      if (type === 'file' && name === '') throw new ArchiveError(text.unsafeName({ name: shown }));
      if (names.has(name)) throw new ArchiveError(text.twice({ name: shown }));
      names.add(name);
    }
    if (type === 'directory') {
      await mkdir(join(directory, name), { recursive: true, mode: 0o700 });
      await body.cancel();
    } else await writeFile(join(directory, name), body);
  }
}

/** A name relative to the directory; empty for the directory itself. ArchiveError where the name is not allowed. */
function plainName(name: string, limits: UnpackLimits): string {
  const shown = name.slice(0, 200);
  if (/^\/|[\p{Cc}\\\ufffd]/u.test(name)) throw new ArchiveError(text.unsafeName({ name: shown }));
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new ArchiveError(text.unsafeName({ name: shown }));
  if (
    parts.length > limits.depth ||
    Buffer.byteLength(name) > limits.nameBytes ||
    parts.some((part) => Buffer.byteLength(part) > 255)
  )
    throw new ArchiveError(text.longName({ name: shown }));
  return parts.join('/');
}

/** Writes a new file. The name must not exist, so that no file of the archive is written twice. */
async function writeFile(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of body) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
}
