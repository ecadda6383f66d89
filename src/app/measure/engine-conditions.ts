import { readDockerdOptions } from '../../core/host/dockerd-options.ts';
import type { EngineConditions } from '../../core/model/host.ts';
import type { EngineSession } from './session.ts';

/**
 * The daemon's settings for all containers: from its API and, on this host, its command line and configuration file.
 */
export async function conditionsOf({
  engine,
  dockerd,
}: Pick<EngineSession, 'engine' | 'dockerd'>): Promise<EngineConditions> {
  return { ...(await engine.conditions()), ...(dockerd === null ? {} : await readDockerdOptions(dockerd)) };
}
