import * as z from 'zod';
import { messages } from '../messages/define.ts';
import { parseSize } from './quantities.ts';
import { minMemoryBytes, rule } from './rule.ts';

const words = messages('profileShape', {
  name: "must be a name of letters, digits, ''='', dot, dash, plus, underscore",
  profiles: 'must be a list of profiles, or an object with their names as keys',
  nameOrProfile: "must be a name, or a profile: '{name, seccomp, capDrop …}'",
  seccomp: "must be ''unconfined'', ''strict'' or the path of a seccomp profile in JSON",
  user: "must be ''uid'' or ''uid:gid'', in numbers",
  pids: "must be a whole number of at least 1, or ''unlimited''",
  memory: "must be a size of at least 6M, such as ''512m'', or ''unlimited''",
  size: "must be a size such as ''64m''",
  cpus: 'must be a number of CPUs such as 1.5',
  ulimit: "must be ''SOFT:HARD'' or one limit for both, such as ''1024:2048''",
  resource: "must be the name of a limit, such as ''nofile''",
  mountPoint: 'must be an absolute path without a colon',
  apparmor: 'must be the name of a profile that the kernel has loaded, or unconfined',
});

const profileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.+=-]{0,63}$/, rule(words.name));
const capabilityList = z.array(z.string().min(1));

/** Options of a container, as in `docker run`; an absent one is Docker's own. */
const profileShape = z.strictObject({
  /** `'unconfined'`, `'strict'` (ocibench's filter), or the path of a profile, relative to the configuration. */
  seccomp: z.string(rule(words.seccomp)).min(1, rule(words.seccomp)).optional(),
  /** An AppArmor profile that the host has loaded, or `'unconfined'`. */
  apparmor: z
    .string()
    .regex(/^[A-Za-z0-9][\w./-]*$/, rule(words.apparmor))
    .optional(),
  /** Capabilities that are dropped: `['ALL']`, `['NET_RAW']`. */
  capDrop: capabilityList.optional(),
  /** Capabilities that are added, or kept where all are dropped. */
  capAdd: capabilityList.optional(),
  /** `--security-opt no-new-privileges`. */
  noNewPrivileges: z.boolean().optional(),
  /** `--read-only`. */
  readonlyRootfs: z.boolean().optional(),
  /** `'65534'`, `'1000:1000'`. */
  user: z
    .union([z.int().min(0), z.string().regex(/^\d{1,10}(:\d{1,10})?$/, rule(words.user))], rule(words.user))
    .optional(),
  /** Maximum number of processes and threads; absent: 1024. */
  pidsLimit: z.union([z.int().min(1), z.literal('unlimited')], rule(words.pids)).optional(),
  /** Memory limit: `'512m'`; absent: the workload's, or 512 MiB. */
  memory: z
    .string(rule(words.memory))
    .refine((size) => size === 'unlimited' || (parseSize(size) ?? 0) >= minMemoryBytes, rule(words.memory))
    .optional(),
  /** CPU quota in CPUs: 1.5. */
  cpus: z.number(rule(words.cpus)).min(0.01, rule(words.cpus)).max(10_000, rule(words.cpus)).optional(),
  /** `{ nofile: '1024:2048' }`. */
  ulimits: z
    .record(
      z.string().regex(/^[a-z]+$/, rule(words.resource)),
      z.union(
        [z.int().min(-1), z.string().regex(/^(-1|\d{1,15})(:(-1|\d{1,15}))?$/, rule(words.ulimit))],
        rule(words.ulimit),
      ),
    )
    .optional(),
  /** `--init`. */
  init: z.boolean().optional(),
  /** Mount point → size: `{ '/tmp': '64m' }`. */
  tmpfs: z
    .record(
      z.string().regex(/^\/[^:,]*$/, rule(words.mountPoint)),
      z.string(rule(words.size)).refine((size) => parseSize(size) !== null, rule(words.size)),
    )
    .optional(),
  /** Log driver; absent: the daemon's default. */
  log: z.enum(['none', 'json-file', 'local']).optional(),
  /** Labels, which do not affect the container's cost. */
  labels: z.record(z.string().min(1), z.string()).optional(),
});
/** Options of one profile of a configuration. */
export type ProfileShape = Readonly<z.infer<typeof profileShape>>;

const namedShape = profileShape.extend({
  /** Its name in cells, tables and reports. */
  name: profileName,
});

/** The profiles of a configuration: names of built-in profiles, and own profiles. */
export const profilesShape = z.union(
  [
    z.array(z.union([profileName, namedShape], rule(words.nameOrProfile))).min(1),
    z.record(profileName, profileShape),
  ],
  rule(words.profiles),
);
export type ProfilesShape = Readonly<z.infer<typeof profilesShape>>;

/** Profiles in either notation as a list of names of built-in profiles and own profiles. */
export function listOfProfiles(
  profiles: ProfilesShape,
): readonly (string | (ProfileShape & { readonly name: string }))[] {
  if (Array.isArray(profiles)) return profiles;
  return Object.entries(profiles).map(([name, shape]) => ({ ...shape, name }));
}
