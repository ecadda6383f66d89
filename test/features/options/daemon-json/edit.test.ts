import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDaemonJson } from '../../../../src/core/config/daemon-json.ts';
import { withoutRuntime, withRuntime } from '../../../../src/features/options/daemon-json/edit.ts';

const runsc = { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap'] };

test('an entry goes behind the others, in the indentation of the file, and every other byte stays', () => {
  const text = `{
    "log-opts": {"max-size":"10m"  },
    "runtimes": {
        "crun": { "path": "/usr/bin/crun" }
    },
    "debug":   false
}
`;
  expect(withRuntime(text, 'runsc', runsc)).toBe(`{
    "log-opts": {"max-size":"10m"  },
    "runtimes": {
        "crun": { "path": "/usr/bin/crun" },
        "runsc": {
            "path": "/usr/bin/runsc",
            "runtimeArgs": [
                "--platform=systrap"
            ]
        }
    },
    "debug":   false
}
`);
});

test.each([
  [
    'tabs',
    '{\n\t"debug": true\n}\n',
    '{\n\t"debug": true,\n\t"runtimes": {\n\t\t"a": {\n\t\t\t"path": "/a"\n\t\t}\n\t}\n}\n',
  ],
  [
    'CR LF',
    '{\r\n  "debug": true\r\n}',
    '{\r\n  "debug": true,\r\n  "runtimes": {\r\n    "a": {\r\n      "path": "/a"\r\n    }\r\n  }\r\n}',
  ],
  ['one line', '{"debug":true}', '{"debug":true,"runtimes":{"a":{"path":"/a"}}}'],
  [
    'one line with blanks',
    '{ "debug": true }\n',
    '{ "debug": true, "runtimes": { "a": { "path": "/a" } } }\n',
  ],
  [
    'runtimes in one line',
    '{\n  "runtimes": { "b": { "path": "/b" } }\n}\n',
    '{\n  "runtimes": { "b": { "path": "/b" }, "a": { "path": "/a" } }\n}\n',
  ],
  ['nothing', '{}\n', '{\n  "runtimes": {\n    "a": {\n      "path": "/a"\n    }\n  }\n}\n'],
  [
    'no runtimes yet',
    '{\n  "runtimes": {}\n}\n',
    '{\n  "runtimes": {\n    "a": {\n      "path": "/a"\n    }\n  }\n}\n',
  ],
  [
    'null',
    '{\n  "runtimes": null\n}\n',
    '{\n  "runtimes": {\n    "a": {\n      "path": "/a"\n    }\n  }\n}\n',
  ],
  ['a byte order mark', '\uFEFF{"debug":true}', '\uFEFF{"debug":true,"runtimes":{"a":{"path":"/a"}}}'],
])('added to a file with %s', (_, before, after) => {
  expect(withRuntime(before, 'a', { path: '/a' })).toBe(after);
});

const three = `{
  "runtimes": {
    "a": {"path": "/a"},
    "b": {
      "path": "/b"
    },
    "c": {"path": "/c"}
  }
}
`;

test.each([
  ['a', '{\n  "runtimes": {\n    "b": {\n      "path": "/b"\n    },\n    "c": {"path": "/c"}\n  }\n}\n'],
  ['b', '{\n  "runtimes": {\n    "a": {"path": "/a"},\n    "c": {"path": "/c"}\n  }\n}\n'],
  ['c', '{\n  "runtimes": {\n    "a": {"path": "/a"},\n    "b": {\n      "path": "/b"\n    }\n  }\n}\n'],
  ['d', three],
])('removed: %s', (name, after) => {
  expect(withoutRuntime(three, name)).toBe(after);
});

test('the last one leaves the key, without which dockerd would keep the runtime', () => {
  expect(withoutRuntime('{"runtimes":{"a":{"path":"/a"}},"debug":true}', 'a')).toBe(
    '{"runtimes":{},"debug":true}',
  );
});

const names = fc.constantFrom('runsc', 'a-b', 'x.y+z', 'prototype', 'constructor', 'toString');
const paths = fc.constantFrom('/usr/bin/runsc', '/a b/ö"\\', '/x,}]', '/\t');
const files = fc
  .record(
    {
      debug: fc.boolean(),
      'log-opts': fc.dictionary(fc.constantFrom('a', 'runtimes', '{', '"'), fc.string()),
      dns: fc.array(fc.ipV4(), { maxLength: 2 }),
      runtimes: fc.oneof(
        fc.constant(null),
        fc.dictionary(fc.constantFrom('crun', 'youki', 'kata'), fc.record({ path: paths }), { maxKeys: 3 }),
      ),
    },
    { requiredKeys: [] },
  )
  .chain((value) =>
    fc
      .tuple(
        fc.constantFrom(undefined, 1, 2, 4, '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', '\uFEFF'),
      )
      .map(
        ([indent, eol, mark]) => `${mark}${JSON.stringify(value, null, indent).replaceAll('\n', eol)}${eol}`,
      ),
  );

test('whatever the file: it stays valid, other keys stay as they were, and adding and removing cancel out', () => {
  fc.assert(
    fc.property(files, names, paths, (text, name, path) => {
      const before = JSON.parse(text.replace(/^\uFEFF/, ''));
      const added = withRuntime(text, name, { path, runtimeArgs: ['--a="b"'] });
      expect(parseDaemonJson(added, 'daemon.json')).toMatchObject({ ok: true });
      const { runtimes, ...others } = JSON.parse(added.replace(/^\uFEFF/, ''));
      const { runtimes: earlier, ...same } = before;
      expect(others).toEqual(same);
      expect(runtimes).toEqual({ ...earlier, [name]: { path, runtimeArgs: ['--a="b"'] } });
      const removed = withoutRuntime(added, name);
      expect(JSON.parse(removed.replace(/^\uFEFF/, ''))).toEqual({ ...same, runtimes: earlier ?? {} });
      if (Object.keys(earlier ?? {}).length > 0) expect(removed).toBe(text);
    }),
    { numRuns: 500 },
  );
});
