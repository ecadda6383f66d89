import type { Message } from '../../../core/messages/message.ts';
import type { AnalysisContext } from '../../context.ts';

/** Sentences of a feature about a runtime: the default export of a file in its `answers/`. */
export type FeatureSentences = (runtime: string, context: AnalysisContext) => readonly Message[];
