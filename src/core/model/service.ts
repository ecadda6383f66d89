import * as z from 'zod';

/** How a service says that it is ready: a line of its output, or a TCP port that accepts. */
const readySchema = z.union([
  z.object({
    /** A regular expression that a line matches. */
    pattern: z.string(),
  }),
  z.object({
    /** The port that accepts. */
    port: z.int(),
  }),
  z.null(),
]);

/**
 * A service of the user's own, or without `ready` a job that ends by itself: what `run --image` and the key `services`
 * of a configuration say. A run keeps it, so that its workloads are known wherever the run is.
 */
export const serviceSchema = z.object({
  /** Part of the ids of its workloads: `startup/own-NAME`. */
  name: z.string(),
  /** A reference of the engine's, or `recipe:ID`. */
  image: z.string(),
  /** Empty: the image's own. */
  command: z.array(z.string()),
  /** null: it is a job, which ends by itself. */
  ready: readySchema,
  /** What puts it under load; null: nothing. */
  load: z
    .object({
      /** The image that has the program. */
      image: z.string(),
      /** Its words; `{address}` stands for the address of the service. */
      command: z.array(z.string()),
    })
    .nullable(),
  /** Environment variables beside those of the image. */
  env: z.record(z.string(), z.string()),
  /** Memory limit, bytes; null: that of every workload. */
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

/** What is measured of a service, each a workload. */
export type ServicePart = 'startup' | 'memory' | 'app';

/** The parts of a service: start and footprint where it says that it is ready, work where there is a load or an end. */
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
