import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import {
  type EngineConditions,
  type EngineFacts,
  engineConditionsSchema,
} from '../../core/model/machine/host.ts';
import { engineTraits, productOf } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeFacts } from '../../core/model/runtime/runtime.ts';
import type { ReportContext, Translate } from '../context.ts';
import {
  type Block,
  chapter,
  code,
  list,
  number,
  paragraph,
  runtimeName,
  strong,
  type Text,
  text,
} from '../document/document.ts';
import { formatValue } from '../document/format.ts';
import { tableOf } from '../document/make-table.ts';
import { words as shared } from '../words/common.ts';
import { verdictNames } from '../words/verdict.ts';
import type { Section } from './section.ts';

const words = messages('section.setup', {
  title: 'Setup',
  version: 'version',
  released: 'released',
  platform: 'platform',
  arguments: 'arguments',
  state: 'state',
  available: 'measured',
  images: 'Images: what the runtimes ran, by the digest of their root file system.',
  image: 'image',
  size: 'size',
  on: 'on',
  off: 'off',
  cpus: '{n} × {model}',
  cgroup: '{mode} ({controllers})',
  engine:
    '{product} {version} ({kind}), storage {storage}, cgroup driver {driver}, cgroup version {cgroup}{reached}',
  logging:
    'measured containers have no log driver (LogConfig none), whatever the daemon’s default. A program that prints much costs more in production; io/log-lines measures how much',
  harness: 'ocibench {version}, records of version {schema}, configuration {config}, seed {seed}',
});

const facts = messages('section.setup.host', {
  machine: 'Machine',
  kernel: 'Kernel',
  cpu: 'CPU',
  memory: 'Memory',
  cgroup: 'cgroup',
  engine: 'Engine',
  conditions: 'Settings of the daemon',
  logging: 'Output of containers',
  virtualisation: 'Virtualised by',
  emulation: 'Processor emulated by',
  clocksource: 'Clock source',
  governor: 'CPU governor',
  turbo: 'Turbo',
  smt: 'SMT',
  harness: 'Harness',
  mitigations: 'CPU mitigations',
});

/** Connection to the engine, if not by this host's socket. */
const transports: Readonly<Record<NonNullable<EngineFacts['transport']>, Message | null>> = {
  unix: null,
  ...messages('section.setup.transport', {
    tls: ', reached by TCP with mutual TLS',
    ssh: ', reached by ssh',
    tcp: ', reached by TCP without protection (--set insecureTcp=true)',
  }),
};

const conditionNames: Readonly<Record<keyof EngineConditions, Message>> = messages(
  'section.setup.condition',
  {
    seccomp: 'seccomp profile',
    securityModule: 'security module',
    noNewPrivileges: 'no-new-privileges',
    defaultUlimits: 'default-ulimits',
    liveRestore: 'live-restore',
    userlandProxy: 'userland-proxy',
    icc: 'icc',
    logDriver: 'log driver',
    backingFileSystem: 'file system below the storage driver',
    otherContainers: 'other containers running at the start',
  },
);

/** The runtimes with their arguments, the machine and the engine. */
export default {
  id: 'setup',
  order: 1000,
  blocks(context) {
    const { t } = context;
    return [
      chapter({ title: t(words.title), id: 'setup' }, [
        runtimesTable(context),
        ...list(hostItems(context)),
        ...imagesTable(context),
      ]),
    ];
  },
} satisfies Section;

/** The images whose root file systems the runtimes ran. */
function imagesTable({ run, lang, t }: ReportContext): readonly Block[] {
  if (run.images.length === 0) return [];
  return [
    paragraph(text(t(words.images))),
    tableOf(
      run.images,
      [
        [words.image, ({ recipe }) => code(recipe)],
        ['SHA-256', ({ contentHash }) => code(shortDigest(contentHash))],
        [words.size, ({ bytes }) => number(formatValue(bytes, 'bytes', lang), bytes), 'right'],
      ],
      lang,
    ),
  ];
}

/** Enough of a digest to distinguish two; run.json has the full one. */
function shortDigest(digest: string): string {
  return digest.length > 16 ? `${digest.slice(0, 16)}…` : digest;
}

function runtimesTable({ run, lang, t }: ReportContext): Block {
  const isDated = run.runtimes.some(({ released }) => released !== undefined);
  const command = ({ runtimeType, path = '', runtimeArgs = [] }: RuntimeFacts['entry']) =>
    [runtimeType ?? path, ...runtimeArgs].join(' ');
  const sandbox = ({ platform, network }: RuntimeFacts) =>
    [platform, network === null ? null : `network=${network}`].filter((part) => part !== null).join(', ');
  return tableOf(
    run.runtimes,
    [
      [shared.runtime, ({ entry }) => runtimeName(entry.name)],
      [words.version, ({ version }) => version ?? shared.unknown],
      isDated && [words.released, ({ released }) => released?.on ?? shared.unknown],
      [words.platform, sandbox],
      [words.arguments, ({ entry }) => code(command(entry))],
      [
        words.state,
        ({ preflight }) => (preflight.status === 'available' ? words.available : verdictNames.unavailable),
      ],
      ['SHA-256', ({ sha256 }) => (sha256 === null ? null : code(shortDigest(sha256)))],
    ],
    lang,
    t(words.title),
  );
}

/** Facts of the host; leaves out those that could not be read, except the names of kernel and engine. */
function hostItems({ run, lang, t }: ReportContext): readonly Text[] {
  const { host } = run;
  const onOff = (flag: boolean | null) => (flag === null ? null : t(flag ? words.on : words.off));
  const mitigations = Object.entries(host.mitigations)
    .filter(([, state]) => /^(Mitigation|Vulnerable)/.test(state))
    .map(([name, state]) => `${name}: ${state}`);
  const harness = words.harness({
    version: run.harnessVersion,
    schema: run.schemaVersion,
    config: run.configHash,
    seed: String(run.seed),
  });
  const items: Readonly<Record<keyof typeof facts, string | null>> = {
    machine: `${host.hostname}, ${host.os}, ${host.arch}`,
    kernel: host.kernel,
    cpu: t(words.cpus({ n: host.cpus, model: host.cpuModel })),
    memory: formatValue(host.memoryBytes, 'bytes', lang),
    cgroup: t(words.cgroup({ mode: host.cgroup, controllers: host.controllers.join(' ') })),
    engine: engineText(run.engine, t),
    conditions: conditionsText(run.engine.conditions, t),
    logging: t(words.logging),
    virtualisation: host.hypervisor === 'unknown' ? t(shared.unknown) : host.hypervisor,
    emulation: host.emulation,
    clocksource: host.clocksource,
    governor: host.governor,
    turbo: onOff(host.turbo),
    smt: onOff(host.smt),
    harness: t(harness),
    mitigations: mitigations.join('; '),
  };
  return Object.entries(facts).flatMap(([name, title]): readonly Text[] => {
    const value = items[name as keyof typeof facts];
    return value === null || value === '' ? [] : [[strong(t(title)), text(`${t(shared.colon)}${value}`)]];
  });
}

function engineText(engine: EngineFacts, t: Translate): string {
  return t(
    words.engine({
      product: productOf(engine),
      version: engine.version,
      kind: engineTraits(engine).described,
      storage: engine.storageDriver,
      driver: engine.cgroupDriver,
      cgroup: engine.cgroupVersion === 'unknown' ? shared.unknown : engine.cgroupVersion,
      reached: transports[engine.transport ?? 'unix'] ?? '',
    }),
  );
}

/** The daemon's settings for all containers; null if the record lacks them. */
function conditionsText(conditions: EngineConditions | undefined, t: Translate): string | null {
  if (conditions === undefined) return null;
  const value = (one: string | number | boolean) =>
    typeof one === 'boolean' ? t(one ? words.on : words.off) : String(one);
  return engineConditionsSchema
    .keyof()
    .options.flatMap((name) => {
      const own = conditions[name];
      return own === undefined ? [] : [`${t(conditionNames[name])}${t(shared.colon)}${value(own)}`];
    })
    .join('; ');
}
