import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../core/engine/engine.ts';
import { removeTree } from '../../core/engine/scratch.ts';
import { runProgram } from '../../core/host/programs.ts';
import { notices } from '../../core/messages/define.ts';

const text = notices('layer.oci', {
  noMount: 'the root file system could not be mounted: {said}',
});

/** A container's own root file system. */
export interface OverlayRoot {
  /** Its mount point, in the namespace that the prefix enters. */
  readonly path: string;
  /** Unmounts it, and removes its directory with the container's writes. */
  dispose(): Promise<void>;
}

/**
 * Mounts an image's directory below `directory`, with its own writable layer. `prefix`: enters the mount namespace. Rejects
 * with EngineError where that fails.
 */
export async function mountOverlayRoot(
  prefix: readonly string[],
  image: string,
  directory: string,
): Promise<OverlayRoot> {
  const inNamespace = async (...words: string[]): Promise<void> => {
    const [file = '', ...args] = [...prefix, ...words];
    const { exitCode, stderr } = await runProgram(file, args);
    if (exitCode !== 0) throw new EngineError(text.noMount({ said: stderr.trim() }), null);
  };
  const [path, upper, work] = [join(directory, 'rootfs'), join(directory, 'upper'), join(directory, 'work')];
  for (const each of [path, upper, work]) await mkdir(each, { recursive: true, mode: 0o755 });
  const layers = `lowerdir=${image},upperdir=${upper},workdir=${work}`;
  await inNamespace('mount', '-t', 'overlay', 'overlay', '-o', layers, path);
  return {
    path,
    async dispose() {
      await inNamespace('umount', path);
      await removeTree(directory);
    },
  };
}
