import type { RuntimeFacts } from '../../model/runtime.ts';
import type { ReportContext } from '../context.ts';
import { type Block, code, heading, type Text, text } from '../document.ts';
import { formatValue } from '../format.ts';
import type { Messages } from '../messages/index.ts';

/** Which runtimes, with which arguments, on which machine and engine. */
export function setupSection(context: ReportContext): readonly Block[] {
  const { m, run } = context;
  const left = (title: string) => ({ title, align: 'left' as const });
  return [
    heading(2, m.setupHeading),
    {
      kind: 'table',
      columns: [left(m.runtime), left(m.version), left(m.platform), left(m.arguments), left(m.state)],
      rows: run.runtimes.map((runtime) => runtimeRow(runtime, m)),
    },
    { kind: 'list', items: hostItems(context) },
  ];
}

function runtimeRow(runtime: RuntimeFacts, m: Messages): readonly Text[] {
  const { entry } = runtime;
  const command = [entry.runtimeType ?? entry.path ?? '', ...(entry.runtimeArgs ?? [])].join(' ');
  const sandbox = [runtime.platform, runtime.network === null ? null : `network=${runtime.network}`];
  return [
    [code(entry.name)],
    [text(runtime.version ?? m.unknown)],
    [text(sandbox.filter((part) => part !== null).join(', '))],
    [code(command)],
    [text(runtime.preflight.status === 'available' ? m.available : m.verdict.unavailable)],
  ];
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
      m.engineText(
        engine.version,
        m.engineKind[engine.kind],
        engine.storageDriver,
        engine.cgroupDriver,
        engine.cgroupVersion === 'unknown' ? m.unknown : engine.cgroupVersion,
      ),
    ],
    [m.hostFacts.virtualisation, host.hypervisor === 'unknown' ? m.unknown : host.hypervisor],
    [m.hostFacts.emulation, host.emulation],
    [m.hostFacts.clocksource, host.clocksource],
    [m.hostFacts.governor, host.governor],
    [m.hostFacts.turbo, onOff(host.turbo)],
    [m.hostFacts.smt, onOff(host.smt)],
    [m.hostFacts.mitigations, mitigations.length === 0 ? null : mitigations.join('; ')],
  ];
  return facts.flatMap(([name, value]) =>
    value === null || value === ''
      ? []
      : [[{ kind: 'strong', text: name } as const, text(`${m.colon}${value}`)]],
  );
}
