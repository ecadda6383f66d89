import type { Section } from './row.ts';

export const noKvm = ['no Kata and no KVM here', 'ni Kata ni KVM ici'] as const;
/** An entry of daemon.json under its name. */
const entry = (name: string, value: object) => JSON.stringify({ runtimes: { [name]: value } });
/** Runtimes of Docker. */
export const runtimeSections: readonly Section[] = [
  {
    title: ['Runtimes', 'Runtimes'],
    rows: [
      {
        line: '"runsc": {"path": "/usr/local/bin/runsc"}',
        right: 'changed',
        today: [
          'dockerd starts without looking; a container fails if the file is elsewhere, as with Debian’s package.',
          'dockerd démarre sans regarder ; un conteneur échoue si le fichier est ailleurs, comme avec le paquet de Debian.',
        ],
        instead: ['The path of `command -v runsc`.', 'Le chemin de `command -v runsc`.'],
        file: { source: entry('runsc', { path: '/usr/local/bin/runsc' }), effect: 'note' },
        runtime: ['runsc', 'runtime-binary-missing'],
      },
      {
        line: '"runsc": {"path": "/usr/bin/runsc"}',
        right: 'changed',
        today: [
          'Debian’s release of 2024 starts no container on Linux 6.11 or newer with its own network.',
          'La version Debian de 2024 ne démarre aucun conteneur sous Linux 6.11 ou plus, avec son réseau.',
        ],
        instead: [
          'A current gVisor, or `"runtimeArgs": ["--network=none"]`.',
          'Un gVisor actuel, ou `"runtimeArgs": ["--network=none"]`.',
        ],
        steps: [
          'docker run --rm --network none --runtime runsc-usual image /bin/uname',
          /cannot run with network enabled in root network namespace|^Linux$/m,
        ],
      },
      {
        line: '"runtimeArgs": ["--platform=ptrace"]',
        right: 'changed',
        today: [
          'Works in release 20240729 (here with `--network=none`), slower than its default.',
          'Fonctionne en version 20240729 (ici avec `--network=none`), plus lent que son défaut.',
        ],
        instead: ['`"--platform=systrap"`, or nothing.', '`"--platform=systrap"`, ou rien.'],
        steps: ['docker run --rm --network none --runtime runsc-ptrace image /bin/uname', /^Linux$/m],
      },
      {
        line: '"runtimeArgs": ["--platform=kvm"]',
        right: 'changed',
        today: ['Needs `/dev/kvm`.', 'Demande `/dev/kvm`.'],
        instead: ['Without KVM: `"--platform=systrap"`', 'Sans KVM : `"--platform=systrap"`'],
        untried: ['no usable KVM here', 'pas de KVM utilisable ici'],
      },
      {
        line: '"runsc": {"runtimeType": "io.containerd.runsc.v1"}',
        right: 'changed',
        today: [
          'Needs `containerd-shim-runsc-v1`, which Debian’s package lacks.',
          'Demande `containerd-shim-runsc-v1`, absent du paquet Debian.',
        ],
        instead: ['`"path": "/usr/bin/runsc"`', '`"path": "/usr/bin/runsc"`'],
        file: { source: entry('runsc', { runtimeType: 'io.containerd.runsc.v1' }), effect: 'note' },
        runtime: ['runsc', 'runsc-shim-missing'],
      },
      {
        line: '"kata": {"runtimeType": "io.containerd.kata.v2"}',
        right: 'yes',
        today: [
          'Needs Kata and KVM; without them dockerd starts, and its containers fail.',
          'Demande Kata et KVM ; sans eux dockerd démarre, et ses conteneurs échouent.',
        ],
        file: { source: entry('kata', { runtimeType: 'io.containerd.kata.v2' }), effect: 'note' },
        runtime: ['kata', 'kata-shim-missing'],
        untried: noKvm,
      },
      {
        line: '"kata-runtime": {"path": "/usr/bin/kata-runtime"}',
        right: 'no',
        today: [
          'Kata 1 only: since Kata 2 that program is a tool, and no container starts.',
          'Kata 1 seulement : depuis Kata 2, ce programme est un outil, et aucun conteneur ne démarre.',
        ],
        instead: [
          '`"kata": {"runtimeType": "io.containerd.kata.v2"}`',
          '`"kata": {"runtimeType": "io.containerd.kata.v2"}`',
        ],
        file: { source: entry('kata-runtime', { path: '/usr/bin/kata-runtime' }), effect: 'note' },
        runtime: ['kata-runtime', 'kata-runtime-missing'],
      },
      {
        line: '"kata": {"runtimeType": "io.containerd.kata.v3"}',
        right: 'no',
        today: [
          'No such shim: it is called v2 in Kata 3 too.',
          'Ce shim n’existe pas : il s’appelle v2 dans Kata 3 aussi.',
        ],
        instead: ['`"io.containerd.kata.v2"`', '`"io.containerd.kata.v2"`'],
        file: { source: entry('kata', { runtimeType: 'io.containerd.kata.v3' }), effect: 'note' },
        runtime: ['kata', 'kata-shim-type'],
      },
      {
        line: '"default-runtime": "crun", "runtimes": {"crun": {"path": "/usr/bin/crun"}}',
        right: 'yes',
        today: [
          'Works; containers that exist keep theirs.',
          'Fonctionne ; les conteneurs existants gardent le leur.',
        ],
        file: {
          source: '{"default-runtime":"crun","runtimes":{"crun":{"path":"/usr/bin/crun"}}}',
          effect: 'ok',
        },
      },
      {
        line: '"runtimes": {"runc": {"path": "/usr/bin/runc"}}',
        right: 'no',
        today: [
          'dockerd does not start: the name is reserved. `--validate` says OK.',
          'dockerd ne démarre pas : ce nom est réservé. `--validate` dit OK.',
        ],
        instead: ['Remove it, or choose another name.', 'Supprimer, ou choisir un autre nom.'],
        file: { source: entry('runc', { path: '/usr/bin/runc' }), effect: 'parser' },
      },
      {
        line: 'sudo runsc install',
        right: 'yes',
        today: [
          'Adds the path of this program to daemon.json; then `systemctl reload docker`.',
          'Ajoute le chemin de ce programme à daemon.json ; puis `systemctl reload docker`.',
        ],
        steps: [
          'mkdir -p /etc/docker; runsc install; cat /etc/docker/daemon.json',
          /Successfully updated config[\s\S]*"path": "\/usr\/bin\/runsc"/,
        ],
      },
      {
        line: "docker info --format '{{json .Runtimes}}'",
        right: 'changed',
        today: ['Prints 9 KB in one line.', 'Affiche 9 Ko sur une ligne.'],
        instead: ["`| jq 'map_values({path, runtimeArgs})'`", "`| jq 'map_values({path, runtimeArgs})'`"],
        steps: ["docker info --format '{{json .Runtimes}}'", /^.{5000,}$/m],
      },
      {
        line: 'docker run --rm --runtime=runsc IMAGE uname -r',
        right: 'yes',
        today: ['Shows another kernel than the host’s.', 'Montre un autre noyau que celui de l’hôte.'],
        steps: [
          '[ "$(docker run --rm --network none --runtime runsc-ptrace image /bin/uname -r)" != "$(uname -r)" ] && echo another',
          /^another$/m,
        ],
      },
    ],
  },
];
