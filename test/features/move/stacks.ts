import type { Trial } from '../../../src/features/move/stack/project.ts';
import { type Stack, stackSchema } from '../../../src/features/move/stack/stack.ts';

/** A stack as `docker compose config --format json` of Compose 2.26 prints one. */
export const shop: Stack = stackSchema.parse({
  name: 'shop',
  networks: {
    default: { name: 'shop_default', ipam: {} },
    front: { name: 'shop_front', ipam: { config: [{ subnet: '172.30.0.0/24' }] } },
    corp: { name: 'corp', external: true },
  },
  services: {
    bench: {
      profiles: ['load'],
      command: ['wrk', 'http://web/'],
      entrypoint: null,
      image: 'demo/load:1',
      networks: { default: null },
    },
    cache: {
      command: ['redis-server', '--save', ''],
      deploy: {
        replicas: 2,
        resources: { limits: { cpus: 0.5, memory: '67108864' } },
        placement: {},
        restart_policy: { condition: 'any' },
      },
      entrypoint: null,
      healthcheck: { test: ['CMD', 'redis-cli', 'ping'], timeout: '2s', interval: '200ms', retries: 20 },
      image: 'demo/redis:1',
      networks: { default: null },
      volumes: [
        { type: 'volume', source: 'data', target: '/data', volume: {} },
        { type: 'bind', source: '/srv/conf', target: '/etc/conf', bind: { create_host_path: true } },
      ],
    },
    web: {
      build: { context: '/srv', dockerfile: 'Dockerfile' },
      cap_add: ['NET_ADMIN', 'SYS_TIME'],
      command: null,
      container_name: 'web',
      depends_on: { cache: { condition: 'service_healthy', required: true } },
      entrypoint: null,
      environment: { A: '1', PRICE: '$$5' },
      networks: { default: {}, front: { ipv4_address: '172.30.0.4', aliases: ['www'] }, corp: null },
      ports: [{ mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' }],
      restart: 'always',
      labels: { theirs: 'kept' },
      security_opt: ['no-new-privileges:true', 'seccomp:./s.json'],
      sysctls: { 'net.core.somaxconn': '1024' },
    },
    agent: {
      image: 'demo/agent:1',
      pid: 'host',
      privileged: true,
      devices: [{ source: '/dev/fuse', target: '/dev/fuse', permissions: 'rwm' }],
      volumes: [{ type: 'bind', source: '/var/run/docker.sock', target: '/var/run/docker.sock' }],
      depends_on: { web: { condition: 'service_started' } },
    },
  },
  volumes: { data: { name: 'shop_data' }, old: { name: 'their-volume', external: true } },
  secrets: { tok: { name: 'shop_tok', file: '/srv/tok' } },
});

/** A trial of these services under runc, apart from everything; `own`: what is particular about it. */
export function trialOf(services: readonly string[], own: Partial<Trial> = {}): Trial {
  return {
    project: 'ocibench-1',
    services,
    runtimeOf: () => 'runc',
    cgroupParentOf: () => null,
    labels: {},
    outside: false,
    loadFromHost: false,
    ...own,
  };
}
