import semver from 'semver';
import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';

const words = messages('kata', {
  dockerUnknown:
    'Docker 28 and later need Kata 3.29.0 or later, Docker 29.5 and later 3.32.0; Docker below 23 cannot use the Kata shim',
  dockerTooOld: 'Docker {version} is too old for the Kata shim: upgrade Docker to 23 or later',
  dockerWithoutNetwork:
    'Docker {version} gives Kata containers no network: upgrade Docker to 26.0.1 or later, then use Kata 3.x or 4.x',
  anyKata: 'Docker {version} works with Kata 2.x, 3.x and 4.x',
  notKata4: 'Docker {version} works with Kata 2.x and 3.x; Kata 4.x is made for Docker 26 and later',
  needs: 'Docker {version} needs Kata {kata} or later',
  needsRust: 'Docker {version} needs Kata {kata} or later ({rust} with its Rust runtime)',
});

/** Download page of Kata's releases. */
export const kataReleases = 'https://github.com/kata-containers/kata-containers/releases';

/**
 * The plain version number in the first line of `--version` of a shim or of kata-runtime: `3.25.0` from `Kata Containers
 * containerd shim (Golang): id: "io.containerd.kata.v2", version: 3.25.0, commit: …`, `1.12.1` from `kata-runtime  : 1.12.1`;
 * `3.30.0 (Rust)` of the shim in Rust. The whole text where it has no version. The format is the same in 3.25.0 to 4.1.0
 * (runtime/cmd/containerd-shim-kata-v2/main.go, runtime-rs crates/shim/src/bin/main.rs).
 */
export function kataVersion(printed: string): string {
  const number = /(?:version:|kata-runtime\s*:)\s*v?(\d+\.\d+[0-9A-Za-z.+-]*)/.exec(printed)?.[1];
  if (number === undefined) return printed;
  return /\(rust\)/i.test(printed) ? `${number} (Rust)` : number;
}

/** Minimum version of Kata from a Docker release on; newest first. */
const needs: readonly { readonly docker: string; readonly kata: string; readonly rust?: string }[] = [
  { docker: '29.5.0', kata: '3.32.0' },
  { docker: '28.0.0', kata: '3.29.0', rust: '3.30.0' },
];

/**
 * Which Kata a Docker release needs. Docker 23 brought runtimeType (moby#43800); 26.0.0 left containers with `lo` only
 * (kata#9340); 28 dropped the prestart hook again (needs Kata 3.29.0); 29.5 adds a private time namespace (needs 3.32.0,
 * kata#13080). Kata 4.x names Docker 26 and later (docs/installation.md of 4.0.0) and has the same requirements. Its guide for
 * the Go runtime requires 3.29.0 from Docker 26 on; 26.1.5 was observed to work with 3.25.0.
 */
export function kataFor(dockerVersion: string | undefined): Message {
  const docker = dockerVersion === undefined ? null : semver.coerce(dockerVersion);
  if (docker === null) return words.dockerUnknown;
  const { version } = docker;
  if (semver.lt(version, '23.0.0')) return words.dockerTooOld({ version });
  if (semver.eq(version, '26.0.0')) return words.dockerWithoutNetwork({ version });
  const need = needs.find((each) => semver.gte(version, each.docker));
  if (need === undefined)
    return semver.lt(version, '26.0.0') ? words.notKata4({ version }) : words.anyKata({ version });
  const { kata, rust } = need;
  return rust === undefined ? words.needs({ version, kata }) : words.needsRust({ version, kata, rust });
}

/** Does no Kata work well with this Docker? */
export function unfitForKata(dockerVersion: string): boolean {
  const version = semver.coerce(dockerVersion);
  return version !== null && (semver.lt(version, '23.0.0') || semver.eq(version, '26.0.0'));
}

/** Is this Kata ({@link kataVersion}) older than this Docker needs? false where either version is unknown. */
export function tooOldFor(dockerVersion: string, kata: string | null): boolean {
  const [docker, own] = [semver.coerce(dockerVersion), kata === null ? null : semver.coerce(kata)];
  if (docker === null || own === null) return false;
  const need = needs.find((each) => semver.gte(docker, each.docker));
  if (need === undefined) return false;
  return semver.lt(own, kata?.endsWith('(Rust)') ? (need.rust ?? need.kata) : need.kata);
}

/** The type of Kata's shim in every release since 1.5; `runtime-rs` and the Go runtime have the same. */
export const kataShimType = 'io.containerd.kata.v2';

/** Is it Kata 2 or later? false for what {@link kataVersion} could not read: a wrapper may print another runtime's version. */
export function isSinceKata2(kata: string): boolean {
  return /^\d/.test(kata) && (semver.coerce(kata)?.major ?? 0) >= 2;
}

/** Is it Kata 1.x, last released in 2021? */
export function isKata1(kata: string | null): boolean {
  return kata !== null && semver.coerce(kata)?.major === 1;
}
