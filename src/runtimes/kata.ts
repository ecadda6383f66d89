import semver from 'semver';

/** How Kata is recognised, by the program or shim that is executed or else by the name it is registered under. */
export const kataName = /kata/i;

/** Where Kata's releases are. */
export const kataReleases = 'https://github.com/kata-containers/kata-containers/releases';

/** The configuration file that Kata looks for first where `options.ConfigPath` names none. */
export const kataConfigFile = '/etc/kata-containers/configuration.toml';

/**
 * How long a start may take before it is given up, ms: the shim waits 30 s for the agent in the guest
 * (runtime/virtcontainers/kata_agent.go, checkRequestTimeout) and only then says what is wrong; seen after 30.4 s.
 */
export const kataStartLimitMs = 45_000;

/** Programs that only Kata starts beside its shim and its virtual machine monitor, by the name of the file. */
export const kataHelpers = ['virtiofsd', 'kata-proxy', 'kata-shim'] as const;

/**
 * Where Kata ≥ 2 without `sandbox_cgroup_only` puts shim, VMM and virtiofsd: neither the engine's cgroup nor the
 * container's. A cgroup per sandbox below it is gone with the sandbox, but its CPU time stays counted here. The
 * second is runtime-rs under the systemd driver (runtime/virtcontainers/sandbox.go, runtime-rs
 * crates/resource/src/cgroups/utils.rs).
 */
export const kataOverheadCgroups = ['kata_overhead', 'kata.slice/kata-overhead.slice'] as const;

/** Is it a container's full id, 64 hex digits? */
export function isContainerId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/**
 * The cgroups of one sandbox below {@link kataOverheadCgroups}, relative to a hierarchy's root. Throws RangeError unless
 * `containerId` is a container's full id (64 hex digits): what is named here gets removed.
 */
export function kataOverheadOf(containerId: string): readonly string[] {
  if (!isContainerId(containerId)) throw new RangeError(`${containerId} is no container's full id`);
  return [`kata_overhead/${containerId}`, `kata.slice/kata-overhead.slice/runtime-rs-${containerId}.scope`];
}

/** The container that a cgroup of Kata's belongs to, by its name (`kata_<id>` of a sandbox); null for any other name. */
export function containerOfCgroup(name: string): string | null {
  return /^kata_([0-9a-f]{64})$/.exec(name)?.[1] ?? null;
}

/**
 * The version as a plain number from what `--version` of a shim or of kata-runtime prints first: `3.25.0` from
 * `Kata Containers containerd shim (Golang): id: "io.containerd.kata.v2", version: 3.25.0, commit: …`, `1.12.1` from
 * `kata-runtime  : 1.12.1`; `3.30.0 (Rust)` of the shim in Rust. The text itself where it holds no version.
 */
export function kataVersion(printed: string): string {
  const number = /(?:version:|kata-runtime\s*:)\s*v?(\d+\.\d+[0-9A-Za-z.+-]*)/.exec(printed)?.[1];
  if (number === undefined) return printed;
  return /\(rust\)/i.test(printed) ? `${number} (Rust)` : number;
}

/** The least version of Kata that a Docker release needs, from that release on; newest first. */
const needs: readonly { readonly docker: string; readonly kata: string; readonly rust?: string }[] = [
  { docker: '29.5.0', kata: '3.32.0' },
  { docker: '28.0.0', kata: '3.29.0', rust: '3.30.0' },
];

/**
 * Which Kata a Docker release needs. Docker 23 brought runtimeType (moby#43800); 26.0.0 left containers with
 * `lo` only (kata#9340); 28 dropped the prestart hook again (needs Kata 3.29.0); 29.5 adds a private time
 * namespace (needs 3.32.0, kata#13080).
 */
export function kataFor(dockerVersion: string | undefined): string {
  const version = dockerVersion === undefined ? null : semver.coerce(dockerVersion);
  if (version === null)
    return 'Docker 28 and later need Kata 3.29.0 or later, Docker 29.5 and later 3.32.0; Docker below 23 cannot use the Kata shim';
  const docker = `Docker ${version.version}`;
  if (semver.lt(version, '23.0.0'))
    return `${docker} is too old for the Kata shim: upgrade Docker to 23 or later`;
  if (semver.eq(version, '26.0.0'))
    return `${docker} gives Kata containers no network: upgrade Docker to 26.0.1 or later, then use Kata 3.x`;
  const need = needs.find((each) => semver.gte(version, each.docker));
  if (need === undefined) return `${docker} works with Kata 2.x and 3.x`;
  return need.rust === undefined
    ? `${docker} needs Kata ${need.kata} or later`
    : `${docker} needs Kata ${need.kata} or later (${need.rust} with its Rust runtime)`;
}

/** Can no Kata be used well with this Docker? */
export function unfitForKata(dockerVersion: string): boolean {
  const version = semver.coerce(dockerVersion);
  return version !== null && (semver.lt(version, '23.0.0') || semver.eq(version, '26.0.0'));
}

/** Is this Kata ({@link kataVersion}) older than this Docker needs? False where one of the two is not known. */
export function tooOldFor(dockerVersion: string, kata: string | null): boolean {
  const [docker, own] = [semver.coerce(dockerVersion), kata === null ? null : semver.coerce(kata)];
  if (docker === null || own === null) return false;
  const need = needs.find((each) => semver.gte(docker, each.docker));
  if (need === undefined) return false;
  return semver.lt(own, kata?.endsWith('(Rust)') ? (need.rust ?? need.kata) : need.kata);
}

/** Is it Kata 1.x, the last of which is of 2021? */
export function isKata1(kata: string | null): boolean {
  return kata !== null && semver.coerce(kata)?.major === 1;
}
