/**
 * Proofs of tests that take long: those of `test/e2e` and `test/browser`, and every other file with a line `// Proves: measuring,
 * features/layers`. Its last whole green run is committed in `.ci/proofs.json` with a digest of the sources that these words name.
 * `npm test` runs the journeys, and the files whose sources have changed since. What changes only comments or types changes
 * nothing that runs: the digest is of the code without them.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { z } from 'zod';
import { generatedNames } from '../../scripts/generated-pages.ts';
import type { TestEnd } from './allowed-skips.ts';

const root = resolve(import.meta.dirname, '../..');

/** Sources that many files prove, by the word for them in a line `// Proves:`. Any other word is a folder of `src/`. */
const groups: Readonly<Record<string, readonly string[]>> = {
  // What happens on the host until the records of a run are on the disk.
  measuring: [
    'src/core/{artefact,collect,config,engine,files,host,images,measure,model,modules,runtimes,store,syscalls}/**',
    'src/app/*/**',
    'src/app/{completable,context,doctor,host-checks,init,other-use,ports,requirements,setup,store,this-program}.ts',
    'workloads/**',
    'package-lock.json',
  ],
  judging: ['src/core/{analyze,factorial,gate,metrics}/**'],
  reporting: [
    'src/report/**',
    'src/core/messages/**',
    'src/app/{compare,list,open-report,open-stored,published,readable-run,report}.ts',
  ],
  program: ['src/cli/**', 'src/{cli,index}.ts'],
  package: ['packaging/**', 'scripts/build.ts', 'src/core/bundle/**', 'package.json'],
  documents: ['docs/**', '*.md', 'examples/**'],
  contracts: ['test/contracts/**', 'test/golden/**', 'results/**'],
  rules: ['biome.json', 'knip.jsonc', 'tsconfig*.json', 'scripts/**/*.{ts,grit}'],
};

/** Tests that must say what they prove; others may. */
const slow = /^test\/(?:e2e|browser)\/[^/]+\.test\.ts$/;
const provesLine = /^\/\/ Proves: (.+)$/m;

const proofSchema = z.object({
  commit: z.string(),
  finishedAt: z.string(),
  /** Wall time, s. */
  seconds: z.number(),
  passed: z.number(),
  skipped: z.number(),
  /** Word of the line → SHA-256 of the names and contents of those sources; `tests`: of the file and what it imports of test/. */
  sources: z.record(z.string(), z.string()),
});
export type Proof = z.infer<typeof proofSchema>;
const proofsSchema = z.record(z.string(), proofSchema);

const proofsFile = '.ci/proofs.json';

const codeOf = new Map<string, string>();

/** What runs of a TypeScript file: no comments, no types, no blanks. */
function runningCode(source: string): string {
  const known = codeOf.get(source);
  if (known !== undefined) return known;
  const { code } = transformSync(source, { loader: 'ts', minifyWhitespace: true, legalComments: 'none' });
  codeOf.set(source, code);
  return code;
}

function digestOf(directory: string, files: readonly string[]): string {
  const digest = createHash('sha256');
  for (const name of files.toSorted()) {
    const content = readFileSync(join(directory, name));
    const code = name.endsWith('.ts') ? runningCode(content.toString()) : content;
    digest.update(`${name}\0`).update(code).update('\0');
  }
  return digest.digest('hex').slice(0, 32);
}

/** A file of tests and all that it imports of `test/`. */
function testFiles(file: string, directory: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file) || !existsSync(join(directory, file))) return found;
  found.add(file);
  const text = readFileSync(join(directory, file), 'utf8');
  for (const [, path = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+\.ts)'/g)) {
    const imported = relative(directory, resolve(directory, dirname(file), path));
    if (imported.startsWith('test/')) testFiles(imported, directory, found);
  }
  return found;
}

/** The words of the line `// Proves:`. Throws where there is none: a file that names no sources would be proved for ever. */
function provedBy(file: string, directory: string): readonly string[] {
  const [, words] = provesLine.exec(readFileSync(join(directory, file), 'utf8')) ?? [];
  if (words === undefined) throw new Error(`${file} does not say what it proves:  // Proves: measuring, …`);
  return words.split(', ');
}

/** Files of `directory` that a word of a line `// Proves:` names; without pages that are made from them, and may be there or not. */
export function filesOf(word: string, directory = root): readonly string[] {
  const patterns = groups[word] ?? [`src/${word}/**`];
  return globSync([...patterns], { cwd: directory }).filter(
    (name) => !generatedNames.includes(name) && statSync(join(directory, name)).isFile(),
  );
}

/** Digests of words; null for a word that names no sources. Reads those of a word once. */
export function wordDigests(directory: string): (word: string) => string | null {
  const known = new Map<string, string | null>();
  return (word) => {
    if (!known.has(word)) {
      const files = filesOf(word, directory);
      known.set(word, files.length === 0 ? null : digestOf(directory, files));
    }
    return known.get(word) ?? null;
  };
}

/** Word → digest of what a file proves now. Throws where a word names no sources. */
export function sourcesOf(
  file: string,
  directory = root,
  digestOfWord = wordDigests(directory),
): Readonly<Record<string, string>> {
  const digests = provedBy(file, directory).map((word): readonly [string, string] => {
    const digest = digestOfWord(word);
    if (digest === null) throw new Error(`${file} proves ${word}, of which there are no sources`);
    return [word, digest];
  });
  const tests = digestOf(directory, [...testFiles(file, directory)]);
  return Object.fromEntries([...digests, ['tests', tests]]);
}

/** The proofs that are committed. Throws where the file has another form. */
export function provedFiles(directory = root): Readonly<Record<string, Proof>> {
  const path = join(directory, proofsFile);
  return existsSync(path) ? proofsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
}

/** Why files have to run again: what changed since the proof of each. null where nothing did. */
export function whyAllDue(files: readonly string[], directory = root): ReadonlyMap<string, string | null> {
  const proofs = provedFiles(directory);
  const digestOfWord = wordDigests(directory);
  const why = (file: string) => {
    const proof = proofs[file];
    if (proof === undefined) return 'never proved';
    const now = sourcesOf(file, directory, digestOfWord);
    const words = [...new Set([...Object.keys(now), ...Object.keys(proof.sources)])];
    const changed = words.filter((word) => now[word] !== proof.sources[word]);
    return changed.length === 0 ? null : `changed: ${changed.join(', ')}`;
  };
  return new Map(files.map((file) => [file, why(file)]));
}

/** The same of one file. */
export function whyDue(file: string, directory = root): string | null {
  return whyAllDue([file], directory).get(file) ?? null;
}

/** The journey that a file is, in the words of its line `// Journey:`; null where it is none. */
export function journeyOf(file: string, directory = root): string | null {
  return /^\/\/ Journey: (.+)$/m.exec(readFileSync(join(directory, file), 'utf8'))?.[1] ?? null;
}

/** Has a file of tests proofs? */
export function isProving(file: string, directory = root): boolean {
  if (slow.test(file)) return true;
  const path = join(directory, file);
  return existsSync(path) && provesLine.test(readFileSync(path, 'utf8'));
}

/** All files of tests that have proofs, sorted. */
export function provingFiles(directory = root): readonly string[] {
  return globSync('test/**/*.test.ts', { cwd: directory })
    .filter((file) => isProving(file, directory))
    .toSorted();
}

/** Writes down what whole files proved that passed: nothing of one with a failure, or in which all was skipped. */
export function writeProofs(
  ends: readonly (TestEnd & { readonly seconds?: number })[],
  directory = root,
): void {
  const proving = new Set(provingFiles(directory));
  const digestOfWord = wordDigests(directory);
  const proved = [...Map.groupBy(ends, ({ file }) => file)].flatMap(
    ([file, own]): readonly (readonly [string, Proof])[] => {
      const count = (state: TestEnd['state']) => own.filter((end) => end.state === state).length;
      const isThere = proving.has(file);
      if (!isThere || count('failed') > 0 || count('passed') === 0) return [];
      const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: directory, encoding: 'utf8' }).trim();
      const seconds = Math.round(own.reduce((sum, end) => sum + (end.seconds ?? 0), 0));
      const counts = { seconds, passed: count('passed'), skipped: count('skipped') };
      const finishedAt = new Date().toISOString();
      return [[file, { commit, finishedAt, ...counts, sources: sourcesOf(file, directory, digestOfWord) }]];
    },
  );
  if (proved.length === 0) return;
  const all = Object.entries({ ...provedFiles(directory), ...Object.fromEntries(proved) });
  const present = all.filter(([file]) => proving.has(file));
  const sorted = Object.fromEntries(present.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(directory, proofsFile), `${JSON.stringify(sorted, null, 1)}\n`);
}
