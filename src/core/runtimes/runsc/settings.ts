import type { RuntimeSettings } from '../family.ts';
import { realDay } from '../release-dates.ts';

/**
 * runsc's defaults since mid-2023 (runsc/config/flags.go). Platforms are systrap, kvm, ptrace (release-20260817 still has it)
 * and since release-20260706 slimvm, which needs a kernel module (google/gvisor#13331); networks are sandbox (gVisor's own
 * stack), host and none.
 */
export const gvisorDefaults: RuntimeSettings = { platform: 'systrap', network: 'sandbox' };

/** Value of a flag: Go's flag package accepts `-x=v`, `--x=v` and `--x v`, and the last one counts. */
function flagValue(args: readonly string[], flag: string): string | null {
  let found: string | null = null;
  args.forEach((argument, i) => {
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(argument);
    if (match?.[1] === flag) found = match[2] ?? args[i + 1] ?? null;
  });
  return found;
}

/** Platform and network mode in `runtimeArgs`. */
export function gvisorFromArgs(args: readonly string[]): RuntimeSettings {
  return {
    platform: flagValue(args, 'platform') ?? gvisorDefaults.platform,
    network: flagValue(args, 'network') ?? gvisorDefaults.network,
  };
}

/**
 * Platform and network mode in the shim's runsc.toml, whose `[runsc_config]` has flags as `name = "value"`. The shim reads the
 * file that `options.ConfigPath` names; without it, no flags. The files that newer releases read by default
 * (/etc/containerd/runsc/config.toml) only configure the grouping of containers (pkg/shim/v1/manager.go).
 */
export function gvisorFromToml(toml: string): RuntimeSettings {
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

/** The day of a gVisor release, YYYY-MM-DD; for a later build, the day of the release that it is based on. */
export function gvisorReleased(version: string): string | null {
  const release = gvisorRelease(version);
  return release === null ? null : realDay(String(release).replace(/^(....)(..)(..)$/, '$1-$2-$3'));
}

/**
 * Does runsc's own network stack fail here? Before release-20240807 runsc mistakes any network namespace with
 * /proc/sys/net/core/rmem_default for the host's, and since Linux 6.11 all of them have it (google/gvisor#10704, fixed
 * by 19f6b0c07fcd). `visible`: does the file exist in a fresh namespace? null: could not be tested, then the kernel's
 * version decides.
 */
export function runscNetworkFails(version: string, visible: boolean | null, kernel: string): boolean {
  const release = gvisorRelease(version);
  if (release === null || release >= 20240807) return false;
  if (visible !== null) return visible;
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 11);
}

/** Programs that a start uses from `gvisor-bin/`. */
export const runscSidecars = ['gvisor_sentry', 'gvisor-sentry-prewarmer'] as const;

/**
 * Does a start cost more without the programs of `gvisor-bin/`? Since release-20260810 runsc starts its sentry from there if it
 * exists, with no change in time; since release-20260817 a prewarmer saves a quarter of a start (commit 0bb1666bb of gVisor:
 * 203 → 147 ms). Without these programs runsc is its own sentry (runsc/sandbox/sandbox.go), until a release after October 2026
 * (google/gvisor#13718, flag `sidecar-usage-policy`).
 */
export function runscExpectsSidecars(version: string): boolean {
  return (gvisorRelease(version) ?? 0) >= 20260817;
}

/** The release of gVisor that Debian 13 has. */
export const debianRelease = '20240729.0';

/** gVisor's installation guide. */
export const gvisorDocs = 'https://gvisor.dev/docs/user_guide/install/';
