import * as z from 'zod';
import { messageRefsSchema } from '../messages/record.ts';

/** The id of a family (a file of `runtimes/`), such as `runsc`; one that this version does not know counts as `other`. */
const runtimeFamilySchema = z.string().min(1);
export type RuntimeFamily = z.infer<typeof runtimeFamilySchema>;

/** A runtime as daemon.json registers it: `{path, runtimeArgs}` or `{runtimeType, options}`, never both. */
const runtimeEntrySchema = z.object({
  name: z.string().min(1),
  path: z.string().optional(),
  runtimeArgs: z.array(z.string()).optional(),
  runtimeType: z.string().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  /** Where the entry comes from: `daemon.json`, `built-in`, `PATH`, `bench.config.ts`, `engine`. */
  origin: z.enum(['daemon.json', 'built-in', 'PATH', 'bench.config.ts', 'engine']),
});
export type RuntimeEntry = Readonly<z.infer<typeof runtimeEntrySchema>>;

/** Can it start a container here? Found by starting one, with a time limit. */
const preflightSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('available'), tookMs: z.number() }),
  z.object({
    status: z.literal('unavailable'),
    /** Stable, for programs: `kata-shim-missing`, `crun-hybrid-cgroup`, `timeout` … */
    code: z.string(),
    reason: z.string(),
    fix: z.string(),
    /** The engine's own words. */
    error: z.string(),
    /** What `reason` and `fix` were made from. */
    messages: messageRefsSchema.optional(),
  }),
]);
export type Preflight = Readonly<z.infer<typeof preflightSchema>>;

/** Everything known of a runtime in a run. */
export const runtimeFactsSchema = z.object({
  entry: runtimeEntrySchema,
  family: runtimeFamilySchema,
  /** As the binary prints it; null where it could not be asked. */
  version: z.string().nullable(),
  /** sha256 of the binary, hex; null where there is no file. */
  sha256: z.string().nullable(),
  /** Of families that have several, such as gVisor: systrap, kvm, ptrace. */
  platform: z.string().nullable(),
  /** Of families that have several, such as gVisor: sandbox, host, none. */
  network: z.string().nullable(),
  /** Was it asked for by name? Then being unavailable makes the run fail (exit 1). */
  requested: z.boolean(),
  preflight: preflightSchema,
  /** The virtual machine that its preflight ran in; null where none was seen, absent where nobody looked (older records too). */
  vm: z
    .object({
      /** Name of its process. */
      comm: z.string(),
      /** Is it charged to the container's own cgroup? Else that cgroup's figures are not the container's. */
      inCgroup: z.boolean(),
      /** What executes the guest's instructions in software (`QEMU TCG`); null where nothing proves that something does. */
      emulation: z.string().nullable(),
    })
    .nullable()
    .optional(),
});
export type VirtualMachine = NonNullable<z.infer<typeof runtimeFactsSchema>['vm']>;
export type RuntimeFacts = Readonly<z.infer<typeof runtimeFactsSchema>>;
