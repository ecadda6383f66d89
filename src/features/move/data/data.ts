import { dirname } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { runLabels } from '../../../core/engine/labels.ts';
import { freeBytesAt } from '../../../core/measure/execute/disk-room.ts';
import { external, listed } from '../../../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../../../core/messages/define.ts';
import { recorded } from '../../../core/messages/record.ts';
import { misuse, problemOf } from '../../../core/model/failure/error.ts';
import type { MoveRecord } from '../record.ts';
import type { Stack } from '../stack/stack.ts';
import { isIn } from '../stack/survey.ts';
import { projectPrefix, trialLabel } from '../trying/compose.ts';
import { type DockerProgram, removeLabelled } from '../trying/docker-program.ts';
import { Copier } from './copier.ts';
import { bytesOf, placeOf, refuseTooMuch, type SizedSource, sizeOf } from './room.ts';
import { bindPaths, type DataSource, findSources } from './sources.ts';
import { Volumes } from './volumes.ts';

const text = notices('move.data', {
  cannot: 'the data of the stack cannot be copied',
  nothing:
    'there is no data to copy: these services have no existing volume, and write to no directory of the host',
  copying: 'copying {bytes} of data ({names}) to {path}: once now, and again before each start of the stack',
  copied: 'copied in {seconds} s; each start of the stack takes about that much longer',
  fresh: '{volume} is empty in the copies: {why}',
  inUse:
    'running containers may write to {names} during the copy, so it is like a disk after a power cut. If a service does not start from it, stop those containers and try again',
  special:
    '{n, plural, one {one socket, pipe or device} other {# sockets, pipes and devices}} of {name} {n, plural, one {is} other {are}} not copied',
  nested:
    '{inner} lies in {outer}, but the copies keep them apart: what is written to one does not appear in the other',
  left: 'some of {project} could not be removed; to remove it:  @(clean)',
});
const why = reasons('move.data', {
  unsized: {
    message: 'its size could not be measured within five minutes, or not without following links',
    fix: 'in a copy of the file, mount it read-only or remove it; measuring it needs Linux 5.10, util-linux and GNU coreutils',
  },
  failed: {
    message: '{said}',
    fix: 'correct what it names, or try without --with-data',
  },
});

/** Copies of the user's data, from which every start of the stack begins. */
export interface TrialData extends AsyncDisposable {
  readonly record: NonNullable<MoveRecord['data']>;
  /** How long the copies for one start took at most, ms. */
  readonly startMs: number;
  /** Names of the copies for a project, by `dataKey`. */
  namesFor(project: string): ReadonlyMap<string, string>;
  /**
   * Makes and fills the volumes of a project, which are removed by these labels; returns early where `signal` is given.
   * OcibenchError (exit 2) where it fails.
   */
  fill(project: string, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
}

/** Where data is copied, and from what. */
interface DataPlan {
  readonly docker: DockerProgram;
  /** Surveyed, with the services alone that are started. */
  readonly stack: Stack;
  readonly runId: string;
  /** For problems. */
  readonly file: string;
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

/** Data, and its copy that no container ever sees. */
interface KeptSource extends SizedSource {
  readonly keptAt: string;
}

/**
 * Copies the data of a stack's services into volumes of ours; null where `signal` ended it. OcibenchError (exit 2) where it is too
 * much, or cannot be copied.
 */
export async function openData(
  { reporter, clock }: Pick<AppContext, 'reporter' | 'clock'>,
  plan: DataPlan,
): Promise<TrialData | null> {
  const { docker, stack, runId, file, mostBytes, signal } = plan;
  const [volumes, copier] = [new Volumes(docker), new Copier(docker)];
  const refused = (source: DataSource, reason: Reason) =>
    misuse(text.cannot, [problemOf(placeOf(file, source), reason)]);
  const { sources, fresh } = await findSources(stack, (name) => volumes.inspect(name));
  for (const { volume, why: because } of fresh)
    reporter.warn(text.fresh({ volume: external(volume), why: because }));
  if (sources.length === 0) reporter.warn(text.nothing);
  for (const inner of new Set([...sources.map(({ path }) => path), ...bindPaths(stack)])) {
    const outer = sources.find(({ path }) => path !== inner && isIn(inner, path));
    if (outer !== undefined)
      reporter.warn(text.nested({ inner: external(inner), outer: external(outer.name) }));
  }

  const project = `${projectPrefix}${runId}-data`;
  const labels = { ...runLabels(runId), [trialLabel]: project };
  await using undone = new AsyncDisposableStack();
  if (sources.length > 0)
    undone.defer(async () => {
      if (!(await removeLabelled(docker, `${trialLabel}=${project}`))) reporter.warn(text.left({ project }));
    });
  const kept: KeptSource[] = [];
  for (const [at, source] of sources.entries()) {
    const bytes = await copier.size(source.path, signal);
    if (signal.aborted) return null;
    if (bytes === null) throw refused(source, why.unsized);
    const made = await volumes.create(nameOf(project, at), labels);
    if ('refused' in made) throw refused(source, made.refused);
    kept.push({ ...source, bytes, keptAt: made.path });
  }
  const copyAll = async (
    pairs: readonly { readonly source: DataSource; readonly from: string; readonly to: string }[],
    until: AbortSignal,
  ) => {
    const special: number[] = [];
    for (const { source, from, to } of pairs) {
      const copied = await copier.copy(from, to, until);
      if (until.aborted) break;
      if (copied.failure !== null) throw refused(source, why.failed({ said: external(copied.failure) }));
      special.push(copied.special);
    }
    return special;
  };

  const [first] = kept;
  if (first !== undefined) {
    const freeBytes = await freeBytesAt(first.keptAt);
    const path = dirname(dirname(first.keptAt));
    refuseTooMuch(kept, { file, mostBytes, path, freeBytes });
    const names = listed(kept.map(({ name }) => external(name)));
    reporter.log(text.copying({ bytes: sizeOf(bytesOf(kept)), names, path }));
  }
  const before = await volumes.writtenPaths();
  const began = clock.now();
  const special = await copyAll(
    kept.map((source) => ({ source, from: source.path, to: source.keptAt })),
    signal,
  );
  if (signal.aborted) return null;
  let startMs = clock.now() - began;
  const written = [...before, ...(await volumes.writtenPaths())];
  const inUse = kept.filter(({ path }) => written.some((other) => isIn(path, other) || isIn(other, path)));
  if (kept.length > 0) reporter.log(text.copied({ seconds: Math.ceil(startMs / 1000) }));
  if (inUse.length > 0)
    reporter.warn(
      text.inUse({
        names: listed(
          inUse.map(({ name }) => external(name)),
          'and',
        ),
      }),
    );
  for (const [at, n] of special.entries())
    if (n > 0) reporter.warn(text.special({ n, name: external(kept[at]?.name ?? '') }));

  const moved = undone.move();
  return {
    record: {
      copies: kept.map((source, at) => ({
        kind: source.kind,
        name: source.name,
        services: [...source.services],
        bytes: source.bytes,
        special: special[at] ?? 0,
        inUse: inUse.includes(source),
      })),
      fresh: fresh.map(({ volume, why: because }) => ({ volume, ...recorded({ why: because }) })),
    },
    get startMs() {
      return startMs;
    },
    namesFor: (of) => new Map(kept.map(({ key }, at) => [key, nameOf(of, at)])),
    async fill(of, own, until) {
      const start = clock.now();
      if (first !== undefined) {
        const freeBytes = (await freeBytesAt(first.keptAt)) + bytesOf(kept);
        refuseTooMuch(kept, { file, mostBytes, path: dirname(dirname(first.keptAt)), freeBytes });
      }
      const pairs = [];
      for (const [at, source] of kept.entries()) {
        if (until.aborted) return;
        const made = await volumes.create(nameOf(of, at), own);
        if ('refused' in made) throw refused(source, made.refused);
        pairs.push({ source, from: source.keptAt, to: made.path });
      }
      await copyAll(pairs, until);
      startMs = Math.max(startMs, clock.now() - start);
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

const nameOf = (project: string, at: number): string => `${project}-data-${at}`;
