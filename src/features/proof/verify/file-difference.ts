import type { FileDifference } from './verification.ts';

/** Maximum length of what is shown of a line, and of it before the difference, characters. */
const [shown, before] = [120, 40];

/** The part of a line around a place. */
function excerpt(line: string | undefined, at: number): string {
  if (line === undefined) return 'nothing';
  const from = Math.max(0, at - before);
  return `${from > 0 ? '…' : ''}${line.slice(from, from + shown)}${line.length > from + shown ? '…' : ''}`;
}

/** The first place where two sequences differ. */
function firstDifference(a: ArrayLike<unknown>, b: ArrayLike<unknown>): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at++;
  return at;
}

/** First difference between a published file and the recomputed one; null if equal. `published` is untrusted. */
export function differenceIn(name: string, published: Buffer, records: Buffer): FileDifference | null {
  if (published.equals(records)) return null;
  return (
    (name.endsWith('.png') ? null : textDifference(published, records)) ?? byteDifference(published, records)
  );
}

/** null where the texts are equal: the bytes then differ in what is not UTF-8. */
function textDifference(published: Buffer, records: Buffer): FileDifference | null {
  const [is, should] = [published.toString('utf8').split('\n'), records.toString('utf8').split('\n')];
  const row = firstDifference(is, should);
  const [old, made] = [is[row], should[row]];
  if (old === made) return null;
  const column = firstDifference(old ?? '', made ?? '');
  const at = `line ${row + 1}, character ${column + 1}`;
  return { at, published: excerpt(old, column), records: excerpt(made, column) };
}

function byteDifference(published: Buffer, records: Buffer): FileDifference {
  const at = firstDifference(published, records);
  return {
    at: `byte ${at + 1}`,
    published: `${published.length} bytes`,
    records: `${records.length} bytes`,
  };
}
