import { join } from 'node:path';
import * as z from 'zod';
import { sinceFile } from '../../../app/measure/conclude.ts';
import { nullIfMissing, openPlainFile } from '../../../core/files/plain-file.ts';
import type { StoredInvocation } from '../../../core/messages/command.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { bounds } from '../../../core/model/bounds.ts';
import { type RunComparison, runComparisonSchema } from '../../../core/model/run/run-comparison.ts';
import { cellSchema } from '../../../core/model/trial/cell.ts';

/** Only the beginning of a page is read, for its language and for how its commands are called. */
const maxHtmlBytes = 16 * 1024;

/** Exceeds the comparison of all workloads under a dozen runtimes. */
const maxChangesBytes = 16 * 2 ** 20;

/** One or two words as `shellWord` writes them. The text made from them is only compared, never shown. */
const programSchema = z.string().regex(/^[\w@%+=:,./ '\\-]{1,9000}$/);

const calledSchema: z.ZodType<StoredInvocation> = z.object({
  program: programSchema,
  rootProgram: programSchema,
  sudo: z.enum(['always', 'asRoot', 'never', 'missing']),
  variables: z.record(z.string().regex(/^OCIBENCH_[A-Z]+$/), z.string()),
  given: z.record(z.string().regex(/^--(?:[a-z-]+|set [a-zA-Z.]+)$/), z.union([z.string(), z.literal(true)])),
});

/** The language of the report in a run's directory; null where there is none. */
export async function publishedLanguage(results: string): Promise<Lang | null> {
  const html = await readPublished(join(results, 'report.html'), maxHtmlBytes);
  const found = /^<html lang="(en|fr)"/m.exec(html?.toString('utf8') ?? '')?.[1];
  return found === 'en' || found === 'fr' ? found : null;
}

/** How commands in a published report are spelled; only its author knew. null: in canonical form. */
export async function publishedCalled(results: string): Promise<StoredInvocation | null> {
  const html = await readPublished(join(results, 'report.html'), maxHtmlBytes);
  const found = /^<html [^>\n]* data-called="([^"\n]*)"/m.exec(html?.toString('utf8') ?? '')?.[1];
  try {
    return found === undefined ? null : calledSchema.parse(JSON.parse(decodeURIComponent(found)));
  } catch {
    return null;
  }
}

/** The comparison in a published report; null where there is none, or it is not one of ocibench. */
export async function publishedChanges(results: string): Promise<RunComparison | null> {
  const json = await readPublished(join(results, sinceFile), maxChangesBytes);
  if (json === null) return null;
  try {
    return runComparisonSchema.parse(JSON.parse(json.toString('utf8')));
  } catch {
    return null;
  }
}

/** Most rows of a cell: one a metric. */
const maxMetrics = 1000;

/** Exceeds the analysis of the largest run. */
const maxAnalysisBytes = 64 * 2 ** 20;

/** What is read of an analysis, also of one that another version wrote. */
const publishedAnalysisSchema = z.object({
  figures: z.string().max(100),
  rows: z
    .array(
      cellSchema.extend({
        metric: z.string().max(200).nullable(),
        headline: z.boolean(),
        verdict: z.string().max(40),
      }),
    )
    .max(bounds.cells * maxMetrics),
  categories: z
    .array(
      z.object({
        runtime: z.string().max(200),
        category: z.string().max(40),
        layer: z.string().max(40),
        engine: z.string().max(200).optional(),
        profile: z.string().max(200).optional(),
        verdict: z.string().max(40),
      }),
    )
    .max(bounds.cells),
});
export type PublishedAnalysis = Readonly<z.infer<typeof publishedAnalysisSchema>>;

/** The figures that a run was published with; null where there are none, or they are none of ocibench. */
export async function publishedAnalysis(results: string): Promise<PublishedAnalysis | null> {
  const json = await readPublished(join(results, 'analysis.json'), maxAnalysisBytes);
  if (json === null) return null;
  try {
    return publishedAnalysisSchema.parse(JSON.parse(json.toString('utf8')));
  } catch {
    return null;
  }
}

/** The first bytes of a published file, a few more than `length`; null where it is missing. No link is followed. */
export async function readPublished(path: string, length: number): Promise<Buffer | null> {
  const handle = await openPlainFile(path, { followLinks: false }).catch(nullIfMissing);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, 2 * length + 4096)), 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
