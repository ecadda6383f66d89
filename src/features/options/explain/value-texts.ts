import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';

/** A sentence about a value, which it may quote. */
export type ValueText = Message | ((values: { readonly value: string }) => Message);

/**
 * What each key of daemon.json does, by value: `icc.false` for a boolean, `log-driver=none` for a certain text, `mtu` for any other
 * value. Sources: docker/cli `docs/reference/dockerd.md`, and Docker 26.1 itself.
 */
export const valueTexts: Readonly<Record<string, ValueText>> = messages('explain.value', {
  'allow-direct-routing.false':
    'Other hosts reach only the published ports of containers, not their own addresses.',
  'allow-direct-routing.true':
    'Other hosts can reach containers by their own addresses, past the published ports.',
  'allow-nondistributable-artifacts':
    'Layers that may not be distributed are pushed to these registries: {value}.',
  'api-cors-header': 'Web pages of this origin may call the daemon’s API: {value}.',
  'apparmor-profile': 'Containers that name no AppArmor profile get this one: {value}.',
  'authorization-plugins': 'These plugins allow or refuse each call of the API: {value}.',
  bip: 'The default bridge has this address and network: {value}.',
  bip6: 'The default bridge has this IPv6 address and network: {value}.',
  bridge: 'The default network uses this bridge of the host instead of docker0: {value}.',
  'bridge-accept-fwmark': 'Packets with this firewall mark reach containers past dockerd’s filter: {value}.',
  'bridge=none': 'There is no default bridge: a container without --network has only a loopback device.',
  builder: 'How the builder clears its cache and what builds may do: {value}.',
  'cdi-spec-dirs': 'Descriptions of devices (CDI) are read from: {value}.',
  'cgroup-parent': 'Cgroups of containers are made below {value}, whose limits they share.',
  'cluster-advertise': 'The address that old clusters were told: {value}.',
  'cluster-store': 'The store of old clusters: {value}.',
  'cluster-store-opts': 'Options of the store of old clusters: {value}.',
  containerd: 'dockerd starts no containerd of its own and uses the one at {value}.',
  'containerd-namespace': 'containerd keeps containers in its namespace {value}.',
  'containerd-plugins-namespace': 'containerd keeps plugins in its namespace {value}.',
  'cpu-rt-period': 'Period of the real-time scheduler for containers: {value} µs.',
  'cpu-rt-runtime':
    'All containers together may run {value} µs of each period under the real-time scheduler.',
  'cri-containerd.false': 'The containerd that dockerd starts does not serve Kubernetes.',
  'cri-containerd.true': 'The containerd that dockerd starts also serves Kubernetes (CRI).',
  'data-root': 'Images, containers and volumes are kept in {value}.',
  'debug.false': 'dockerd writes no debugging lines into its own log.',
  'debug.true': 'dockerd writes debugging lines into its own log.',
  'default-address-pools': 'Networks without a subnet of their own get one from these pools: {value}.',
  'default-cgroupns-mode=host': 'A container sees the cgroups of the host.',
  'default-cgroupns-mode=private': 'A container sees only its own cgroups.',
  'default-gateway': 'Containers on the default bridge send packets for other networks to {value}.',
  'default-gateway-v6': 'Containers on the default bridge send IPv6 packets for other networks to {value}.',
  'default-ipc-mode=private':
    'The IPC namespace of a container is its own, and no other container may join it.',
  'default-ipc-mode=shareable':
    'Other containers may join the IPC namespace of a container (--ipc container:NAME).',
  'default-network-opts': 'New networks of these drivers have these options: {value}.',
  'default-runtime':
    'Containers that name no runtime run under {value}. The other settings are measured under it.',
  'default-shm-size': '/dev/shm of a container holds at most {value}.',
  'default-ulimits': 'Containers start with these limits of setrlimit(2), soft:hard: {value}.',
  'deprecated-key-path': 'The key with which dockerd once signed images: {value}.',
  dns: 'Containers ask these name servers: {value}.',
  'dns-opts': 'Containers have these options in resolv.conf: {value}.',
  'dns-search': 'Short names in containers are completed with: {value}.',
  'exec-opts': 'How the daemon starts containers: {value}.',
  'exec-opts=native.cgroupdriver=cgroupfs':
    'The runtime makes the cgroup of each container itself, beside systemd.',
  'exec-opts=native.cgroupdriver=systemd':
    'systemd makes the cgroup of each container, as Kubernetes expects.',
  'exec-root': 'Files of running containers and sockets are kept in {value}.',
  'experimental.false': 'Unfinished features cannot be used.',
  'experimental.true': 'Unfinished features can be used, such as checkpoints.',
  features: 'Switches parts of the daemon: {value}.',
  'firewall-backend=iptables': 'dockerd writes its packet filter rules with iptables.',
  'firewall-backend=nftables': 'dockerd writes its packet filter rules with nftables.',
  'fixed-cidr': 'Containers on the default bridge get addresses of this part of its network: {value}.',
  'fixed-cidr-v6': 'Containers on the default bridge get IPv6 addresses of this network: {value}.',
  graph: 'The old name of data-root: {value}.',
  group: 'Members of the group {value} may call the daemon, which makes them root of this host.',
  'host-gateway-ip': 'The name host-gateway in --add-host stands for {value}.',
  'host-gateway-ips': 'The name host-gateway in --add-host stands for {value}.',
  hosts: 'dockerd listens at {value}.',
  'icc.false':
    'Containers on the default bridge cannot reach each other: only published ports pass. User-defined networks are not affected.',
  'icc.true':
    'Containers on the default bridge can reach each other. User-defined networks are not affected.',
  'init-path': 'The program of --init and of init is {value}.',
  'init.false': 'The container’s own program is process 1; only --init puts tini before it.',
  'init.true': 'A small init (tini) is process 1 of every container, reaps orphans and forwards signals.',
  'insecure-registries': 'dockerd speaks with these registries without checking their certificates: {value}.',
  ip: 'Published ports of the default bridge listen at {value}, unless -p names an address.',
  'ip-forward-no-drop.false':
    'When dockerd turns on forwarding, it drops forwarded packets that no rule allows.',
  'ip-forward-no-drop.true': 'When dockerd turns on forwarding, packets between other networks still pass.',
  'ip-forward.false':
    'dockerd leaves forwarding as the host has it; without it containers reach no other network.',
  'ip-forward.true': 'dockerd turns on forwarding of packets between networks (net.ipv4.ip_forward).',
  'ip-masq.false':
    'Packets of containers leave the host with the container’s address, to which others need a route.',
  'ip-masq.true': 'Packets of containers leave the host with the host’s address.',
  'ip6tables.false':
    'dockerd writes no IPv6 packet filter rules: IPv6 ports are neither published nor protected by it.',
  'ip6tables.true': 'dockerd writes IPv6 packet filter rules for its networks.',
  'iptables.false':
    'dockerd writes no packet filter rules: networks are not kept apart, and containers reach no other host unless you write them.',
  'iptables.true': 'dockerd writes packet filter rules: ports are published, and networks are kept apart.',
  'ipv6.false': 'The default bridge has no IPv6.',
  'ipv6.true': 'The default bridge has IPv6 too.',
  labels: 'docker info shows these labels of the daemon: {value}.',
  'live-restore.false': 'Containers end when dockerd stops or restarts.',
  'live-restore.true': 'Containers keep running while dockerd is stopped or restarts.',
  'log-driver': 'Output of containers goes to the log driver {value}.',
  'log-driver=journald':
    'Output of containers goes into the journal of systemd, which must run on this host.',
  'log-driver=json-file': 'dockerd writes output of containers into files as JSON, for docker logs.',
  'log-driver=local':
    'dockerd writes output of containers into compressed files of at most 100 MB, for docker logs.',
  'log-driver=none': 'Output of containers is kept nowhere, and docker logs shows nothing.',
  'log-driver=syslog': 'Output of containers goes to syslog.',
  'log-format=json': 'dockerd writes its own log as JSON.',
  'log-format=text': 'dockerd writes its own log as text.',
  'log-level': 'dockerd writes lines from the level {value} on into its own log.',
  'log-opts': 'Options of the log driver: {value}.',
  'max-concurrent-downloads': 'At most {value} layers of an image are downloaded at a time.',
  'max-concurrent-uploads': 'At most {value} layers of an image are uploaded at a time.',
  'max-download-attempts': 'A download is tried {value} times.',
  'metrics-addr': 'dockerd gives figures about itself to Prometheus at {value}.',
  'min-api-version': 'Clients older than API {value} are refused.',
  mtu: 'The largest packet on the default bridge has {value} bytes.',
  'network-control-plane-mtu': 'The largest packet between daemons of a swarm has {value} bytes.',
  'network-diagnostic-port': 'The diagnostic server of networks listens at port {value} of 127.0.0.1.',
  'no-new-privileges.false': 'Setuid programs, such as sudo, gain their privileges in containers.',
  'no-new-privileges.true':
    'Setuid programs gain no privileges in any container (PR_SET_NO_NEW_PRIVS of prctl(2)).',
  'node-generic-resources': 'A swarm may give these resources of the host to services: {value}.',
  'nri-opts': 'Plugins of the Node Resource Interface may change containers: {value}.',
  'oom-score-adjust': 'When memory runs out, the kernel ends dockerd by this score (−1000 never): {value}.',
  pidfile: 'dockerd writes its process id into {value}.',
  proxies: 'dockerd fetches images through these proxies, which containers do not get: {value}.',
  'raw-logs.false': 'dockerd’s own log has colours on a terminal.',
  'raw-logs.true': 'dockerd’s own log has no colours.',
  'registry-mirrors': 'Images of Docker Hub are first asked of these mirrors: {value}.',
  'rootless.false': 'dockerd runs as root.',
  'rootless.true': 'dockerd runs without root, in a user namespace.',
  runtimes: 'Registers OCI runtimes for docker run --runtime: {value}.',
  'seccomp-profile': 'The profile {value} filters system calls of containers instead of Docker’s own.',
  'seccomp-profile=builtin': 'Docker’s own profile filters system calls of containers.',
  'seccomp-profile=unconfined': 'No profile filters system calls: containers may make all of them.',
  'selinux-enabled.false': 'Containers get no SELinux labels, also where the host has SELinux.',
  'selinux-enabled.true':
    'Containers get SELinux labels, and the kernel’s policy keeps them from the host’s files.',
  'shutdown-timeout': 'When it stops, dockerd gives containers {value} s to end.',
  'storage-driver': 'The driver {value} assembles the layers of images and containers.',
  'storage-driver=overlay2': 'The kernel’s overlay puts layers on top of each other (overlay2).',
  'storage-driver=vfs':
    'Each layer is a full copy (vfs): it works everywhere, is slow, and needs much space.',
  'storage-opts': 'Options of the storage driver: {value}.',
  'swarm-default-advertise-addr':
    'A swarm reaches this daemon at {value}, unless it is told another address.',
  'swarm-raft-election-tick': 'A manager of a swarm is replaced after {value} ticks without a sign of life.',
  'swarm-raft-heartbeat-tick': 'Managers of a swarm give a sign of life every {value} ticks.',
  'tls.false': 'The daemon’s TCP socket speaks TLS only where tlsverify is set.',
  'tls.true': 'The daemon’s TCP socket speaks TLS.',
  tlscacert: 'Certificates of clients must be signed by {value}.',
  tlscert: 'The daemon’s certificate is {value}.',
  tlskey: 'The daemon’s secret key is {value}.',
  'tlsverify.false':
    'dockerd turns on TLS as soon as this key is there, but asks clients for no certificate.',
  'tlsverify.true': 'The daemon’s TCP socket accepts only clients with a certificate of its authority.',
  'userland-proxy-path': 'The program that serves published ports is {value}.',
  'userland-proxy.false':
    'Only the packet filter serves published ports, without a docker-proxy process. No workload here publishes a port.',
  'userland-proxy.true':
    'A docker-proxy process also serves each published port, beside the packet filter. No workload here publishes a port.',
  'userns-remap':
    'Root in a container is a user of {value} on the host, without root’s rights there. Bind mounts belong to others for it.',
  'userns-remap=default':
    'Root in a container is a user of dockremap on the host, whom dockerd creates, without root’s rights there.',
  'validate.false': 'dockerd starts and does not only check the file.',
  'validate.true': 'dockerd checks the file and ends; as a key of the file it is for tests.',
});
