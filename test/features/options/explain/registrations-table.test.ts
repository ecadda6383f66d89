import { expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import { translate } from '../../../../src/core/messages/translate.ts';
import type { DockerUse, Registration } from '../../../../src/features/options/explain/registrations.ts';
import {
  dockerUses,
  registrationsTable,
} from '../../../../src/features/options/explain/registrations-table.ts';

const places = {
  file: external('/etc/docker/daemon.json'),
  daemon: external('Docker 26.1.5, unix:///var/run/docker.sock'),
};
const uses = Object.keys(dockerUses) as DockerUse[];

test.each(['en', 'fr'] as const)('in %s every use has its sentence, within 100 columns', (lang) => {
  const registrations = uses.map(
    (use): Registration => ({
      name: `name-of-${use}`,
      file: '/usr/local/very/long/path/of/a/runtime --with=arguments --and=more',
      daemon: null,
      use,
      about: '/usr/bin/program',
    }),
  );
  const text = registrationsTable(registrations, places, lang);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  const flat = text.replace(/\s+/g, ' ');
  for (const use of uses) {
    const made = dockerUses[use];
    const message =
      typeof made === 'function' ? made({ name: `name-of-${use}`, about: '/usr/bin/program' }) : made;
    expect(flat).toContain(translate(message, lang).replace(/\s+/g, ' '));
  }
});

test('what a hostile file holds cannot reach the terminal', () => {
  const evil = 'x\u001b]52;c;ZXZpbA==\u0007\u202e\n\u009b31m';
  const registrations: Registration[] = [
    { name: evil, file: evil, daemon: evil, use: 'no-program', about: evil },
  ];
  const text = registrationsTable(registrations, { file: external(evil), daemon: external(evil) }, 'en');
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});
