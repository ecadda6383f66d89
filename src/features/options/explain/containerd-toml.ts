import { parse, TomlError } from 'smol-toml';
import { reasons } from '../../../core/messages/define.ts';
import { type Problem, problemOf } from '../../../core/model/error.ts';

const text = reasons('toml', {
  syntax: {
    message: 'line {line}, column {column}: {error}',
    fix: 'correct the TOML; check with:  containerd config dump',
  },
});

/** A runtime of containerd's CRI plugin, which Kubernetes uses by this name. */
export interface ContainerdRuntime {
  readonly name: string;
  /** `io.containerd.<name>.<version>`: the shim; null where the entry names none. */
  readonly runtimeType: string | null;
  /** The OCI runtime that the runc shim calls; null: the shim's own choice. */
  readonly binary: string | null;
}

/** The runtimes of a containerd configuration, and patterns of its further files; or its errors. */
export type ContainerdConfig =
  | {
      readonly ok: true;
      readonly runtimes: readonly ContainerdRuntime[];
      readonly imports: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** containerd's default path. */
export const defaultContainerdConfig = '/etc/containerd/config.toml';

/** The CRI plugin's name by version of the file: 1, 2, 3 (containerd `docs/cri/config.md`). */
const criPlugins = ['cri', 'io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.runtime'] as const;

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

const textOrNull = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/**
 * Parse containerd's config.toml, of any version of the format. Only the parts about runtimes count, and values of a
 * wrong type are left out. Whether containerd starts with the file is not checked.
 */
export function parseContainerdConfig(source: string, file: string): ContainerdConfig {
  let config: unknown;
  try {
    config = parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = text.syntax({
      line: String(error.line),
      column: String(error.column),
      error: error.message.split('\n')[0] ?? '',
    });
    return { ok: false, problems: [problemOf({ file, key: '' }, reason)] };
  }
  const runtimes = criPlugins.flatMap((plugin) => {
    const declared = member(member(member(member(config, 'plugins'), plugin), 'containerd'), 'runtimes');
    if (typeof declared !== 'object' || declared === null) return [];
    return Object.entries(declared).map(([name, entry]): ContainerdRuntime => {
      const options = member(entry, 'options');
      return {
        name,
        runtimeType: textOrNull(member(entry, 'runtime_type')),
        binary: textOrNull(member(options, 'BinaryName')),
      };
    });
  });
  const imports = member(config, 'imports');
  return {
    ok: true,
    runtimes,
    imports: Array.isArray(imports) ? imports.filter((one): one is string => typeof one === 'string') : [],
  };
}
