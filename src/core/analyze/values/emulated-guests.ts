import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { SummaryRow } from '../../model/analysis/analysis.ts';
import type { RunRecord } from '../../model/run/run.ts';
import { executedRuntime } from '../../model/trial/cell.ts';
import { isOfEmulator } from '../../model/trial/emulated-figure.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';

const text = notices('row', { emulatedGuest: 'emulated guest ({by})' });

/** Find the runtimes with emulated guests, and the emulator: their times and their memory are the emulator's. */
export function emulatedGuests(run: RunRecord, trials: readonly TrialRecord[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { entry, vm } of run.runtimes) if (vm?.emulation) found.set(entry.name, vm.emulation);
  for (const { cell, processes } of trials)
    for (const { emulation } of processes)
      if (emulation) found.set(executedRuntime(cell.runtime, run.config.baseline), emulation);
  return found;
}

/** Note for every figure of an emulated guest that tells of the emulator. `by`: undefined for a real processor. */
export function emulatedNote(
  figure: Pick<SummaryRow, 'metric' | 'unit'>,
  by: string | undefined,
): Message | null {
  return by === undefined || !isOfEmulator(figure) ? null : text.emulatedGuest({ by });
}
