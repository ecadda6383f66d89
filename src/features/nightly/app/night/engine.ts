import type { AppContext } from '../../../../app/context.ts';
import type { Configuration } from '../../../../app/measure/configuration.ts';
import { pinEntry, verifiedPins } from '../../../../core/host/pins.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import type { CommandValue } from '../../../../core/messages/message.ts';
import { mayBeDocker } from '../../../../core/model/engine-choice.ts';
import { misuse, problemOf } from '../../../../core/model/error.ts';
import type { RuntimeEntry } from '../../../../core/model/runtime.ts';
import type { NightlySettings } from './settings.ts';

const text = notices('nightly', {
  notTaken: 'this engine takes no runtimes from ocibench, and does not have the pinned copies registered',
});
const why = reasons('nightly', {
  notRegistered: { message: 'is not registered', fix: '{command}   (or: --engine embedded, as root)' },
});

/**
 * A daemon that is shared takes no runtimes: the user registers the pinned copies there. OcibenchError (exit 2) with the command for
 * each that is missing.
 */
export async function refuseUnregistered(
  app: Pick<AppContext, 'engines' | 'environment'>,
  configuration: Configuration,
  { run, watched }: NightlySettings,
): Promise<void> {
  const { config, daemonJson } = configuration.resolve(run);
  if (!mayBeDocker(config.engine)) return;
  const connected = await app.engines.connectIfThere(run);
  if (connected === null) return;
  try {
    const known = new Map((await connected.engine.runtimes()).map(({ name, path }) => [name, path]));
    const copies = (await verifiedPins(watched)).map(pinEntry);
    const missing = copies.filter(({ name, path }) => known.get(name) !== path);
    if (missing.length === 0) return;
    throw misuse(
      text.notTaken,
      missing.map((entry) => {
        const command = registerCommand(entry, daemonJson);
        return problemOf(
          { file: 'docker info', key: `runtimes.${entry.name}` },
          why.notRegistered({ command }),
        );
      }),
    );
  } finally {
    await connected.close();
  }
}

function registerCommand(entry: RuntimeEntry, daemonJson: string | null): CommandValue {
  const { name, path = '', runtimeArgs = [] } = entry;
  const file = daemonJson === null ? [] : ['--daemon-json', daemonJson];
  const own = runtimeArgs.length === 0 ? [] : ['--', ...runtimeArgs];
  return { ocibench: ['runtimes', 'add', ...file, name, '--path', path, ...own] };
}
