import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Artefact, openArtefacts, type RunArtefact } from '../artefact/artefact.ts';
import { external } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import { OcibenchError } from '../model/error.ts';
import { saidBy } from '../model/said.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { Submission, Verification } from '../model/verification.ts';
import { fingerprint } from '../verify/clocks.ts';
import type { AppContext } from './context.ts';
import { openAt } from './open-stored.ts';
import { type VerifyFlags, verifyOpened } from './verify.ts';

const text = messages('verified', {
  copied: '{n, plural, one {one trial is} other {{n} trials are}} also in {other}',
  unreadable: '{place}: {what}',
});

/** What was handed in, and of one that could be read what was found. */
interface Judged {
  readonly submission: Submission;
  readonly verification: Verification | null;
}

/** Does one name of the command line mean runs that were handed in: an archive, or a directory that is no run? */
export async function isCollection(
  { environment, store }: Pick<AppContext, 'environment' | 'store'>,
  name: string,
): Promise<boolean> {
  const path = resolve(environment.workingDirectory, name);
  const found = await stat(path).catch(() => null);
  return found !== null && (found.isFile() || (found.isDirectory() && !(await store.hasRun(path))));
}

/**
 * Verifies the runs in directories and archives, one after the other: figures, records and manifests; charts and pages of one
 * alone. What cannot be read is told, and the rest goes on. The same trials in two of them are told of both.
 */
export async function verifySeveral(
  app: AppContext,
  paths: readonly string[],
  flags: VerifyFlags,
): Promise<readonly Judged[]> {
  const named = paths.map((path) => resolve(app.environment.workingDirectory, path));
  const typed = new Map(named.map((path, n) => [path, paths[n] ?? path]));
  const judged: Judged[] = [];
  const owners = new Map<string, number>();
  /** Pair of submissions → number of trials that both have. */
  const shared = new Map<string, { readonly pair: readonly [number, number]; n: number }>();
  for await (const artefact of openArtefacts(named)) {
    const origin = asTyped(artefact.origin, typed);
    const at = judged.length;
    const { trials, ...one } = await judge(app, { ...artefact, origin }, flags);
    judged.push(one);
    for (const trial of trials) {
      const print = fingerprint(trial);
      if (print === null) continue;
      const key = createHash('sha256').update(print).digest('base64').slice(0, 16);
      const owner = owners.get(key) ?? at;
      owners.set(key, owner);
      if (owner === at) continue;
      const pair = `${owner} ${at}`;
      shared.set(pair, { pair: [owner, at], n: (shared.get(pair)?.n ?? 0) + 1 });
    }
  }
  for (const { pair, n } of shared.values())
    for (const [own, other] of [pair, pair.toReversed()] as const)
      markCopied(judged, own ?? 0, { n, other: judged[other ?? 0]?.submission.origin ?? '' });
  return judged;
}

/** Names as the user wrote them: `hosts/ada`, not the whole path. */
function asTyped(origin: string, typed: ReadonlyMap<string, string>): string {
  for (const [path, name] of typed)
    if (origin === path || origin.startsWith(`${path}/`) || origin.startsWith(`${path}:`))
      return `${name.replace(/\/$/, '')}${origin.slice(path.length)}`;
  return origin;
}

async function judge(
  app: AppContext,
  artefact: Artefact,
  flags: VerifyFlags,
): Promise<Judged & { readonly trials: readonly TrialRecord[] }> {
  const { origin } = artefact;
  if ('problem' in artefact) return unreadable(origin, artefact.problem);
  try {
    const opened = await openAt(app, await realpath(artefact.directory), flags);
    const { manifest } = artefact;
    const charts = chartsOf(artefact, opened.run.runId);
    const verification = await verifyOpened(app, opened, { manifest, isWhole: false, charts });
    const { run, trials } = opened;
    const submission: Submission = {
      origin,
      host: verification.host.id === null ? null : `host-${verification.host.id.slice(0, 8)}`,
      runId: run.runId,
      startedAt: run.startedAt,
      preset: run.config.preset,
      runtimes: run.runtimes.map(({ entry }) => entry.name),
      trials: trials.length,
      manifest: manifest.state,
      state: verification.state,
      reasons: verification.reasons,
    };
    return { submission, verification, trials };
  } catch (error) {
    return unreadable(origin, whyUnreadable(error));
  }
}

/** Whatever is in it, the rest goes on. Names the file, not the directory that it was unpacked into. */
function whyUnreadable(error: unknown): Message {
  if (!(error instanceof OcibenchError)) return saidBy(error);
  const [problem] = error.problems;
  if (problem === undefined) return recalled(error, 'message');
  const place = [basename(problem.file), problem.key].filter((part) => part !== '').join(': ');
  return text.unreadable({ place: external(place), what: recalled(problem, 'message') });
}

/** Beside `results/`, and never outside of what was unpacked. */
function chartsOf({ directory }: RunArtefact, runId: string): string {
  return basename(dirname(directory)) === 'results'
    ? join(dirname(dirname(directory)), 'charts', runId)
    : join(directory, 'charts', runId);
}

function unreadable(origin: string, reason: Message) {
  const submission: Submission = {
    ...{ origin, host: null, runId: null, startedAt: null, preset: null, runtimes: [], trials: 0 },
    ...{ manifest: 'missing', state: 'unreadable', reasons: [reason] },
  };
  return { submission, verification: null, trials: [] };
}

/** An edited one stays edited: that says more. */
function markCopied(
  judged: Judged[],
  at: number,
  { n, other }: { readonly n: number; readonly other: string },
): void {
  const own = judged[at];
  if (own === undefined) return;
  const { submission } = own;
  const reason = text.copied({ n, other: external(other) });
  const state =
    submission.state === 'edited' || submission.state === 'not-plausible' ? submission.state : 'copied';
  judged[at] = { ...own, submission: { ...submission, state, reasons: [reason, ...submission.reasons] } };
}
