import type { Lang } from '../../messages/message.ts';
import { metricName } from '../words/metric.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** The shape of a catalogue: what English has, every other language must have. */
export type Messages = typeof en;

/** The texts of a language. */
export function messages(lang: Lang): Messages {
  return lang === 'fr' ? fr : en;
}

/** {@link metricName} for callers that hold a catalogue. */
export function metricLabel(metric: string, m: Messages): string {
  return metricName(metric, m === fr ? 'fr' : 'en');
}
