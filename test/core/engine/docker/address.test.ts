import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src/core/engine/docker/address.ts';
import { OcibenchError } from '../../../../src/core/model/error.ts';
import { maskUrls } from '../../../../src/core/model/mask-url.ts';

const source = { file: 'environment', key: 'DOCKER_HOST' };

describe('an address of a daemon', () => {
  it.each([
    ['unix:///run/docker.sock', { kind: 'unix', path: '/run/docker.sock' }],
    ['tcp://10.0.0.1:2376', { kind: 'tcp', host: '10.0.0.1', port: 2376 }],
    ['tcp://build.example', { kind: 'tcp', host: 'build.example', port: null }],
    ['tcp://[::1]:2376', { kind: 'tcp', host: '::1', port: 2376 }],
    ['https://build.example:2376/', { kind: 'tcp', host: 'build.example', port: 2376 }],
    ['build.example:2375', { kind: 'tcp', host: 'build.example', port: 2375 }],
    ['ssh://build.example', { kind: 'ssh', host: 'build.example', port: null, user: null }],
    ['ssh://me@build.example:2222', { kind: 'ssh', host: 'build.example', port: 2222, user: 'me' }],
    [
      'ssh://me@build.example/run/user/1000/docker.sock',
      { kind: 'ssh', host: 'build.example', socket: '/run/user/1000/docker.sock' },
    ],
  ])('%s', (text, expected) => {
    expect(parseAddress(text, source)).toMatchObject(expected);
  });

  it.each([
    ['unix://docker.sock', 'absolute socket path'],
    ['npipe:////./pipe/docker_engine', 'not an address'],
    ['tcp://', 'does not name a host'],
    ['tcp://:2376', 'not an address'],
    ['tcp://host:99999', 'not an address'],
    ['ssh://-oProxyCommand=reboot/', 'does not name a host'],
    ['ssh://-l@host/', 'does not name a user'],
    ['tcp://host:2376/v1.41', 'contains a path'],
    ['tcp://host:2376?token=hunter2', 'query'],
    ['tcp://me:hunter2@host:2376', 'user or a password'],
    ['tcp://hunter2@host:2376', 'user or a password'],
    ['ssh://me:hunter2@host', 'password'],
    ['tcp://me:hunter2@ho st:2376', 'not an address'],
    ['me:hunter2@host:2376', 'user or a password'],
  ])('%s is refused, with setting and fix, and without what it gives away', (text, message) => {
    const error = caught(() => parseAddress(text, source));
    expect(error.exitCode).toBe(2);
    expect(error.problems).toEqual([
      {
        ...source,
        message: expect.stringContaining(message),
        fix: expect.any(String),
        messages: {
          message: { id: expect.stringMatching(/^daemon\.address\./) },
          fix: { id: expect.stringMatching(/^daemon\.address\..*\.fix$/) },
        },
      },
    ]);
    expect(error.message + JSON.stringify(error.problems)).not.toContain('hunter2');
  });
});

describe('URLs in a text', () => {
  it.each([
    ['http://me:pa%20ss@proxy:3128/', 'http://***@proxy:3128/'],
    ['http://me:p@ss@proxy:3128', 'http://***@proxy:3128'],
    ['see tcp://a:b@c:1 and https://x/?token=1 there', 'see tcp://***@c:1 and https://x/?*** there'],
    ['ssh://deploy@host', 'ssh://deploy@host'],
    ['https://token@host/', 'https://***@host/'],
    ['unix:///run/docker.sock', 'unix:///run/docker.sock'],
    ['no URL: a:b@c', 'no URL: a:b@c'],
  ])('%s', (text, masked) => {
    expect(maskUrls(text)).toBe(masked);
  });
});

function caught(action: () => unknown): OcibenchError {
  try {
    action();
  } catch (error) {
    if (error instanceof OcibenchError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
