import type { Section } from './row.ts';

const noSecurityModule = ['no kernel here has it', 'aucun noyau ici ne l’a'] as const;
const show = (pattern: string) => `image /bin/grep -E '${pattern}' /proc/self/status`;

/** Limits and hardening of a container. */
export const containerSections: readonly Section[] = [
  {
    title: ['Limits of a container (cgroups)', 'Limites d’un conteneur (cgroups)'],
    rows: [
      {
        line: 'docker run --memory 256m --memory-swap 256m …',
        right: 'yes',
        today: ['Applied; no swap.', 'Appliqué ; pas de swap.'],
        steps: [
          'docker run --rm --network none --memory 256m --memory-swap 256m image /bin/sh -c "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null"',
          /^268435456$/m,
        ],
      },
      {
        line: 'docker run --cpus 1.5 …',
        right: 'yes',
        today: ['Applied: 150 ms of each 100 ms.', 'Appliqué : 150 ms par 100 ms.'],
        steps: [
          'docker run --rm --network none --cpus 1.5 image /bin/sh -c "cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null"',
          /^150000/m,
        ],
      },
      {
        line: 'docker run --memory-reservation 128m --cpu-shares 512 …',
        right: 'yes',
        today: [
          'Applied; they count only while memory or CPU is short.',
          'Appliqué ; ne joue que si la mémoire ou le processeur manque.',
        ],
        steps: [
          'docker run --rm --network none --memory-reservation 128m --cpu-shares 512 image /bin/sh -c "cat /sys/fs/cgroup/memory.low /sys/fs/cgroup/memory/memory.soft_limit_in_bytes 2>/dev/null"',
          /^134217728$/m,
        ],
      },
      {
        line: 'docker run --cpuset-cpus 0-3 …',
        right: 'changed',
        today: ['Refused where the host has fewer CPUs.', 'Refusé si l’hôte a moins de processeurs.'],
        instead: ['CPUs of `nproc`, from 0.', 'Les processeurs de `nproc`, à partir de 0.'],
        steps: [
          'docker run --rm --network none --cpuset-cpus "0-$(nproc --all)" image /bin/uname',
          /Requested CPUs are not available/i,
        ],
      },
      {
        line: 'docker run --pids-limit 100 …',
        right: 'yes',
        today: ['Applied.', 'Appliqué.'],
        steps: [
          'docker run --rm --network none --pids-limit 100 image /bin/sh -c "cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null"',
          /^100$/m,
        ],
      },
      {
        line: 'docker run --ulimit nofile=1024:2048 …',
        right: 'yes',
        today: ['Applied.', 'Appliqué.'],
        steps: [
          'docker run --rm --network none --ulimit nofile=1024:2048 image /bin/sh -c "ulimit -n; ulimit -Hn"',
          /^1024\n2048$/m,
        ],
      },
      {
        line: 'docker run --kernel-memory 50m …',
        right: 'no',
        today: [
          'Accepted without a word, and nothing is limited (Linux 5.4 deprecated it).',
          'Accepté sans un mot, et rien n’est limité (obsolète depuis Linux 5.4).',
        ],
        instead: [
          '`--memory`, which counts the kernel’s too.',
          '`--memory`, qui compte aussi celle du noyau.',
        ],
        steps: ['docker run --rm --network none --kernel-memory 50m image /bin/uname', /^Linux$/m],
      },
      {
        line: 'docker run --blkio-weight 500 …',
        right: 'changed',
        today: [
          'Dropped with a warning, unless the kernel has the BFQ scheduler.',
          'Ignoré avec un avertissement, sauf si le noyau a l’ordonnanceur BFQ.',
        ],
        instead: ['`--device-read-bps /dev/sda:10mb`', '`--device-read-bps /dev/sda:10mb`'],
        untried: ['dropped on this kernel; with BFQ not tried', 'ignoré sur ce noyau ; pas essayé avec BFQ'],
      },
      {
        line: 'cat /sys/fs/cgroup/memory/docker/ID/memory.limit_in_bytes',
        right: 'changed',
        today: [
          'cgroup v1. Debian and Ubuntu have had v2 for years.',
          'cgroup v1. Debian et Ubuntu sont en v2 depuis des années.',
        ],
        instead: [
          'v2: `/sys/fs/cgroup/system.slice/docker-ID.scope/memory.max`',
          'v2 : `/sys/fs/cgroup/system.slice/docker-ID.scope/memory.max`',
        ],
        untried: ['the machine here has v1', 'la machine d’ici est en v1'],
      },
      {
        line: '"cgroup-parent": "docker.slice"',
        right: 'changed',
        today: [
          'Fine with the systemd driver. With cgroupfs it is a directory of that name, and no unit.',
          'Convient avec le pilote systemd. Avec cgroupfs, c’est un répertoire de ce nom, et pas une unité.',
        ],
        instead: ['With cgroupfs: `"/docker-limited"`', 'Avec cgroupfs : `"/docker-limited"`'],
        file: { source: '{"cgroup-parent":"ocibench-explain.slice"}', effect: 'ok' },
      },
      {
        line: 'docker update --memory 128m --memory-swap 128m NAME; docker stats --no-stream NAME',
        right: 'yes',
        today: ['Applied at once, and shown.', 'Appliqué aussitôt, et affiché.'],
        steps: [
          `docker run -d --network none --name limited image /bin/sleep 60 >/dev/null
docker update --memory 128m --memory-swap 128m limited
docker stats --no-stream limited
docker rm -f limited >/dev/null`,
          /128MiB/,
        ],
      },
    ],
  },
  {
    title: ['Capabilities, seccomp, AppArmor, SELinux', 'Capacités, seccomp, AppArmor, SELinux'],
    rows: [
      {
        line: 'docker run --cap-drop ALL --cap-add NET_BIND_SERVICE …',
        right: 'yes',
        today: ['Applied: one capability is left.', 'Appliqué : il reste une capacité.'],
        steps: [
          `docker run --rm --network none --cap-drop ALL --cap-add NET_BIND_SERVICE ${show('CapEff')}`,
          /CapEff:\s+0000000000000400/,
        ],
      },
      {
        line: 'docker run --security-opt no-new-privileges:true …',
        right: 'yes',
        today: ['Applied.', 'Appliqué.'],
        steps: [
          `docker run --rm --network none --security-opt no-new-privileges:true ${show('NoNewPrivs')}`,
          /NoNewPrivs:\s+1/,
        ],
      },
      {
        line: 'docker run --read-only --tmpfs /tmp …',
        right: 'yes',
        today: ['Applied: only /tmp can be written.', 'Appliqué : seul /tmp s’écrit.'],
        steps: [
          'docker run --rm --network none --read-only --tmpfs /tmp image /bin/sh -c ": >/tmp/x && : >/y"',
          /\/y: Read-only file system/,
        ],
      },
      {
        line: 'docker run --user 1000:1000 …',
        right: 'yes',
        today: ['Applied.', 'Appliqué.'],
        steps: [`docker run --rm --network none --user 1000:1000 ${show('Uid')}`, /Uid:\s+1000\s/],
      },
      {
        line: 'docker run --privileged …',
        right: 'yes',
        today: [
          'All capabilities and devices, no seccomp filter: root of the host, never a fix.',
          'Toutes les capacités, tous les périphériques, pas de seccomp : root de l’hôte, jamais un remède.',
        ],
        steps: [`docker run --rm --network none --privileged ${show('Seccomp:')}`, /Seccomp:\s+0/],
      },
      {
        line: 'docker run --security-opt seccomp=unconfined …',
        right: 'yes',
        today: ['No filter: for a test only.', 'Pas de filtre : pour un essai seulement.'],
        steps: [
          `docker run --rm --network none --security-opt seccomp=unconfined ${show('Seccomp:')}`,
          /Seccomp:\s+0/,
        ],
      },
      {
        line: 'docker run --security-opt seccomp=seccomp-strict.json …',
        right: 'changed',
        today: [
          'Without `fstatfs` in its list runc itself stops; crun starts.',
          'Sans `fstatfs` dans la liste, runc lui-même s’arrête ; crun démarre.',
        ],
        instead: [
          'Begin with Docker’s default profile and take calls out; `ocibench doctor` names what is refused.',
          'Partir du profil par défaut de Docker et retirer ; `ocibench doctor` nomme ce qui est refusé.',
        ],
        steps: [
          `echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["fstatfs"],"action":"SCMP_ACT_ERRNO"}]}' >/tmp/strict.json
for runtime in runc crun; do docker run --rm --network none --runtime $runtime --security-opt seccomp=/tmp/strict.json image /bin/uname; done`,
          /runc create failed[\s\S]*^Linux$/m,
        ],
      },
      {
        line: 'docker run --security-opt apparmor=docker-nginx …',
        right: 'changed',
        today: [
          'Needs `apparmor_parser -r -W FILE` before. On a kernel without AppArmor it is ignored without a word.',
          'Demande `apparmor_parser -r -W FICHIER` avant. Sur un noyau sans AppArmor, ignoré sans un mot.',
        ],
        instead: [
          'Look first: `docker info --format "{{.SecurityOptions}}"` names apparmor.',
          'Vérifier d’abord : `docker info --format "{{.SecurityOptions}}"` cite apparmor.',
        ],
        untried: noSecurityModule,
      },
      {
        line: 'docker run --security-opt label=type:container_t … · -v /data:/data:Z',
        right: 'changed',
        today: [
          'Ignored without a word on a kernel without SELinux.',
          'Ignoré sans un mot sur un noyau sans SELinux.',
        ],
        instead: ['Only where `getenforce` says Enforcing.', 'Seulement si `getenforce` dit Enforcing.'],
        steps: [
          'docker run --rm --network none --security-opt label=type:container_t -v /tmp:/x:Z image /bin/uname',
          /^Linux$/m,
        ],
        untried: noSecurityModule,
      },
    ],
  },
];
