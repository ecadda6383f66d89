import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listFailures } from '../e2e/latest-run.ts';
import { ocibench, readCsv, workplace } from '../e2e/support.ts';
import { canBootLab, type LabRun, loadRuns, tellLeftovers } from './lab-support.ts';

/** Building, booting and measuring under emulation, on a machine that may be slow. */
const limit = 60 * 60_000;

const runtimes = ['runc', 'runsc'] as const;

/**
 * Of each workload: its cells, its headline, and bounds that hold for an emulated machine as for the fastest of today.
 * Without `network/redis`: an emulated gVisor does not answer its 12 000 requests within the time limit.
 */
const headlines = {
  'network/http': { cells: 1, metric: 'http.requests_rate', least: 1, most: 1e6 },
  'network/iperf3': { cells: 1, metric: 'iperf3.bandwidth', least: 1e5, most: 1e11 },
  'startup/serving': { cells: 2, metric: 'startup.to_serving', least: 10e6, most: 120e9 },
} as const;
const workloads = Object.keys(headlines);

/**
 * Measures as many of six blocks, which intervals need, as the time allows. Then a server under each runtime is asked
 * from outside, and its network namespace is looked at by the guest's kernel: does that kernel know of the port and the
 * address, or does a program take the packets from the wire?
 */
const script = `
# 3: dockerd did not answer in time, as on a machine that has just booted and is loaded.
for _ in 1 2 3; do
  ocibench run --engine docker --preset standard --workloads ${workloads.join(',')} --runtimes ${runtimes.join(',')} \\
    --set labels.engine=docker --blocks 1..6 --max-time 20m --set report=false
  code=$?
  [ $code -eq 3 ] || break
done
[ $code -eq 0 ] || exit $code
image=$(docker images -q ocibench/servers)
for runtime in ${runtimes.join(' ')}; do
  id=$(docker run -d --runtime $runtime $image /usr/bin/redis-server --save '' --protected-mode no)
  address=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' $id)
  space=$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' $id)
  for _ in {1..60}; do { exec 5<>/dev/tcp/$address/6379; } 2>/dev/null && break; sleep 1; done
  echo PING >&5
  read -r -t 60 answer <&5
  kernel() { nsenter --net=$space "$@"; }
  echo "stack $runtime \${answer%?} listeners=$(kernel ss -Hltn 'sport = :6379' | wc -l)" \\
    "addresses=$(kernel ip -4 -o address show dev eth0 | wc -l)" \\
    "packet-sockets=$(kernel tail -n +2 /proc/net/packet | wc -l)"
  exec 5>&-
  docker rm -f $id >/dev/null
done
${tellLeftovers}
`;

describe.skipIf(!canBootLab)('gVisor’s own network stack, in a guest with kernel 6.1', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let run: LabRun;

  beforeAll(async () => {
    place = await workplace();
    const words = ['lab', 'exec', '--kernel', '6.1', '--out', place.path, '--', 'bash', '-c', script];
    result = await ocibench(words, place.path);
    const { docker } = await loadRuns(place.path, result.stderr);
    if (docker === undefined) throw new Error(`no run came back: ${result.stderr}`);
    run = docker;
  }, limit);
  afterAll(() => place.remove());

  test('the guest ends well and leaves nothing', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).not.toContain('left in the guest');
  });

  test('no option takes the network from gVisor', () => {
    const { record } = run;
    expect(record).toMatchObject({
      status: 'complete',
      host: { kernel: expect.stringMatching(/^6\.1\.\d/), cgroup: 'v2' },
      engine: { kind: 'docker', cgroupVersion: '2' },
    });
    const runsc = record.runtimes.find(({ entry }) => entry.name === 'runsc');
    expect(runsc).toMatchObject({ network: 'sandbox', preflight: { status: 'available' } });
    // Newer releases work on every kernel: only this one needs this guest.
    expect(runsc?.version).toContain('20240729');
    expect(runsc?.entry.runtimeArgs).toEqual(['--platform=systrap']);
  });

  test('every trial went well, with plausible figures', async () => {
    const { trials, directory } = run;
    expect(listFailures(trials)).toEqual([]);
    const rows = await readCsv(join(directory, 'summary.csv'));
    for (const [workload, { cells, metric, least, most }] of Object.entries(headlines))
      for (const runtime of runtimes) {
        const own = rows.filter(
          (row) => row.workload === workload && row.runtime === runtime && row.metric === metric,
        );
        expect(own, `${workload} ${runtime}`).toHaveLength(cells);
        for (const row of own) {
          expect(Number(row.n), `${workload} ${runtime}`).toBeGreaterThanOrEqual(1);
          expect(Number(row.median), `${workload} ${runtime}`).toBeGreaterThan(least);
          expect(Number(row.median), `${workload} ${runtime}`).toBeLessThan(most);
          process.stdout.write(
            `lab, 6.1, ${runtime}: ${workload} ${row.params} ${metric}, n ${row.n}: ${row.median} ` +
              `[${row.ci_low}, ${row.ci_high}], ratio ${row.ratio} [${row.ratio_ci_low}, ${row.ratio_ci_high}]\n`,
          );
        }
      }
    const facts = await readCsv(join(directory, 'facts.csv'));
    const modes = facts.filter(({ fact, runtime }) => fact === 'network.mode' && runtime === 'runsc');
    expect(new Set(modes.map(({ workload }) => workload))).toEqual(
      new Set(workloads.filter((workload) => workload.startsWith('network/'))),
    );
    for (const { value } of modes) expect(value).toBe('gVisor’s own stack');
  });

  test('the kernel’s stack answers for runc, and gVisor’s, which takes the packets off the wire, for runsc', () => {
    const lines = result.stdout.split('\n').filter((line) => line.startsWith('stack '));
    expect(lines).toEqual([
      expect.stringMatching(/^stack runc \+PONG listeners=[1-9]\d* addresses=1 packet-sockets=0$/),
      expect.stringMatching(/^stack runsc \+PONG listeners=0 addresses=0 packet-sockets=[1-9]\d*$/),
    ]);
  });
});
