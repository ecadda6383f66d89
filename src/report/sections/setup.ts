import { type EngineConditions, engineConditionsSchema } from '../../model/host.ts';
import type { RuntimeFacts } from '../../model/runtime.ts';
import type { ReportContext } from '../context.ts';
import { type Block, code, heading, number, paragraph, runtimeName, type Text, text } from '../document.ts';
import { formatValue } from '../format.ts';
import type { Messages } from '../messages/index.ts';

/** Which runtimes, with which arguments, on which machine and engine. */
export function setupSection(context: ReportContext): readonly Block[] {
  const { m, run } = context;
  const left = (title: string) => ({ title, align: 'left' as const });
  return [
    heading(2, m.setupHeading, 'setup'),
    {
      kind: 'table',
      columns: [
        left(m.runtime),
        left(m.version),
        left(m.platform),
        left(m.arguments),
        left(m.state),
        left('SHA-256'),
      ],
      rows: run.runtimes.map((runtime) => runtimeRow(runtime, m)),
    },
    { kind: 'list', items: hostItems(context) },
    ...imagesTable(context),
  ];
}

/** The images whose root file systems the runtimes ran. */
function imagesTable({ m, run, lang }: ReportContext): readonly Block[] {
  if (run.images.length === 0) return [];
  const left = (title: string) => ({ title, align: 'left' as const });
  return [
    paragraph(text(m.imagesIntro)),
    {
      kind: 'table',
      columns: [left(m.imageHead), left('SHA-256'), { title: m.sizeHead, align: 'right' }],
      rows: run.images.map(({ recipe, contentHash, bytes }) => [
        [code(recipe)],
        [code(shortDigest(contentHash))],
        [number(formatValue(bytes, 'bytes', lang), bytes)],
      ]),
    },
  ];
}

/** Enough of a digest to tell two apart; run.json has all of it. */
function shortDigest(digest: string): string {
  return digest.length > 16 ? `${digest.slice(0, 16)}…` : digest;
}

function runtimeRow(runtime: RuntimeFacts, m: Messages): readonly Text[] {
  const { entry } = runtime;
  const command = [entry.runtimeType ?? entry.path ?? '', ...(entry.runtimeArgs ?? [])].join(' ');
  const sandbox = [runtime.platform, runtime.network === null ? null : `network=${runtime.network}`];
  return [
    [runtimeName(entry.name)],
    [text(runtime.version ?? m.unknown)],
    [text(sandbox.filter((part) => part !== null).join(', '))],
    [code(command)],
    [text(runtime.preflight.status === 'available' ? m.available : m.verdict.unavailable)],
    runtime.sha256 === null ? [] : [code(shortDigest(runtime.sha256))],
  ];
}

/** What the daemon does to all containers; null where a record does not hold it. */
function conditionsText(conditions: EngineConditions | undefined, m: Messages): string | null {
  if (conditions === undefined) return null;
  const value = (one: string | number | boolean) =>
    typeof one === 'boolean' ? (one ? m.yes : m.no) : String(one);
  return engineConditionsSchema
    .keyof()
    .options.flatMap((name) => {
      const own = conditions[name];
      return own === undefined ? [] : [`${m.condition[name]}${m.colon}${value(own)}`];
    })
    .join('; ');
}

/** What could not be read is left out, except the kernel's and the engine's own names. */
function hostItems({ m, run, lang }: ReportContext): readonly Text[] {
  const { host, engine } = run;
  const onOff = (flag: boolean | null) => (flag === null ? null : flag ? m.yes : m.no);
  const mitigations = Object.entries(host.mitigations)
    .filter(([, state]) => /^(Mitigation|Vulnerable)/.test(state))
    .map(([name, state]) => `${name}: ${state}`);
  const facts: readonly (readonly [string, string | null])[] = [
    [m.hostFacts.machine, `${host.hostname}, ${host.os}, ${host.arch}`],
    [m.hostFacts.kernel, host.kernel],
    [m.hostFacts.cpu, m.cpuCount(host.cpus, host.cpuModel)],
    [m.hostFacts.memory, formatValue(host.memoryBytes, 'bytes', lang)],
    [m.hostFacts.cgroup, m.cgroupControllers(host.cgroup, host.controllers.join(' '))],
    [
      m.hostFacts.engine,
      [
        m.engineText(
          engine.version,
          m.engineKind[engine.kind],
          engine.storageDriver,
          engine.cgroupDriver,
          engine.cgroupVersion === 'unknown' ? m.unknown : engine.cgroupVersion,
        ),
        m.reached[engine.transport ?? 'unix'],
      ]
        .filter((part) => part !== null)
        .join(', '),
    ],
    [m.hostFacts.conditions, conditionsText(engine.conditions, m)],
    [m.hostFacts.logging, m.loggingNone],
    [m.hostFacts.virtualisation, host.hypervisor === 'unknown' ? m.unknown : host.hypervisor],
    [m.hostFacts.emulation, host.emulation],
    [m.hostFacts.clocksource, host.clocksource],
    [m.hostFacts.governor, host.governor],
    [m.hostFacts.turbo, onOff(host.turbo)],
    [m.hostFacts.smt, onOff(host.smt)],
    [m.hostFacts.harness, m.harnessText(run.harnessVersion, run.schemaVersion, run.configHash, run.seed)],
    [m.hostFacts.mitigations, mitigations.length === 0 ? null : mitigations.join('; ')],
  ];
  return facts.flatMap(([name, value]) =>
    value === null || value === ''
      ? []
      : [[{ kind: 'strong', text: name } as const, text(`${m.colon}${value}`)]],
  );
}
