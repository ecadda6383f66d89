import * as z from 'zod';
import type { EngineConditions } from '../../model/machine/host.ts';
import { dropUndefined } from '../../model/objects.ts';

/** Fields of `/info` on the settings that a daemon applies to all containers; others are ignored. */
const infoSchema = z.object({
  SecurityOptions: z.array(z.string()).nullish().catch(null),
  LiveRestoreEnabled: z.boolean().optional().catch(undefined),
  LoggingDriver: z.string().optional().catch(undefined),
  DriverStatus: z.array(z.array(z.string())).nullish().catch(null),
});

/** The default bridge's fields of `/networks/bridge`. */
const bridgeSchema = z.object({ Options: z.record(z.string(), z.string()).nullish() });

/** Limits a daemon's text to a line of a report. */
function short(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text.slice(0, 200);
}

/** Parses `name=seccomp,profile=builtin` …: options by name. */
function securityOptions(listed: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    listed.map((option) => {
      const fields = new Map(
        option.split(',').map((field) => {
          const [key = '', ...value] = field.split('=');
          return [key, value.join('=')] as const;
        }),
      );
      return [fields.get('name') ?? option, fields];
    }),
  );
}

/**
 * The daemon's settings for all containers, from its answers to `/info` and `/networks/bridge` (undefined where the
 * network is missing or the answer is refused), and the number of other containers. Invalid fields count as absent.
 */
export function daemonConditions(answers: {
  readonly info: unknown;
  readonly bridge: unknown;
  readonly otherContainers: number;
}): EngineConditions {
  const info = infoSchema.safeParse(answers.info).data ?? {};
  const bridge = bridgeSchema.safeParse(answers.bridge).data;
  const icc = bridge?.Options?.['com.docker.network.bridge.enable_icc'];
  const options = info.SecurityOptions == null ? null : securityOptions(info.SecurityOptions);
  // Docker 20.10 calls the builtin profile `default` (moby, daemon/info_unix.go).
  const profile = options
    ?.get('seccomp')
    ?.get('profile')
    ?.replace(/^default$/, 'builtin');
  return dropUndefined({
    seccomp: options === null ? undefined : (short(profile) ?? 'none'),
    securityModule:
      options === null
        ? undefined
        : options.has('apparmor')
          ? ('apparmor' as const)
          : options.has('selinux')
            ? ('selinux' as const)
            : ('none' as const),
    noNewPrivileges: options?.has('no-new-privileges'),
    liveRestore: info.LiveRestoreEnabled,
    icc: icc === undefined ? undefined : icc === 'true',
    logDriver: short(info.LoggingDriver),
    backingFileSystem: short(info.DriverStatus?.find(([name]) => name === 'Backing Filesystem')?.[1]),
    otherContainers: answers.otherContainers,
  });
}
