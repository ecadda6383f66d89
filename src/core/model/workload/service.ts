import * as z from 'zod';

/** How to detect that a service is ready: by a line of its output, or by a TCP port that accepts connections. */
const readySchema = z.union([
  z.object({
    /** A regular expression that a line matches. */
    pattern: z.string(),
  }),
  z.object({
    /** The port that accepts connections. */
    port: z.int(),
  }),
  z.null(),
]);

/**
 * A user's own service, or, without `ready`, a job that ends by itself, as described by `run --image` or by the key
 * `services` of a configuration. It is kept in the run, so that its workloads are known wherever the run is read.
 */
export const serviceSchema = z.object({
  /** Part of the ids of its workloads: `startup/own-NAME`. */
  name: z.string(),
  /** A reference of an image in the engine, or `recipe:ID`. */
  image: z.string(),
  /** Program and arguments; empty: the image's own. */
  command: z.array(z.string()),
  /** null: it is a job, which ends by itself. */
  ready: readySchema,
  /** The program that puts it under load; null: none. */
  load: z
    .object({
      /** The image that contains the program. */
      image: z.string(),
      /** Program and arguments; `{address}` stands for the address of the service. */
      command: z.array(z.string()),
    })
    .nullable(),
  /** Environment variables in addition to those of the image. */
  env: z.record(z.string(), z.string()),
  /** Memory limit, bytes; null: the default of all workloads. */
  memoryBytes: z.number().positive().nullable(),
  /** Timeout of a trial, ms. */
  timeoutMs: z.number().positive(),
});
export type Service = Readonly<z.infer<typeof serviceSchema>>;

const recipePrefix = 'recipe:';

/** Id of the recipe that an image names; null where it is a reference. */
export function recipeOf(image: string): string | null {
  return image.startsWith(recipePrefix) ? image.slice(recipePrefix.length) : null;
}

/** Measurable parts of a service, each a workload. */
export type ServicePart = 'startup' | 'memory' | 'app';

/**
 * The parts of a service: start and footprint where its readiness can be detected, work where it has a load or ends by
 * itself.
 */
export function partsOf({ ready, load }: Pick<Service, 'ready' | 'load'>): readonly ServicePart[] {
  if (ready === null) return ['app'];
  return load === null ? ['startup', 'memory'] : ['startup', 'memory', 'app'];
}

/** Ids of all workloads of a service. */
export function workloadIdsOf(service: Service): string[] {
  return partsOf(service).map((part) => serviceWorkloadId(service, part));
}

/** Id of the workload of a part. */
export function serviceWorkloadId({ name }: Pick<Service, 'name'>, part: ServicePart): string {
  return `${part}/own-${name}`;
}
