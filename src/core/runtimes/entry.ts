import type { RuntimeEntry } from '../model/runtime/runtime.ts';

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** The OCI runtime that a runc shim calls, where `options` name one. */
function binaryOption(entry: RuntimeEntry): string | null {
  const name = entry.options?.BinaryName;
  return typeof name === 'string' && name !== '' ? name : null;
}

/** Name of the executed program: the binary that a runc shim calls, the program, or the shim's type. */
export function executedName(entry: RuntimeEntry): string {
  return baseName(binaryOption(entry) ?? entry.path ?? entry.runtimeType ?? '');
}

/** The configuration file that `options.ConfigPath` names; null where there is none. */
export function configPathOf({ options }: RuntimeEntry): string | null {
  const named = options?.ConfigPath;
  return typeof named === 'string' && named !== '' ? named : null;
}

/**
 * `io.containerd.kata.v2` → `containerd-shim-kata-v2` (containerd `pkg/shim/util.go`); a path is kept; null: invalid
 * name.
 */
export function shimBinary(runtimeType: string): string | null {
  if (runtimeType.startsWith('/')) return runtimeType;
  const parts = runtimeType.split('.');
  const [name, version] = [parts.at(-2), parts.at(-1)];
  return parts.length < 2 || !name || !version ? null : `containerd-shim-${name}-${version}`;
}

/**
 * `/opt/kata/bin/containerd-shim-kata-v2` → `io.containerd.kata.v2`, the inverse of {@link shimBinary}; a type is kept. null:
 * the program is no containerd shim.
 */
export function shimType(program: string): string | null {
  if (program.startsWith('io.containerd.')) return program;
  const found = /^containerd-shim(?:-(.+?))?(?:-(v\d+))?$/.exec(baseName(program));
  if (found === null) return null;
  // The shim without a name is that of containerd 1.2, for runc.
  const [, name = 'runc', version = 'v2'] = found;
  return `io.containerd.${name}.${version}`;
}

/** The program whose version and checksum identify the entry; null where its name is unknown. */
export function runtimeBinary(entry: RuntimeEntry): string | null {
  if (entry.path) return entry.path;
  if (entry.runtimeType) return binaryOption(entry) ?? shimBinary(entry.runtimeType);
  return entry.name === 'runc' ? 'runc' : null;
}
