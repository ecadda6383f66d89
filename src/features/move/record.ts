import * as z from 'zod';
import { messageRefsSchema } from '../../core/messages/schema.ts';
import { engineFactsSchema, hostFactsSchema } from '../../core/model/host.ts';

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
]);

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
});

/** One start of the stack or a part of it. */
const trialSchema = z.object({
  /** The runtime that is tried; the baseline's own start has the baseline. */
  runtime: z.string(),
  /** `alone`: one service under it, all that it needs under the baseline; `together`: all that started alone. */
  kind: z.enum(['baseline', 'alone', 'together']),
  /** The services under it. */
  under: z.array(z.string()),
  services: z.array(triedSchema),
  seconds: z.number(),
});

/** What a reader wants to know of a service and a runtime. */
const verdictSchema = z.object({
  service: z.string(),
  runtime: z.string(),
  /**
   * `moves`: it runs as under the baseline, alone and with the others; `cannot`: it does not; `not-tried`: it reaches into the
   * host; `unknown`: it does not run under the baseline either, or the trial was cut off.
   */
  verdict: z.enum(['moves', 'cannot', 'not-tried', 'unknown']),
  /** Why, in one sentence; empty where it moves. */
  why: z.string(),
  fix: z.string(),
  messages: messageRefsSchema.optional(),
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
  trials: z.array(trialSchema),
  verdicts: z.array(verdictSchema),
  interrupted: z.boolean(),
});
export type MoveRecord = Readonly<z.infer<typeof moveSchema>>;
export type MoveTrial = MoveRecord['trials'][number];
export type TriedService = MoveTrial['services'][number];
export type MoveVerdict = MoveRecord['verdicts'][number];
export type MoveOutcome = TriedService['outcome'];

/** Does the service run? */
export const runs = (outcome: MoveOutcome): boolean =>
  outcome === 'healthy' || outcome === 'up' || outcome === 'done';
