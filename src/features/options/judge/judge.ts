import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { judgeContainers } from './containers.ts';
import { judgeLogs } from './logs.ts';
import { type DockerHere, effects, type Objection, objectionsOf } from './objection.ts';
import { judgePlaces } from './places.ts';
import { judgeStorage } from './storage.ts';

/**
 * What speaks against a daemon.json on this host, beyond what its parser refuses: the worst first. `test/e2e/explain-engine.test.ts`
 * compares it with dockerd, which validates and starts each file.
 */
export function judgeDaemonJson(config: DaemonConfig, here: DockerHere): readonly Objection[] {
  return objectionsOf([
    ...judgePlaces(config, here),
    ...judgeStorage(config, here),
    ...judgeContainers(config, here),
    ...judgeLogs(config, here),
  ]).toSorted((a, b) => effects.indexOf(a.effect) - effects.indexOf(b.effect));
}
