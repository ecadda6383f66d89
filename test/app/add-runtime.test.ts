import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addRuntime } from '../../src/app/change-runtimes.ts';
import { testContext } from '../support/app-context.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-add-'));
});
afterEach(() => rm(place, { recursive: true }));

test('a dry run shows the change and does not start the program', async () => {
  const path = join(place, 'runsc');
  await writeFile(
    path,
    `#!/bin/sh\ntouch '${join(place, 'started')}'\necho runsc version release-20260914.0\n`,
  );
  await chmod(path, 0o755);
  const daemonJson = join(place, 'daemon.json');
  await writeFile(daemonJson, '{}\n');
  const shown: string[] = [];
  await addRuntime(
    testContext({}),
    { name: 'runsc', path, runtimeArgs: [] },
    {
      flags: { daemonJson, dryRun: true },
      confirmation: { show: (_file, _before, after) => shown.push(after), ask: null },
    },
  );
  expect(shown.join()).toContain(path);
  expect((await readdir(place)).toSorted()).toEqual(['daemon.json', 'runsc']);
});

const sha512 = (content: string) => createHash('sha512').update(content).digest('hex');

describe('a downloaded program and its published checksum', () => {
  const program = '#!/bin/sh\necho runsc version release-20260817.0\n';
  const add = async (checksums: string | null) => {
    const [path, checksum] = [join(place, 'runsc'), join(place, 'runsc.sha512')];
    await writeFile(path, program, { mode: 0o755 });
    if (checksums !== null) await writeFile(checksum, checksums);
    const daemonJson = join(place, 'daemon.json');
    await writeFile(daemonJson, '{}\n');
    const shown: string[] = [];
    const confirmation = {
      show: (_file: string, _before: string, after: string) => shown.push(after),
      ask: null,
    };
    const wanted = { flags: { daemonJson, dryRun: true }, confirmation };
    await addRuntime(testContext({}), { name: 'runsc', path, runtimeArgs: [], checksum }, wanted);
    return shown.join();
  };

  test.each([
    ['as sha512sum writes it', `${sha512(program)}  runsc\n`],
    ['of a binary file', `${sha512(program)} *runsc\n`],
    ['among others', `${sha512('other')}  containerd-shim-runsc-v1\n${sha512(program)}  runsc\n`],
    ['alone', sha512(program)],
    ['a SHA-256', `${createHash('sha256').update(program).digest('hex')}  ./runsc\n`],
  ])('the same: %s', async (_, checksums) => {
    expect(await add(checksums)).toContain('runsc');
  });

  test.each([
    ['another program’s', `${sha512('other')}  runsc\n`, /is not what was published: its sha512 is/],
    ['of another name', `${sha512(program)}  runc\n`, /has no SHA-256 or SHA-512 of runsc/],
    ['a page that says that there is none', '<html>404</html>', /has no SHA-256 or SHA-512/],
    ['a file that is not there', null, /is not a small text file/],
    ['a whole program instead', 'x'.repeat(5000), /is not a small text file/],
  ])('refused: %s', async (_, checksums, message) => {
    await expect(add(checksums)).rejects.toMatchObject({
      exitCode: 2,
      problems: [expect.objectContaining({ message: expect.stringMatching(message) })],
    });
  });
});
