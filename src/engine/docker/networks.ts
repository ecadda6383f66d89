import type Docker from 'dockerode';
import { toEngineError } from './errors.ts';

/**
 * Options of a run's own network: its containers must reach each other, whatever the daemon's `icc` says about its default
 * bridge. Everything else is the bridge driver's default, as it is for that one.
 */
const options = { 'com.docker.network.bridge.enable_icc': 'true' };

/** Makes a bridge network for the containers of one run. Resolves with its name. */
export async function createRunNetwork(
  docker: Docker,
  runId: string,
  labels: Readonly<Record<string, string>>,
): Promise<string> {
  const name = `ocibench-${runId}`;
  await docker.createNetwork({ Name: name, Driver: 'bridge', Labels: { ...labels }, Options: options });
  return name;
}

/** Removes a network; resolves also where there is none. */
export async function removeNetwork(docker: Docker, nameOrId: string): Promise<void> {
  await docker
    .getNetwork(nameOrId)
    .remove()
    .catch((error: unknown) => {
      if (toEngineError(error).statusCode !== 404) throw error;
    });
}
