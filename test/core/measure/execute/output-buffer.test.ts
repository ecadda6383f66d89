import { expect, test } from 'vitest';
import { OutputBuffer } from '../../../../src/core/measure/execute/output-matcher.ts';

function fed(buffer: OutputBuffer, ...chunks: readonly string[]) {
  for (const chunk of chunks) buffer.add('stdout', Buffer.from(chunk));
  return buffer.toOutput();
}

test('all of it is kept up to a limit', () => {
  expect(fed(new OutputBuffer(), 'ab', 'cd')).toEqual({ stdout: 'abcd', stderr: '', truncated: false });
  const flood = fed(new OutputBuffer(), 'x'.repeat(3 * 2 ** 20), 'y');
  expect([flood.stdout.length, flood.truncated]).toEqual([2 * 2 ** 20, true]);
});

test('a workload may want less of it, and never gets more', () => {
  expect(fed(new OutputBuffer(3), 'ab', 'cd', 'e')).toEqual({ stdout: 'abc', stderr: '', truncated: true });
  expect(fed(new OutputBuffer(2 ** 30), 'x'.repeat(3 * 2 ** 20)).stdout).toHaveLength(2 * 2 ** 20);
});
