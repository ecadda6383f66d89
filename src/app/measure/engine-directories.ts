import { stat } from 'node:fs/promises';
import { notices, reasons } from '../../core/messages/define.ts';
import { type AskedEngine, pathWith } from '../../core/model/engine-asked.ts';
import { misuse, type Problem, problemOf } from '../../core/model/error.ts';

const text = notices('engineDirectories', { notThere: 'not every directory of the engines exists' });
const why = reasons('engineDirectories', {
  missing: {
    message: 'is no directory: {path}',
    fix: 'unpack the engine there (docs/engines.md), or correct the path',
  },
});

/** OcibenchError (exit 2) that names every directory of an engine that does not exist. */
export async function refuseMissingDirectories(engines: readonly AskedEngine[], file: string): Promise<void> {
  const problems: Problem[] = [];
  for (const { name, path, containerd } of engines)
    for (const directory of new Set([...path, ...containerd])) {
      const found = await stat(directory).catch(() => null);
      if (found?.isDirectory() === true) continue;
      const key = `engines.${name}.${path.includes(directory) ? 'path' : 'containerd'}`;
      problems.push(problemOf({ file, key }, why.missing({ path: directory })));
    }
  if (problems.length > 0) throw misuse(text.notThere, problems);
}

/** PATH in which the first of these engines looks for runtimes; undefined where none is named: this process's. */
export function runtimePath([first]: readonly AskedEngine[]): string | undefined {
  return first === undefined ? undefined : pathWith(first.containerd, process.env.PATH);
}
