import { quantity } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import type { Quantity } from '../../../core/messages/message.ts';
import { misuse, problemOf } from '../../../core/model/failure/error.ts';
import type { DataSource } from './sources.ts';

const text = notices('move', { cannot: 'the stack cannot be tried' });
const why = reasons('move.data', {
  tooMuch: {
    message: 'holds {own}; all data to copy is {all}, and move.maxData is {most}',
    fix: 'use  --set move.maxData={needed}; or, in a copy of the file, mount it read-only or remove it',
  },
  noRoom: {
    message: 'holds {own}; two copies of all data plus 1 GiB need {needed}, and {path} has {free} free',
    fix: 'free space there; or, in a copy of the file, mount it read-only or remove it',
  },
});

/** Data, and the bytes that it takes on its disk. */
export interface SizedSource extends DataSource {
  readonly bytes: number;
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
/** What is left free beside the copies, bytes: logs, and what services write. */
const marginBytes = gibibyte;
/** Copies of all data at the same time: the one that is kept, and that of a start. */
const atOnce = 2;

/** Bytes for people. */
export const sizeOf = (bytes: number): Quantity =>
  bytes < gibibyte
    ? quantity(Math.ceil(bytes / mebibyte), 'MiB')
    : quantity(Math.ceil((10 * bytes) / gibibyte) / 10, 'GiB', 1);

export const bytesOf = (sources: readonly { readonly bytes: number }[]): number =>
  sources.reduce((sum, { bytes }) => sum + bytes, 0);

/** Where in the compose file data is mounted. */
export const placeOf = (file: string, { kind, name, services: [service = ''] }: DataSource) => ({
  file,
  key: kind === 'volume' ? `volumes.${name}` : `services.${service}.volumes: ${name}`,
});

/**
 * OcibenchError (exit 2), which names the largest, where data is more than `mostBytes`, or than there is room for at `path`, where
 * copies are made, with `freeBytes`.
 */
export function refuseTooMuch(
  sources: readonly SizedSource[],
  of: {
    readonly file: string;
    readonly mostBytes: number;
    readonly path: string;
    readonly freeBytes: number;
  },
): void {
  const { file, mostBytes, path, freeBytes } = of;
  const [largest] = sources.toSorted((a, b) => b.bytes - a.bytes);
  if (largest === undefined) return;
  const all = bytesOf(sources);
  const own = sizeOf(largest.bytes);
  const needed = atOnce * all + marginBytes;
  const reason =
    all > mostBytes
      ? why.tooMuch({
          own,
          all: sizeOf(all),
          most: sizeOf(mostBytes),
          needed: `${Math.ceil(all / gibibyte)}G`,
        })
      : needed > freeBytes
        ? why.noRoom({ own, needed: sizeOf(needed), path, free: sizeOf(freeBytes) })
        : null;
  if (reason !== null) throw misuse(text.cannot, [problemOf(placeOf(file, largest), reason)]);
}
