import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunRequest } from '../../src/core/config/command-line.ts';
import { chooseAccelerator } from '../../src/features/lab/accelerator.ts';
import { type MachineSpec, qemuArguments } from '../../src/features/lab/qemu.ts';
import { makeRunDisk, type RunOutput, readRunDisk } from '../../src/features/lab/run-disk.ts';
import { realGuestInput as guestInput } from '../support/app-context.ts';

/** A guest both of whose disks keep what was written when its power goes. */
export interface LastingGuest {
  /** Boots it; its power is cut when `cut` resolves, which may wait for lines that it says, unless it ends before. Returns its lines. */
  boot(cut: (said: (pattern: RegExp) => Promise<string>) => Promise<void>): Promise<readonly string[]>;
  /** What is on its disk now, with its journal replayed; the disk itself is not touched. */
  look(): Promise<RunOutput>;
  remove(): Promise<void>;
}

/** Makes a guest that runs a shell script whenever it boots; it has the images that `ocibench run` with these flags needs. */
export async function lastingGuest(
  systemDisk: string,
  script: string,
  request: RunRequest,
): Promise<LastingGuest> {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-power-'));
  const at = (name: string) => join(directory, name);
  const cached = (name: string) => join(systemDisk, '..', name);
  const input = await guestInput({}, request, directory);
  const images = await input.images();
  const boot = { kernel: cached('vmlinuz'), initrd: cached('initrd.img') };
  const { accelerator } = await chooseAccelerator(boot.kernel, null);
  const { config } = input.forAccelerator(accelerator);
  const command = ['bash', '-c', script];
  const spec: MachineSpec = {
    ...boot,
    directory,
    name: 'power-loss',
    accelerator,
    cpus: 2,
    memoryMiB: 3072,
    mode: 'exec',
    systemDisk: at('system.ext4'),
    runDisk: await makeRunDisk(directory, { ...input, command, config, images }),
    consoleLog: at('console.log'),
  };
  await cp(systemDisk, spec.systemDisk);
  let looks = 0;

  return {
    async boot(cut) {
      const args = qemuArguments(spec).map((word) => word.replace(/snapshot=on$/, 'snapshot=off'));
      const qemu = spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...args], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const lines: string[] = [];
      const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
      const said = (pattern: RegExp) =>
        new Promise<string>((resolve) => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined) waiting.push({ pattern, resolve });
          else resolve(found);
        });
      createInterface(qemu.stdout).on('line', (line) => {
        // NULs are its signs of life.
        const text = line.replaceAll('\0', '');
        lines.push(text);
        for (const { pattern, resolve } of waiting) if (pattern.test(text)) resolve(text);
      });
      const closed = once(qemu, 'close');
      await Promise.race([closed, cut(said)]);
      qemu.kill('SIGKILL');
      await closed;
      return lines;
    },

    async look() {
      const place = at(`look-${looks++}`);
      await mkdir(place);
      const disk = join(place, 'run.ext4');
      await cp(spec.runDisk, disk);
      const output = await readRunDisk(place, disk);
      await rm(disk);
      return output;
    },

    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
