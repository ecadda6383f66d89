import { describe, expect, test } from 'vitest';
import { boxesOf, icicle } from '../../../../src/features/capacity/recording/icicle.ts';
import { recordingSchema } from '../../../../src/features/capacity/recording/recording.ts';
import { notesOn } from '../../../../src/features/capacity/recording/recording-parts.ts';
import { recordingTable } from '../../../../src/features/capacity/recording/table.ts';
import { renderSvg } from '../../../../src/report/render/svg.ts';
import { madeRecording } from './made-recording.ts';

test('the record is one', () => {
  expect(recordingSchema.parse(madeRecording())).toEqual(madeRecording());
});

describe('the table', () => {
  const table = recordingTable(madeRecording(), { lang: 'en' });

  test('says how many calls there were, by class and name, and what tracing cost', () => {
    expect(table).toContain('web: 100,000 system calls in 2.00 s, 50,000 a second, 0.5 CPUs');
    expect(table).toMatch(/trap only +90,000 +45,000 +90\.0%/);
    expect(table).toMatch(/read +9,000 +4,500 +9\.0% +9\.00 ms +4\.00 KiB +1\.00 µs/);
    expect(table).toContain('120 ns [110, 130] per call and 200 ns [190, 210] per read');
    expect(table).toContain('At 50,000 calls a second, that is 0.80% of one CPU');
    expect(table.replaceAll(/\s+/g, ' ')).toContain('12.0 ms of CPU time, 1.2% of what the target used');
  });

  test('a figure that is not known says why', () => {
    expect(table.replaceAll(/\s+/g, ' ')).toContain(
      'unknown: packets received (it shares the network of the host)',
    );
  });

  test('notes come first, and text from outside cannot paint', () => {
    const hostile = recordingTable(
      madeRecording({
        notes: [{ note: 'take care' }],
        target: { ...madeRecording().target, name: '\u001b[31mweb\nTake care' },
      }),
      { lang: 'en' },
    );
    expect(hostile.split('\n')[0]).toContain('take care');
    expect(hostile).not.toContain('\u001b');
    expect(hostile).toContain('web Take care: 100,000');
  });

  test('is in French too', () => {
    expect(recordingTable(madeRecording(), { lang: 'fr' })).toContain('appels système en');
  });
});

describe('the picture', () => {
  test('every level lies in the box above it, the widest first; what is too narrow is one rest', () => {
    const leaf = (process: string, call: string, calls: number) => ({
      path: [
        { label: process, color: '#111' },
        { label: call, color: '#222' },
      ],
      calls,
    });
    const boxes = boxesOf(
      [
        leaf('a', 'read', 600),
        leaf('b', 'read', 300),
        leaf('a', 'write', 97),
        ...['c', 'd', 'e'].map((p) => leaf(p, 'read', 1)),
      ],
      'all',
      'others',
    );
    expect(
      boxes.map(({ row, label, x, x2 }) => [row, label, Math.round(x * 1000), Math.round(x2 * 1000)]),
    ).toEqual([
      [0, 'all', 0, 1000],
      [1, 'a', 0, 697],
      [2, 'read', 0, 600],
      [2, 'write', 600, 697],
      [1, 'b', 697, 997],
      [2, 'read', 697, 997],
      [1, 'others', 997, 1000],
    ]);
  });

  test('there is none of no calls', () => {
    expect(boxesOf([], 'all', 'others')).toEqual([]);
  });

  test('names from outside are text, and nothing is loaded', async () => {
    const { svg, warnings } = await renderSvg(icicle(madeRecording(), 'en'));
    expect(warnings).toEqual([]);
    expect(svg).toContain('nginx');
    expect(svg).toContain('&lt;/text&gt;');
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/(?:href|src)=/);
  });

  test('without processes it is by class and name', async () => {
    const { svg } = await renderSvg(icicle(madeRecording({ places: [] }), 'en'));
    expect(svg).toContain('trap only');
    expect(svg).not.toContain('nginx');
  });
});

describe('notes', () => {
  const { disturbance } = madeRecording();
  if (disturbance === null) throw new Error('it has one');
  const base = {
    calls: [],
    endedBy: 'exit' as const,
    exitCode: 0,
    counted: { lost: 0, saw32Bit: false },
    had32Bit: false,
    disturbance,
  };
  const ids = (
    measured: Partial<Parameters<typeof notesOn>[0]['measured']>,
    kind: 'bpftrace' | 'perf' | 'strace' = 'bpftrace',
    watched: Parameters<typeof notesOn>[0]['watched'] = { begins: 'program', isOurs: true },
  ) =>
    notesOn({ measured: { ...base, ...measured }, facts: { kind }, watched }).map(({ id }) =>
      id.replace('recording.note.', ''),
    );

  test('there are none where all was counted', () => {
    expect(ids({})).toEqual([]);
  });

  test('known calls that were missed come first', () => {
    expect(
      ids({ disturbance: { ...disturbance, countedCalls: 110_000 }, counted: { lost: 3, saw32Bit: true } }),
    ).toEqual(['loopMissed', 'bits32', 'lost']);
  });

  test('what each tracer cannot do', () => {
    const others = { begins: 'now', isOurs: false } as const;
    expect(ids({ endedBy: 'time' }, 'perf', others)).toEqual(['perfNoTime', 'perfProcesses']);
    expect(ids({}, 'perf')).toEqual(['perfNoTime', 'launcher']);
    expect(ids({ had32Bit: true }, 'strace')).toEqual(['strace', 'launcher']);
    expect(ids({ had32Bit: true })).toEqual(['bits32']);
  });

  test('how it ended', () => {
    expect(ids({ endedBy: 'interrupt', exitCode: null })).toEqual(['interrupted', 'endedAtTime']);
    expect(ids({ exitCode: 7 })).toEqual(['exitCode']);
  });
});
