import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProgram } from '../../../../../src/core/files/programs.ts';
import { type RunProgram, runProgram } from '../../../../../src/core/host/programs.ts';
import type { OcibenchError } from '../../../../../src/core/model/failure/error.ts';
import {
  installTimer,
  type TimerHost,
  timerStatus,
  uninstallTimer,
  verifiedUnits,
} from '../../../../../src/features/nightly/app/timer/timer.ts';
import { crontabOf, timerSetup } from '../../../../../src/features/nightly/app/timer/timer-setup.ts';
import { testContext } from '../../../../support/app-context.ts';

let place: string;
let directory: string;
let calls: string[];
let checks: (readonly string[])[];
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'timer-'));
  directory = join(place, 'units');
  await mkdir(directory);
  calls = [];
  checks = [];
});
afterEach(() => rm(place, { recursive: true }));

const context = testContext();
const app = {
  environment: {
    ...context.environment,
    isRoot: true,
    program: '/opt/oci bench/ocibench',
    workingDirectory: '/srv/a 100%',
  },
};
const options = {
  calendar: '*-*-* 02:00',
  delay: '10min',
  words: ['--out', '/srv/$x "y"\\'],
  get flags() {
    return { history: join(place, 'history') };
  },
};

/** A systemd that writes down what it is told. `check`: what is in the way of a night. */
function host(answers: Readonly<Record<string, string>> = {}, check = ''): TimerHost {
  const run: RunProgram = async (file, args) => {
    if (file === 'env') {
      checks.push(args);
      return { exitCode: check === '' ? 0 : 2, stdout: '', stderr: check };
    }
    const line = [file.replace(/.*\//, ''), ...args].join(' ');
    if (!line.startsWith('systemd-analyze')) calls.push(line);
    const stdout = Object.entries(answers).find(([part]) => line.includes(part))?.[1] ?? '';
    return { exitCode: 0, stdout, stderr: '' };
  };
  const program = { me: { uid: 1, sudoUid: null }, packageRoot: place };
  return { directory, run, program, isSystemd: async () => true };
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('not refused'),
    (error: OcibenchError) => [error.message, ...error.problems.map(({ message }) => message)].join(': '),
  );

test('service and timer are written and started, and removed again', async () => {
  const setup = await timerSetup(app, { ...options, onFailure: 'alert@%n.service'.replace('%n', 'x') });
  await installTimer(app, setup, host());
  expect(await readdir(directory)).toEqual(['ocibench-nightly.service', 'ocibench-nightly.timer']);
  const service = await readFile(join(directory, 'ocibench-nightly.service'), 'utf8');
  expect(service).toContain(
    'ExecStart="/opt/oci bench/ocibench" "nightly" "--set" "wait=true" "--quiet" "--out" "/srv/$$x \\"y\\"\\\\"\n',
  );
  expect(service).toContain('WorkingDirectory=/srv/a 100%%\n');
  expect(service).toContain('OnFailure=alert@x.service\n');
  expect(await readFile(join(directory, 'ocibench-nightly.timer'), 'utf8')).toContain(
    'OnCalendar=*-*-* 02:00\n',
  );
  await installTimer(app, setup, host());
  const start = ['systemctl daemon-reload', 'systemctl enable --now ocibench-nightly.timer'];
  expect(calls).toEqual([...start, ...start]);
  await uninstallTimer(host());
  expect(calls.slice(4)).toEqual([
    'systemctl disable --now ocibench-nightly.timer',
    'systemctl daemon-reload',
    'systemctl reset-failed ocibench-nightly.service',
    'systemctl show ocibench-nightly.service --property=ActiveState',
  ]);
  expect(await readdir(directory)).toEqual([]);
  // The history is there, so that also a first night that cannot begin is written down; it stays.
  expect(await readdir(place)).toEqual(['history', 'units']);
  expect(await refusal(uninstallTimer(host()))).toContain('no timer of ocibench is installed');
});

test.each([
  ['activating', true],
  ['deactivating', true],
  ['inactive', false],
  ['failed', false],
])('a night that is %s when the timer is removed goes on: %s', async (state, goesOn) => {
  await installTimer(app, await timerSetup(app, options), host());
  const { files, nightGoesOn } = await uninstallTimer(host({ ActiveState: `ActiveState=${state}\n` }));
  expect(files).toHaveLength(2);
  expect(nightGoesOn).toBe(goesOn);
  expect(calls.filter((call) => / (?:stop|kill) /.test(call))).toEqual([]);
});

test('nothing in a unit filters system calls: containers would inherit it', async () => {
  const units = await verifiedUnits(await timerSetup(app, options), host().run);
  const settings = [...units.values()]
    .join('\n')
    .split('\n')
    .filter((line) => /^\w+=/.test(line));
  expect(settings.length).toBeGreaterThan(10);
  for (const line of settings)
    expect(line).not.toMatch(
      /^(NoNewPrivileges|SystemCall\w+|Restrict\w+|Lock\w+|MemoryDeny\w+|ProtectKernel\w+|ProtectHostname|ProtectClock|Private\w+)=/,
    );
});

test('systemd accepts the units', async ({ skip }) => {
  if ((await findProgram('systemd-analyze')) === null) skip('systemd is not installed');
  const setup = await timerSetup(
    { environment: { ...app.environment, program: '/bin/true' } },
    { ...options, onFailure: 'rescue.service' },
  );
  expect([...(await verifiedUnits(setup, runProgram)).keys()]).toHaveLength(2);
  const wrong = await timerSetup(app, { ...options, calendar: '25:61' });
  expect(await refusal(verifiedUnits(wrong, runProgram))).toContain('25:61');
});

test('the status says when, and how the last night ended', async () => {
  expect(await timerStatus(host())).toMatchObject({ installed: false });
  await installTimer(app, await timerSetup(app, options), host());
  const timer = 'NextElapseUSecRealtime=Fri 02:07:00\nLastTriggerUSec=Thu 02:07:00\n';
  const service = 'ExecMainStatus=1\nExecMainExitTimestamp=Thu 02:40:00\n';
  const answers = { 'nightly.timer --property': timer, 'nightly.service --property': service };
  expect(await timerStatus(host(answers))).toEqual({
    installed: true,
    next: 'Fri 02:07:00',
    last: 'Thu 02:07:00',
    exitCode: 1,
  });
  expect(await timerStatus(host({ 'nightly.timer --property': timer }))).toMatchObject({ exitCode: null });
});

describe('nothing is written or removed', () => {
  test('where no night could begin: with what the night itself says of it, started as the timer starts it', async () => {
    const setup = await timerSetup(app, { ...options, words: ['--runtimes', 'crun'] });
    const said = 'this night cannot be measured\n  crun: is not pinned\n';
    const refused = await refusal(installTimer(app, setup, host({}, said)));
    expect(refused).toContain('each night of the timer would end with exit code 2');
    expect(refused).toContain('crun: is not pinned');
    expect(checks).toEqual([
      [
        '-i',
        '-C',
        '/srv/a 100%',
        expect.stringMatching(/^PATH=\//),
        '/opt/oci bench/ocibench',
        'nightly',
        '--set',
        'wait=true',
        '--quiet',
        '--runtimes',
        'crun',
        '--check',
      ],
    ]);
    expect(await readdir(place)).toEqual(['units']);
    expect(await readdir(directory)).toEqual([]);
    expect(calls).toEqual([]);
  });

  test.each(['ocibench-nightly.service', 'ocibench-nightly.timer'])(
    'where %s is somebody else’s',
    async (name) => {
      await writeFile(join(directory, name), '[Unit]\n');
      expect(await refusal(installTimer(app, await timerSetup(app, options), host()))).toContain(
        'ocibench did not write it',
      );
      expect(await refusal(uninstallTimer(host()))).toContain('ocibench did not write it');
      expect(await readdir(directory)).toEqual([name]);
      expect(calls).toEqual([]);
    },
  );

  test('without systemd, and without root', async () => {
    const setup = await timerSetup(app, options);
    expect(await refusal(installTimer(app, setup, { ...host(), isSystemd: async () => false }))).toContain(
      'does not run systemd',
    );
    const user = { environment: { ...app.environment, isRoot: false } };
    expect(await refusal(installTimer(user, setup, host()))).toContain('only root may write there');
    expect(await readdir(directory)).toEqual([]);
  });

  test.each([
    [{ calendar: '02:00\nExecStart=/bin/evil' }],
    [{ delay: '1 min\n' }],
    [{ onFailure: 'a b' }],
    [{ words: ['--out', 'a\nb'] }],
  ])('for options that would write a line of their own: %j', async (wrong) => {
    expect(await refusal(timerSetup(app, { ...options, ...wrong }))).toContain('no timer was installed');
  });
});

describe('a line for cron', () => {
  test.each([
    ['*-*-* 02:00', '0 2 * * * '],
    ['23:59', '59 23 * * * '],
    ['*-*-* 7:05:00', '5 7 * * * '],
  ])('at %s', async (calendar, begin) => {
    const line = crontabOf(await timerSetup(app, { ...options, calendar }));
    expect(line.startsWith(`${begin}cd '/srv/a 100\\%' && PATH=`)).toBe(true);
    expect(line).toContain(`'/opt/oci bench/ocibench' nightly --set wait=true --quiet --out`);
  });

  test.each(['Mon *-*-* 02:00', '24:00', 'weekly', '*:0/15'])('not for %s', async (calendar) => {
    const setup = await timerSetup(app, { ...options, calendar });
    expect(() => crontabOf(setup)).toThrow('no timer was installed');
  });
});
