import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { movedSeccompFiles } from '../../app/container-profiles/seccomp-files.ts';
import type { AppContext } from '../../app/context.ts';
import { openConfiguration, requestOf } from '../../app/measure/configuration.ts';
import { preflightWorkload } from '../../app/measure/preflights.ts';
import { theWorkload } from '../../app/measure/try-runtimes.ts';
import type { RunRequest } from '../../core/config/command-line.ts';
import { loadDaemonJson } from '../../core/config/load-config.ts';
import type { Resolution } from '../../core/config/resolve.ts';
import { loadRecipes, loadWorkloads } from '../../core/config/workloads.ts';
import { readPlainFile } from '../../core/files/plain-file.ts';
import { buildImage } from '../../core/images/build.ts';
import { chooseSubjects } from '../../core/measure/schedule/choice.ts';
import { imagesOf } from '../../core/measure/schedule/subjects.ts';
import { joined } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { dropUndefined } from '../../core/model/objects.ts';
import { imageId } from '../../core/model/workload/image.ts';
import { families } from '../../core/runtimes/registry.ts';
import { inputDirectory } from './guest-files.ts';
import { defaultKernel, type GuestKernel } from './kernel.ts';
import { durationText, emulatedMaxTime } from './limits.ts';
import type { Accelerator } from './qemu.ts';
import type { RunInput } from './run-disk.ts';

/**
 * The default daemon.json of a guest with this kernel: the entries of the runtime families, except runc, which every daemon
 * has.
 */
export function guestDaemonJson(kernel: GuestKernel) {
  const entries = families.flatMap(({ guestEntries }) => Object.entries(guestEntries?.(kernel) ?? {}));
  return { runtimes: Object.fromEntries(entries) };
}

const text = notices('labInput', {
  slower:
    'emulation makes everything several times slower, so the run may measure for {duration} (--max-time changes it)',
  ownWorkloads: 'the workloads of bench.config.ts are not copied into the guest',
});

/** The terminal that shows the guest, and the user's locale. */
export interface GuestTerminal extends Pick<RunInput, 'terminal'> {
  readonly locale: string;
  /** Is the user able to type? */
  readonly isInteractive: boolean;
}

/** The parts of the guest's input that do not depend on the accelerator. */
export interface GuestInput
  extends Pick<RunInput, 'daemonJson' | 'files' | 'resumed' | 'locale' | 'terminal'> {
  readonly resumedId: string | null;
  /** Builds the image files: the guest has no network to build them. */
  images(): Promise<readonly string[]>;
  /** `maxTimeMs`: time limit of the run; null where the command is not a run. `note`: message for the user. */
  forAccelerator(accelerator: Accelerator): {
    readonly config: object;
    readonly maxTimeMs: number | null;
    readonly note: Message | null;
  };
}

/** The recipes of the images that a run imports; all recipes where the command is not a run. */
async function neededRecipes(config: Resolution['config'] | null) {
  const recipes = await loadRecipes();
  if (config === null) return recipes;
  const workloads = await loadWorkloads();
  const images = chooseSubjects(workloads, config).flatMap(imagesOf);
  const wanted = new Set([theWorkload(workloads, preflightWorkload).image, ...images].map(imageId));
  return recipes.filter(({ id }) => wanted.has(id));
}

async function imageFiles(
  { environment, reporter }: AppContext,
  config: Resolution['config'] | null,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const recipe of await neededRecipes(config)) {
    const cacheDir = join(environment.cacheDirectory, 'images');
    const log = (line: Message) => reporter.log(line);
    files.push((await buildImage({ recipe, cacheDir, log })).tarPath);
  }
  return files;
}

/** Notes for the user before the guest boots; null where there are none. */
function notes(longerMs: number | null, ownWorkloads: number): Message | null {
  const said = [
    longerMs === null ? null : text.slower({ duration: durationText(longerMs) }),
    ownWorkloads === 0 ? null : text.ownWorkloads,
  ].filter((message) => message !== null);
  return said.length === 0 ? null : joined(said, 'semicolon');
}

/** The lab's own options that name a path on this host; its other options are named like options of a run. */
export function placesOf({ out, config, daemonJson }: Pick<RunRequest, 'out' | 'config' | 'daemonJson'>) {
  return dropUndefined({ out, config, daemonJson });
}

/**
 * Reads everything on this host that affects the guest: flags, bench.config.ts, daemon.json, the run to resume.
 * OcibenchError (exit 2) with every problem, before anything is booted.
 */
export async function guestInput(
  app: AppContext,
  flags: Pick<RunRequest, 'config' | 'daemonJson'> & { readonly kernel?: GuestKernel },
  run: RunRequest | null,
  out: string,
  guest: GuestTerminal,
): Promise<GuestInput> {
  const { kernel = defaultKernel } = flags;
  const lab = await requestOf(app, placesOf(flags), { here: true });
  const set = run?.set;
  const configuration = await openConfiguration(app, { ...lab, ...(set && { set }) }, { here: true });
  const { config, daemonJson } = configuration.resolve({ ...run, ...lab });
  const own = configuration.loaded?.config ?? {};
  // A resumed run takes its workloads from its record, so all images are provided.
  const subjects = run === null || run.resume !== undefined ? null : config;
  // Loaded only to report, before the guest boots, problems that its dockerd would refuse.
  if (daemonJson !== null) await loadDaemonJson(daemonJson);
  // `latest` is a link: the guest gets the run under its own name.
  const resumed =
    run?.resume === undefined
      ? null
      : await realpath(await app.store.findRunToResume(run.resume, join(out, 'results')));
  const { loaded } = configuration;
  const { profiles, files } =
    loaded?.config.profiles === undefined
      ? { files: new Map<string, string>() }
      : await movedSeccompFiles(
          loaded.config.profiles,
          loaded,
          app.environment.workingDirectory,
          `${inputDirectory}/seccomp`,
        );
  const { locale, terminal } = guest;
  return {
    daemonJson:
      daemonJson === null
        ? JSON.stringify(guestDaemonJson(kernel), null, 2)
        : (await readPlainFile(daemonJson, { followLinks: true })).toString('utf8'),
    files,
    resumed,
    resumedId: resumed === null ? null : basename(resumed),
    locale: /^[\w.@-]+$/.test(locale) ? locale : null,
    terminal,
    images: () => imageFiles(app, subjects),
    forAccelerator(accelerator) {
      // Functions cannot be serialised into the guest's configuration.
      const { daemonJson: _hostPath, ownWorkloads, ...plain } = own;
      const data = profiles === undefined ? plain : { ...plain, profiles };
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
