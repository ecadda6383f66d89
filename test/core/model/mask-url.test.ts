import { describe, expect, it } from 'vitest';
import { maskUrls } from '../../../src/core/model/mask-url.ts';

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
