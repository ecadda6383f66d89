import * as z from 'zod';

/**
 * A compose file as `docker compose config --format json` prints it: variables, `extends` and includes resolved, every value in
 * its long form (Compose Specification, https://compose-spec.io). Keys that are not named here are kept as they are.
 */

const mountSchema = z.looseObject({
  type: z.string(),
  source: z.string().optional(),
  target: z.string().optional(),
  read_only: z.boolean().optional(),
  bind: z.looseObject({ propagation: z.string().optional() }).optional(),
});
export type StackMount = z.infer<typeof mountSchema>;

const deviceSchema = z.union([z.string(), z.looseObject({ source: z.string() })]);

const serviceSchema = z.looseObject({
  image: z.string().optional(),
  build: z.unknown().optional(),
  profiles: z.array(z.string()).optional(),
  container_name: z.string().optional(),
  runtime: z.string().optional(),
  privileged: z.boolean().optional(),
  network_mode: z.string().optional(),
  pid: z.string().optional(),
  ipc: z.string().optional(),
  uts: z.string().optional(),
  userns_mode: z.string().optional(),
  cgroup: z.string().optional(),
  cap_add: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  sysctls: z.record(z.string(), z.unknown()).optional(),
  devices: z.array(deviceSchema).optional(),
  gpus: z.unknown().optional(),
  volumes: z.array(mountSchema).optional(),
  volumes_from: z.array(z.string()).optional(),
  ports: z.array(z.unknown()).optional(),
  networks: z.record(z.string(), z.record(z.string(), z.unknown()).nullable()).optional(),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string().optional() })).optional(),
  healthcheck: z
    .looseObject({
      test: z.array(z.string()).optional(),
      disable: z.boolean().optional(),
      interval: z.string().optional(),
    })
    .optional(),
  deploy: z
    .looseObject({
      replicas: z.number().optional(),
      resources: z
        .looseObject({
          reservations: z.looseObject({ devices: z.array(z.unknown()).optional() }).optional(),
        })
        .optional(),
    })
    .optional(),
  scale: z.number().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type StackService = z.infer<typeof serviceSchema>;

export const stackSchema = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.looseObject({ driver: z.string().optional() }).nullable()).optional(),
  volumes: z.record(z.string(), z.looseObject({ external: z.boolean().optional() }).nullable()).optional(),
});
/** A stack of services, by name. */
export type Stack = z.infer<typeof stackSchema>;

/** The services that are part of the stack: those without profiles. */
export function ownServices({ services }: Stack): readonly string[] {
  return Object.entries(services)
    .filter(([, { profiles = [] }]) => profiles.length === 0)
    .map(([name]) => name);
}

/** The image of a service; Compose names what it builds after stack and service. */
export function imageOf({ name, services }: Stack, service: string): string {
  return services[service]?.image ?? `${name}-${service}`;
}

/** Does Docker look after the health of the service? Not known of a health check that its image has. */
export function hasHealthCheck({ healthcheck }: StackService): boolean {
  return healthcheck?.test !== undefined && healthcheck.disable !== true && healthcheck.test[0] !== 'NONE';
}

/** A service and those that it needs, by `depends_on`, those first that others need. */
export function withDependencies({ services }: Stack, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string, path: ReadonlySet<string>) => {
    const service = services[name];
    if (service === undefined || found.has(name) || path.has(name)) return;
    for (const needed of Object.keys(service.depends_on ?? {})) visit(needed, new Set([...path, name]));
    found.add(name);
  };
  for (const name of names) visit(name, new Set());
  return [...found];
}

/** Sockets by which a container commands its engine, and with it the host. */
const engineSocket = /(?:^|\/)(?:docker|containerd|podman|crio|cri-dockerd)\.sock$/;

export const isEngineSocket = ({ type, source = '' }: StackMount): boolean =>
  type === 'bind' && engineSocket.test(source);

/** How many copies of a service the file asks for. */
export function replicasOf({ deploy, scale }: StackService): number {
  return scale ?? deploy?.replicas ?? 1;
}
