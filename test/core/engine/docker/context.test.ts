import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseDaemon } from '../../../../src/core/engine/docker/context.ts';
import { findEndpoint } from '../../../../src/core/engine/docker/endpoint.ts';

let configDir: string;

beforeEach(async () => {
  configDir = await mkdtemp(join(tmpdir(), 'ocibench-context-'));
});
afterEach(() => rm(configDir, { recursive: true, force: true }));

const shaOf = (name: string) => createHash('sha256').update(name).digest('hex');

/** Writes a context as `docker context create` does. */
async function context(name: string, host: string, more: object = {}): Promise<string> {
  const directory = join(configDir, 'contexts', 'meta', shaOf(name));
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'meta.json');
  const docker = { Host: host, SkipTLSVerify: false, ...more };
  await writeFile(file, JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
  return file;
}

const config = (value: object) => writeFile(join(configDir, 'config.json'), JSON.stringify(value));
const choose = (flags: { context?: string }, environment: Record<string, string>) =>
  chooseDaemon(flags, { DOCKER_CONFIG: configDir, ...environment });

describe('the order of precedence is that of the Docker CLI', () => {
  beforeEach(async () => {
    await context('flag', 'unix:///flag.sock');
    await context('variable', 'unix:///variable.sock');
    await context('current', 'unix:///current.sock');
    await config({ currentContext: 'current', auths: { 'registry.example': { auth: 'hunter2' } } });
  });
  const host = { DOCKER_HOST: 'unix:///host.sock' };
  const variable = { DOCKER_CONTEXT: 'variable' };

  it.each([
    [
      '--context over everything',
      { context: 'flag' },
      { ...host, ...variable },
      'unix:///flag.sock',
      'context flag',
    ],
    ['DOCKER_HOST over contexts', {}, { ...host, ...variable }, 'unix:///host.sock', 'DOCKER_HOST'],
    ['DOCKER_CONTEXT over the current one', {}, variable, 'unix:///variable.sock', 'context variable'],
    ['the current one', {}, {}, 'unix:///current.sock', 'context current'],
    [
      'an empty variable is none',
      {},
      { DOCKER_HOST: '', DOCKER_CONTEXT: '' },
      'unix:///current.sock',
      'context current',
    ],
    ['the context default is DOCKER_HOST', { context: 'default' }, host, 'unix:///host.sock', 'DOCKER_HOST'],
    ['or the socket', {}, { DOCKER_CONTEXT: 'default' }, 'unix:///var/run/docker.sock', 'default socket'],
  ])('%s', async (_, flags, environment, url, origin) => {
    expect(await choose(flags, environment)).toMatchObject({ url, origin });
  });
});

it('without any configuration it is the default socket, else that of a rootless daemon of this user', async () => {
  expect(await choose({}, { XDG_RUNTIME_DIR: configDir })).toMatchObject({ origin: 'default socket' });
  await writeFile(join(configDir, 'docker.sock'), '');
  const { url } = await choose({}, { XDG_RUNTIME_DIR: configDir });
  expect(['unix:///var/run/docker.sock', `unix://${configDir}/docker.sock`]).toContain(url);
});

describe('what cannot be used is refused with file, key and fix', () => {
  it('a context that is not there: who named it, and which there are', async () => {
    await context('lab', 'unix:///lab.sock');
    await expect(choose({}, { DOCKER_CONTEXT: 'bal' })).rejects.toMatchObject({
      exitCode: 2,
      problems: [
        {
          file: 'environment',
          key: 'DOCKER_CONTEXT',
          message: expect.stringContaining("'bal'"),
          fix: expect.stringContaining('default, lab'),
        },
      ],
    });
    await config({ currentContext: 'bal' });
    await expect(choose({}, {})).rejects.toMatchObject({
      problems: [{ file: join(configDir, 'config.json'), key: 'currentContext' }],
    });
  });

  it('a name that looks like a path leads nowhere else', async () => {
    await expect(choose({ context: '../../etc' }, {})).rejects.toMatchObject({ exitCode: 2 });
  });

  it('a config.json that is not JSON, without quoting what is in it', async () => {
    await writeFile(join(configDir, 'config.json'), '{"auths": {"x": {"auth": "hunter2"}} ');
    const error: Error & { problems?: unknown } = await choose({}, {}).then(
      () => new Error('accepted'),
      (refused) => refused,
    );
    expect(error.message + JSON.stringify(error.problems)).toContain('config.json');
    expect(error.message + JSON.stringify(error.problems) + String(error.cause)).not.toContain('hunter2');
  });

  it('a context without a daemon', async () => {
    const file = await context('empty', '');
    await expect(choose({ context: 'empty' }, {})).rejects.toMatchObject({
      problems: [{ file, key: 'Endpoints.docker.Host' }],
    });
  });
});

describe('tcp:// without TLS', () => {
  const find = (flags: object, environment: Record<string, string>) =>
    findEndpoint(flags, { DOCKER_CONFIG: configDir, ...environment });

  it.each([
    ['nothing of TLS is set', {}, 'not protected by TLS'],
    ['only DOCKER_CERT_PATH is set', { DOCKER_CERT_PATH: '/certs' }, 'DOCKER_TLS_VERIFY'],
  ])('is refused where %s', async (_, environment, message) => {
    await expect(find({}, { DOCKER_HOST: 'tcp://127.0.0.1:1', ...environment })).rejects.toMatchObject({
      exitCode: 2,
      problems: [
        {
          key: 'DOCKER_HOST',
          message: expect.stringContaining(message),
          fix: expect.stringContaining('--set insecureTcp=true'),
        },
      ],
    });
  });

  it('is refused in a context that skips the verification, even if it has TLS material', async () => {
    await context('skips', 'tcp://127.0.0.1:1', { SkipTLSVerify: true });
    const tls = join(configDir, 'contexts', 'tls', shaOf('skips'), 'docker');
    await mkdir(tls, { recursive: true });
    await writeFile(join(tls, 'ca.pem'), '');
    await expect(find({ context: 'skips' }, {})).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining('SkipTLSVerify') }],
    });
  });

  it('is taken where it is asked for by insecureTcp', async () => {
    const endpoint = await find({ insecureTcp: true }, { DOCKER_HOST: 'tcp://127.0.0.1:1' });
    expect(endpoint).toMatchObject({ transport: 'tcp', named: true });
  });

  it('insecureTcp does not switch TLS off where it is set', async () => {
    const environment = {
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: configDir,
    };
    await expect(find({ insecureTcp: true }, environment)).rejects.toMatchObject({
      problems: [
        { file: join(configDir, 'ca.pem'), key: 'DOCKER_CERT_PATH' },
        { file: join(configDir, 'cert.pem') },
        { file: join(configDir, 'key.pem') },
      ],
    });
  });
});
