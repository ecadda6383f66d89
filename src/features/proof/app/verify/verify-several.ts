import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type ApartJob, type ApartOptions, readApart } from '../../../../app/apart/apart.ts';
import type { ArtefactReader } from '../../../../app/apart/apart-process.ts';
import type { AppContext } from '../../../../app/context.ts';
import { openAt } from '../../../../app/open-stored.ts';
import type { Environment } from '../../../../app/reporter.ts';
import { fingerprintTrial } from '../../../../app/trial-prints.ts';
import { type Artefact, findArtefacts, type RunArtefact } from '../../../../core/artefact/artefact.ts';
import { external } from '../../../../core/messages/compose.ts';
import { messages } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { recalled } from '../../../../core/messages/record.ts';
import { OcibenchError } from '../../../../core/model/failure/error.ts';
import { saidBy } from '../../../../core/model/failure/said.ts';
import type { Submission, Verification } from '../../verify/verification.ts';
import { type VerifyContext, type VerifyFlags, verifyOpened } from './verify.ts';

const text = messages('verified', {
  copied: '{n, plural, one {one trial is} other {{n} trials are}} also in {other}',
  unreadable: '{place}: {what}',
});

/** A submission, with its verification if it could be read. */
interface VerifiedSubmission {
  readonly submission: Submission;
  readonly verification: Verification | null;
}

/** A submission with the fingerprints of its trials. */
type FingerprintedSubmission = VerifiedSubmission & { readonly prints: readonly string[] };

/** Input of a process that verifies one submission. */
interface VerifyJob extends ApartJob {
  readonly environment: Environment;
  readonly flags: VerifyFlags;
}

/** Does a name of the command line mean submissions: an archive, or a directory that is not a run? */
export async function isCollection(
  { environment, store }: Pick<AppContext, 'environment' | 'store'>,
  name: string,
): Promise<boolean> {
  const path = resolve(environment.workingDirectory, name);
  const found = await stat(path).catch(() => null);
  return found !== null && (found.isFile() || (found.isDirectory() && !(await store.hasRun(path))));
}

/**
 * Verifies the runs in directories and archives, each in its own process with limits: figures and manifests, but no charts
 * and pages. Unreadable submissions are reported, and the others go on. Trials that occur in two submissions are
 * reported for both.
 */
export async function verifySeveral(
  app: AppContext,
  paths: readonly string[],
  flags: VerifyFlags,
  options: ApartOptions = {},
): Promise<readonly VerifiedSubmission[]> {
  const named = paths.map((path) => resolve(app.environment.workingDirectory, path));
  const typed = new Map(named.map((path, n) => [path, paths[n] ?? path]));
  const judged: VerifiedSubmission[] = [];
  const owners = new Map<string, number>();
  /** Pair of submissions → number of trials they share. */
  const shared = new Map<string, { readonly pair: readonly [number, number]; n: number }>();
  for (const { prints, submission, verification } of await judgeAll(app, named, flags, options)) {
    const at = judged.length;
    judged.push({ submission: { ...submission, origin: asTyped(submission.origin, typed) }, verification });
    for (const key of prints) {
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

async function judgeAll(
  app: AppContext,
  named: readonly string[],
  flags: VerifyFlags,
  options: ApartOptions,
): Promise<readonly FingerprintedSubmission[]> {
  const found = await findArtefacts(named);
  const { environment } = app;
  const jobs = found.flatMap((each): VerifyJob[] =>
    'problem' in each ? [] : [{ origin: each.origin, reader: import.meta.url, environment, flags }],
  );
  const read = (await readApart<VerifyJob, FingerprintedSubmission>(app, jobs, options)).values();
  return found.flatMap((each) => {
    if ('problem' in each) return [unreadable(each.origin, each.problem)];
    const { answers = [], problem = null } = read.next().value ?? {};
    return problem === null ? answers : [...answers, unreadable(each.origin, problem)];
  });
}

/** Names as the user wrote them: `hosts/ada`, not the whole path. */
function asTyped(origin: string, typed: ReadonlyMap<string, string>): string {
  for (const [path, name] of typed)
    if (origin === path || origin.startsWith(`${path}/`) || origin.startsWith(`${path}:`))
      return `${name.replace(/\/$/, '')}${origin.slice(path.length)}`;
  return origin;
}

/** Verifies one submission, in its own process. */
async function judgeArtefact(
  app: VerifyContext,
  artefact: Artefact,
  flags: VerifyFlags,
): Promise<FingerprintedSubmission> {
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
    return { submission, verification, prints: trials.flatMap(fingerprintTrial) };
  } catch (error) {
    return unreadable(origin, whyUnreadable(error));
  }
}

/** Why a submission cannot be read. Names the file in the archive, not the directory it was unpacked into. */
function whyUnreadable(error: unknown): Message {
  if (!(error instanceof OcibenchError)) return saidBy(error);
  const [problem] = error.problems;
  if (problem === undefined) return recalled(error, 'message');
  const place = [basename(problem.file), problem.key].filter((part) => part !== '').join(': ');
  return text.unreadable({ place: external(place), what: recalled(problem, 'message') });
}

/** Directory of charts beside `results/`, never outside of the unpacked archive. */
function chartsOf({ directory }: RunArtefact, runId: string): string {
  return basename(dirname(directory)) === 'results'
    ? join(dirname(dirname(directory)), 'charts', runId)
    : join(directory, 'charts', runId);
}

function unreadable(origin: string, reason: Message): FingerprintedSubmission {
  const submission: Submission = {
    origin,
    host: null,
    runId: null,
    startedAt: null,
    preset: null,
    runtimes: [],
    trials: 0,
    manifest: 'missing',
    state: 'unreadable',
    reasons: [reason],
  };
  return { submission, verification: null, prints: [] };
}

/** Marks submissions as copied; `edited` stays, since it is more serious. */
function markCopied(
  judged: VerifiedSubmission[],
  at: number,
  { n, other }: { readonly n: number; readonly other: string },
): void {
  const own = judged[at];
  if (own === undefined) return;
  const { submission } = own;
  const reason = text.copied({ n, other: external(other) });
  const state = submission.state === 'edited' ? submission.state : 'copied';
  judged[at] = { ...own, submission: { ...submission, state, reasons: [reason, ...submission.reasons] } };
}

const reader: ArtefactReader<VerifyJob> = (app, artefact, { flags }) => judgeArtefact(app, artefact, flags);

export default reader;
