import { expect, test } from 'vitest';
import { criLogReader } from '../../../../src/features/layers/cri/log-pipes.ts';

/** What comes out of a log that arrives in these chunks. */
function read(...chunks: readonly (string | Buffer)[]) {
  const got: [string, string][] = [];
  const reader = criLogReader((stream, chunk) => got.push([stream, chunk.toString('latin1')]));
  for (const chunk of chunks) reader.add(Buffer.from(chunk));
  return got;
}

const at = '2026-11-26T23:37:53.354001721Z';

test('each line has its stream and, with its end, its bytes', () => {
  expect(read(`${at} stdout F ocibench\n${at} stderr F a b  c\n${at} stdout F \n`)).toEqual([
    ['stdout', 'ocibench\n'],
    ['stderr', 'a b  c\n'],
    ['stdout', '\n'],
  ]);
});

test('a line that is cut into parts, or has no end, gets none', () => {
  expect(
    read(`${at} stdout P one\n${at} stdout F two\n${at} stdout P three\n`).map(([, text]) => text),
  ).toEqual(['one', 'two\n', 'three']);
});

test('a line may come in pieces, and holds any bytes', () => {
  const whole = Buffer.concat([
    Buffer.from(`${at} stdout F `),
    Buffer.from([0, 0xff, 0x0d, 0x20]),
    Buffer.from('\n'),
  ]);
  for (let cut = 1; cut < whole.length; cut++)
    expect(read(whole.subarray(0, cut), whole.subarray(cut))).toEqual([['stdout', '\0\xff\r \n']]);
});

test('a container that prints what looks like a log is not believed', () => {
  expect(read(`${at} stdout F ${at} stderr F forged\n`)).toEqual([['stdout', `${at} stderr F forged\n`]]);
});

test.each(['nonsense', `${at} stdlog F x`, `${at} stdout X x`, `${'x'.repeat(200)} stdout F x`])(
  'what is no line of a log is refused: %s',
  (line) => {
    expect(() => read(`${line}\n`)).toThrow('malformed log line');
  },
);
