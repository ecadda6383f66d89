import { reasons } from '../messages/define.ts';
import { nearest } from '../model/nearest.ts';
import type { RuntimeDeclaration } from './daemon-keys.ts';
import { isObject, type JsonObject } from './json-text.ts';
import type { Complaint } from './rule.ts';

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
 * Normalise an entry's field names, which Go matches in any case. Go ignores unknown fields, so a typo is dangerous.
 */
function normaliseEntry(name: string, entry: JsonObject): { entry: JsonObject; notes: readonly Complaint[] } {
  const notes: Complaint[] = [];
  const fields = Object.entries(entry).flatMap(([key, value]): [string, unknown][] => {
    const field = entryKeys.find((known) => known.toLowerCase() === key.toLowerCase());
    if (field !== undefined) return [[field, value]];
    const empty = Array.isArray(value) && value.length === 0;
    const guess = key === 'args' ? 'runtimeArgs' : nearest(key, entryKeys);
    if (!empty)
      notes.push({
        key: `runtimes.${name}.${key}`,
        reason: guess === null ? text.unknownKey : text.misspeltKey({ guess }),
      });
    return [];
  });
  return { entry: Object.fromEntries(fields), notes };
}

/** The `runtimes` of a daemon.json with canonical field names, and the fields that dockerd ignores. */
export function normaliseRuntimes(runtimes: unknown): {
  readonly runtimes: unknown;
  readonly notes: readonly Complaint[];
} {
  if (!isObject(runtimes)) return { runtimes, notes: [] };
  const notes: Complaint[] = [];
  const entries = Object.entries(runtimes).map(([name, value]): [string, unknown] => {
    const entry = value === null ? {} : value;
    if (!isObject(entry)) return [name, entry];
    const normal = normaliseEntry(name, entry);
    notes.push(...normal.notes);
    return [name, normal.entry];
  });
  return { runtimes: Object.fromEntries(entries), notes };
}

/** A name that is valid in a CSV cell, a list `a,b` on the command line and a file name. */
const runtimeName = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;

/** A shim in containerd's form: `io.containerd.<name>.<version>`, or the absolute path of its binary. */
export const shimType = /^(\/.+|[^./][^/]*\.[^./][^/]*)$/;

/** Entries that dockerd refuses at start (moby `daemon/runtime_unix.go`), and names that ocibench cannot use. */
export function runtimeProblems(name: string, entry: RuntimeDeclaration): readonly Complaint[] {
  const key = `runtimes.${name}`;
  const found: Complaint[] = [];
  if (name === 'runc')
    found.push({
      key,
      reason: text.reserved,
    });
  if (!runtimeName.test(name))
    found.push({
      key,
      reason: name === '' ? text.noName : text.badName({ name }),
    });
  const hasPath = (entry.path ?? '') !== '';
  const hasType = (entry.runtimeType ?? '') !== '';
  if (hasPath && hasType)
    found.push({
      key,
      reason: text.both,
    });
  if (!hasPath && !hasType)
    found.push({
      key,
      reason: text.neither,
    });
  if (hasType && !hasPath && (entry.runtimeArgs ?? []).length > 0)
    found.push({
      key: `${key}.runtimeArgs`,
      reason: text.argsOfShim,
    });
  if (hasPath && Object.keys(entry.options ?? {}).length > 0)
    found.push({
      key: `${key}.options`,
      reason: text.optionsOfProgram,
    });
  return found;
}

/** Doubts about an entry with which dockerd still starts. */
export function runtimeNotes(name: string, entry: RuntimeDeclaration): readonly Complaint[] {
  const found: Complaint[] = [];
  const { path = '', runtimeType = '' } = entry;
  if (path.includes('/') && !path.startsWith('/'))
    found.push({
      key: `runtimes.${name}.path`,
      reason: text.relativePath({ path }),
    });
  if (runtimeType !== '' && !shimType.test(runtimeType))
    found.push({
      key: `runtimes.${name}.runtimeType`,
      reason: text.badShim({ shim: runtimeType }),
    });
  return found;
}
