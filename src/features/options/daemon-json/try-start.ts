import type { AppContext } from '../../../app/context.ts';
import { newRunId } from '../../../app/measure/past-runs.ts';
import { lastSaid } from '../../../app/measure/session.ts';
import { parseDaemonJson } from '../../../core/config/daemon-json.ts';
import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { runtimesOf } from '../../../core/config/registered-runtimes.ts';
import { exitCodes, OcibenchError } from '../../../core/model/failure/error.ts';
import { text } from './registry-text.ts';

/** Keys that say where the host's own dockerd is, or need something of it: a private engine has its own instead. */
const ofTheHost: readonly (keyof DaemonConfig)[] = [
  'authorization-plugins',
  'bridge',
  'containerd',
  'data-root',
  'exec-root',
  'graph',
  'group',
  'hosts',
  'metrics-addr',
  'pidfile',
  'tls',
  'tlscacert',
  'tlscert',
  'tlskey',
  'tlsverify',
];
/** Storage drivers that need the host's own devices or pools. */
const ofDevices: readonly unknown[] = ['btrfs', 'zfs'];

/** The settings that a private engine can try. */
export function triable(config: DaemonConfig): Readonly<Record<string, unknown>> {
  const out = new Set<string>(['runtimes', ...ofTheHost]);
  if (ofDevices.includes(config['storage-driver']))
    for (const key of ['storage-driver', 'storage-opts']) out.add(key);
  return Object.fromEntries(Object.entries(config).filter(([key]) => !out.has(key)));
}

/**
 * Starts a private engine with the text of a daemon.json, and ends it. Resolves with dockerd's own sentence if it does not start;
 * null if it does, or, after a word of it, if no private engine can be started here.
 */
export async function tryStart(
  {
    engines,
    environment,
    reporter,
    clock,
  }: Pick<AppContext, 'engines' | 'environment' | 'reporter' | 'clock'>,
  source: string,
): Promise<string | null> {
  const parsed = parseDaemonJson(source, '');
  if (!parsed.ok) return parsed.problems.map(({ key, message }) => `${key}: ${message}`).join('; ');
  const entries = runtimesOf({ runtimes: {}, ...parsed.config }, { present: [], withoutNetwork: [] });
  const engine = { name: 'tried', path: [], containerd: [], env: {}, daemonJson: triable(parsed.config) };
  try {
    const options = { daemon: {}, reporter, environment, engines: [engine] };
    await using _ = await engines.openSession(newRunId(clock.date()), 'embedded', entries, options);
    return null;
  } catch (error) {
    if (!(error instanceof OcibenchError) || error.exitCode !== exitCodes.noEngine) throw error;
    if (error.messages.message?.id === 'embedded.notStarted') return lastSaid(error);
    reporter.warn(text.notTried);
    return null;
  }
}
