import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddedDaemonJson, parseDaemonJson } from '../../../src/core/config/daemon-json.ts';
import { everyRuntime, runtimesOf } from '../../../src/core/config/registered-runtimes.ts';
import { formatProblem } from '../../../src/core/model/failure/error.ts';
import { families, familyOfEntry } from '../../../src/core/runtimes/registry.ts';

const file = '/etc/docker/daemon.json';
const problemsOf = (text: string) => {
  const parsed = parseDaemonJson(text, file);
  return parsed.ok ? [] : parsed.problems;
};
const configOf = (text: string) => {
  const parsed = parseDaemonJson(text, file);
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => formatProblem(problem)).join('\n'));
  return parsed.config;
};
const notesOf = (text: string) => {
  const parsed = parseDaemonJson(text, file);
  return parsed.ok ? parsed.notes : [];
};

describe('parseDaemonJson', () => {
  it('reports everything that is wrong at once, each with file, key, message and fix', () => {
    const problems = problemsOf(`{
      "storage-drivr": "overlay2",
      "debug": "yes",
      "default-runtime": "gvisor",
      "runtimes": {
        "runc": { "path": "/usr/sbin/runc" },
        "both": { "path": "/usr/bin/runsc", "runtimeType": "io.containerd.runsc.v1" },
        "args": { "runtimeType": "io.containerd.kata.v2", "runtimeArgs": ["--debug"] },
        "opts": { "path": "/usr/bin/runsc", "options": { "ConfigPath": "/x" } },
        "none": {},
        "numbers": { "path": "/usr/bin/runsc", "runtimeArgs": ["--a", 1, 2] },
        "a b": { "path": "/usr/bin/crun" }
      }
    }`);
    expect(problems.map(({ key }) => key).sort()).toEqual(
      [
        'storage-drivr',
        'debug',
        'default-runtime',
        'runtimes.runc',
        'runtimes.both',
        'runtimes.args.runtimeArgs',
        'runtimes.opts.options',
        'runtimes.none',
        'runtimes.numbers.runtimeArgs.1',
        'runtimes.numbers.runtimeArgs.2',
        'runtimes.a b',
      ].sort(),
    );
    for (const problem of problems) {
      expect(problem.file).toBe(file);
      expect(problem.message).not.toBe('');
      expect(problem.fix).not.toBe('');
    }
    expect(problems.find(({ key }) => key === 'storage-drivr')?.fix).toContain("'storage-driver'");
    expect(problems.find(({ key }) => key === 'debug')?.message).toBe(
      'must be true or false, but is the string "yes"',
    );
    expect(problems.find(({ key }) => key === 'default-runtime')?.fix).toContain('numbers');
  });

  it.each([
    ['{\n  "debug": true,\n}', 'line 3, column 1'],
    ['{\n  "debug": true\n  "icc": false\n}', 'line 3, column 3'],
    ['{"debug": tru}', 'line 1, column 11'],
    ['{"a": 1} x', 'line 1, column 10'],
    ['// note\n{}', 'line 1, column 1'],
    ['{\r\n"debug": true,,\r\n}', 'line 2, column 15'],
  ])('names line and column of a syntax error: %j', (text, position) => {
    const problems = problemsOf(text);
    expect(problems[0]?.message).toContain(position);
    expect(problems[0]?.fix).toContain(file);
  });

  it('finds duplicate keys, at any depth', () => {
    const problems = problemsOf(
      '{"icc": true, "runtimes": {"a": {"path": "/x"}, "a": {"path": "/y"}}, "icc": false}',
    );
    expect(problems.map(({ key }) => key)).toEqual(['runtimes.a', 'icc']);
    expect(problems[1]?.message).toContain('line 1, column 2 ');
    expect(problems[1]?.message).toContain('line 1, column 71;');
    expect(problemsOf('{"icc": true, "icc": false, "debug": 1}').map(({ key }) => key)).toEqual([
      'icc',
      'debug',
    ]);
  });

  it.each(['', ' \n', '\uFEFF'])('calls an empty file empty: %j', (text) => {
    expect(problemsOf(text)).toMatchObject([{ key: '', message: 'is empty' }]);
  });

  it.each(['null', '[]', '"x"', '3', 'true'])('wants an object, not %s', (text) => {
    expect(problemsOf(text)).toHaveLength(1);
  });

  // Each was refused by a real dockerd 26.1 when it started; --validate alone does not see them.
  it.each([
    ['{"bip": "10.0.0.1/24", "bridge": "br0"}', 'bip'],
    ['{"icc": false, "iptables": false}', 'icc'],
    ['{"exec-opts": ["native.cgroupdriver=foo"]}', 'exec-opts'],
    ['{"cgroup-parent": "x", "exec-opts": ["native.cgroupdriver=systemd"]}', 'cgroup-parent'],
    ['{"bip": "zz"}', 'bip'],
    ['{"fixed-cidr": "zz"}', 'fixed-cidr'],
    ['{"registry-mirrors": ["x"]}', 'registry-mirrors.0'],
    ['{"storage-opts": ["foo"]}', 'storage-opts.0'],
    ['{"runtimes": {"a/b": {"path": "/usr/bin/crun", "runtimeArgs": ["--x"]}}}', 'runtimes.a/b'],
    ['{"runtimes": {"a": null}}', 'runtimes.a'],
  ])('refuses what dockerd refuses when it starts: %s', (text, key) => {
    expect(problemsOf(text).map((problem) => problem.key)).toEqual([key]);
  });

  it.each(['runc', 'io.containerd.runc.v2', 'io.containerd.kata.v2', 'kata', ''])(
    'takes default-runtime %j',
    (name) => {
      expect(
        problemsOf(
          JSON.stringify({
            'default-runtime': name,
            runtimes: { kata: { runtimeType: 'io.containerd.kata.v2' } },
          }),
        ),
      ).toEqual([]);
    },
  );

  it('judges default-runtime by the names, even where the entry of that name is wrong', () => {
    expect(
      problemsOf('{"default-runtime": "a", "runtimes": {"a": {"path": 1}}}').map(({ key }) => key),
    ).toEqual(['runtimes.a.path']);
  });

  it('checks an entry whose name begins like the name of a wrong one', () => {
    expect(
      problemsOf('{"runtimes": {"a": {}, "ab": {"path": 1}}}')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['runtimes.a', 'runtimes.ab.path']);
  });

  it('notes what dockerd starts with but ignores or may misread', () => {
    const notes = notesOf(
      '{"label": ["a=b"], "http-proxy": "x", "runtimes": {"a": {"path": "bin/runsc", "args": ["--x"]}, "b": {"path": "/b", "runtimeArg": ["--platform=kvm"]}, "c": {"runtimeType": "kata"}}}',
    );
    expect(notes.map(({ key }) => key)).toEqual([
      'label',
      'http-proxy',
      'runtimes.a.args',
      'runtimes.b.runtimeArg',
      'runtimes.a.path',
      'runtimes.c.runtimeType',
    ]);
    expect(notes.find(({ key }) => key === 'runtimes.b.runtimeArg')?.fix).toContain("'runtimeArgs'");
    expect(notes.find(({ key }) => key === 'runtimes.a.args')?.fix).toContain("'runtimeArgs'");
  });

  it('says nothing about the empty args that nvidia-ctk writes', () => {
    expect(notesOf('{"runtimes": {"nvidia": {"args": [], "path": "nvidia-container-runtime"}}}')).toEqual([]);
  });

  it('is not confused by names of object members', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(problemsOf(`{"${name}": 1}`).map(({ key }) => key)).toEqual([name]);
      expect(problemsOf(`{"default-runtime": "${name}"}`).map(({ key }) => key)).toEqual(['default-runtime']);
    }
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseDaemonJson(text, file)));
    fc.assert(fc.property(fc.json(), (text) => void parseDaemonJson(text, file)));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (runtimes) => {
        const parsed = parseDaemonJson(JSON.stringify({ runtimes }), file);
        if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('runtimesOf', () => {
  const nothing = { present: [], withoutNetwork: [] };

  it('puts the built-in runc first, then the entries of the file in their order', () => {
    const config = configOf(
      '{"runtimes": {"runsc": {"path": "/usr/bin/runsc", "runtimeArgs": ["--platform=kvm"]}, "crun": {"path": "/usr/bin/crun", "runtimeArgs": []}, "kata": {"runtimeType": "io.containerd.kata.v2", "options": {"ConfigPath": "/k"}}}}',
    );
    expect(runtimesOf(config, { present: ['youki', 'crun'], withoutNetwork: ['runsc'] })).toEqual([
      { name: 'runc', path: 'runc', origin: 'built-in' },
      { name: 'runsc', path: '/usr/bin/runsc', runtimeArgs: ['--platform=kvm'], origin: 'daemon.json' },
      { name: 'crun', path: '/usr/bin/crun', origin: 'daemon.json' },
      {
        name: 'kata',
        runtimeType: 'io.containerd.kata.v2',
        options: { ConfigPath: '/k' },
        origin: 'daemon.json',
      },
    ]);
  });

  it('looks on PATH where there is no daemon.json or where it does not speak of runtimes', () => {
    const installed = {
      present: ['ls', 'runsc', 'crun', 'containerd-shim-kata-v2', 'kata-runtime'],
      withoutNetwork: [],
    };
    const names = runtimesOf(null, installed).map(({ name }) => name);
    expect(names).toEqual(['runc', 'crun', 'runsc', 'kata']);
    expect(runtimesOf(configOf('{"debug": true}'), installed)).toEqual(runtimesOf(null, installed));
    expect(runtimesOf(configOf('{"runtimes": {}}'), installed)).toHaveLength(1);
  });

  it('takes kata-runtime for an OCI runtime only where no shim is there', () => {
    const found = runtimesOf(null, { present: ['kata-runtime'], withoutNetwork: [] });
    expect(found[1]).toEqual({ name: 'kata-runtime', path: 'kata-runtime', origin: 'PATH' });
  });

  it('gives runsc --network=none only where its network stack cannot start', () => {
    const argsWith = (withoutNetwork: readonly string[]) =>
      runtimesOf(null, { present: ['runsc'], withoutNetwork })[1]?.runtimeArgs;
    expect(argsWith([])).toEqual(['--platform=systrap']);
    expect(argsWith(['runsc'])).toEqual(['--platform=systrap', '--network=none']);
  });

  it('has a runtime of every family where every program is there', () => {
    const found = runtimesOf(null, everyRuntime).map((entry) => familyOfEntry(entry).id);
    const installable = families.filter(({ programs }) => programs.length > 0).map(({ id }) => id);
    expect([...new Set(found)].toSorted()).toEqual(installable.toSorted());
    expect(found).toContain('kata');
  });

  it('always has runc', () => {
    expect(runtimesOf(null, nothing)).toEqual([{ name: 'runc', path: 'runc', origin: 'built-in' }]);
  });
});

describe('embeddedDaemonJson', () => {
  it('writes the runtimes and our keys, without runc, as a file that we ourselves accept', () => {
    const text = embeddedDaemonJson(
      [
        { name: 'runc', path: 'runc', origin: 'built-in' },
        { name: 'runsc', path: '/usr/bin/runsc', runtimeArgs: ['--network=none'], origin: 'PATH' },
        {
          name: 'kata',
          runtimeType: 'io.containerd.kata.v2',
          options: { ConfigPath: '/k' },
          origin: 'daemon.json',
        },
        { name: 'crun', path: 'crun', runtimeArgs: [], origin: 'PATH' },
      ],
      { 'cgroup-parent': '/ocibench/x/other' },
    );
    expect(JSON.parse(text)).toEqual({
      'cgroup-parent': '/ocibench/x/other',
      runtimes: {
        runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--network=none'] },
        kata: { runtimeType: 'io.containerd.kata.v2', options: { ConfigPath: '/k' } },
        crun: { path: 'crun' },
      },
    });
    expect(problemsOf(text)).toEqual([]);
  });
});
