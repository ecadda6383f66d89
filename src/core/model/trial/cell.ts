import * as z from 'zod';
import { name, shown } from '../bounded-fields.ts';

/**
 * Label of the A/A control: the baseline, measured a second time. Comparing it with the baseline checks the method. The
 * label is reserved: no runtime may have it.
 */
export function aaControl(baseline: string): string {
  return baselineArm(baseline, '2');
}

/** Label of the baseline's trials in the duets of a runtime; reserved likewise. */
export function duetArm(baseline: string, runtime: string): string {
  return baselineArm(baseline, runtime);
}

function baselineArm(baseline: string, name: string): string {
  return `${baseline}#${name}`;
}

/** True for a label under which the baseline is measured an additional time. */
export function isBaselineArm(label: string, baseline: string): boolean {
  return label.startsWith(baselineArm(baseline, ''));
}

/** The runtime that executes the cells of a label: the label itself, except for further arms of the baseline. */
export function executedRuntime(label: string, baseline: string): string {
  return isBaselineArm(label, baseline) ? baseline : label;
}

/**
 * The layer at which the container is started: through Docker, containerd or Podman; by the OCI runtime alone; or without any
 * of these (`floor`: by a system tool that uses the kernel directly).
 */
export const layerSchema = z.enum(['docker', 'containerd', 'oci', 'podman', 'floor']);
export type Layer = z.infer<typeof layerSchema>;

/** The layer that is measured by default. */
export const defaultLayer = 'docker' satisfies Layer;

/** Baseline of the layer `floor`: a program that is started without any isolation. */
export const floorBaseline = 'fork';

/** The baseline at a layer, in a run with this baseline. */
export function baselineAt(layer: Layer, baseline: string): string {
  return layer === 'floor' ? floorBaseline : baseline;
}

/** The identity of a cell; these columns are in every table and record. */
export const cellSchema = z.object({
  /** Name under which daemon.json registers it; at the layer `floor`, the tool that starts the program. */
  runtime: name(),
  /** Name of the container's options (seccomp, capabilities …) in run.json; `default`: the harness's own. */
  profile: name(),
  layer: layerSchema,
  /** Id of the workload, such as `startup/echo`. */
  workload: name(),
  /** Its parameters as canonical text, `key=value;…` with sorted keys; empty when there are none. */
  params: shown(),
  /** Name of one of several engines of the layer; absent where the run has only one. */
  engine: name().optional(),
});
export type Cell = Readonly<z.infer<typeof cellSchema>>;

/** Parameters of a workload; only numbers and text, so that their canonical form is unambiguous. */
export type Params = Readonly<Record<string, string | number>>;

/** Format `{b: 1, a: 'x'}` as `a=x;b=1`, keys sorted. Throws RangeError where a key or value contains `=` or `;`. */
export function formatParams(params: Params): string {
  return Object.keys(params)
    .sort()
    .map((key) => {
      const value = String(params[key]);
      if (/[=;\s]/.test(key) || /[=;]/.test(value))
        throw new RangeError(
          `parameter ${key}=${value}: '=' and ';' separate parameters and cannot be in one`,
        );
      return `${key}=${value}`;
    })
    .join(';');
}

/** The inverse of {@link formatParams}; every value comes back as text. */
export function parseParams(text: string): Readonly<Record<string, string>> {
  if (text === '') return {};
  return Object.fromEntries(
    text.split(';').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** A text that identifies a cell within a run, usable as a map key. */
export function cellKey(cell: Cell): string {
  return `${cell.runtime}|${subjectKey(cell)}`;
}

/** Identifies a subject, which is compared across runtimes: a cell without its runtime. */
export function subjectKey(cell: Omit<Cell, 'runtime'>): string {
  const { profile, layer, workload, params, engine } = cell;
  return [profile, layer, workload, params, ...(engine === undefined ? [] : [engine])].join('|');
}

/** Identifies a subject under all engines and profiles: its trials are scheduled in the same blocks. */
export function workKey({ layer, workload, params }: Pick<Cell, 'layer' | 'workload' | 'params'>): string {
  return subjectKey({ profile: 'default', layer, workload, params });
}

/** The cell of a row or record, without its other fields. */
export function identityOf({ runtime, profile, layer, workload, params, engine }: Cell): Cell {
  return { runtime, profile, layer, workload, params, ...(engine === undefined ? {} : { engine }) };
}
