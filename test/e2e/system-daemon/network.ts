import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hurried } from '../system-daemon.ts';
import { type GetMachine, readOutcome } from './machine.ts';

const network = [
  'run',
  '--set',
  'report=false',
  '--preset',
  'standard',
  '--workloads',
  'network/redis',
  '--runtimes',
  'runc,crun',
];

/** Where containers of the default network may not reach each other (icc: false). */
export function networkCases(get: GetMachine): void {
  const listNetworks = async () =>
    (await get().machine.docker.listNetworks()).map(({ Name }) => Name).toSorted();

  test('containers that must reach each other do, in a network of the run that is gone afterwards', async () => {
    const { machine } = get();
    const cwd = await machine.place();
    const before = await listNetworks();
    const result = await machine.ocibench([...network, '--blocks', '1..1'], { cwd });
    expect(result.exitCode, result.stderr).toBe(0);
    const { trials } = await readOutcome(cwd);
    expect(trials.map(({ outcome }) => outcome)).toEqual(trials.map(() => ({ status: 'ok' })));
    expect(trials).toHaveLength(2 + 3);
    expect(await listNetworks()).toEqual(before);
  });

  test('clean removes the network of a run that was killed, and no other', async () => {
    const { machine, foreign } = get();
    const cwd = await machine.place();
    const before = await listNetworks();
    const running = machine.ocibench([...network, '--blocks', '4..4'], { cwd });
    while ((await listNetworks()).length === before.length) await sleep(50);
    await machine.signal(running, 'SIGKILL');
    await running;
    await machine.docker.createNetwork({ Name: 'ocibench-looks-like-it' });
    const cleaned = await machine.ocibench(['clean'], { cwd, env: hurried });
    expect(cleaned.stdout).toMatch(/removed network [0-9a-f]{12} of run/);
    expect(await listNetworks()).toEqual([...before, 'ocibench-looks-like-it'].toSorted());
    expect((await machine.foreign.running()).toSorted()).toEqual(foreign.toSorted());
  });
}
