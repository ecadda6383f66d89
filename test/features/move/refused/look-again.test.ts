import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TriedService } from '../../../../src/features/move/record.ts';
import { lookAt, saysTheSame } from '../../../../src/features/move/refused/look.ts';
import { HeldSources } from '../../../../src/features/move/stack/held-sources.ts';
import { ScriptedClock } from '../../../support/scripted-clock.ts';

/** The outputs of `busybox ping` without raw sockets: the first on standard output, the second on standard error. */
const [greeting, reason] = [
  'PING 127.0.0.1 (127.0.0.1): 56 data bytes',
  'ping: permission denied (are you root?)',
];

/** The calls of a health check, as runsc logs them; one that is killed says nothing. */
const check = (pid: number, isKilled = false) => [
  `strace.go:605] [  ${pid}:  ${pid}] busybox X socket(AF_INET, SOCK_RAW|0x0, IPPROTO_ICMP) = 0 (0x0) errno=1 (operation not permitted) (4.174µs)`,
  ...(isKilled
    ? [`task_signals.go:200] [  ${pid}:  ${pid}] Signal 9, PID: ${pid}: terminating thread group`]
    : [
        `strace.go:567] [  ${pid}:  ${pid}] busybox E write(0x1 host:[143], 0x5f89c0 "${greeting}\\n", 0x2a)`,
        `strace.go:567] [  ${pid}:  ${pid}] busybox E write(0x2 host:[144], 0x7ebe9b607918 "${reason}\\n", 0x28)`,
        `strace.go:561] [  ${pid}:  ${pid}] busybox E exit_group(0x1)`,
      ]),
];

/** A Docker whose only service is always as `state` has it, and whose runsc logs `trace`. */
const scripted = `#!/bin/sh
cd "$(dirname "$0")"
case "$*" in
  compose*' up '*) cat >/dev/null; mkdir -p calls; cp trace calls/boot; touch up ;;
  compose*' down '*) cat >/dev/null; rm up ;;
  ps*) if [ -e up ]; then echo id; fi ;;
  inspect*) echo once >>looks; cat state ;;
esac
`;

let directory: string;
const path = process.env.PATH;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'move-look-'));
  await writeFile(join(directory, 'docker'), scripted, { mode: 0o755 });
  process.env.PATH = `${directory}:${path}`;
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(directory, { recursive: true });
});

/** Each wait lasts five seconds: every look starts a program, which takes real time. */
class SlowClock extends ScriptedClock {
  override sleep = async (ms: number, signal?: AbortSignal) => {
    this.advance(Math.max(ms, 5000));
    await turn();
    signal?.throwIfAborted();
  };
}

/** Looks again at a health check that said `before`, and then `again`; with how often, and how long that took on the clock, ms. */
async function looked(
  before: string,
  again: string,
  { status = 'unhealthy', trace = check(7) }: { readonly status?: string; readonly trace?: string[] } = {},
) {
  const lines = trace.map((msg) => `${JSON.stringify({ msg, level: 'info', time: '' })}\n`);
  await writeFile(
    join(directory, 'trace'),
    ['strace.go:559] [   1:   1] busybox E pause()'].map((msg) => `${JSON.stringify({ msg })}\n`).join('') +
      lines.join(''),
  );
  const state = {
    Status: 'running',
    ExitCode: 0,
    StartedAt: '2026-11-30T05:00:00.1Z',
    Health: { Status: status, Log: [{ End: 'x', ExitCode: 1, Output: `${again}\n` }] },
  };
  const labels = { 'com.docker.compose.service': 'pinging' };
  await writeFile(
    join(directory, 'state'),
    JSON.stringify([{ Id: 'id', Config: { Labels: labels }, State: state }]),
  );
  // Programs take as long as the host lets them: only waiting counts.
  const clock = new SlowClock();
  const tried: TriedService = {
    service: 'pinging',
    outcome: 'unhealthy',
    said: before,
    log: '',
    exitCode: null,
    oomKilled: false,
    healthyMs: null,
  };
  const found = await lookAt(
    { runtime: 'runsc', tried, of: 'check' },
    {
      stack: { name: 'shop', services: { pinging: { image: 'shop/ping:1' } } },
      baseline: 'runc',
      runId: 'run',
      outside: false,
      variables: {},
      limitMs: 20_000,
      data: null,
      held: new HeldSources(),
      hostPlace: { driver: 'cgroupfs', layout: { kind: 'v2', unified: null, v1: {}, mounts: [] } },
      clock,
      interrupt: new AbortController().signal,
    } as never,
    {
      engine: { endpoint: 'unix:///nowhere', logs: join(directory, 'calls') },
      images: { copied: new Map([['shop/ping:1', 'shop/ping:1']]), scratch: directory, bytes: 0 } as never,
      directory,
    },
  );
  const looks = await readFile(join(directory, 'looks'), 'utf8');
  return {
    said: 'call' in found ? `${found.call}(${found.arguments}): ${found.errno}` : found.text,
    looks: looks.trim().split('\n').length,
    ms: clock.now(),
  };
}

const raw = 'socket(AF_INET, SOCK_RAW, IPPROTO_ICMP): EPERM';

test.each([
  [
    [greeting, reason],
    [greeting, reason],
  ],
  [
    [greeting, reason],
    [reason, greeting],
  ],
  [
    [reason, greeting],
    [greeting, reason],
  ],
  [
    [reason, greeting],
    [reason, greeting],
  ],
])('a check fails as before in whatever order Docker has read its outputs: %j, %j', async (before, again) => {
  const { said, looks } = await looked(before.join('\n'), again.join('\n'));
  // Nothing is waited for once it has failed as before.
  expect([said, looks]).toEqual([raw, 1]);
});

test('one that has failed as before need not have failed as often', async () => {
  const { said, looks } = await looked(reason, reason, { status: 'starting' });
  expect([said, looks]).toEqual([raw, 1]);
});

test('a check that was cut off when the container was removed is not the one that failed', async () => {
  const { said } = await looked(reason, reason, { trace: [...check(7), ...check(8, true)] });
  expect(said).toBe(raw);
});

test('one that fails in another way is waited for until the end, and nothing is blamed', async () => {
  const other = 'ping: sendto: Network unreachable';
  for (const again of [`${greeting}\n${other}`, `${other}\n${greeting}`, '']) {
    const { said, ms } = await looked(`${greeting}\n${reason}`, again);
    expect(said).toBe('it did not fail again in the same way');
    expect(ms).toBeGreaterThanOrEqual(60_000);
    await rm(join(directory, 'calls'), { recursive: true });
  }
});

test('numbers, progress and the order of lines are no difference, and another line is', () => {
  expect(saysTheSame('at 0x7f12 after 3 ms\nno', 'no\nat 0x8e34 after 1250 ms\n')).toBe(true);
  expect(saysTheSame('curl: (7) failed', '  0  0\r  0  0  --:--\rcurl: (7) failed')).toBe(true);
  expect(saysTheSame('curl: (7) failed', 'curl: (7) failed at\n')).toBe(false);
  expect(saysTheSame('', 'no')).toBe(false);
  expect(saysTheSame('no', '\n')).toBe(false);
});
