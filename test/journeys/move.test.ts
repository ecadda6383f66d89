import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moveSchema } from '../../src/features/move/record.ts';
import { listVerdicts, openMovePlace, patient } from '../e2e/move-place.ts';
import { shopServices, writeStack } from '../e2e/shop-stack.ts';
import { canRun } from '../e2e/support.ts';

const { cache, worker } = shopServices;
/** A worker with the queue that it needs. */
const services = { cache: { ...cache, container_name: 'cache' }, worker };
const names = Object.keys(services).toSorted();

test.skipIf(!canRun)(
  '`move` of two services, beside the same stack that runs under the name that .env gives',
  {
    timeout: 600_000,
  },
  async () => {
    await using place = await openMovePlace(['servers', 'python']);
    const { docker } = place;
    const file = await writeStack(place.path, services);
    // Compose prefers this name to that of a compose file.
    await writeFile(join(place.path, '.env'), 'COMPOSE_PROJECT_NAME=theirs\n');
    await place.compose(file, 'up', '--detach', '--wait');
    const before = await place.all();
    expect(before.containers).toHaveLength(names.length);

    const { exitCode, stdout, stderr } = await place.move(file, '--json', '--try-only', ...patient);
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(listVerdicts(found), stderr).toEqual(names.map((name) => `${name} moves`));
    expect(exitCode).toBe(0);
    expect(await place.all()).toEqual(before);
    const page = await readFile(join(place.path, 'results', found.moveId, 'move.html'), 'utf8');
    expect(page).toContain(`All ${names.length} services can move to runsc.`);

    // What it wrote moves the stack, with Compose itself.
    const override = join(place.path, 'results', found.moveId, 'compose.runsc.yaml');
    await place.compose(file, '-f', override, 'up', '--detach', '--wait');
    const runtimes = await Promise.all(
      (await docker.listContainers()).map(
        async ({ Id }) => (await docker.getContainer(Id).inspect()).HostConfig.Runtime,
      ),
    );
    expect(runtimes).toEqual(names.map(() => 'runsc'));
  },
);
