import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import { startOtherDaemon } from './docker-daemon.ts';
import { openLockedPlace, smallestRun, waitFor } from './locked-place.ts';
import { canRun } from './support.ts';

const limit = 600_000;

let place: Awaited<ReturnType<typeof openLockedPlace>>;
beforeEach(async () => {
  place = await openLockedPlace();
});
afterEach(() => place.remove());

test.skipIf(!canRun)(
  'containers of others are told of and never touched; ours of a run that was killed are removed by the next start',
  async () => {
    const other = await startOtherDaemon();
    try {
      const docker = { DOCKER_HOST: other.host };
      const args = ['run', '--engine', 'docker', ...smallestRun];
      const first = await place.start(args, docker);
      expect(first.exitCode, first.stderr).toBe(0);
      const [image] = await other.docker.listImages();
      const foreign = await other.docker.createContainer({
        name: 'ocibench-looks-like-ours',
        Image: image?.RepoTags?.[0] ?? '',
        Cmd: ['sleep', '9999'],
        Labels: { 'io.example.run': 'x' },
        HostConfig: { NetworkMode: 'none' },
      });
      await foreign.start();
      const startedAt = (await foreign.inspect()).State.StartedAt;
      // As a run on another host would have it in this daemon.
      const elsewhere = await other.docker.createContainer({
        name: 'ocibench-20260101-000000-abcd-x',
        Image: image?.RepoTags?.[0] ?? '',
        Cmd: ['sleep', '9999'],
        Labels: { 'io.ocibench.run': '20260101-000000-abcd', 'io.ocibench.host': '0123456789abcdef' },
        HostConfig: { NetworkMode: 'none' },
      });
      await elsewhere.start();

      // Killed while a container of its own runs, it cannot remove it.
      const ours = async () => {
        const all = await other.docker.listContainers({ all: true });
        return all
          .filter(({ Id, Labels }) => 'io.ocibench.run' in Labels && Id !== elsewhere.id)
          .map(({ Id }) => Id);
      };
      const killed = place.start(
        ['run', '--engine', 'docker', ...smallestRun, '--workloads', 'memory/idle'],
        docker,
      );
      const [left] = await waitFor(async () => {
        const found = await ours();
        return found.length > 0 && found;
      });
      killed.kill('SIGKILL');
      await killed;
      expect(await ours()).toContain(left);

      const next = await place.start([...args, '--json'], docker);
      expect(next.exitCode, next.stderr).toBe(0);
      expect(next.stderr).toContain(`removed what an earlier run left: container ${left?.slice(0, 12)}`);
      expect(await ours()).toEqual([]);
      const runs = await readdir(join(place.path, 'results'));
      const record = JSON.parse(
        await readFile(join(place.path, 'results', runs.toSorted().at(-2) ?? '', 'run.json'), 'utf8'),
      ) as RunRecord;
      // Of this daemon alone: what other engines of the host run is another check's, and not for a test to count.
      const seen = record.checks.find(({ id }) => id === 'other-containers');
      expect(seen).toMatchObject({ status: 'warn', detail: expect.stringMatching(/^2 running/) });

      const cleaned = await place.start(['clean', '--images'], docker);
      expect(cleaned.exitCode, cleaned.stderr).toBe(0);
      expect(cleaned.stderr).toMatch(/left alone: 1; .* ocibench clean --other-hosts/);
      expect((await foreign.inspect()).State).toMatchObject({ Running: true, StartedAt: startedAt });
      expect((await elsewhere.inspect()).State).toMatchObject({ Running: true });
      expect(await other.docker.listImages()).toHaveLength(1);
      const allCleaned = await place.start(['clean', '--other-hosts'], docker);
      expect(allCleaned.stderr).not.toContain('left alone');
      expect(allCleaned.stdout).toContain(`removed container ${elsewhere.id.slice(0, 12)}`);
      expect((await other.docker.listContainers({ all: true })).map(({ Id }) => Id)).toEqual([foreign.id]);
      await foreign.remove({ force: true });
      await place.start(['clean', '--images'], docker);
      expect(await other.docker.listImages()).toEqual([]);
    } finally {
      await other.stop();
    }
  },
  limit,
);
