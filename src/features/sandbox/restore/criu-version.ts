import { findProgram } from '../../../core/files/programs.ts';
import { type RunProgram, runProgram } from '../../../core/host/programs.ts';
import { notices } from '../../../core/messages/define.ts';
import { absent, present } from '../../../core/metrics/figure.ts';
import type { Figure } from '../../../core/model/trial/trial.ts';
import { noCriu } from './support.ts';

const text = notices('restore.criu', { unread: '{path} --version printed no version' });

/** Timeout of `criu --version`, ms. */
const limitMs = 3_000;

/** Version of the CRIU on PATH, as CRIU itself makes a number of it: major × 10,000 + minor × 100 + sublevel (lib/c/criu.h). */
export async function criuVersion(
  run: RunProgram = runProgram,
  find: typeof findProgram = findProgram,
): Promise<Figure> {
  const path = await find('criu');
  if (path === null) return absent(noCriu);
  const { stdout } = await run(path, ['--version'], { timeoutMs: limitMs });
  const found = /^Version: (\d{1,3})\.(\d{1,2})(?:\.(\d{1,2}))?/m.exec(stdout);
  if (found === null) return absent(text.unread({ path }));
  const [major = 0, minor = 0, sublevel = 0] = found
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return present(major * 10_000 + minor * 100 + sublevel, `${path} --version`);
}

/** `4.1.1` of 40101. */
export function criuName(version: number): string {
  const parts = [Math.floor(version / 10_000), Math.floor(version / 100) % 100, version % 100];
  return (parts[2] === 0 ? parts.slice(0, 2) : parts).join('.');
}
