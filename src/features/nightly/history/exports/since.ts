import type { History } from '../nights.ts';

/** The figures and nights from a day on. Alarms stay all: how many are open counts older ones. */
export function nightsFrom(history: History, since: string | null): History {
  if (since === null) return history;
  const isIn = ({ night }: { readonly night: string }) => night >= since;
  return { ...history, headlines: history.headlines.filter(isIn), nights: history.nights.filter(isIn) };
}
