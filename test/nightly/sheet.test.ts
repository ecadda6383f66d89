import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../e2e/support.ts';
import { sheetBlocks } from '../support/sheet-blocks.ts';
import { canBootLab } from './lab-support.ts';
import { typeSheet } from './sheet-guest.ts';

/** Installing, building images and measuring under emulation. */
const limit = 4 * 60 * 60_000;

/** The words that the sheet leaves to the student and the teacher. */
const filled: Readonly<Record<string, string>> = {
  REPOSITORY: '/home/student/ocibench.git',
  PATH: 'results/latest',
  CHEMIN: 'results/latest',
  submissions: 'results/published',
};

/** What the sheet says that one sees, by its block. */
const seen: Readonly<Record<string, readonly RegExp[]>> = {
  '1.1': [/mmdebstrap/, /runc/],
  '2.1': [/runsc version .*20240729/, /^6\.12\./m],
  '3.1': [/"crun"/, /--platform=systrap/, /--platform=ptrace/],
  '3.2': [/^\+.*runsc/m, /configuration OK/, /"path": "\/usr\/bin\/runsc"/],
  '4.1': [/== runsc\n4\.4\.0\n/, /Starting gVisor/, /Operation not permitted/],
  '4.2': [/runsc-sandbox/, /runsc-gofer/],
  '5.1': [/^real\s/m],
  '5.2': [/startup\/echo/, /report\.html/],
  '5.3': [/report\.html/],
  '8.1': [/report\.html/],
  '8.2': [/report\.html/],
  '11.1': [/teacher\.html/],
  '12.1': [/busybox/],
};

/**
 * Commands that end with another code than 0: files that differ and what runc may not, as the sheet says, a processor that is
 * emulated, and a class of one student.
 */
const mayFail =
  /^1: (?:diff -u|sudo docker run .* dmesg$|sudo \.\/ocibench doctor$|\.\/ocibench fleet merge )/;

describe.skipIf(!canBootLab).each(['fr', 'en'] as const)('the sheet in %s', (lang) => {
  test('works as printed, for an account with sudo', { timeout: limit }, async () => {
    const sheet = readFileSync(join(root, `docs/lab/${lang}.md`), 'utf8');
    const blocks = sheetBlocks(sheet).map(({ name, commands }) => ({
      name,
      commands: commands.replaceAll(
        /\b(REPOSITORY|PATH|CHEMIN|submissions)\b/g,
        (word) => filled[word] ?? word,
      ),
    }));
    const typed = await typeSheet(blocks, (text) => process.stderr.write(text));
    expect(typed.map(({ name }) => name)).toEqual(blocks.map(({ name }) => name));
    expect(Object.keys(seen)).toEqual(blocks.map(({ name }) => name));
    for (const { name, printed, failed, directory } of typed) {
      expect
        .soft({ name, failed: failed.filter((what) => !mayFail.test(what)) })
        .toEqual({ name, failed: [] });
      expect.soft({ name, directory }).toEqual({ name, directory: '/home/student/ocibench' });
      for (const pattern of seen[name] ?? []) expect.soft(printed, name).toMatch(pattern);
    }
  });
});
