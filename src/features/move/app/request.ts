import { resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { openConfiguration } from '../../../app/measure/configuration.ts';
import { refuseWithoutDocker } from '../../../app/measure/engines.ts';
import {
  type RegisteredRuntimes,
  refuseUnknownRuntimes,
  registeredRuntimes,
  reportNotes,
} from '../../../app/measure/registered.ts';
import { claimOut } from '../../../app/measure/stored-run.ts';
import type { RunRequest } from '../../../core/config/command-line.ts';
import type { ResolvedConfig } from '../../../core/model/run/run.ts';
import type { MoveRecord } from '../record.ts';
import { refuseForeignFiles } from '../stack/found-files.ts';
import { readBefore } from './before.ts';
import { type MoveFlags, type MoveSettings, readSettings } from './settings.ts';

/** What the user wants to have moved, as far as flags and configuration say it. */
export interface MoveRequest {
  /** With the baseline and the targets as its runtimes. */
  readonly config: ResolvedConfig;
  readonly registered: RegisteredRuntimes;
  readonly flags: MoveFlags;
  readonly asked: MoveSettings;
  /** Compose files. */
  readonly files: readonly string[];
  /** The file that problems of the stack name. */
  readonly file: string;
  /** The move of `--compare`; null: none. */
  readonly before: MoveRecord | null;
  /** Directory of `results`. */
  readonly out: string;
}

/** Reads flags and configuration. OcibenchError (exit 2) with all that is wrong with them. */
export async function readRequest(
  app: AppContext,
  files: readonly string[],
  given: MoveFlags,
  request: RunRequest,
): Promise<MoveRequest> {
  const configuration = await openConfiguration(app, request, { here: true });
  const resolution = configuration.resolve({ preset: 'quick', ...request });
  const { baseline, engine } = resolution.config;
  await refuseForeignFiles(files, app.environment.workingDirectory, process.env);
  const flags = {
    ...configuration.loaded?.config.move,
    ...given,
  };
  const asked = readSettings(flags, baseline);
  refuseWithoutDocker('move', engine);
  // An engine of ocibench's own has none of the stack's images: it takes no part.
  const docker = engine === 'auto' ? ('docker' as const) : engine;
  const config = { ...resolution.config, engine: docker, runtimes: [baseline, ...asked.targets] };
  const registered = await registeredRuntimes(resolution);
  reportNotes(app.reporter, registered);
  await refuseUnknownRuntimes(app, registered, config, request);
  const out = resolve(app.environment.workingDirectory, request.out ?? '.');
  claimOut(out);
  const file = files.at(-1) ?? 'compose.yaml';
  const { workingDirectory } = app.environment;
  const before = await readBefore(flags.compare, workingDirectory, { targets: asked.targets, baseline });
  return { config, registered, flags, asked, files, file, before, out };
}
