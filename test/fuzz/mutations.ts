import fc from 'fast-check';
import { hostileNumbers, hostileTexts, propertyNames } from './hostile.ts';

/** No mutation makes a text longer than this: more than that is the output buffer's business. */
const longest = 300_000;

/** A step that changes a text; positions are shares of its length, so that they fit every text. */
type Change = (text: string) => string;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, part: number) => Math.floor(part * text.length);
export const hostileText = fc.constantFrom(...hostileTexts);
const hostileNumber = fc.constantFrom(...hostileNumbers);
const garbage = fc.oneof(hostileText, fc.string({ unit: 'binary', maxLength: 40 }), hostileNumber);
/** How often something is there that was there once. */
export const times = fc.constantFrom(10, 100, 1_000);
export const propertyName = fc.constantFrom(...propertyNames);
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Puts bytes that are not UTF-8 into a text, read back as our readers read them. */
function withBytes(text: string, part: number, bytes: Uint8Array): string {
  const all = Buffer.from(text);
  const cut = Math.floor(part * all.length);
  return Buffer.concat([all.subarray(0, cut), bytes, all.subarray(cut)]).toString('utf8');
}

function changeLine(text: string, part: number, change: (line: string) => string): string {
  const lines = text.split('\n');
  const which = Math.min(lines.length - 1, Math.floor(part * lines.length));
  return lines.map((line, i) => (i === which ? change(line) : line)).join('\n');
}

const change: fc.Arbitrary<Change> = fc.oneof(
  share.map(
    (part): Change =>
      (text) =>
        text.slice(0, at(text, part)),
  ),
  share.map(
    (part): Change =>
      (text) =>
        text.slice(at(text, part)),
  ),
  fc.tuple(share, fc.nat({ max: 40 }), garbage).map(
    ([part, length, put]): Change =>
      (text) => {
        const from = at(text, part);
        return text.slice(0, from) + put + text.slice(from + length);
      },
  ),
  fc.tuple(share, share).map(
    ([a, b]): Change =>
      (text) => {
        const [from, to] = [at(text, Math.min(a, b)), at(text, Math.max(a, b))];
        return text.slice(0, to) + text.slice(from);
      },
  ),
  fc.tuple(fc.nat({ max: 60 }), hostileNumber).map(
    ([nth, put]): Change =>
      (text) => {
        let seen = -1;
        return text.replace(number, (found) => {
          seen++;
          return seen === nth ? put : found;
        });
      },
  ),
  hostileNumber.map(
    (put): Change =>
      (text) =>
        text.replace(number, put),
  ),
  fc.tuple(share, garbage).map(
    ([part, put]): Change =>
      (text) =>
        changeLine(text, part, () => put),
  ),
  share.map(
    (part): Change =>
      (text) =>
        changeLine(text, part, (line) => `${line}\n${line}`),
  ),
  fc.tuple(share, times).map(
    ([part, n]): Change =>
      (text) =>
        changeLine(text, part, (line) => `${line}\n`.repeat(Math.min(n, longest / (line.length + 1)))),
  ),
  fc.tuple(fc.nat({ max: 60 }), propertyName).map(
    ([nth, put]): Change =>
      (text) => {
        const words = [...new Set(text.match(/[A-Za-z_][\w-]{2,}/g))];
        const chosen = words[nth % Math.max(1, words.length)];
        return chosen === undefined ? text : text.replaceAll(chosen, () => put);
      },
  ),
  fc.tuple(share, fc.nat({ max: 500 })).map(
    ([part, times]): Change =>
      (text) =>
        changeLine(text, part, (line) => line.repeat(times)),
  ),
  fc.tuple(share, fc.uint8Array({ min: 0x80, max: 0xff, minLength: 1, maxLength: 8 })).map(
    ([part, bytes]): Change =>
      (text) =>
        withBytes(text, part, bytes),
  ),
  fc.constantFrom<Change>(
    (text) => text.replaceAll('\n', '\r\n'),
    (text) => text.trimEnd(),
    (text) => text.toUpperCase(),
    (text) => `\uFEFF${text}`,
    (text) => text.split('\n').toReversed().join('\n'),
    (text) => text.replaceAll(' ', '\t'),
    () => '',
  ),
);

/** A good text as it is (now and then), damaged in one to three ways, or anything at all. */
export function damagedText(good: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const damaged = fc
    .tuple(good, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, changes]) => changes.reduce((so, step) => step(so).slice(0, longest), text));
  return fc.oneof(
    { weight: 1, arbitrary: good },
    { weight: 8, arbitrary: damaged },
    { weight: 1, arbitrary: fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), hostileText) },
  );
}
