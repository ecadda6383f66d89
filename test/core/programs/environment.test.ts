import { expect, test } from 'vitest';
import { programEnvironment } from '../../../src/core/programs/environment.ts';
import { execa } from '../../../src/core/programs/execa.ts';
import { spawn } from '../../../src/core/programs/spawn.ts';

const hostile = {
  LD_PRELOAD: '/e.so',
  LD_LIBRARY_PATH: '/e',
  BASH_ENV: '/e',
  GIT_SSH_COMMAND: 'e',
  NODE_OPTIONS: '--require /e',
  API_TOKEN: 'hush',
  XPATH: '/e',
};
const needed = { PATH: '/bin', HOME: '/root', LC_ALL: 'C', https_proxy: 'p', DOCKER_HOST: 'd' };

test('a program gets only variables of the list', () => {
  expect(programEnvironment({ ...hostile, ...needed })).toEqual(needed);
});

test('both ways to start a program give it no other variable', async () => {
  process.env.BASH_ENV = '/nowhere';
  try {
    const { stdout } = await execa('env', [], { env: { ADDED: '1' } });
    expect(stdout.split('\n')).toContain('ADDED=1');
    expect(stdout).toContain('PATH=');
    expect(stdout).not.toContain('BASH_ENV');
    const alone = await execa('/usr/bin/env', [], { extendEnv: false, env: { ONLY: '1' } });
    expect(alone.stdout).toBe('ONLY=1');
    const child = spawn('env', [], { stdio: ['ignore', 'pipe', 'ignore'] });
    const said = (await child.stdout.setEncoding('utf8').toArray()).join('');
    expect(said).toContain('PATH=');
    expect(said).not.toContain('BASH_ENV');
  } finally {
    delete process.env.BASH_ENV;
  }
});
