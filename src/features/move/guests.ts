import type { MoveRecord } from './record.ts';

/** The software emulator of a runtime's guests (`QEMU TCG`); null where nothing proves emulation. */
export function emulatorOf({ runtimes }: Pick<MoveRecord, 'runtimes'>, runtime: string): string | null {
  return runtimes.find(({ entry }) => entry.name === runtime)?.vm?.emulation ?? null;
}
