import * as z from 'zod';

/** What `docker inspect` says of a container of a project. */
export interface ContainerState {
  readonly id: string;
  readonly status: string;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** Why it could not be started, as the engine says it; empty otherwise. */
  readonly error: string;
  /** `none`: nobody checks its health. */
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** Output of its last health check that failed; empty otherwise. */
  readonly lastCheck: string;
  /** When it was started last, as the engine says it; null: never. */
  readonly startedAt: string | null;
}

const checkSchema = z.looseObject({ End: z.string(), ExitCode: z.number(), Output: z.string() });
const inspectionSchema = z.looseObject({
  Id: z.string(),
  Config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullable() }),
  State: z.looseObject({
    Status: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean().optional(),
    Error: z.string().optional(),
    StartedAt: z.string(),
    Health: z.looseObject({ Status: z.string(), Log: z.array(checkSchema).nullable() }).nullish(),
  }),
});

/** Characters of a health check's output that are kept: its end says why it failed. */
const outputCharacters = 2_000;

/** The zero time of Go, which stands for a start that has not been. */
const never = '0001-01-01T00:00:00Z';

/** undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The containers in an answer of `docker inspect`, by the service that Compose names in their labels. What is no such answer is skipped. */
export function statesIn(answer: string): ReadonlyMap<string, ContainerState> {
  const value = parseJson(answer);
  const found = (Array.isArray(value) ? value : []).flatMap(
    (each): readonly (readonly [string, ContainerState])[] => {
      const parsed = inspectionSchema.safeParse(each);
      if (!parsed.success) return [];
      const { Id: id, Config: config, State: state } = parsed.data;
      const service = config.Labels?.['com.docker.compose.service'];
      return service === undefined ? [] : [[service, stateOf(id, state)]];
    },
  );
  return new Map(found);
}

function stateOf(id: string, state: z.infer<typeof inspectionSchema>['State']): ContainerState {
  const checks = state.Health?.Log ?? [];
  const health = state.Health?.Status ?? 'none';
  const failed = checks.findLast(({ ExitCode: code }) => code !== 0);
  return {
    id,
    status: state.Status,
    exitCode: state.ExitCode,
    oomKilled: state.OOMKilled ?? false,
    error: state.Error ?? '',
    health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : 'none',
    lastCheck: failed?.Output.trim().slice(-outputCharacters) ?? '',
    startedAt: state.StartedAt === never || state.StartedAt === '' ? null : state.StartedAt,
  };
}
