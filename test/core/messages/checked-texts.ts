import { expect } from 'vitest';
import type { MessageRefs } from '../../../src/core/messages/record.ts';
import { translateRef } from '../../../src/core/messages/translate.ts';

/**
 * A record without its references, which the texts of today's golden files do not have. Each must say in English what stands
 * beside it, and say it in French as well.
 */
export function checkedTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(checkedTexts);
  if (typeof value !== 'object' || value === null) return value;
  const { messages = {}, ...texts } = value as Readonly<Record<string, unknown>> & {
    readonly messages?: MessageRefs;
  };
  for (const [field, ref] of Object.entries(messages)) {
    expect(translateRef(ref, 'en'), ref.id).toBe(texts[field]);
    expect(translateRef(ref, 'fr'), ref.id).not.toBeNull();
  }
  return Object.fromEntries(Object.entries(texts).map(([key, inner]) => [key, checkedTexts(inner)]));
}
