import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canRun, root, workplace } from './support.ts';

const limit = 600_000;
const [hide, show] = ['\u001b[?25l', '\u001b[?25h'];

describe.skipIf(!canRun)('what a run on the real embedded engine shows', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let args: readonly string[];

  beforeAll(async () => {
    place = await workplace();
    args = [
      'run',
      '--engine',
      'embedded',
      '--set',
      `daemonJson=${place.daemonJson}`,
      '--out',
      place.path,
      '--runtimes',
      'runc,crun',
      '--workloads',
      'startup/echo',
      '--blocks',
      '2..2',
    ];
  });
  afterAll(() => place.remove());

  test(
    'under a terminal of 80 columns: a live view that goes away, and a table that fits',
    async () => {
      const command = ['stty cols 80 rows 24; exec', process.execPath, join(root, 'src/cli.ts'), ...args];
      const { exitCode, stdout } = await execa(
        'script',
        ['-qec', `${command.join(' ')} --lang fr`, '/dev/null'],
        {
          reject: false,
          stdin: 'ignore',
          env: { TERM: 'xterm-256color', SHELL: '/bin/sh', CI: '', NO_COLOR: '1' },
        },
      );
      expect(exitCode, stdout).toBe(0);
      expect(stdout).toMatch(/en cours\u00a0: (runc|crun) startup\/echo/);
      expect(stdout).toMatch(/bloc 2 sur 2/);
      expect(stdout.lastIndexOf(show)).toBeGreaterThan(stdout.lastIndexOf(hide));
      const end = stdout.slice(stdout.indexOf(show, stdout.lastIndexOf(hide)));
      expect(end).toMatch(/essais en \d+:\d\d/);
      const table = end.slice(end.indexOf('startup/echo'));
      expect(table).toMatch(/^ {2}crun .*\? non concluant/m);
      expect(end).not.toContain('en cours');
    },
    limit,
  );
});
