import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jsonSchema } from '../../../../../scripts/schemas.ts';
import { appendByMonth } from '../../../../../src/app/append-by-month.ts';
import { main } from '../../../../../src/cli/main.ts';
import { hostIdentity } from '../../../../../src/core/host/host-identity.ts';
import { shellWord } from '../../../../../src/core/messages/command.ts';
import { readHistory } from '../../../../../src/features/nightly/app/history/on-disk.ts';
import {
  type NotifyCommand,
  notifyCommand,
  startNotify,
} from '../../../../../src/features/nightly/app/notify/command.ts';
import { notifyNew } from '../../../../../src/features/nightly/app/notify/notify.ts';
import { captured } from '../../../../cli/support.ts';
import { recorder, testContext } from '../../../../support/app-context.ts';
import { alarmLine } from '../../../../support/history-lines.ts';

let place: string;
let history: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-notify-'));
  history = join(place, 'history');
});
afterEach(() => rm(place, { recursive: true, force: true }));

const host = hostIdentity();
const alarm = (id: string, changes = {}) => alarmLine('2026-01-20', { id, host, ...changes });
const received = async () => readFile(join(place, 'got'), 'utf8').catch(() => null);
const toFile = () => ['sh', '-c', `cat >>${shellWord(join(place, 'got'))}`];

async function command(asked: string | readonly string[]): Promise<NotifyCommand> {
  const found = await notifyCommand(asked);
  if ('code' in found) throw new Error(found.code);
  return found;
}

async function notified(...words: readonly string[]) {
  const { streams, stdout, stderr } = captured();
  const exitCode = await main({
    words: [
      'nightly',
      'notify',
      '--history',
      history,
      '--config',
      join(place, 'bench.config.json'),
      ...words,
    ],
    version: '0.0.0',
    streams,
    variables: { LC_ALL: 'C.UTF-8' },
  });
  return { exitCode, stdout: stdout(), stderr: stderr() };
}
const configure = (notify?: string | readonly string[]) =>
  writeFile(join(place, 'bench.config.json'), JSON.stringify({ nightly: { notify } }));

describe('a command', () => {
  test('is split as a shell does, and is given no shell', async () => {
    expect((await command("printf '%s' 'a b' *.ts")).slice(1)).toEqual(['%s', 'a b', '*.ts']);
    expect(await notifyCommand('mail $USER')).toMatchObject({ code: 'notifyCommand.line' });
    expect(await notifyCommand('a | b')).toMatchObject({ code: 'notifyCommand.line' });
    expect(await notifyCommand('no-such-program-anywhere')).toMatchObject({ code: 'notifyCommand.missing' });
    expect((await command(['sh', '-c', 'echo $HOME | cat'])).slice(1)).toEqual(['-c', 'echo $HOME | cat']);
  });

  test.each([
    ['exit 0', { kind: 'ended', exitCode: 0 }],
    ['cat >/dev/null; exit 7', { kind: 'ended', exitCode: 7 }],
    ['kill -TERM $$', { kind: 'signal', signal: 'SIGTERM' }],
  ])('that does %j ends so', async (script, end) => {
    // More than a pipe holds: it may end without reading.
    expect(await startNotify(await command(['sh', '-c', script]), 'x'.repeat(1_000_000))).toEqual(end);
  });

  test('that takes too long is ended with what it started', async () => {
    const pid = join(place, 'pid');
    const script = `sleep 100 & echo $! >${shellWord(pid)}; wait`;
    expect(await startNotify(await command(['sh', '-c', script]), '', 500)).toEqual({ kind: 'too-long' });
    const child = Number(await readFile(pid, 'utf8'));
    for (let n = 0; n < 100 && isAlive(child); n++) await sleep(20);
    expect(isAlive(child)).toBe(false);
  });

  test('that leaves something behind that holds its stdin is not waited for', async () => {
    const pid = join(place, 'pid');
    const script = `sleep 100 <&0 & echo $! >${shellWord(pid)}`;
    const end = await startNotify(await command(['sh', '-c', script]), 'x'.repeat(1_000_000));
    process.kill(Number(await readFile(pid, 'utf8')), 'SIGKILL');
    expect(end).toEqual({ kind: 'ended', exitCode: 0 });
  });

  test('that cannot be started says why', async () => {
    await writeFile(join(place, 'text'), '#!/no/such/interpreter\n', { mode: 0o755 });
    expect(await startNotify([join(place, 'text')], '')).toMatchObject({ kind: 'not-started' });
    expect(await startNotify(['/bin/true', 'a\0b'], '')).toMatchObject({ kind: 'not-started' });
  });
});

/** Not a zombie that nobody has waited for. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('ocibench nightly notify', () => {
  test('hands over the open alarms, as its schema says', async () => {
    await appendByMonth(history, [
      alarm('2026-01-20/1'),
      alarm('2026-01-20/2'),
      alarm('2026-01-20/3', { host: 'elsewhere' }),
      {
        kind: 'accept',
        schema: 1,
        night: '2026-01-20',
        at: '2026-01-20T08:00:00.000Z',
        host,
        alarm: '2026-01-20/1',
        why: 'x',
      },
    ]);
    await configure(toFile());
    const { exitCode, stderr } = await notified();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('sent 1 alarm to /usr/bin/sh');
    const given = JSON.parse((await received()) ?? '');
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      jsonSchema('notification'),
    );
    expect(validate(given), JSON.stringify(validate.errors)).toBe(true);
    expect(given).toMatchObject({ test: false, host, history, alarms: [{ id: '2026-01-20/2' }] });
    expect(given.subject).toMatch(/^ocibench on \S+: alarm 2026-01-20\/2: worse; this runtime changed/);
    expect(given.text).toContain('runc ÷ runc-pin startup/echo startup.total: +10.0% [+5.0%, +15.0%]');
    expect(given.text).toContain('ocibench nightly accept 2026-01-20/2 --why');
  });

  test('with --test hands over one that is made up, and writes nothing down', async () => {
    await configure(toFile());
    expect((await notified('--test')).exitCode).toBe(0);
    expect(JSON.parse((await received()) ?? '')).toMatchObject({
      test: true,
      alarms: [{ direction: 'worse' }],
    });
    expect(await readHistory(history)).toEqual({ lines: [], damaged: [] });
  });

  test('takes a command that is named before that of the configuration', async () => {
    await configure('false');
    expect((await notified('--test', 'true')).exitCode).toBe(0);
    const { exitCode, stderr } = await notified('--test');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('could not send 1 alarm to /usr/bin/false: it exited with code 1');
  });

  test('without an alarm starts nothing', async () => {
    await configure(toFile());
    expect(await notified()).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('no open alarm'),
    });
    expect(await received()).toBeNull();
  });

  test('without a command, or with none that can be one, says what helps', async () => {
    await configure();
    const { exitCode, stderr } = await notified();
    expect(exitCode).toBe(2);
    expect(stderr).toContain("ocibench nightly notify 'mail-alarm root@example.org'");
    expect((await notified('a | b')).stderr).toContain("no shell interprets '|'");
    expect((await notified('no-such-program')).stderr).toContain('is not on PATH, or not executable');
  });

  test('says nothing of the words of the command, which may be secret', async () => {
    await configure();
    const { stderr } = await notified('--test', "sh -c 'exit 3' token-4711");
    expect(stderr).toContain('exited with code 3');
    expect(stderr).not.toContain('4711');
  });
});

describe('a night', () => {
  const night = async (asked: string | readonly string[]) => {
    const reporter = recorder();
    await notifyNew(testContext({ reporter }), await command(asked), history);
    return reporter.said;
  };

  test('tells of an alarm once', async () => {
    await appendByMonth(history, [alarm('2026-01-20/1')]);
    expect(await night(toFile())).toEqual([expect.stringContaining('sent 1 alarm to /usr/bin/sh')]);
    expect(await night(toFile())).toEqual([]);
    expect((await received())?.trim().split('\n')).toHaveLength(1);
    await appendByMonth(history, [alarm('2026-01-20/2')]);
    await night(toFile());
    expect((await received())?.trim().split('\n')).toHaveLength(2);
  });

  test('tells it again the next night where the command failed', async () => {
    await appendByMonth(history, [alarm('2026-01-20/1')]);
    expect(await night('false')).toEqual([expect.stringMatching(/warn: .*exited with code 1/)]);
    expect(await night(toFile())).toHaveLength(1);
    expect(await received()).toContain('2026-01-20/1');
  });

  test('that tells several says how many', async () => {
    await appendByMonth(history, [alarm('2026-01-20/1'), alarm('2026-01-20/2')]);
    await night(toFile());
    expect(JSON.parse((await received()) ?? '').subject).toMatch(
      /: 2 alarms, the latest: alarm 2026-01-20\/2/,
    );
  });
});
