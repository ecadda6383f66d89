import type { Section } from './row.ts';

const noKvm = ['no Kata and no KVM here', 'ni Kata ni KVM ici'] as const;
/** An entry of daemon.json under its name. */
const entry = (name: string, value: object) => JSON.stringify({ runtimes: { [name]: value } });
/** Prepares `ctr` for the engine of the machine, with its image. */
const ctr = `store=/run/docker/containerd/containerd.sock
docker save image | ctr -a $store image import - >/dev/null 2>&1
run() { timeout 30 ctr -a $store run --rm "$@" 2>&1; }
`;
const image = 'docker.io/library/image:latest';
/** What containerd makes of a config.toml. */
const dump = (source: string) => `cat >/tmp/config.toml <<'END'
${source}
END
containerd --config /tmp/config.toml config dump 2>&1`;

/** Runtimes of Docker and of containerd, runc by hand, the audit and the exercise. */
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
          'Right where Kata and KVM are; else dockerd starts, and containers of it fail.',
          'Juste avec Kata et KVM ; sinon dockerd démarre, et ses conteneurs échouent.',
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
  {
    title: ['containerd and runc by hand', 'containerd et runc à la main'],
    rows: [
      {
        line: '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc] (version = 2)',
        right: 'changed',
        today: [
          'For Kubernetes; Docker never reads it. containerd 1.7 takes it as it is, 2.1 converts it at each start.',
          'Pour Kubernetes ; Docker ne le lit jamais. containerd 1.7 le prend tel quel, 2.1 le convertit à chaque démarrage.',
        ],
        instead: ['containerd 2: `containerd config migrate`', 'containerd 2 : `containerd config migrate`'],
        steps: [
          dump(
            'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]\n  runtime_type = "io.containerd.runsc.v1"',
          ),
          /io\.containerd\.grpc\.v1\.cri"\.containerd\.runtimes\.runsc\]/,
          /io\.containerd\.cri\.v1\.runtime'\.containerd\.runtimes\.runsc\]/,
        ],
      },
      {
        line: '[plugins.cri.containerd.runtimes.runsc] (no version)',
        right: 'no',
        today: [
          'containerd 1.7 converts it; 2.1 ignores the entry with a warning in its log.',
          'containerd 1.7 le convertit ; 2.1 ignore l’entrée, avec un avertissement dans son journal.',
        ],
        instead: ['Begin with `version = 2`, as above.', 'Commencer par `version = 2`, comme ci-dessus.'],
        steps: [
          dump('[plugins.cri.containerd.runtimes.runsc]\n  runtime_type = "io.containerd.runsc.v1"'),
          /containerd\.runtimes\.runsc\]/,
          /Ignoring unknown key in TOML/,
        ],
      },
      {
        line: 'ctr run --rm --runtime io.containerd.runc.v2 IMAGE NAME uname',
        right: 'yes',
        today: [
          'Works, without a network; Docker’s images are not there: `ctr image pull` first.',
          'Fonctionne, sans réseau ; les images de Docker n’y sont pas : `ctr image pull` d’abord.',
        ],
        steps: [`${ctr}run --runtime io.containerd.runc.v2 ${image} first /bin/uname`, /^Linux$/m],
      },
      {
        line: 'ctr run --rm --runtime io.containerd.runtime.v1.linux IMAGE NAME uname',
        right: 'no',
        today: ['containerd 1.7 warns; 2.1 no longer has it.', 'containerd 1.7 avertit ; 2.1 ne l’a plus.'],
        instead: ['`io.containerd.runc.v2`', '`io.containerd.runc.v2`'],
        steps: [
          `${ctr}run --runtime io.containerd.runtime.v1.linux ${image} second /bin/uname`,
          /^Linux$/m,
          /binary not installed/,
        ],
      },
      {
        line: 'ctr run --rm --runtime io.containerd.runsc.v1 IMAGE NAME uname',
        right: 'changed',
        today: ['Needs the shim, as above.', 'Demande le shim, comme ci-dessus.'],
        instead: ['Install gVisor from its own repository.', 'Installer gVisor depuis son propre dépôt.'],
        steps: [
          `${ctr}run --runtime io.containerd.runsc.v1 ${image} third /bin/uname`,
          /binary not installed "containerd-shim-runsc-v1"/,
        ],
      },
      {
        line: 'ctr run --rm --runtime io.containerd.kata.v2 IMAGE NAME uname',
        right: 'yes',
        today: ['Needs Kata’s shim and KVM.', 'Demande le shim de Kata et KVM.'],
        untried: noKvm,
      },
      {
        line: 'ctr run --rm --runc-binary /usr/bin/crun IMAGE NAME uname',
        right: 'yes',
        today: ['Works: crun under runc’s shim.', 'Fonctionne : crun sous le shim de runc.'],
        steps: [`${ctr}run --runc-binary /usr/bin/crun ${image} fourth /bin/uname`, /^Linux$/m],
      },
      {
        line: 'docker export $(docker create IMAGE) | tar -C rootfs -xf - ; runc spec',
        right: 'yes',
        today: [
          'Writes config.json, once: a second time refuses.',
          'Écrit config.json, une fois : la seconde est refusée.',
        ],
        steps: [
          `mkdir -p /tmp/bundle/rootfs; cd /tmp/bundle
docker export "$(docker create --network none image /bin/uname)" | tar -C rootfs -xf -
runc spec; ls rootfs config.json; runc spec`,
          /config\.json[\s\S]*File config\.json exists/,
        ],
      },
      {
        line: 'runc run NAME',
        right: 'changed',
        today: [
          'Right in a terminal. From a script it fails: config.json asks for one.',
          'Juste dans un terminal. Depuis un script, échoue : config.json en demande un.',
        ],
        instead: ['In config.json: `"terminal": false`', 'Dans config.json : `"terminal": false`'],
        steps: [
          `cd /tmp/bundle
sed -i 's/"terminal": true/"terminal": false/; s|"sh"|"/bin/uname"|' config.json
runc run byhand`,
          /^Linux$/m,
        ],
      },
    ],
  },
  {
    title: ['Audit and exercise', 'Audit et exercice'],
    rows: [
      {
        line: 'docker run … docker/docker-bench-security',
        right: 'no',
        today: [
          'The project itself calls this image out of date. It gets the host’s files and processes.',
          'Le projet lui-même dit cette image périmée. Elle reçoit les fichiers et processus de l’hôte.',
        ],
        instead: [
          'From its repository: `sudo sh docker-bench-security.sh`',
          'Depuis son dépôt : `sudo sh docker-bench-security.sh`',
        ],
        untried: ['no registry here; by its README', 'pas de registre ici ; selon son README'],
      },
      {
        line: 'time docker run --rm --runtime=RUNTIME IMAGE true',
        right: 'changed',
        today: [
          'Works; one start, mostly Docker’s own time, and the first one also fills caches.',
          'Fonctionne ; un seul démarrage, surtout du temps de Docker, et le premier remplit les caches.',
        ],
        instead: ['`sudo ./ocibench run --preset lab`', '`sudo ./ocibench run --preset lab --lang fr`'],
        steps: ['docker run --rm --network none --runtime crun image /bin/uname', /^Linux$/m],
      },
      {
        line: 'dd if=/dev/zero of=/tmp/test bs=1M count=1024',
        right: 'no',
        today: ['Measures memory, the page cache.', 'Mesure la mémoire, le cache de pages.'],
        instead: [
          'Add `oflag=direct conv=fsync`; or `ocibench`’s `io/fio`.',
          'Ajouter `oflag=direct conv=fsync` ; ou `io/fio` d’`ocibench`.',
        ],
        steps: [
          'dd if=/dev/zero of=/tmp/test bs=1M count=16 2>&1; grep -E "^Dirty|^Cached" /proc/meminfo',
          /16 MiB/,
        ],
      },
      {
        line: 'gVisor: 30–50 %',
        right: 'no',
        today: [
          'From no difference to many times, by what the program asks of the kernel ([reference](../../results/reference/report.md)).',
          'D’aucune différence à plusieurs fois, selon ce que le programme demande au noyau ([référence](../../results/reference/report.md)).',
        ],
        instead: ['A ratio per test, with its interval.', 'Un ratio par test, avec son intervalle.'],
      },
    ],
  },
];
