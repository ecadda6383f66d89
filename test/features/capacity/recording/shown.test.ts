import { expect, test } from 'vitest';
import { recordingSchema } from '../../../../src/features/capacity/recording/recording.ts';
import { recordingTable } from '../../../../src/features/capacity/recording/table.ts';
import { madeRecording } from './made-recording.ts';

test('the record is one', () => {
  expect(recordingSchema.parse(madeRecording())).toEqual(madeRecording());
});

test('the table says what was used, and how much a second of what grows', () => {
  const table = recordingTable(madeRecording());
  expect(table).toContain('web, for 2.00 s');
  expect(table).toMatch(/CPU time +1\.00 s +0\.500 CPUs/);
  expect(table).toMatch(/memory, at its highest +3\.00 MiB *\n/);
  expect(table).toMatch(/of which anonymous +1\.00 MiB *\n/);
  expect(table).toMatch(/read from disks +2\.00 MiB +1\.00 MiB/);
  expect(table).toMatch(/read requests +9 +5/);
});

test('figures that are not known say why, once', () => {
  const table = recordingTable(madeRecording());
  expect(table.replaceAll(/\s+/g, ' ')).toContain(
    'unknown: received, sent (it shares the network of the host)',
  );
});

test.each([
  ['exit', 'web, for 2.00 s: then it ended'],
  ['interrupt', 'web, for 2.00 s: then the recording was interrupted'],
] as const)('how it ended: %s', (endedBy, said) => {
  expect(recordingTable(madeRecording({ endedBy }))).toContain(said);
});

test('text from outside cannot paint', () => {
  const target = { ...madeRecording().target, name: '\u001b[31mweb\nTake care' };
  const hostile = recordingTable(madeRecording({ target }));
  expect(hostile).not.toContain('\u001b');
  expect(hostile).toContain('web Take care, for');
});
