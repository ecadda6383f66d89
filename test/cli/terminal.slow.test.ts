import { join } from 'node:path';
import xterm from '@xterm/headless';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';

const program = join(import.meta.dirname, 'tiny-run.ts');

interface Asked {
  readonly lang?: 'en' | 'fr';
  readonly progress?: boolean;
  readonly quiet?: boolean;
  readonly end?: 'well' | 'error' | 'interrupt' | 'suspend';
  readonly env?: Record<string, string>;
  readonly size?: readonly [columns: number, rows: number];
}

const environment = { PATH: process.env.PATH ?? '', TERM: 'xterm-256color' };

function argument({ lang = 'en', progress = true, quiet = false, end = 'well' }: Asked): string {
  return JSON.stringify({ lang, progress, quiet, end });
}

/** Runs the tiny run under a pseudo-terminal of util-linux's script(1): every byte that it was given. */
async function underTerminal(asked: Asked): Promise<string> {
  const [columns, rows] = asked.size ?? [80, 24];
  const command = `stty cols ${columns} rows ${rows}; exec '${process.execPath}' '${program}' '${argument(asked)}'`;
  const { stdout } = await execa('script', ['-qec', command, '/dev/null'], {
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: { ...environment, SHELL: '/bin/sh', ...asked.env },
  });
  return stdout;
}

/** What a terminal shows after these bytes: every line from the top of its scrollback, and whether one was wrapped. */
async function screenOf(bytes: string, [columns, rows]: readonly [number, number] = [80, 24]) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 500 });
  await new Promise<void>((resume) => terminal.write(bytes, resume));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, i) => active.getLine(i));
  return {
    lines: lines.map((line) => line?.translateToString(true) ?? ''),
    wrapped: lines.filter((line) => line?.isWrapped).length,
  };
}

/** The bytes cut where a frame ends (synchronised output, `CSI ? 2026 l`): what was shown after each. */
function frames(bytes: string): string[] {
  const parts = bytes.split('\u001b[?2026l');
  return parts.map((_, i) => `${parts.slice(0, i + 1).join('\u001b[?2026l')}\u001b[?2026l`);
}

const [hide, show] = ['\u001b[?25l', '\u001b[?25h'];

describe('under a terminal', () => {
  test('the view is drawn in place, taken away at the end, and the cursor comes back', async () => {
    const bytes = await underTerminal({});
    expect(bytes.lastIndexOf(show)).toBeGreaterThan(bytes.lastIndexOf(hide));
    expect(bytes.indexOf(hide)).toBeGreaterThan(-1);
    const { lines } = await screenOf(bytes);
    expect(lines.filter((line) => line !== '')).toEqual([
      'Measuring 2 tests under runc, crun and a-runtime-with-a-name-that-is-much-too-lo',
      'ng-for-a-line: 3–4 blocks after the warm-up, 10 min at most.',
      expect.stringMatching(/^ {2}failed: crun io\/fio bs=4k/),
      expect.stringMatching(/^a-long-file-name: running: no disk/),
      expect.any(String),
      expect.stringMatching(/^28 trials in \d+:\d\d; stopped at the largest number of blocks\.$/),
      'the result',
    ]);
  });

  test.each([
    ['en', 80, 24],
    ['fr', 80, 24],
    ['fr', 52, 9],
  ] as const)('no frame in %s wraps or leaves anything behind at %i × %i', async (lang, columns, rows) => {
    const size = [columns, rows] as const;
    const bytes = await underTerminal({ lang, size });
    const all = frames(bytes);
    expect(all.length).toBeGreaterThan(20);
    for (const frame of all) {
      const { lines } = await screenOf(frame, size);
      const now = lines.filter((line) => /^(now: |en cours\u00a0: )/.test(line));
      const bars = lines.filter((line) => /^[█▒░]+ .*%$/.test(line));
      expect(now.length).toBeLessThanOrEqual(1);
      expect(bars.length).toBeLessThanOrEqual(1);
    }
    const middle = await screenOf(all[15] ?? '', size);
    expect(middle.lines.join('\n')).toMatch(/^(now: |en cours\u00a0: )/m);
  });

  test('what a container printed does not reach it raw', async () => {
    const bytes = await underTerminal({});
    expect(bytes).not.toContain('\u001b[2J');
    expect(bytes).not.toContain('\u0007');
    expect(bytes).toContain('no disk');
  });

  test.each(['error', 'interrupt'] as const)('the cursor comes back after an %s too', async (end) => {
    const bytes = await underTerminal({ end });
    expect(bytes.lastIndexOf(show)).toBeGreaterThan(bytes.lastIndexOf(hide));
    const { lines } = await screenOf(bytes);
    expect(lines.join('\n')).toContain(end === 'error' ? 'the disk is full' : 'interrupted: cleaning up');
    expect(lines.filter((line) => line.startsWith('now: '))).toEqual([]);
  });

  test('the cursor comes back while Ctrl-Z stops it, and the view afterwards', async () => {
    const bytes = await underTerminal({ end: 'suspend' });
    const [given, taken] = [bytes.indexOf(show), bytes.lastIndexOf(hide)];
    expect(given).toBeGreaterThan(-1);
    expect(given).toBeLessThan(taken);
    const { lines } = await screenOf(bytes.slice(0, given));
    expect(lines.filter((line) => line.startsWith('now: '))).toEqual([]);
    expect(bytes.slice(taken)).toContain('now: ');
    expect((await screenOf(bytes)).lines).toContain('the result');
  });

  test.each([
    ['CI', { env: { CI: 'true' } }],
    ['TERM=dumb', { env: { TERM: 'dumb' } }],
    ['--set progress=false', { progress: false }],
    ['a terminal without a size', { size: [0, 0] }],
  ] as const)('there are plain lines with %s', async (_, asked) => {
    const bytes = await underTerminal(asked as Asked);
    expect(bytes).not.toContain(hide);
    expect(bytes).toMatch(/block 1 \(3–4\): 6 trials in 0\.\d s, 1 failed; 2 tests; /);
  });

  test('colour is left out where it is unwanted, and the view stays', async () => {
    const colour = /\u001b\[[0-9;]*m/;
    expect(await underTerminal({})).toMatch(colour);
    expect(await underTerminal({ env: { FORCE_COLOR: '0' } })).not.toMatch(colour);
    const without = await underTerminal({ env: { NO_COLOR: '1' } });
    expect(without).not.toMatch(colour);
    expect(without).toContain(hide);
  });
});

describe('not under a terminal', () => {
  const run = (asked: Asked) =>
    execa(process.execPath, [program, argument(asked)], {
      reject: false,
      extendEnv: false,
      env: { ...environment, ...asked.env },
    });

  test('there is one plain line a block, in either language', async () => {
    const { stdout, stderr } = await run({});
    expect(stdout).toBe('the result');
    expect(stderr).not.toMatch(/\u001b/);
    const blocks = stderr.split('\n').filter((line) => /^\d:\d\d {2}/.test(line));
    expect(blocks).toEqual([
      expect.stringMatching(/^0:0\d {2}warm-up: 6 trials in \d\.\d s, 1 failed; 2 tests; /),
      expect.stringMatching(
        /^0:0\d {2}block 1 \(3–4\): 6 trials in \d\.\d s, 1 failed; 2 tests; at most \d s left$/,
      ),
      expect.stringMatching(/^0:0\d {2}block 2 \(3–4\): 6 trials/),
      expect.stringMatching(/^0:0\d {2}block 3 \(3–4\): 5 trials/),
      expect.stringMatching(/^0:0\d {2}block 4 \(3–4\): 5 trials in \d\.\d s$/),
    ]);
    const { stderr: french } = await run({ lang: 'fr' });
    expect(french).toMatch(/^0:0\d {2}bloc 2 \(3–4\)\u00a0: 6 essais en \d,\d\u202fs, 1 échec\u00a0; /m);
  });

  test('quiet leaves the result alone', async () => {
    const { stdout, stderr } = await run({ quiet: true });
    expect([stdout, stderr]).toEqual(['the result', '']);
  });
});
