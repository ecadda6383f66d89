import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { floorBaseline } from '../../../core/model/cell.ts';
import { families } from '../../../core/runtimes/registry.ts';
import type { Fleet, FleetCategory, FleetComparison } from './fleet-record.ts';

const words = messages('fleet.anonymous', {
  runtime: '{family}, own name {n}',
  anyRuntime: 'own runtime {n}',
  workload: 'own workload {n}',
  engine: 'own engine {n}',
  profile: 'own profile {n}',
});

/** Ids and names that are ocibench's own. */
export interface ShippedNames {
  readonly workloads: ReadonlySet<string>;
  readonly profiles: ReadonlySet<string>;
}

/** Number of hosts with one text from which it is shown: nobody's own. */
const leastShared = 3;

/** Words of names and versions that kernels, programs and distributions choose, and no person. */
const commonWords = new Set(
  [
    'default baseline docker containerd podman moby buildah io shim runtime rootless host none network sandbox debug',
    'overlay overlay2 overlayfs vfs btrfs zfs fuse snapshotter cgroupfs systemd nspawn chroot unshare bwrap',
    'qemu clh fc dragonball kvm ptrace systrap tcg flags directfs rootfs file exclusive shared gofer lisafs',
    'linux gnu generic cloud server workstation lts edge rt virtual kernel standard hwe virt common tiny default',
    'amd64 arm64 aarch64 x86 x64 arm riscv64 s390x ppc64le ia32',
    'azure aws gcp oracle raspi rpi rpt lowlatency microsoft pve desktop engine community release version edition linuxkit',
    'debian ubuntu fedora alpine centos rocky almalinux stream red hat enterprise amazon opensuse leap tumbleweed',
    'suse sles manjaro mint nixos raspbian kali bookworm trixie forky sid jammy noble plucky questing',
    'vmware xen hyperv virtualbox parallels apple bhyve zvm lxc openvz wsl hardware nested',
    'performance powersave schedutil ondemand conservative userspace tsc hpet clock acpi pm jiffies sys counter',
    'mitigation mitigations vulnerable not affected unknown processor spectre v1 v2 meltdown mds l1tf spec store bypass',
    'itlb multihit tsx async abort srbds mmio stale data retbleed gather sampling reg rstack overflow ghostwrite',
    'indirect target selection tsa vmscape old microcode clear cpu buffers pti enhanced automatic ibrs ibpb retpolines',
    'usercopy swapgs barriers and user pointer sanitization speculative disabled via prctl safe ret untrained return',
    'thunk no inversion split huge pages smt before exit to userspace attempted',
    floorBaseline,
    ...families.map(({ id }) => id),
  ].flatMap((line) => line.split(' ')),
);

/** A part of a version: a number, a day, `rc1`, `0ubuntu3`, `deb13u1`, `el9`. No hash, which a name of hexadecimal digits looks like. */
const ofVersion =
  /^(?:v?\d{1,5}|20\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])|\d{0,5}(?:rc|alpha|beta|dev|deb|ds|dfsg|bpo|el|fc|wsl|ubuntu|build|arch|u)\d{0,5}(?:u\d{1,3})?)$/;

/** Words: all that stands between blanks and punctuation of ASCII. */
const anyWord = /[^\s!-/:-@[-`{-~]+/gu;

const isCommon = (word: string) => commonWords.has(word.toLowerCase()) || ofVersion.test(word.toLowerCase());

/** A text without words that somebody could have chosen: `6.8.0-ada` is `6.8.0-…`. */
const withoutOwnWords = (text: string) => text.replace(anyWord, (word) => (isCommon(word) ? word : '…'));

const isNobodys = (name: string) => (name.match(anyWord) ?? []).every(isCommon);

/** Facts that are hardware, numbers, or words of ocibench. */
const kept = new Set(['cpu', 'cpus', 'memory', 'smt', 'load', 'cgroup', 'engine']);

const ofRuntime = 'runtime.';

/** Calls `each` with a function that notes a text and a host that has it; returns how many hosts have a text. */
function counted(each: (add: (text: string, host: number) => void) => void): (text: string) => number {
  const of = new Map<string, Set<number>>();
  each((text, host) => of.set(text, (of.get(text) ?? new Set()).add(host)));
  return (text) => of.get(text)?.size ?? 0;
}

const namesOf = (of: FleetCategory | FleetComparison): readonly string[] => [
  ...[of.runtime, of.baseline].map((name) => `runtime ${name}`),
  ...(of.engine === undefined ? [] : [`engine ${of.engine}`]),
  ...('workload' in of ? [`workload ${workOf(of)}`, `profile ${of.profile}`] : []),
];

const workOf = ({ workload, params }: Pick<FleetComparison, 'workload' | 'params'>) =>
  params === '' ? workload : `${workload} ${params}`;

/** How the values of a fleet are shown. */
function shownValues(fleet: Fleet, lang: Lang, shipped: ShippedNames) {
  const { hosts, runtimes, categories, comparisons } = fleet;
  const hostsWith = counted((add) => {
    for (const [host, { facts }] of hosts.entries())
      for (const [id, value] of Object.entries(facts)) {
        add(`fact ${id} ${value}`, host);
        if (id.startsWith(ofRuntime)) add(`runtime ${id.slice(ofRuntime.length)}`, host);
      }
    for (const of of [...categories, ...comparisons])
      for (const { host } of of.votes) for (const name of namesOf(of)) add(name, host);
    for (const { runtimes: lost, hosts: whose, others } of fleet.missing)
      for (const name of lost)
        for (const host of [...whose, ...others.map((_, at) => -1 - at)]) add(`runtime ${name}`, host);
  });
  const numbered = new Map<string, Map<string, number>>();
  const numberOf = (kind: string, name: string) => {
    const own = numbered.get(kind) ?? new Map<string, number>();
    numbered.set(kind, own);
    const n = own.get(name) ?? own.size + 1;
    own.set(name, n);
    return n;
  };
  const renamed = (kind: string, name: string, stand: (n: number) => Message) =>
    isNobodys(name) || hostsWith(`${kind} ${name}`) >= leastShared
      ? name
      : translate(stand(numberOf(kind, name)), lang);
  const known = new Set(families.map(({ id }) => id));
  const family = (id: string) => (known.has(id) ? id : '…');
  const familyOf = new Map(runtimes.map(({ name, family: id }) => [name, family(id)]));
  const runtime = (name: string) =>
    renamed('runtime', name, (n) => {
      const of = familyOf.get(name);
      return of === undefined ? words.anyRuntime({ n }) : words.runtime({ family: of, n });
    });
  return {
    family,
    runtime,
    engine: (name: string) => renamed('engine', name, (n) => words.engine({ n })),
    profile: (name: string) =>
      shipped.profiles.has(name) ? name : renamed('profile', name, (n) => words.profile({ n })),
    /** Parameters of a workload of one's own are part of its name. */
    work: (of: Pick<FleetComparison, 'workload' | 'params'>) => {
      if (shipped.workloads.has(of.workload)) return { workload: of.workload, params: of.params };
      const shown = renamed('workload', workOf(of), (n) => words.workload({ n }));
      return shown === workOf(of)
        ? { workload: of.workload, params: of.params }
        : { workload: shown, params: '' };
    },
    factId: (id: string) =>
      id.startsWith(ofRuntime) ? `${ofRuntime}${runtime(id.slice(ofRuntime.length))}` : id,
    /** Two values that look alike without own words stay two. */
    fact(id: string, value: string) {
      if (kept.has(id) || hostsWith(`fact ${id} ${value}`) >= leastShared) return value;
      const bare = withoutOwnWords(value);
      if (bare === value) return value;
      const n = numberOf(`fact ${id} ${bare}`, value);
      return n === 1 ? bare : `${bare} (${n})`;
    },
  };
}

const day = /^\d{4}-\d{2}-\d{2}/;
const digest = /^(?:sha256:)?[0-9a-f]{8,64}$/;
const idOf = /^[a-z0-9_.-]{1,64}$/;

/**
 * A fleet without names and versions that could name somebody. They stay where several hosts have them, and where they consist of
 * words and numbers that programs choose; other names are numbered.
 */
export function withoutOwnValues(fleet: Fleet, lang: Lang, shipped: ShippedNames): Fleet {
  const shown = shownValues(fleet, lang, shipped);
  const both = <T extends FleetCategory | FleetComparison>(of: T): T => ({
    ...of,
    runtime: shown.runtime(of.runtime),
    baseline: shown.runtime(of.baseline),
    ...(of.engine === undefined ? {} : { engine: shown.engine(of.engine) }),
    ...(of.arch === undefined ? {} : { arch: shown.fact('arch', of.arch) }),
  });
  const digestOf = (text: string | null) => (text !== null && digest.test(text) ? text : null);
  return {
    ...fleet,
    runtimes: fleet.runtimes.map(({ name, family }) => ({
      name: shown.runtime(name),
      family: shown.family(family),
    })),
    hosts: fleet.hosts.map((host) => ({
      ...host,
      runs: host.runs.map((run) => ({
        ...run,
        harnessVersion: withoutOwnWords(run.harnessVersion),
        startedAt: day.exec(run.startedAt)?.[0] ?? '…',
      })),
      facts: Object.fromEntries(
        Object.entries(host.facts).map(([id, value]) => [shown.factId(id), shown.fact(id, value)]),
      ),
    })),
    categories: fleet.categories.map(both),
    comparisons: fleet.comparisons.map((of) => ({
      ...both(of),
      ...shown.work(of),
      profile: shown.profile(of.profile),
      metric: idOf.test(of.metric) ? of.metric : '…',
      definition: digestOf(of.definition),
      image: digestOf(of.image),
    })),
    missing: fleet.missing.map((of) => ({
      ...of,
      runtimes: of.runtimes.map(shown.runtime),
      workloads: of.workloads.map((text) => {
        const [workload = '', ...params] = text.split(' ');
        const work = shown.work({ workload, params: params.join(' ') });
        return work.params === '' ? work.workload : workOf(work);
      }),
    })),
    outliers: fleet.outliers.map((outlier) => ({
      ...outlier,
      differs: outlier.differs.map((of) => ({
        ...of,
        fact: shown.factId(of.fact),
        value: shown.fact(of.fact, of.value),
        others: shown.fact(of.fact, of.others),
      })),
    })),
    associations: fleet.associations.map((of) => ({
      ...of,
      facts: of.facts.map(shown.factId),
      values: of.values.map((each) => ({
        ...each,
        values: each.values.map((value, at) => shown.fact(of.facts[at] ?? '', value)),
      })),
    })),
  };
}
