import type { SizeOverhead } from '../sandbox/overhead-record.ts';
import type { MemoryPrediction } from './prediction.ts';

/** Memory of a container whose program holds `nativeBytes`: that, and a sandbox's fixed and proportional parts. */
export function memoryOf(nativeBytes: number, { total }: SizeOverhead): MemoryPrediction {
  const { fixedBytes, share } = total;
  const end = (fixed: number | null, part: number | null) =>
    fixed === null || part === null ? null : nativeBytes * (1 + part) + fixed;
  return {
    nativeBytes,
    total: {
      value: nativeBytes * (1 + share.value) + fixedBytes.value,
      low: end(fixedBytes.low, share.low),
      high: end(fixedBytes.high, share.high),
    },
  };
}
