import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parseEnvironment } from '../../../../src/core/engine/embedded/engine.ts';
import { environmentFile } from '../../../../src/core/engine/embedded/supervisor-script.ts';
import { pathWith } from '../../../../src/core/model/runtime/engine-kind.ts';

test('a daemon’s shell reads every value as it was written', async () => {
  const variables = {
    PATH: '/srv/a b:/usr/bin:/bin',
    QUOTED: `it's "$HOME" \`date\` \\n`,
    LINES: 'one\ntwo',
    EMPTY: '',
  };
  const { stdout } = await execa('sh', ['-c', `${environmentFile(variables)}\nenv -0`], {
    env: { HOME: '/root' },
  });
  expect(parseEnvironment(stdout)).toMatchObject(variables);
});

test('directories of an engine come before PATH', () => {
  expect(pathWith(['/a', '/b'], '/usr/bin::/bin')).toBe('/a:/b:/usr/bin:/bin');
  expect(pathWith([], '/usr/bin')).toBe('/usr/bin');
  expect(pathWith(['/a'])).toBe('/a');
});
