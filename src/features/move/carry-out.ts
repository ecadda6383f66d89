import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { costsOf, type TargetCost } from './costs.ts';
import { emulatorOf } from './guests.ts';
import { type MoveRecord, movingTo } from './record.ts';

const words = messages('move.files', {
  emulated:
    'EMULATED: the guests of {runtime} were emulated ({by}), without KVM. Their figures, CPU time above all, say nothing about guests under KVM.',
  plan: 'How many hosts do these services need?  @(capacity plan {file})',
  needs: 'It first needs one measurement of what sandboxes cost on this host:  @(sudo capacity measure)',
  usage:
    'cpu.usage: CPUs of one replica under {baseline}; all replicas together serve {rate} requests a second. Replace it by what a replica uses in production. cpu.ratio: CPU time of the same requests under the other runtimes, relative to {baseline}. It holds for services at work, not for idle ones.',
  rest: 'cpu.usage and cpu.ratio are those of an idle stack. Replace cpu.usage by what a replica uses in production, and measure cpu.ratio with a load.',
  held: 'memory.usage: peak of one replica under {baseline}, idle or after the load, without its shim.',
  host: 'The host that was measured: replace it by your own types, with prices.',
});
type Say = (message: Message) => string;

const mebibyte = 2 ** 20;

/** Comments: a name from a compose file must not end the line. */
const comment = (text: string): string => `# ${text.replaceAll(/[\s\p{Cc}\u2028\u2029\ufeff]+/gu, ' ')}\n`;

/** Name of the compose file for a runtime, beside the record: a name in daemon.json can hold what leads elsewhere. */
export const composeFileFor = (runtime: string): string =>
  `compose.${runtime.replaceAll(/[^\w.-]+/g, '-')}.yaml`;

/** A name of Kubernetes and of services.yaml (RFC 1123 label): other characters become `-`. */
function label(name: string, otherwise: string): string {
  const text = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '');
  return text === '' ? otherwise : text;
}

/** The costs of targets that can be relied on: not of survivors alone. */
function costTargets({ cost, baseline }: MoveRecord): readonly TargetCost[] {
  return cost === undefined ? [] : costsOf(cost, baseline).filter(({ survivorsOf }) => survivorsOf === null);
}

/** The services as `ocibench capacity plan` reads them, with what was measured; null where nothing was. `file`: where it is written. */
export function planText(move: MoveRecord, file: string, say: Say): string | null {
  const { baseline, targets, stack, verdicts, host } = move;
  const costs = costTargets(move);
  const taken = new Set<string>();
  const services = stack.services.flatMap(({ service, replicas }) => {
    const used = usageOf(move, costs, service);
    if (used === null || replicas === 0) return [];
    const moving = targets.filter((runtime) => movingTo(verdicts, runtime).includes(service));
    const ratios = moving.flatMap((runtime) => {
      const target = costs.find((each) => each.runtime === runtime);
      const ratio = target?.rows.find(
        (row) => row.service === service && row.metric === target.cpuMetric,
      )?.ratio;
      // That of a service at rest would be multiplied with its use at work; that of an emulator says nothing.
      const isUseless = target?.unasked.includes(service) === true || emulatorOf(move, runtime) !== null;
      if (isUseless || ratio == null || ratio.low === null || ratio.high === null) return [];
      const ends = [ratio.low, ratio.value, ratio.high].map((value) =>
        Number(Math.min(1000, Math.max(1e-3, value)).toPrecision(3)),
      );
      return [`${JSON.stringify(runtime)}: [${ends.join(', ')}]`];
    });
    let name = label(service, 'service');
    for (let n = 2; taken.has(name); n++) name = `${label(service, 'service')}-${n}`;
    taken.add(name);
    const runtimes = [baseline, ...moving].map((each) => JSON.stringify(each)).join(', ');
    // The one copy that was measured did the work of all replicas; each of them rests by itself.
    const cpus = (used.rest + Math.max(0, used.cpus - used.rest) / replicas).toFixed(4);
    return [
      `  - name: ${JSON.stringify(name)}\n    replicas: ${replicas}\n`,
      `    cpu: { usage: ${cpus}${ratios.length === 0 ? '' : `, ratio: { ${ratios.join(', ')} }`} }\n`,
      `    memory: { usage: ${Math.max(1, Math.ceil(used.bytes / mebibyte))}Mi }\n`,
      ...(moving.length < targets.length ? [`    runtimes: [${runtimes}]\n`] : []),
    ];
  });
  if (services.length === 0) return null;
  const rate = costs[0]?.rate;
  const comments = [
    words.plan({ file }),
    words.needs,
    rate === undefined || rate === null
      ? words.rest
      : words.usage({ baseline, rate: String(Number(rate.toPrecision(3))) }),
    words.held({ baseline }),
    ...targets.flatMap((runtime) => {
      const by = emulatorOf(move, runtime);
      return by === null ? [] : [words.emulated({ runtime, by })];
    }),
  ];
  return [
    ...comments.map((each) => comment(say(each))),
    'services:\n',
    ...services,
    comment(say(words.host)),
    `hosts:\n  - name: this\n    cpus: ${host.cpus}\n    memory: ${Math.floor(host.memoryBytes / mebibyte)}Mi\n`,
    `runtimes: [${[baseline, ...targets].map((each) => JSON.stringify(each)).join(', ')}]\n`,
    `today: ${JSON.stringify(baseline)}\n`,
  ].join('');
}

/** What a service used under the baseline: CPUs with the load and at rest in the middle of the blocks, and at most bytes, without its shim. */
function usageOf(
  { cost, baseline }: MoveRecord,
  costs: readonly TargetCost[],
  service: string,
): { readonly cpus: number; readonly rest: number; readonly bytes: number } | null {
  const [target] = costs;
  const find = (metric: string) =>
    target?.rows.find((row) => row.service === service && row.metric === metric)?.baseline;
  const [rest, cpus] = [find('rest'), find(target?.cpuMetric ?? 'rest')];
  const bytes = (cost?.measured ?? []).flatMap(({ runtime, failure, services }) => {
    const used = services.find((each) => each.service === service);
    if (runtime !== baseline || failure !== null || used?.privateBytes == null) return [];
    return [Math.max(used.privateBytes, used.loadedBytes ?? 0) - (used.outsideBytes ?? 0)];
  });
  return rest === undefined || cpus === undefined || bytes.length === 0
    ? null
    : { cpus, rest, bytes: Math.max(...bytes) };
}
