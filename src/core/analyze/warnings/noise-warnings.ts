import { external, joined, listed, quantity } from '../../messages/compose.ts';
import { messages, notices } from '../../messages/define.ts';
import type { Message, Value } from '../../messages/message.ts';
import { recalled } from '../../messages/record.ts';
import type { Analysis, SummaryRow } from '../../model/analysis/analysis.ts';
import { saidAs } from '../../model/failure/said.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import { wasMeasured } from '../values/effective-trial.ts';

/** Notes of a row in the form of its record: clauses separated by semicolons. */
export function noteFields(notes: readonly Message[]): Pick<SummaryRow, 'note' | 'messages'> {
  const [only] = notes;
  if (only === undefined) return { note: '' };
  return saidAs('note', notes.length === 1 ? only : joined(notes, 'semicolon'));
}

/** `12 %`: distance of a ratio from 1, with two digits. */
export function percentFromOne(ratio: number | null): Value {
  const percent = Number((100 * ((ratio ?? 1) - 1)).toPrecision(2));
  const text = String(percent);
  // A quantity cannot show an infinity or an exponent as a number does.
  if (!/^-?\d+(\.\d+)?$/.test(text)) return `${text} %`;
  return quantity(percent, ' %', text.split('.')[1]?.length ?? 0);
}

/** A doubt about a run as a whole. */
export type Warning = Analysis['warnings'][number];

/** `code` is stable, for programs. */
export function warning(code: string, message: Message): Warning {
  return { code, ...saidAs('message', message) };
}

const text = notices('warning', {
  noisyHost: '{flagged} of {all} measured trials ({share}%) ran while the host was disturbed: {flags}.',
  clockSet:
    'The host’s clock was set by {by} before a trial of block {block}: the times of day before and after do not go together. The figures come from another clock.',
  loadPartlySeen:
    'The engine’s own CPU time is unknown ({reason}). Load of others is flagged if it has cgroups of its own or processes that live through a trial. Short-lived load beside the engine goes unnoticed.',
});

/** Warn of all that disturbed the trials of a run: their host's clock, other load, and load that nobody could see. */
export const noiseWarnings = (trials: readonly TrialRecord[]): readonly Warning[] => [
  ...setClock(trials),
  ...noisyTrials(trials),
  ...partlyKnownLoad(trials),
];

/** Warns of a clock that somebody set: the start, the end and the duration of the run are of two clocks then. */
function setClock(trials: readonly TrialRecord[]): Warning[] {
  for (const { block, clockSetMs: ms } of trials)
    if (ms !== undefined)
      return [warning('clock-set', text.clockSet({ by: quantity(ms / 1000, 's'), block }))];
  return [];
}

/** Text for each flag of trials, with its threshold and the number of trials. */
const flagWords = messages('disturbance', {
  steal: 'CPU taken by the hypervisor (more than {limit}) ×{n}',
  otherLoad: 'CPU used by other processes (more than {limit}) ×{n}',
  cpuPressure: 'waiting for CPU (more than {limit}) ×{n}',
  ioPressure: 'waiting for I/O (more than {limit}) ×{n}',
  memoryPressure: 'waiting for memory (more than {limit}) ×{n}',
  swapIn: 'pages read back from swap ×{n}',
  thermalThrottling: 'CPU slowed down by heat ×{n}',
  containerClock: 'clock of the container differs from the host’s (more than {limit}) ×{n}',
});

type FlagMessage = (values: { readonly limit: Value; readonly n: number }) => Message;

const flagMessages: ReadonlyMap<string, FlagMessage> = new Map<string, FlagMessage>([
  ['steal', flagWords.steal],
  ['other-load', flagWords.otherLoad],
  ['cpu-pressure', flagWords.cpuPressure],
  ['io-pressure', flagWords.ioPressure],
  ['memory-pressure', flagWords.memoryPressure],
  ['container-clock', flagWords.containerClock],
]);

/** Describe a flag of a trial (`steal>5%`, `swap-in`) and the number of trials with it. */
function flagMessage(flag: string, n: number): Message {
  if (flag === 'swap-in') return flagWords.swapIn({ n });
  if (flag === 'thermal-throttling') return flagWords.thermalThrottling({ n });
  const [, name = '', percent = ''] = /^([a-z-]+)>(\d{1,3})%$/.exec(flag) ?? [];
  const make = flagMessages.get(name);
  return make === undefined ? external(`${flag} ×${n}`) : make({ limit: quantity(Number(percent), '%'), n });
}

/** Minimum share of flagged trials at which the host's noise is a doubt about the whole run. */
const noiseShare = 0.1;

/** Warn if many trials ran while the host was disturbed. */
function noisyTrials(trials: readonly TrialRecord[]): Warning[] {
  const measured = trials.filter((trial) => wasMeasured(trial) && trial.noise !== null);
  const flagged = measured.filter((trial) => (trial.noise?.flags.length ?? 0) > 0);
  if (flagged.length === 0 || flagged.length < noiseShare * measured.length) return [];
  const counts = new Map<string, number>();
  for (const flag of flagged.flatMap((trial) => trial.noise?.flags ?? []))
    counts.set(flag, (counts.get(flag) ?? 0) + 1);
  const flags = [...counts].sort((a, b) => b[1] - a[1]).map(([flag, n]) => flagMessage(flag, n));
  const share = Math.round((100 * flagged.length) / measured.length);
  const values = { flagged: flagged.length, all: measured.length, share, flags: listed(flags) };
  return [warning('noisy-host', text.noisyHost(values))];
}

/** Warn if the engine's CPU time is unknown, so that the load of other processes is only partly known. */
function partlyKnownLoad(trials: readonly TrialRecord[]): Warning[] {
  const measured = trials.filter((trial) => wasMeasured(trial) && trial.noise !== null);
  const reasons = measured.flatMap(({ engineCpu, noise }) =>
    'absent' in engineCpu && noise?.otherCpuNs !== undefined ? [recalled(engineCpu, 'absent')] : [],
  );
  const [reason] = reasons;
  if (reason === undefined || reasons.length < noiseShare * measured.length) return [];
  return [warning('load-partly-seen', text.loadPartlySeen({ reason }))];
}
