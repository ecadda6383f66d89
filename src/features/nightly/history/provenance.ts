import { profileText } from '../../../core/analyze/provenance.ts';
import type { Cell } from '../../../core/model/cell.ts';
import { defaultProfile } from '../../../core/model/container-profile.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { HeadlineLine, NightProvenance } from './record.ts';

/** The first 16 hex digits of the sha256 of a text. */
export type Digest = (text: string) => string;

/** What a figure is of. */
interface FigureOf {
  readonly cell: Cell;
  /** What it is held against; null: nothing. */
  readonly reference: string | null;
  readonly host: string;
  /** Digest of what the workload asks for. */
  readonly workload: string;
  readonly digest: Digest;
}

/**
 * What may have changed since the night before, and the key of what must not: nights are compared while the host, its CPU, kernel,
 * mitigations and governor, the kind of engine, the layer's cgroups, the image, the workload and the pinned reference are the same. The
 * versions of engine and watched runtime are not in the key: they are what changes. Options of a container are in it where it is not the
 * harness's own.
 */
export function nightProvenance(
  run: RunRecord,
  { cell, reference, host, workload, digest }: FigureOf,
): Pick<HeadlineLine, 'key' | 'provenance'> {
  const { engine } = run;
  const subject = run.subjects.find((each) => each.workload === cell.workload && each.params === cell.params);
  const image = run.images.find(({ recipe }) => recipe === subject?.image)?.contentHash ?? null;
  const profile = run.config.profiles?.find(({ name }) => name === cell.profile && name !== defaultProfile);
  const mitigations = Object.entries(run.host.mitigations).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const provenance: NightProvenance = {
    harness: run.harnessVersion,
    kernel: run.host.kernel,
    cpu: run.host.cpuModel,
    microcode: run.host.microcode,
    mitigations: digest(JSON.stringify(mitigations)),
    governor: run.host.governor,
    engine: engine.kind,
    engineVersion: engine.version,
    containerd: engine.containerdVersion,
    cgroup: run.host.cgroup,
    runtime: programOf(run, cell.runtime),
    reference: reference === null ? null : programOf(run, reference),
    image,
    workload,
    ...(profile === undefined ? {} : { profile: digest(profileText(profile)) }),
  };
  const { kernel, cpu, microcode, governor, cgroup } = provenance;
  // Of a value the pinned baseline is the runtime itself; of a ratio to it, both are pinned.
  const pinned = [reference, ...(cell.runtime === run.config.baseline ? [cell.runtime] : [])];
  const programs = pinned.flatMap((name) => (name === null ? [] : [programOf(run, name).sha256]));
  const key = [host, run.host.cpus, cpu, kernel, microcode, provenance.mitigations, governor, cgroup];
  const options = provenance.profile === undefined ? [] : [provenance.profile];
  return {
    key: digest(JSON.stringify([...key, engine.kind, image, workload, programs, ...options])),
    provenance,
  };
}

function programOf({ runtimes }: RunRecord, name: string): NightProvenance['runtime'] {
  const found = runtimes.find(({ entry }) => entry.name === name);
  const { version = null, sha256 = null, sidecars } = found ?? {};
  return { version, sha256, ...(sidecars === undefined ? {} : { sidecars: sidecars.sha256 }) };
}
