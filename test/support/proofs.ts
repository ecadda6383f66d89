import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { TestEnd } from './allowed-skips.ts';

const root = resolve(import.meta.dirname, '../..');

/** The virtual machine proves cgroup v2 and systemd: the lab itself, what collects there, and how an engine places containers. */
const labSources = [
  'src/features/lab/**/*.ts',
  'src/core/engine/**/*.ts',
  'src/features/layers/**/*.ts',
  'src/core/collect/**/*.ts',
  'src/core/metrics/cgroup/**/*.ts',
  'test/e2e/lab.test.ts',
];

/** Tests that went well, for which sources. */
const proofSchema = z.object({
  commit: z.string(),
  finishedAt: z.string(),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  /** SHA-256 of the sources that the lab covers. */
  sources: z.string(),
});
export type Proof = z.infer<typeof proofSchema>;

/** Both are committed by whoever ran the tests. */
const labFile = '.ci/lab.json';
const nightlyFile = '.ci/nightly.json';

/** By night: each file of tests with engines, guests or browsers has the proof of its own last run. */
const nightlyFiles = /^test\/(?:e2e|browser)\//;
const nightlySchema = z.record(z.string(), proofSchema);

/** SHA-256 of the names and contents of what the lab covers. */
function labDigest(directory = root): string {
  const digest = createHash('sha256');
  for (const name of globSync(labSources, { cwd: directory }).toSorted())
    digest
      .update(`${name}\0`)
      .update(readFileSync(join(directory, name)))
      .update('\0');
  return digest.digest('hex');
}

/** What was written down in a file; null where there is none. Throws where it has another form. */
function written<T>(schema: z.ZodType<T>, path: string): T | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  return schema.parse(JSON.parse(text));
}

/** The last proof of the lab that was committed; null where there is none. */
export function lastLabProof(directory = root): Proof | null {
  return written(proofSchema, join(directory, labFile));
}

/** The last proofs of the nightly suite, by its files. */
export function nightlyProofs(directory = root): Readonly<Record<string, Proof>> {
  return written(nightlySchema, join(directory, nightlyFile)) ?? {};
}

/** Has what the lab covers changed since it was last proved? */
export function labIsDue(directory = root): boolean {
  return lastLabProof(directory)?.sources !== labDigest(directory);
}

/** What whole files of tests proved; null where a test of them failed. */
function proofOf(ends: readonly TestEnd[], directory: string): Proof | null {
  const count = (state: TestEnd['state']) => ends.filter((end) => end.state === state).length;
  if (count('failed') > 0) return null;
  const words = ['rev-parse', 'HEAD'];
  return {
    commit: execFileSync('git', words, { cwd: directory, encoding: 'utf8' }).trim(),
    finishedAt: new Date().toISOString(),
    passed: count('passed'),
    failed: 0,
    skipped: count('skipped'),
    sources: labDigest(directory),
  };
}

/** Writes down what a run of whole files proved: the lab where it measured, each file by night. Nothing of a file with a failure. */
export function writeProofs(ends: readonly TestEnd[], nightly: boolean, directory = root): void {
  const write = (name: string, proof: object) =>
    writeFileSync(join(directory, name), `${JSON.stringify(proof, null, 2)}\n`);
  const lab = ends.filter(({ file }) => file === 'test/e2e/lab.test.ts');
  if (lab.some(({ name, state }) => state === 'passed' && name.startsWith('measures on pure cgroup v2'))) {
    const proof = proofOf(lab, directory);
    if (proof !== null) write(labFile, proof);
  }
  const byFile = nightly ? Map.groupBy(ends, ({ file }) => file) : new Map<string, TestEnd[]>();
  const proved = [...byFile].flatMap(([file, own]): readonly (readonly [string, Proof])[] => {
    const proof =
      nightlyFiles.test(file) && own.some(({ state }) => state === 'passed') ? proofOf(own, directory) : null;
    return proof === null ? [] : [[file, proof]];
  });
  if (proved.length === 0) return;
  const all = Object.entries({ ...nightlyProofs(directory), ...Object.fromEntries(proved) });
  const present = all.filter(([file]) => existsSync(join(directory, file)));
  write(nightlyFile, Object.fromEntries(present.toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
