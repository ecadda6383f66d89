import { quantity } from '../../../core/messages/compose.ts';
import type { Quantity } from '../../../core/messages/message.ts';

export const mebibyte = 2 ** 20;

/** Bytes in a message: `12.3 MiB`. */
export function mebibytes(bytes: number): Quantity {
  return quantity(bytes / mebibyte, 'MiB', 1);
}

/** A fraction in a message: `0.42%`. */
export function percent(fraction: number): Quantity {
  // `|| 0` avoids a negative zero.
  return quantity(Math.round(fraction * 1e4) / 100 || 0, '%', 2);
}

/** A confidence in a message: `95%`, `99.9%`. */
export function confidenceShown(confidence: number): Quantity {
  const [, decimals = ''] = String(Number((confidence * 100).toFixed(4))).split('.');
  return quantity(confidence * 100, '%', decimals.length);
}
