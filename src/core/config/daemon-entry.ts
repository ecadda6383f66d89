import { reasons } from '../messages/define.ts';
import { nearest } from '../model/nearest.ts';
import type { RuntimeDeclaration } from './daemon-keys.ts';
import { isObject } from './json-text.ts';
import { type Complaint, complaintsOf, namePattern } from './rule.ts';

const text = reasons('daemonRuntime', {
  unknownKey: { message: 'is unknown to dockerd, which ignores it', fix: 'remove it' },
  misspeltKey: { message: 'is unknown to dockerd, which ignores it', fix: "did you mean ''{guess}''?" },
  reserved: {
    message: "the name 'runc' is reserved for the runtime that comes with dockerd; dockerd does not start",
    fix: 'give the entry another name, for example runc-local',
  },
  noName: {
    message: 'a runtime must have a name',
    fix: 'use letters, digits, dot, dash, plus and underscore, beginning with a letter or digit',
  },
  badName: {
    message: "''{name}'' is not a valid name for a runtime",
    fix: 'use letters, digits, dot, dash, plus and underscore, beginning with a letter or digit',
  },
  both: {
    message: 'has both path and runtimeType; dockerd does not start',
    fix: 'keep path for an OCI runtime binary (runc, crun, runsc), runtimeType for a containerd shim (Kata)',
  },
  neither: {
    message: 'has neither path nor runtimeType; dockerd does not start',
    fix: 'add "path": "/usr/bin/…" or "runtimeType": "io.containerd.….v2"',
  },
  argsOfShim: {
    message: 'cannot be used together with runtimeType; dockerd does not start',
    fix: 'put the shim’s settings into a file, and name it in options.ConfigPath',
  },
  optionsOfProgram: {
    message: 'cannot be used together with path; dockerd does not start',
    fix: 'use runtimeArgs for flags of the binary, or runtimeType instead of path',
  },
  relativePath: {
    message: "''{path}'' is relative: it depends on the directory in which dockerd was started",
    fix: 'write the absolute path',
  },
  badShim: {
    message: "containerd cannot resolve ''{shim}''",
    fix: 'write io.containerd.<name>.v2 or the absolute path of the shim binary',
  },
});

const entryKeys = ['path', 'runtimeArgs', 'runtimeType', 'options'] as const;

/**
 * The `runtimes` of a daemon.json with the names of fields as documented, since Go matches them in any case; and the fields
 * that dockerd ignores, since a typo is dangerous.
 */
export function normaliseRuntimes(runtimes: unknown): {
  readonly runtimes: unknown;
  readonly notes: readonly Complaint[];
} {
  if (!isObject(runtimes)) return { runtimes, notes: [] };
  const notes: Complaint[] = [];
  const entries = Object.entries(runtimes).map(([name, entry]): [string, unknown] => {
    if (entry !== null && !isObject(entry)) return [name, entry];
    const fields = Object.entries(entry ?? {}).flatMap(([key, value]): [string, unknown][] => {
      const field = entryKeys.find((known) => known.toLowerCase() === key.toLowerCase());
      if (field !== undefined) return [[field, value]];
      const guess = key === 'args' ? 'runtimeArgs' : nearest(key, entryKeys);
      const reason = guess === null ? text.unknownKey : text.misspeltKey({ guess });
      const isEmpty = Array.isArray(value) && value.length === 0;
      if (!isEmpty) notes.push({ key: `runtimes.${name}.${key}`, reason });
      return [];
    });
    return [name, Object.fromEntries(fields)];
  });
  return { runtimes: Object.fromEntries(entries), notes };
}

/** A shim in containerd's form: `io.containerd.<name>.<version>`, or the absolute path of its binary. */
export const shimType = /^(\/.+|[^./][^/]*\.[^./][^/]*)$/;

/** Entries that dockerd refuses at start (moby `daemon/runtime_unix.go`), and names that ocibench cannot use. */
export function runtimeProblems(name: string, entry: RuntimeDeclaration): readonly Complaint[] {
  const key = `runtimes.${name}`;
  const hasPath = (entry.path ?? '') !== '';
  const hasType = (entry.runtimeType ?? '') !== '';
  const hasArguments = (entry.runtimeArgs ?? []).length > 0;
  const hasOptions = Object.keys(entry.options ?? {}).length > 0;
  return complaintsOf([
    [name === 'runc', key, text.reserved],
    [!namePattern.test(name), key, name === '' ? text.noName : text.badName({ name })],
    [hasPath && hasType, key, text.both],
    [!hasPath && !hasType, key, text.neither],
    [hasType && !hasPath && hasArguments, `${key}.runtimeArgs`, text.argsOfShim],
    [hasPath && hasOptions, `${key}.options`, text.optionsOfProgram],
  ]);
}

/** Doubts about an entry with which dockerd still starts. */
export function runtimeNotes(name: string, entry: RuntimeDeclaration): readonly Complaint[] {
  const { path = '', runtimeType = '' } = entry;
  const isRelative = path.includes('/') && !path.startsWith('/');
  const isNoShim = runtimeType !== '' && !shimType.test(runtimeType);
  return complaintsOf([
    [isRelative, `runtimes.${name}.path`, text.relativePath({ path })],
    [isNoShim, `runtimes.${name}.runtimeType`, text.badShim({ shim: runtimeType })],
  ]);
}
