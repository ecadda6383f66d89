import * as z from 'zod';
import { messageRefsSchema } from '../../core/messages/schema.ts';
import { engineFactsSchema, hostFactsSchema } from '../../core/model/machine/host.ts';
import { runtimeFactsSchema } from '../../core/model/runtime/runtime.ts';

/** Version of the format of `move.json`. */
export const moveVersion = 1;

/** How a service was, once it was tried. */
const outcomeSchema = z.enum([
  /** Its health check succeeds. */
  'healthy',
  /** It has no health check, and stays up. */
  'up',
  /** It ended with exit code 0, as a task does. */
  'done',
  /** The engine or the runtime did not start it. */
  'not-started',
  /** It ended with another exit code, or was ended for its memory. */
  'exited',
  /** Its health check fails. */
  'unhealthy',
  /** It was not started, since another service had failed: this says nothing of it. */
  'not-reached',
  /** It had not become healthy, or a service that it waits for had not, within the limit. */
  'late',
  /** The trial was cut off before it was decided: this says nothing of it. */
  'cut',
]);

/** A system call that a runtime refused, from its own log of one more trial. */
const refusedSchema = z.object({
  /** Its name. */
  call: z.string(),
  /** As people read them: names in place of numbers, `…` for addresses. */
  arguments: z.string(),
  /** Name of the error, such as EINVAL. */
  errno: z.string(),
  /** Did the service name this error in what it printed after that? */
  named: z.boolean(),
  /** Does the runtime say that it does not have the call, or not with such arguments? */
  unsupported: z.boolean(),
});
export type RefusedCall = Readonly<z.infer<typeof refusedSchema>>;

/** `prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, …): EINVAL` */
export const callText = ({ call, arguments: all, errno }: RefusedCall): string => `${call}(${all}): ${errno}`;

/** One service in one trial. */
const triedSchema = z.object({
  service: z.string(),
  outcome: outcomeSchema,
  /** Exit code; null while it runs, and where it never did. */
  exitCode: z.number().int().nullable(),
  oomKilled: z.boolean(),
  /** From its start to the end of its first health check that succeeded, ms; null without. */
  healthyMs: z.number().nullable(),
  /** What was said of the failure: by the engine, the last health check, the program. Empty where there is none. */
  said: z.string(),
  log: z.string(),
  /** Known cause and its remedy; absent where there is none. */
  cause: z.object({ code: z.string(), message: z.string(), fix: z.string() }).optional(),
  /** The last call that its runtime refused before it failed; absent where none was seen, or nobody looked. */
  refused: refusedSchema.optional(),
});

/** One start of the stack or a part of it. */
const trialSchema = z.object({
  /** The runtime that is tried; of a start of all services under the baseline, that. */
  runtime: z.string(),
  /** The services that are tried under it, while the others run under the baseline; none where that is tried. */
  under: z.array(z.string()),
  services: z.array(triedSchema),
  seconds: z.number(),
});

/** What a reader wants to know of a service and a runtime. */
const verdictSchema = z.object({
  service: z.string(),
  runtime: z.string(),
  /**
   * `moves`: it runs as under the baseline, together with all others that move; `cannot`: it does not; `stays`: the user wants
   * it to; `not-tried`: it reaches into the host; `unknown`: it does not run under the baseline either, or the trial was cut off.
   */
  verdict: z.enum(['moves', 'cannot', 'stays', 'not-tried', 'unknown']),
  /** Why, in one sentence; of one that moves, what was not tried of it, or empty. */
  why: z.string(),
  fix: z.string(),
  messages: messageRefsSchema.optional(),
});

/** What the load said of one measurement. Latencies: ns; null where it does not say. */
const loadReportSchema = z.object({
  /** The tool whose report it is; null where the user's pattern found the rate. */
  tool: z.string().nullable(),
  /** Requests a second. */
  rate: z.number(),
  requests: z.number().nullable(),
  mean: z.number().nullable(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  /** Its line about requests that failed; null where none did. */
  failed: z.string().nullable(),
});

/** What one service used: first idle, then while the load ran. */
const usedSchema = z.object({
  service: z.string(),
  /** CPU time in its cgroup while idle, ns; null where it could not be read. */
  restNs: z.number().nullable(),
  /** CPU time of its processes outside of it (shim, virtual machine) while idle, ns. */
  restOutsideNs: z.number(),
  /** The same while the load ran; null without a load. */
  loadedNs: z.number().nullable(),
  loadedOutsideNs: z.number().nullable(),
  /** CPU time while idle once more, after the load; null without one. */
  afterNs: z.number().nullable(),
  afterOutsideNs: z.number().nullable(),
  /** Memory, while idle, of its processes that no other container shares, and of the kernel for it, bytes. */
  privateBytes: z.number().nullable(),
  /** The part of that outside of its cgroup, bytes. */
  outsideBytes: z.number().nullable(),
  /** Memory as `privateBytes`, after the load; null without one. */
  loadedBytes: z.number().nullable(),
});

/** One measurement of the whole stack. */
const measuredSchema = z.object({
  /** Number of the block, from 1, and the place in it. */
  block: z.number().int(),
  position: z.number().int(),
  /** The baseline's name, or that of a target, under which all services are that move. */
  runtime: z.string(),
  /** Why there are no figures; null where there are. */
  failure: z.string().nullable(),
  messages: messageRefsSchema.optional(),
  /** How long it was looked at before the load, while the load ran, and after it, s; 0 without a load. */
  restSeconds: z.number(),
  loadSeconds: z.number(),
  afterSeconds: z.number(),
  /** CPU time of the load itself, ns; null without. */
  loadNs: z.number().nullable(),
  load: loadReportSchema.nullable(),
  services: z.array(usedSchema),
});

/** What the stack costs under each runtime. */
const costSchema = z.object({
  /** The service that asks, or the command of the host; null: nothing was asked. */
  load: z.object({ kind: z.enum(['service', 'command']), name: z.string() }).nullable(),
  /** How long the load ran before each measurement, s; 0: its first requests are in the figures. */
  warmSeconds: z.number(),
  /** Patterns that rate and number of requests were read with; null: a tool's report. */
  rate: z.string().nullable(),
  requests: z.string().nullable(),
  /** Requests a second at which CPUs are said; null: those of the baseline. */
  at: z.number().nullable(),
  seed: z.number().int(),
  thresholds: z.object({ practical: z.number(), alpha: z.number() }),
  /** Target → the services under it; the others are under the baseline. */
  moved: z.record(z.string(), z.array(z.string())),
  measured: z.array(measuredSchema),
  /** Blocks that were planned. */
  planned: z.number().int(),
  /** Why blocks are missing, `unfinished` while it goes on; null where none is. */
  ended: z.enum(['time', 'interrupt', 'unfinished']).nullable(),
});

/** The data that copies of the stack worked on. */
const dataSchema = z.object({
  /** What was copied; each start began with it anew. */
  copies: z.array(
    z.object({
      kind: z.enum(['volume', 'directory']),
      /** The volume's name in the file, or the path of the directory. */
      name: z.string(),
      services: z.array(z.string()),
      /** Space that it takes, bytes. */
      bytes: z.number().int().nonnegative(),
      /** Sockets, pipes and devices in it, which were left out. */
      special: z.number().int().nonnegative(),
      /** Could a running container write to it while it was copied? */
      inUse: z.boolean(),
    }),
  ),
  /** Volumes that were fresh and empty all the same, and why. */
  fresh: z.array(z.object({ volume: z.string(), why: z.string(), messages: messageRefsSchema.optional() })),
});

/** The record of `ocibench move`. */
export const moveSchema = z.object({
  moveVersion: z.literal(moveVersion),
  moveId: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  harnessVersion: z.string(),
  host: hostFactsSchema,
  engine: engineFactsSchema,
  composeVersion: z.string(),
  /** The baseline and the targets. */
  runtimes: z.array(runtimeFactsSchema),
  stack: z.object({
    name: z.string(),
    services: z.array(
      z.object({
        service: z.string(),
        image: z.string(),
        replicas: z.number().int().nonnegative(),
        healthCheck: z.boolean(),
      }),
    ),
  }),
  baseline: z.string(),
  targets: z.array(z.string()),
  obstacles: z.array(
    z.object({
      service: z.string(),
      runtime: z.string(),
      key: z.string(),
      kind: z.enum(['host', 'differs']),
      message: z.string(),
      fix: z.string(),
      messages: messageRefsSchema.optional(),
    }),
  ),
  /** Could the copies reach other networks (`--with-network`)? */
  outside: z.boolean(),
  /** How long a service had to stay up to count as running, s; absent: 3. */
  upSeconds: z.number().optional(),
  /** Copies of the user's data; absent: volumes were empty, and host paths read-only. */
  data: dataSchema.optional(),
  trials: z.array(trialSchema),
  verdicts: z.array(verdictSchema),
  /** Absent where nothing moves, only whether it runs was asked, or costs could not be measured. */
  cost: costSchema.optional(),
  /** Why costs could not be measured; absent where they were, or none were asked for. */
  noCost: z.object({ why: z.string(), fix: z.string(), messages: messageRefsSchema.optional() }).optional(),
  /** What became worse since a move before (`--compare`); absent: none was compared with. */
  since: z
    .object({
      moveId: z.string(),
      startedAt: z.string(),
      /** Facts that differ, such as versions. */
      changed: z.array(z.string()),
      worse: z.array(
        z.object({
          /** null: a cost of the whole stack. */
          service: z.string().nullable(),
          runtime: z.string(),
          /** null: it does not run any more; a ratio under the target otherwise. */
          metric: z.enum(['request', 'rest', 'memory', 'rate', 'p99', 'p50', 'mean']).nullable(),
          was: z.number().nullable(),
          is: z.number().nullable(),
        }),
      ),
    })
    .optional(),
  /** Was time up (`--max-time`) before all was tried and measured? */
  outOfTime: z.boolean(),
  interrupted: z.boolean(),
});
export type MoveRecord = Readonly<z.infer<typeof moveSchema>>;
export type MoveTrial = MoveRecord['trials'][number];
export type TriedService = MoveTrial['services'][number];
export type MoveVerdict = MoveRecord['verdicts'][number];
export type MoveCost = NonNullable<MoveRecord['cost']>;
export type MeasuredStack = MoveCost['measured'][number];
export type ServiceUse = MeasuredStack['services'][number];
export type MoveOutcome = TriedService['outcome'];

/** Does the service run? */
export const runs = (outcome: MoveOutcome): boolean =>
  outcome === 'healthy' || outcome === 'up' || outcome === 'done';

/** The services that move to a runtime. */
export const movingTo = (
  verdicts: readonly Pick<MoveVerdict, 'service' | 'runtime' | 'verdict'>[],
  runtime: string,
) => verdicts.flatMap((each) => (each.runtime === runtime && each.verdict === 'moves' ? [each.service] : []));
