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
import { refuseForeignFiles } from '../stack/found-files.ts';
import type { MadeFile } from '../trying/compose.ts';
import { type ImageFlags, imageStack } from './one-image.ts';
import { type MoveFlags, type MoveSettings, readSettings } from './settings.ts';

/** What the user wants to have moved, as far as flags and configuration say it. */
export interface MoveRequest {
  /** With the baseline and the targets as its runtimes. */
  readonly config: ResolvedConfig;
  readonly registered: RegisteredRuntimes;
  readonly flags: MoveFlags;
  readonly asked: MoveSettings;
  /** Compose files; none where one image is moved. */
  readonly files: readonly string[];
  readonly made: MadeFile | null;
  /** The file that problems of the stack name. */
  readonly file: string;
  /** Directory of `results`. */
  readonly out: string;
}

/** Reads flags and configuration. OcibenchError (exit 2) with all that is wrong with them. */
export async function readRequest(
  app: AppContext,
  words: readonly string[],
  given: MoveFlags & ImageFlags,
  request: RunRequest,
): Promise<MoveRequest> {
  const configuration = await openConfiguration(app, request, { here: true });
  const resolution = configuration.resolve({ preset: 'quick', ...request });
  const { baseline, engine } = resolution.config;
  const made = imageStack(words, given);
  const files = made === null ? words : [];
  if (made === null) await refuseForeignFiles(files, app.environment.workingDirectory, process.env);
  const flags = {
    ...configuration.loaded?.config.move,
    ...given,
    ...(made === null ? {} : { load: made.load }),
  };
  const asked = readSettings(flags, baseline);
  refuseWithoutDocker('move', engine);
  const config = { ...resolution.config, runtimes: [baseline, ...asked.targets] };
  const registered = await registeredRuntimes(resolution);
  reportNotes(app.reporter, registered);
  await refuseUnknownRuntimes(app, registered, config, request);
  const out = resolve(app.environment.workingDirectory, request.out ?? '.');
  claimOut(out);
  const file = made === null ? (files.at(-1) ?? 'compose.yaml') : '--image';
  return { config, registered, flags, asked, files, made, file, out };
}
