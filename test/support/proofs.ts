import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { TestEnd } from './allowed-skips.ts';

const root = resolve(import.meta.dirname, '../..');

/** The virtual machine proves cgroup v2 and systemd: the lab itself, what collects there, and how an engine places containers. */
const labSources = [
  'src/lab/**/*.ts',
  'src/engine/**/*.ts',
  'src/collect/**/*.ts',
  'src/metrics/cgroup/**/*.ts',
  'test/e2e/lab.test.ts',
];

/** Tests that went well, for which sources. `.ci/lab.json` and `.ci/nightly.json` are committed by whoever ran them. */
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

const files = { lab: '.ci/lab.json', nightly: '.ci/nightly.json' } as const;

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

/** The last proof that was committed; null where there is none. Throws where the file is none. */
export function lastProof(kind: keyof typeof files, directory = root): Proof | null {
  let text: string;
  try {
    text = readFileSync(join(directory, files[kind]), 'utf8');
  } catch {
    return null;
  }
  return proofSchema.parse(JSON.parse(text));
}

/** Has what the lab covers changed since it was last proved? */
export function labIsDue(directory = root): boolean {
  return lastProof('lab', directory)?.sources !== labDigest(directory);
}

/** Writes down what a run of tests proved: the lab where it measured, everything by night. Nothing of a run with a failure. */
export function writeProofs(ends: readonly TestEnd[], nightly: boolean, directory = root): void {
  const count = (all: readonly TestEnd[], state: TestEnd['state']) =>
    all.filter((end) => end.state === state).length;
  const write = (kind: keyof typeof files, all: readonly TestEnd[]) => {
    if (count(all, 'failed') > 0) return;
    const git = (...words: string[]) =>
      execFileSync('git', words, { cwd: directory, encoding: 'utf8' }).trim();
    const proof: Proof = {
      commit: git('rev-parse', 'HEAD'),
      finishedAt: new Date().toISOString(),
      passed: count(all, 'passed'),
      failed: 0,
      skipped: count(all, 'skipped'),
      sources: labDigest(directory),
    };
    writeFileSync(join(directory, files[kind]), `${JSON.stringify(proof, null, 2)}\n`);
  };
  const lab = ends.filter(({ file }) => file === 'test/e2e/lab.test.ts');
  if (lab.some(({ name, state }) => state === 'passed' && name.startsWith('measures on pure cgroup v2')))
    write('lab', lab);
  if (nightly) write('nightly', ends);
}
