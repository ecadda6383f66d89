import { expect, test } from 'vitest';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';
import { imageStack } from '../../../src/features/move/app/one-image.ts';

const parsed = (...given: Parameters<typeof imageStack>) => {
  const made = imageStack(...given);
  return made === null ? null : { ...made, text: JSON.parse(made.text) as unknown };
};

/** Keys and codes of what is wrong. */
function wrong(...given: Parameters<typeof imageStack>): readonly string[] {
  try {
    imageStack(...given);
    return [];
  } catch (error) {
    if (!(error instanceof OcibenchError)) throw error;
    return error.problems.map(({ file, key, message }) => `${file} ${key}: ${message}`);
  }
}

test('one image is a compose file of one service, with the name of the image', () => {
  const image = 'registry.example:5000/team/Web_shop:1.2';
  expect(parsed(['serve', '--price', '$5'], { image, env: { A: '1' } })).toEqual({
    name: 'web-shop',
    text: {
      name: 'web-shop',
      // Compose halves dollar signs.
      services: { 'web-shop': { image, command: ['serve', '--price', '$$5'], environment: { A: '1' } } },
    },
    load: undefined,
  });
  expect(parsed([], { image: 'redis' })?.text).toEqual({
    name: 'redis',
    services: { redis: { image: 'redis' } },
  });
  expect(imageStack(['compose.yaml'], {})).toBeNull();
});

test('a load is a command of the host, or a service of an image of its own', () => {
  const image = 'nginx:1';
  const load = "wrk -d5s 'http://{address}:80/a b' http://{nginx}/";
  expect(parsed([], { image, load })?.load).toBe("wrk -d5s 'http://{nginx}:80/a b' http://{nginx}/");
  expect(parsed([], { image, load, loadImage: 'wrk:1' })).toEqual({
    name: 'nginx',
    load: 'nginx-load',
    text: {
      name: 'nginx',
      services: {
        nginx: { image },
        'nginx-load': {
          image: 'wrk:1',
          command: ['wrk', '-d5s', 'http://nginx:80/a b', 'http://nginx/'],
          profiles: ['load'],
        },
      },
    },
  });
});

test('what is wrong is said', () => {
  expect(wrong(['compose.yaml'], { image: 'x' })).toEqual([
    'compose.yaml : cannot be used with compose files: name either an image or files',
  ]);
  expect(wrong([], { env: { A: '1' }, loadImage: 'x' })).toEqual([
    '--env : needs --image',
    '--load-image : needs --image',
  ]);
  expect(wrong([], { image: 'recipe:servers', loadImage: 'wrk' })).toEqual([
    '--image recipe:servers: is an image that ocibench builds for its own workloads',
    '--load-image : names the image of a load, and there is no load',
  ]);
  expect(wrong([], { image: '-rm', env: { 'A B': '1' } })).toHaveLength(2);
  expect(wrong([], { image: 'x', load: 'a | b', loadImage: 'y' })[0]).toContain(
    '--load a | b: is not a command',
  );
});
