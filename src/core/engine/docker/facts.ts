import { satisfies } from 'semver';
import * as z from 'zod';
import { listed } from '../../messages/compose.ts';
import { notices } from '../../messages/define.ts';
import { exitCodes, OcibenchError } from '../../model/failure/error.ts';
import type { EngineFacts } from '../../model/machine/host.ts';
import { type LocationInfo, placeOf } from './place.ts';

/**
 * The oldest API with all required fields: since 1.41 (Docker 20.10) `/info` has CgroupVersion and
 * `/containers/…/stats` has `one-shot` (moby, docs/api/version-history.md).
 */
const oldestApi = '1.41';

const text = notices('daemon', {
  unusable:
    'the Docker daemon at {endpoint} cannot be used: its answer to {call} lacks {fields}; what would help:\n  use Docker 20.10 (API {oldestApi}) or newer, or --engine embedded',
  unusableEmpty:
    'the Docker daemon at {endpoint} cannot be used: its answer to {call} lacks everything; what would help:\n  use Docker 20.10 (API {oldestApi}) or newer, or --engine embedded',
  tooOld:
    'the Docker daemon at {endpoint} is too old: Docker {version} speaks API {api}, and ocibench needs {oldestApi}, which reports the cgroup version; what would help:\n  use Docker 20.10 or newer, or --engine embedded',
});

const infoSchema = z.object({
  CgroupVersion: z.string().optional(),
  CgroupDriver: z.string().min(1),
  Driver: z.string().min(1),
  DefaultRuntime: z.string().min(1),
  DockerRootDir: z.string().optional(),
});
const versionSchema = z.object({
  Version: z.string().min(1),
  ApiVersion: z.string().regex(/^\d+\.\d+$/),
  Components: z.array(z.object({ Name: z.string(), Version: z.string() })).optional(),
});

/** The daemon of a connection: its kind, and how it is reached. */
export interface DaemonPeer {
  readonly kind: EngineFacts['kind'];
  /** Address without password. */
  readonly endpoint: string;
  readonly transport: NonNullable<EngineFacts['transport']>;
  /** Host id of the dockerd that accepted a connection over TCP; null or absent where none of this machine did. */
  readonly dockerd?: number | null;
}

/** Facts of a daemon from its own answers. */
export interface DaemonFacts {
  readonly engine: EngineFacts;
  /** Directory of images and layers on its host; null where unknown. */
  readonly dataRoot: string | null;
}

/** Validates an answer. OcibenchError (exit 3) that names the daemon's call and field where `schema` does not match. */
function fieldsOf<S extends z.ZodType>(
  schema: S,
  answer: unknown,
  call: string,
  endpoint: string,
): z.output<S> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
  const values = { endpoint, call, oldestApi };
  throw new OcibenchError(
    fields.join('') === ''
      ? text.unusableEmpty(values)
      : text.unusable({ ...values, fields: listed(fields) }),
    { exitCode: exitCodes.noEngine },
  );
}

/** Is the daemon podman? It serves Docker's API too. */
function isPodman(components: readonly { readonly Name: string }[] = []): boolean {
  return components.some(({ Name: name }) => name === 'Podman Engine');
}

/** Reads the answers to `/info` and `/version`. OcibenchError (exit 3) where the daemon is too old or a field is missing. */
export function daemonFacts(
  answers: { readonly info: unknown; readonly version: unknown },
  { kind, endpoint, transport, dockerd = null }: DaemonPeer,
): DaemonFacts {
  const version = fieldsOf(versionSchema, answers.version, '/version', endpoint);
  if (!satisfies(`${version.ApiVersion}.0`, `>=${oldestApi}.0`))
    throw new OcibenchError(
      text.tooOld({ endpoint, version: version.Version, api: version.ApiVersion, oldestApi }),
      { exitCode: exitCodes.noEngine },
    );
  const info = fieldsOf(infoSchema, answers.info, '/info', endpoint);
  const { CgroupVersion: cgroup } = info;
  const place = placeOf(answers.info as LocationInfo, { transport, accepted: dockerd !== null });
  const { userns } = place;
  return {
    engine: {
      kind,
      endpoint,
      transport,
      // An engine that ocibench started is local, whatever it reports.
      ...(kind === 'embedded' ? { local: true, ...(userns === undefined ? {} : { userns }) } : place),
      ...(isPodman(version.Components) ? { product: 'Podman' as const } : {}),
      version: version.Version,
      apiVersion: version.ApiVersion,
      cgroupVersion: cgroup === '1' || cgroup === '2' ? cgroup : 'unknown',
      cgroupDriver: info.CgroupDriver,
      storageDriver: info.Driver,
      defaultRuntime: info.DefaultRuntime,
      containerdVersion: version.Components?.find((c) => c.Name === 'containerd')?.Version ?? null,
    },
    dataRoot: info.DockerRootDir ?? null,
  };
}
