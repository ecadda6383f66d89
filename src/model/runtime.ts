import * as z from 'zod';
import { messageRefsSchema } from '../messages/record.ts';

/**
 * The id of a family (a file of `runtimes/`), such as `runsc`; an id that this version does not know counts as `other`.
 */
const runtimeFamilySchema = z.string().min(1);
export type RuntimeFamily = z.infer<typeof runtimeFamilySchema>;

/** A runtime as daemon.json registers it: `{path, runtimeArgs}` or `{runtimeType, options}`, never both. */
const runtimeEntrySchema = z.object({
  name: z.string().min(1),
  path: z.string().optional(),
  runtimeArgs: z.array(z.string()).optional(),
  runtimeType: z.string().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  /** Where the entry comes from: `daemon.json`, `built-in`, `PATH`, `bench.config.ts`, `engine`, `pin` (a pinned copy). */
  origin: z.enum(['daemon.json', 'built-in', 'PATH', 'bench.config.ts', 'engine', 'pin']),
});
export type RuntimeEntry = Readonly<z.infer<typeof runtimeEntrySchema>>;

/** Whether the runtime can start a container here. The preflight starts one, with a timeout. */
const preflightSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('available'), tookMs: z.number() }),
  z.object({
    status: z.literal('unavailable'),
    /** Stable, for programs: `kata-shim-missing`, `crun-hybrid-cgroup`, `timeout` … */
    code: z.string(),
    reason: z.string(),
    fix: z.string(),
    /** The engine's original error text. */
    error: z.string(),
    /** Messages of `reason` and `fix`. */
    messages: messageRefsSchema.optional(),
  }),
]);
export type Preflight = Readonly<z.infer<typeof preflightSchema>>;

/** Everything that a run knows about a runtime. */
export const runtimeFactsSchema = z.object({
  entry: runtimeEntrySchema,
  family: runtimeFamilySchema,
  /** As the binary prints it; null where the binary could not be asked. */
  version: z.string().nullable(),
  /** sha256 of the binary, hex; null where there is no file. */
  sha256: z.string().nullable(),
  /**
   * Programs that it starts from a directory beside its own: `missing` where its version expects them. Absent where it
   * is one program, where they are not seen (a shim, another machine), and in older records.
   */
  sidecars: z
    .object({
      are: z.enum(['present', 'missing']),
      /** Names in the directory, sorted, and one sha256 of their names and contents; empty and null where missing. */
      names: z.array(z.string()),
      sha256: z.string().nullable(),
    })
    .optional(),
  /** For families that have several, such as gVisor: systrap, kvm, ptrace. */
  platform: z.string().nullable(),
  /** For families that have several, such as gVisor: sandbox, host, none. */
  network: z.string().nullable(),
  /** True if the user named the runtime. The run then fails (exit 1) where it is unavailable. */
  requested: z.boolean(),
  preflight: preflightSchema,
  /**
   * Virtual machine of its preflight; null where none was found, absent where none was searched for (older records
   * too).
   */
  vm: z
    .object({
      /** Name of its process. */
      comm: z.string(),
      /** True if it is charged to the container's own cgroup. Otherwise that cgroup's figures miss it. */
      inCgroup: z.boolean(),
      /** The software emulator of the guest's CPU (`QEMU TCG`); null where nothing proves emulation. */
      emulation: z.string().nullable(),
    })
    .nullable()
    .optional(),
});
export type VirtualMachine = NonNullable<z.infer<typeof runtimeFactsSchema>['vm']>;
export type RuntimeFacts = Readonly<z.infer<typeof runtimeFactsSchema>>;
