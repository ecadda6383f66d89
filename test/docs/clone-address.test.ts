import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  cloneAddress,
  cloningDocuments,
  unknownAddress,
  withCloneAddress,
} from '../../scripts/clone-address.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

test.each(cloningDocuments)(
  '%s clones from where package.json says (write it anew with: npm run docs)',
  (name) => {
    expect(read(name)).toMatch(/git clone (--depth 1 )?\S+ ocibench\b/);
    expect(read(name)).toBe(withCloneAddress(read(name), cloneAddress()));
  },
);

test('no other document clones, and none has another placeholder', async () => {
  for await (const name of glob(['*.md', '{docs,src}/**/*.md'], { cwd: root })) {
    const text = read(name);
    if (!cloningDocuments.includes(name)) expect(text, name).not.toMatch(/git clone \S+ ocibench\b/);
    expect(text, name).not.toMatch(
      /\b(TODO|FIXME|TBD|XXX)\b|YOUR[-_]|<your|example\.(com|org)\/ocibench|OWNER\/REPO/i,
    );
    if (cloneAddress() !== unknownAddress) expect(text, name).not.toContain(unknownAddress);
  }
});

test('the README says what the placeholder stands for, as long as there is one', () => {
  const explained = /Replace `REPOSITORY` with the address of this repository/.test(read('README.md'));
  expect(explained).toBe(cloneAddress() === unknownAddress);
});

test.each([
  ['git clone REPOSITORY ocibench && cd ocibench', 'git clone https://h/o.git ocibench && cd ocibench'],
  ['git clone --depth 1 REPOSITORY ocibench', 'git clone --depth 1 https://h/o.git ocibench'],
  ['git clone https://other/x.git tool', 'git clone https://other/x.git tool'],
])('%s', (line, expected) => {
  expect(withCloneAddress(line, 'https://h/o.git')).toBe(expected);
});
