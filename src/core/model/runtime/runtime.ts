import * as z from 'zod';
import { messageRefsSchema } from '../../messages/schema.ts';
import { name } from '../bounded-fields.ts';

/**
 * The id of a family (a file of `runtimes/`), such as `runsc`; an id that this version does not know counts as `other`.
 */
const runtimeFamilySchema = name();
export type RuntimeFamily = z.infer<typeof runtimeFamilySchema>;

/** A runtime as daemon.json registers it: `{path, runtimeArgs}` or `{runtimeType, options}`, never both. */
const runtimeEntrySchema = z.object({
  /** Its name, which `docker run --runtime` takes. */
  name: name(),
  /** Its program; absent for a shim. */
  path: z.string().optional(),
  /** Arguments of every call of the program; absent where there are none. */
  runtimeArgs: z.array(z.string()).optional(),
  /** Its containerd shim; absent for a program. */
  runtimeType: z.string().optional(),
  /** Options of the shim, without values that may be secret; absent where there are none. */
  options: z.record(z.string(), z.unknown()).optional(),
  /** Where the entry comes from: `daemon.json`, `built-in`, `PATH`, `bench.config.ts`, `engine`, `pin` (a pinned copy). */
  origin: z.enum(['daemon.json', 'built-in', 'PATH', 'bench.config.ts', 'engine', 'pin']),
});
export type RuntimeEntry = Readonly<z.infer<typeof runtimeEntrySchema>>;

/** Whether the runtime can start a container here. The preflight starts one, with a timeout. */
const preflightSchema = z.discriminatedUnion('status', [
  z.object({
    /** A container ran. */
    status: z.literal('available'),
    /** Wall time of the preflight's container, with the quicker start of two where the first one seemed slow. */
    tookMs: z.number(),
  }),
  z.object({
    /** No container ran. */
    status: z.literal('unavailable'),
    /** Stable, for programs: `kata-shim-missing`, `crun-hybrid-cgroup`, `timeout` … */
    code: z.string(),
    /** One sentence for people. */
    reason: z.string(),
    /** A remedy. */
    fix: z.string(),
    /** The engine's original error text. */
    error: z.string(),
    /** Messages of `reason` and `fix`; absent where neither is a text of ocibench. */
    messages: messageRefsSchema.optional(),
  }),
]);
export type Preflight = Readonly<z.infer<typeof preflightSchema>>;

/** All facts that a run records about a runtime. */
export const runtimeFactsSchema = z.object({
  entry: runtimeEntrySchema,
  family: runtimeFamilySchema,
  /** Version that the binary prints; null where the binary could not be run. */
  version: z.string().nullable(),
  /** Day of its release. Absent where its version does not show it. */
  released: z
    .object({
      /** YYYY-MM-DD */
      on: z.iso.date(),
      /** What shows it: `version`. */
      by: z.literal('version'),
    })
    .optional(),
  /** sha256 of the binary, hex; null where there is no file. */
  sha256: z.string().nullable(),
  /**
   * Programs that it starts from a directory beside its own, or the library that executes its containers: `missing` where its
   * version expects them. Absent where it is a single program, and where they cannot be seen (a shim, another machine).
   */
  sidecars: z
    .object({
      /** Whether all of them are where this version looks for them. */
      are: z.enum(['present', 'missing']),
      /** Names in the directory, sorted. */
      names: z.array(z.string()),
      /** One sha256 of their names and contents, hex; null where there are none. */
      sha256: z.string().nullable(),
    })
    .optional(),
  /** Platform, for families that have several: gVisor's systrap, kvm, ptrace; the library that executes WebAssembly; else null. */
  platform: z.string().nullable(),
  /** Network mode, for families that have several, such as gVisor: sandbox, host, none; else null. */
  network: z.string().nullable(),
  /** True if the user named the runtime. The run then fails (exit 1) where it is unavailable. */
  requested: z.boolean(),
  preflight: preflightSchema,
  /** Virtual machine found in its preflight; null where there was none, absent where none was searched for. */
  vm: z
    .object({
      /** Name of its process. */
      comm: z.string(),
      /** True if it is charged to the container's own cgroup. Otherwise that cgroup's figures miss it. */
      inCgroup: z.boolean(),
      /** The software emulator of the guest's CPU (`QEMU TCG`); null where nothing proves emulation. */
      emulation: z.string().nullable(),
      /** Memory of a guest beside the limits of its containers, by the runtime's configuration, bytes; absent where it sets none. */
      memoryBytes: z.number().int().positive().optional(),
    })
    .nullable()
    .optional(),
});
export type VirtualMachine = NonNullable<z.infer<typeof runtimeFactsSchema>['vm']>;
export type RuntimeFacts = Readonly<z.infer<typeof runtimeFactsSchema>>;
