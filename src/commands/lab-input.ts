import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadDaemonJson } from '../config/load-config.ts';
import type { Resolution } from '../config/resolve.ts';
import { loadRecipes, loadWorkloads } from '../config/workloads.ts';
import { readPlainFile } from '../files/plain-file.ts';
import { buildImage } from '../images/build.ts';
import { defaultDaemonJson } from '../lab/default-daemon.ts';
import { durationText, emulatedMaxTime } from '../lab/limits.ts';
import type { Accelerator } from '../lab/qemu.ts';
import type { RunInput } from '../lab/run-disk.ts';
import { imageId } from '../model/image.ts';
import { findRunToResume } from '../store/run-directory.ts';
import { type CommonFlags, configOf, loadResolution } from './configuration.ts';
import { preflightWorkload } from './preflights.ts';
import { theWorkload } from './preparation.ts';
import type { RunFlags } from './run.ts';
import { cacheDirectory } from './session.ts';
import { chooseSubjects, imagesOf } from './subjects.ts';
import { terminal } from './terminal.ts';

/** What the guest is given, as far as it is known before the accelerator is. */
export interface GuestInput extends Pick<RunInput, 'daemonJson' | 'resumed' | 'locale' | 'terminal'> {
  readonly resumedId: string | null;
  /** Builds the image files that the guest, which has no network, cannot build. */
  images(): Promise<readonly string[]>;
  /** `maxTimeMs`: how long the run may measure; null where the command is not a run. `note`: what the user should know. */
  forAccelerator(accelerator: Accelerator): {
    readonly config: object;
    readonly maxTimeMs: number | null;
    readonly note: string | null;
  };
}

/** The recipes of the images that a run imports; all of them where the command is not a run. */
async function neededRecipes(config: Resolution['config'] | null) {
  const recipes = await loadRecipes();
  if (config === null) return recipes;
  const workloads = await loadWorkloads();
  const images = chooseSubjects(workloads, config).flatMap(imagesOf);
  const wanted = new Set([theWorkload(workloads, preflightWorkload).image, ...images].map(imageId));
  return recipes.filter(({ id }) => wanted.has(id));
}

async function imageFiles(config: Resolution['config'] | null): Promise<readonly string[]> {
  const files: string[] = [];
  for (const recipe of await neededRecipes(config)) {
    const cacheDir = join(cacheDirectory(), 'images');
    files.push((await buildImage({ recipe, cacheDir, log: terminal.log })).tarPath);
  }
  return files;
}

/** What the user should know before the guest boots; null where there is nothing. */
function notes(longerMs: number | null, ownWorkloads: number): string | null {
  const said = [
    longerMs === null
      ? ''
      : `under emulation everything is several times slower: the run may measure for ${durationText(longerMs)} (--max-time to choose)`,
    ownWorkloads === 0 ? '' : 'the workloads of bench.config.ts are not taken into the guest',
  ].filter((text) => text !== '');
  return said.length === 0 ? null : said.join('; ');
}

/**
 * Reads everything on this host that decides what happens in the guest: flags, bench.config.ts, daemon.json, the run
 * to go on with. OcibenchError (exit 2) with every problem, before anything is booted.
 */
export async function guestInput(
  lab: Pick<CommonFlags, 'config' | 'daemonJson'>,
  run: RunFlags | null,
  out: string,
): Promise<GuestInput> {
  const { config, daemonJson } = await loadResolution({ ...run, ...lab });
  const own = (await configOf(lab, { here: true }))?.config ?? {};
  // Which workloads a run that is gone on with has, its record says; all images are there then.
  const subjects = run === null || run.resume !== undefined ? null : config;
  // Read for its problems: what dockerd would refuse in the guest is said before it boots.
  if (daemonJson !== null) await loadDaemonJson(daemonJson);
  // `latest` is a link: the guest gets the run under its own name.
  const resumed =
    run?.resume === undefined
      ? null
      : await realpath(await findRunToResume(run.resume, join(out, 'results')));
  const { LC_ALL, LC_MESSAGES, LANG, TERM } = process.env;
  const locale = LC_ALL || LC_MESSAGES || LANG || '';
  const { rows, columns } = process.stdout;
  return {
    daemonJson:
      daemonJson === null
        ? JSON.stringify(defaultDaemonJson, null, 2)
        : (await readPlainFile(daemonJson, { followLinks: true })).toString('utf8'),
    resumed,
    resumedId: resumed === null ? null : basename(resumed),
    locale: /^[\w.@-]+$/.test(locale) ? locale : null,
    terminal: process.stdout.isTTY ? { rows, columns, type: TERM ?? 'vt100' } : null,
    images: () => imageFiles(subjects),
    forAccelerator(accelerator) {
      // Functions cannot be written into the guest's configuration.
      const { daemonJson: _hostPath, ownWorkloads, ...data } = own;
      const asked = run?.maxTime ?? own.maxTime;
      const longer = run === null || asked !== undefined ? null : emulatedMaxTime(accelerator, config.preset);
      return {
        config: longer === null ? data : { ...data, maxTime: durationText(longer) },
        maxTimeMs: run === null ? null : (longer ?? config.maxTimeMs),
        note: notes(longer, ownWorkloads?.length ?? 0),
      };
    },
  };
}
