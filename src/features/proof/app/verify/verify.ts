import { dirname, relative, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import {
  filesOf,
  type OutputDirectories,
  otherCharts,
  outputPlace,
} from '../../../../app/measure/conclude.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import type { ReadFlags } from '../../../../app/measure/past-runs.ts';
import { sincePublished } from '../../../../app/measure/run-before.ts';
import { type OpenedRun, openStored } from '../../../../app/open-stored.ts';
import { isThisMachine } from '../../../../core/host/facts.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import type { Analysis } from '../../../../core/model/analysis/analysis.ts';
import type { HostFacts } from '../../../../core/model/machine/host.ts';
import { figuresVersion } from '../../../../core/model/run/figures-version.ts';
import { checkManifest, type ManifestCheck } from '../../../../core/store/manifest.ts';
import { missingParts } from '../../verify/completeness.ts';
import { compareVerdicts, conclusionOf, isLater, otherFiguresOf } from '../../verify/conclusion.ts';
import { differenceIn } from '../../verify/file-difference.ts';
import type { Verification, VerifiedFile } from '../../verify/verification.ts';
import {
  publishedAnalysis,
  publishedCalled,
  publishedChanges,
  publishedLanguage,
  readPublished,
} from '../published.ts';

/** Was the run measured on this host? */
async function hostOfRun(host: HostFacts): Promise<Verification['host']> {
  const { id = null } = host;
  return { id, isHere: await isThisMachine(host), by: id === null ? 'facts' : 'id' };
}

/** Flags of `ocibench verify`, as typed. */
export type VerifyFlags = ReadFlags;

/**
 * Checks the manifest of a stored run, and recomputes every file in memory from run.json and trials.jsonl to compare it with the
 * published one. Writes nothing. A report may be in either language. The comparison with the previous run is recomputed from that
 * run's records; if they are gone, the published one is accepted.
 *
 * Throws OcibenchError (exit 2) as `report` does.
 */
export async function verifyRun(
  app: AppContext,
  name: string,
  flags: VerifyFlags,
): Promise<{ readonly verification: Verification; readonly lang: Lang }> {
  const opened = await openStored(app, name, flags);
  const manifest = await checkManifest(opened.path);
  const place = outputPlace(resolve(opened.path, '../..'), opened.run.runId);
  const verification = await verifyOpened(app, opened, { manifest, isWhole: true, charts: place.charts });
  return { verification, lang: flags.lang === undefined ? opened.run.config.lang : languageOf(flags.lang) };
}

/** Scope of a verification. */
interface Extent {
  readonly manifest: ManifestCheck;
  /** Compare reports and charts too: drawing them takes most of the time. */
  readonly isWhole: boolean;
  /** Directory of its charts. */
  readonly charts: string;
}

/** Ports that a verification needs. */
export type VerifyContext = Pick<AppContext, 'store' | 'pictures' | 'environment' | 'reporter'>;

/** Verifies an opened run in any directory. */
export async function verifyOpened(
  app: VerifyContext,
  opened: OpenedRun,
  extent: Extent,
): Promise<Verification> {
  const { run, trials, torn } = opened;
  const { manifest } = extent;
  const { verified, analysis } = await verifiedFiles(app, opened, extent);
  const follows = verified.every(
    ({ path: name, status }) => status === 'follows' || (status === 'missing' && isLater(name)),
  );
  const found = {
    runId: run.runId,
    trials: trials.length,
    torn,
    files: verified,
    follows,
    manifest: { ...manifest, files: manifest.files.filter(({ status }) => status !== 'whole') },
    host: await hostOfRun(run.host),
    missing: missingParts(opened),
  };
  const published = await publishedAnalysis(opened.path);
  const versions = {
    writer: { ocibench: run.harnessVersion, figures: published?.figures ?? null },
    reader: { ocibench: app.environment.version, figures: figuresVersion },
  };
  const other = otherFiguresOf(found, versions, compareVerdicts(published, analysis));
  const all = { ...found, ...(other === null ? {} : { otherFigures: other }) };
  return { ...all, ...conclusionOf(all) };
}

/** Compares every published file with the one recomputed from the records. */
async function verifiedFiles(
  app: VerifyContext,
  { path, run, trials, workloads }: OpenedRun,
  { isWhole, charts }: Extent,
): Promise<{ readonly verified: readonly VerifiedFile[]; readonly analysis: Analysis }> {
  const place: OutputDirectories = { results: path, charts };
  const lang = (await publishedLanguage(place.results)) ?? run.config.lang;
  const published = await publishedChanges(place.results);
  const since = await sincePublished(app.store, dirname(path), run, workloads, published);
  const called = await publishedCalled(place.results);
  const records = { run, trials, workloads, report: isWhole, called };
  const { files, analysis } = await filesOf(app.pictures, { ...records, lang, place, since });
  const nameOf = (file: string) =>
    file.startsWith(`${place.results}/`)
      ? `results/${run.runId}/${relative(place.results, file)}`
      : `charts/${run.runId}/${relative(place.charts, file)}`;
  const verified: VerifiedFile[] = [];
  for (const [file, content] of files) {
    const made = Buffer.from(content);
    const found = await readPublished(file, made.length);
    const difference = found === null ? null : differenceIn(file, found, made);
    const status = found === null ? 'missing' : difference === null ? 'follows' : 'differs';
    verified.push({ path: nameOf(file), status, difference });
  }
  if (isWhole)
    for (const file of await otherCharts(place.charts, [...files.keys()]))
      verified.push({ path: nameOf(file), status: 'unfounded', difference: null });
  return { verified, analysis };
}
