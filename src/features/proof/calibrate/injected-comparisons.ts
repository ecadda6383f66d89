import { quantity } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Arm, Comparison } from './comparisons.ts';
import { injections } from './injectors.ts';
import type { ProbeKind } from './probe.ts';
import { engineCpu, processFigure, startupFigure } from './trial-figure.ts';

const titles = messages('calibrationCheck', {
  added: '{ms} ms added to {step}',
  shimCpu: '{ms} ms of CPU by a child of the shim',
  held: '{size} held outside the cgroup',
});

const mebibyte = 2 ** 20;
const millisecond = 1e6;

/** Comparisons of the costs injected into the baseline's create, start, shim and memory. */
export function injectedComparisons(): readonly Comparison[] {
  const arm = (injection: { readonly name: string }, probe: ProbeKind = 'quiet'): Arm => ({
    runtime: injection.name,
    probe,
    task: {},
  });
  const delay = (id: 'create' | 'start', ms: number): Comparison => ({
    id: `injected-${id}`,
    runtime: injections[id].name,
    metric: 'startup.to_output',
    title: titles.added({ ms, step: id }),
    scale: 'difference',
    relation: 'equal',
    unit: 'ns',
    treatment: arm(injections[id]),
    control: arm(injections.none),
    figure: startupFigure('startup.to_output'),
    truth: () => ms * millisecond,
    tolerance: () => 10 * millisecond,
  });
  return [
    delay('create', injections.create.createMs),
    delay('start', injections.start.startMs),
    {
      id: 'injected-cpu',
      runtime: injections.cpu.name,
      metric: 'engine.cpu',
      title: titles.shimCpu({ ms: injections.cpu.cpuMs }),
      scale: 'difference',
      relation: 'equal',
      unit: 'ns',
      treatment: arm(injections.cpu),
      control: arm(injections.none),
      figure: engineCpu,
      truth: () => injections.cpu.cpuMs * millisecond,
      tolerance: () => 20 * millisecond,
    },
    {
      id: 'injected-memory',
      runtime: injections.hold.name,
      metric: 'pss.outside',
      title: titles.held({ size: quantity(injections.hold.bytes / mebibyte, 'MiB') }),
      scale: 'difference',
      relation: 'equal',
      unit: 'bytes',
      treatment: arm(injections.hold, 'held'),
      control: arm(injections.holdNothing, 'held'),
      figure: processFigure('pss.outside'),
      truth: () => injections.hold.bytes,
      tolerance: () => mebibyte,
    },
  ];
}
