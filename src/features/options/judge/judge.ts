import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { judgeContainers } from './containers.ts';
import { judgeLogs } from './logs.ts';
import { consequences, type DockerHere, listObjections, type Objection } from './objection.ts';
import { judgePlaces } from './places.ts';
import { judgeStorage } from './storage.ts';

/**
 * What speaks against a daemon.json on this host, beyond what its parser refuses: the worst first. A nightly test compares it with
 * dockerd, which validates and starts each file.
 */
export function judgeDaemonJson(config: DaemonConfig, here: DockerHere): readonly Objection[] {
  return listObjections([
    ...judgePlaces(config, here),
    ...judgeStorage(config, here),
    ...judgeContainers(config, here),
    ...judgeLogs(config, here),
  ]).toSorted((a, b) => consequences.indexOf(a.effect) - consequences.indexOf(b.effect));
}
