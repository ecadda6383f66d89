import type { RuntimeEntry, RuntimeFamily } from '../model/runtime.ts';
import { kataName } from '../runtimes/kata.ts';

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Longest names first: `crun` and `runc` are parts of others (`kata-runc`, `youki-crun`). */
const patterns: readonly (readonly [RuntimeFamily, RegExp])[] = [
  ['kata', kataName],
  ['runsc', /runsc|gvisor/i],
  ['youki', /youki/i],
  ['crun', /crun/i],
  ['runc', /runc/i],
];

function familyOfText(text: string): RuntimeFamily | null {
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/** The OCI runtime that a runc shim is told to call, where `options` name one. */
function binaryOption(entry: RuntimeEntry): string | null {
  const name = entry.options?.BinaryName;
  return typeof name === 'string' && name !== '' ? name : null;
}

/**
 * Which implementation an entry stands for. What is executed decides before how the entry is called: the
 * binary that a runc shim is given, the program or shim, and only then, for a wrapper script of unknown name,
 * the name in daemon.json.
 */
export function runtimeFamily(entry: RuntimeEntry): RuntimeFamily {
  const executed = binaryOption(entry) ?? entry.path ?? entry.runtimeType ?? '';
  return familyOfText(baseName(executed)) ?? familyOfText(entry.name) ?? 'other';
}

/** `io.containerd.kata.v2` → `containerd-shim-kata-v2` (containerd `pkg/shim/util.go`); a path stays; null: no such name. */
export function shimBinary(runtimeType: string): string | null {
  if (runtimeType.startsWith('/')) return runtimeType;
  const parts = runtimeType.split('.');
  const [name, version] = [parts.at(-2), parts.at(-1)];
  return parts.length < 2 || !name || !version ? null : `containerd-shim-${name}-${version}`;
}

/** The program whose version and checksum identify the entry; null where its name cannot be known. */
export function runtimeBinary(entry: RuntimeEntry): string | null {
  if (entry.path) return entry.path;
  if (entry.runtimeType) return binaryOption(entry) ?? shimBinary(entry.runtimeType);
  return entry.name === 'runc' ? 'runc' : null;
}

/** gVisor's settings that move results the most. */
export interface GvisorSettings {
  /** systrap, kvm or ptrace. */
  readonly platform: string;
  /** sandbox (gVisor's own stack), host or none. */
  readonly network: string;
}

/** runsc's defaults since mid-2023 (runsc/config/flags.go). */
const gvisorDefaults: GvisorSettings = { platform: 'systrap', network: 'sandbox' };

/** Go's flag package takes `-x=v`, `--x=v` and `--x v`; the last one counts. */
function flagValue(args: readonly string[], flag: string): string | null {
  let found: string | null = null;
  args.forEach((argument, i) => {
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(argument);
    if (match?.[1] === flag) found = match[2] ?? args[i + 1] ?? null;
  });
  return found;
}

/** Platform and network mode that `runtimeArgs` ask of runsc. */
export function gvisorFromArgs(args: readonly string[]): GvisorSettings {
  return {
    platform: flagValue(args, 'platform') ?? gvisorDefaults.platform,
    network: flagValue(args, 'network') ?? gvisorDefaults.network,
  };
}

/** The same from the shim's runsc.toml, whose `[runsc_config]` holds flags as `name = "value"`. */
export function gvisorFromToml(toml: string): GvisorSettings {
  const section = /^\s*\[runsc_config\]\s*$([\s\S]*?)(?=^\s*\[|$(?![\s\S]))/m.exec(toml)?.[1] ?? '';
  const value = (name: string) =>
    new RegExp(`^\\s*"?${name}"?\\s*=\\s*["']([^"']*)["']`, 'm').exec(section)?.[1];
  return {
    platform: value('platform') ?? gvisorDefaults.platform,
    network: value('network') ?? gvisorDefaults.network,
  };
}

/** Date of a gVisor release as a number: `release-20240729.0`, `0.0~20240729.0` → 20240729; null where there is none. */
export function gvisorRelease(version: string): number | null {
  const date = /(?<!\d)(20\d{6})(?!\d)/.exec(version)?.[1];
  return date === undefined ? null : Number(date);
}

/**
 * Does runsc's own network stack fail here? Before release-20240807 runsc takes any network namespace in which
 * /proc/sys/net/core/rmem_default exists for the host's, and since Linux 6.11 it exists in all of them
 * (google/gvisor#10704, fixed by 19f6b0c07fcd). `visible`: seen in a fresh namespace; null: could not be tried,
 * then the kernel's version decides.
 */
export function runscNetworkFails(version: string, visible: boolean | null, kernel: string): boolean {
  const release = gvisorRelease(version);
  if (release === null || release >= 20240807) return false;
  if (visible !== null) return visible;
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 11);
}
