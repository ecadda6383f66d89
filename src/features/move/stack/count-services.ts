import { nullIfMissing, readPlainFile } from '../../../core/files/plain-file.ts';
import { reasons } from '../../../core/messages/define.ts';
import { type Problem, problemOf } from '../../../core/model/failure/error.ts';

/** A stack of more services is refused: what is looked for among them takes the square of their number. */
const mostServices = 1_000;

const why = reasons('move', {
  tooMany: {
    message: 'has {n} services; at most {most} are tried',
    fix: 'try parts of the stack, each from a file of its own',
  },
});

/** The problem of so many services, or none. */
export function crowdProblems(file: string, n: number): readonly Problem[] {
  return n > mostServices
    ? [problemOf({ file, key: 'services' }, why.tooMany({ n, most: mostServices }))]
    : [];
}

/**
 * The same of compose files, before Compose reads them: for a chain of thousands of services it takes minutes. Files that are
 * missing are Compose's to name.
 */
export async function crowdsIn(files: readonly string[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const file of files) {
    const content = await readPlainFile(file, { followLinks: true }).catch(nullIfMissing);
    if (content !== null) problems.push(...crowdProblems(file, countServices(content.toString('utf8'))));
  }
  return problems;
}

/**
 * Number of services of a compose file: of JSON, or the keys below `services:` in block style. Everything else is for Compose to
 * parse: 0.
 */
export function countServices(text: string): number {
  if (text.trimStart().startsWith('{'))
    try {
      return Object.keys(Object(JSON.parse(text).services)).length;
    } catch {
      return 0;
    }
  const lines = text.split(/\r?\n/).filter((line) => /^\s*[^\s#]/.test(line));
  const from = lines.findIndex((line) => /^(["']?)services\1:\s*(?:#.*)?$/.test(line)) + 1;
  const indentOf = (line: string) => line.search(/\S/);
  const indent = from === 0 ? 0 : indentOf(lines[from] ?? '');
  if (indent <= 0) return 0;
  const end = lines.findIndex((line, at) => at >= from && indentOf(line) < indent);
  return lines.slice(from, end === -1 ? undefined : end).filter((line) => indentOf(line) === indent).length;
}
