/** Port of a server of this kind, in its container. */
export const ports = { iperf3: 5201, nginx: 8080, redis: 6379 } as const;

/** nginx: one worker, no log of requests, connections kept open, otherwise defaults. */
const nginxConfiguration = [
  'user root;',
  'worker_processes 1;',
  'daemon off;',
  'pid /tmp/nginx.pid;',
  'error_log stderr notice;',
  'events { worker_connections 512; }',
  `http { access_log off; keepalive_requests 100000000; server { listen ${ports.nginx}; root /srv; } }`,
].join('\n');

/** Start nginx with a file of `bytes` letters as its index, from busybox's shell. */
export function nginxServer(bytes: number): readonly string[] {
  const script = [
    'mkdir -p /srv /var/lib/nginx /var/log/nginx',
    `head -c ${bytes} /dev/zero | tr '\\0' x >/srv/index.html`,
    `echo '${nginxConfiguration}' >/tmp/nginx.conf`,
    'exec /usr/sbin/nginx -e stderr -c /tmp/nginx.conf',
  ];
  return ['/bin/busybox', 'sh', '-c', script.join('\n')];
}

/** redis-server without persistence, for every client that can reach it: the harness and the peer. */
export const redisServer: readonly string[] = [
  '/usr/bin/redis-server',
  '--save',
  '',
  '--appendonly',
  'no',
  '--protected-mode',
  'no',
];

/** A peer that lives until it is removed. */
export const waitingPeer: readonly string[] = ['/bin/busybox', 'sleep', '3600'];

/** Caveats of every network workload; for their descriptions. */
export const networkCaveats = `The server is in the container under test. The client is in another container on the same bridge,
always under runc, so that only one side changes between runtimes; both share the machine's processors. The packets
never leave the host: what is compared is the cost of a runtime's network path, not of a network card.

gVisor has a network stack of its own (\`--network=sandbox\`, its default). Registered with \`--network=host\` it hands
socket calls to the host's stack instead, and then that stack is *not* what is measured: the report shows the network mode beside
the figures. With \`--network=none\` there is nothing to measure.

CPU per unit of work is that of the container's cgroup while the client ran; what the engine needs to start the client is not in
it, except under runtimes whose virtual machine works outside the cgroup (Kata), where the two cannot be told apart.`;
