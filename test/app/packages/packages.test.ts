import { describe, expect, it } from 'vitest';
import {
  installationOf,
  installCommand,
  packageNeeds,
  parseCandidates,
} from '../../../src/app/packages/package-needs.ts';
import { installPackages, missingPackages, type PackageSystem } from '../../../src/app/packages/packages.ts';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';

interface Options {
  readonly there: readonly string[];
  readonly root?: boolean;
  readonly systemd?: boolean;
  readonly lists?: boolean;
  /** Packages that apt knows; installing another one fails. */
  readonly known?: readonly string[];
  readonly updateFails?: boolean;
  /** apt says it succeeded but the program is not there. */
  readonly lies?: boolean;
}

/** A system on which apt-get really makes programs appear; `calls` is every command with its environment. */
function fakeSystem(options: Options) {
  const programs = new Set(options.there);
  const known = options.known ?? packageNeeds.map((need) => need.package);
  const calls: string[] = [];
  const environments: (Readonly<Record<string, string>> | undefined)[] = [];
  const system: PackageSystem = {
    root: options.root ?? true,
    systemd: async () => options.systemd ?? false,
    hasLists: async () => options.lists ?? false,
    find: async (program) => (programs.has(program) ? `/usr/bin/${program}` : null),
    run: async (file, args, settings) => {
      calls.push([file, ...args].join(' '));
      environments.push(settings?.env);
      if (file === 'apt-cache')
        return {
          exitCode: 0,
          stdout: args
            .slice(1)
            .map(
              (name) =>
                `${name}:\n  Installed: (none)\n  Candidate: ${known.includes(name) ? '1.0' : '(none)'}\n`,
            )
            .join(''),
          stderr: '',
        };
      if (args.includes('update'))
        return { exitCode: options.updateFails ? 100 : 0, stdout: '', stderr: 'E: no network' };
      const wanted = args.slice(args.indexOf('--no-install-recommends') + 1);
      if (wanted.some((name) => !known.includes(name)))
        return { exitCode: 100, stdout: '', stderr: 'E: Unable to locate package' };
      if (!options.lies)
        for (const need of packageNeeds) if (wanted.includes(need.package)) programs.add(need.program);
      return { exitCode: 0, stdout: '', stderr: '' };
    },
  };
  return { system, calls, environments };
}

async function install(options: Options) {
  const fake = fakeSystem(options);
  const lines: string[] = [];
  const outcome = await installPackages({ log: ({ text }) => lines.push(text), system: fake.system }).catch(
    (error: unknown) => {
      if (error instanceof OcibenchError) return error;
      throw error;
    },
  );
  return { ...fake, lines, outcome };
}

const everything = packageNeeds.map((need) => need.program);
const base = ['apt-get', 'unshare', 'setpriv', 'mount'];

describe('missingPackages', () => {
  it('goes by the program and not by the package: docker-ce is left alone', async () => {
    const dockerCe = [...base, 'dockerd', 'containerd', 'containerd-shim-runc-v2', 'runc', 'iptables', 'ip'];
    const missing = await missingPackages(packageNeeds, fakeSystem({ there: dockerCe }).system);
    expect(missing.map((need) => need.package)).toEqual(['mmdebstrap', 'crun', 'runsc']);
  });
});

describe('installationOf', () => {
  it('names each package once, with the programs that need it', () => {
    const installation = installationOf(packageNeeds, false);
    expect(installation.required).toEqual([
      'docker.io',
      'containerd',
      'runc',
      'iptables',
      'iproute2',
      'util-linux',
      'mount',
      'mmdebstrap',
    ]);
    expect(installation.optional).toEqual(['crun', 'runsc']);
    expect(installation.commands[1]).not.toMatch(/crun|runsc/);
    expect(installation.announcement.map(({ text }) => text).join('\n')).toContain(
      'docker.io  (dockerd: the Docker engine)',
    );
    expect(installation.commands[1]).toMatch(
      /^sudo apt-get install -y --no-install-recommends docker\.io containerd/,
    );
  });

  it('says that systemd will start services, and how to undo it, only where that happens', () => {
    expect(
      installationOf(packageNeeds, true)
        .announcement.map(({ text }) => text)
        .join('\n'),
    ).toContain('systemctl disable --now docker.socket docker.service');
    expect(
      installationOf(packageNeeds, false)
        .announcement.map(({ text }) => text)
        .join('\n'),
    ).not.toContain('systemctl');
    expect(
      installationOf(
        packageNeeds.filter((need) => need.group === 'runtimes'),
        true,
      )
        .announcement.map(({ text }) => text)
        .join('\n'),
    ).not.toContain('systemctl');
    expect(installationOf([], true)).toEqual({ required: [], optional: [], announcement: [], commands: [] });
  });

  it('waits for another package manager and asks nothing', () => {
    expect(installCommand(['crun'])).toEqual([
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=120',
      'install',
      '-y',
      '--no-install-recommends',
      'crun',
    ]);
  });
});

describe('parseCandidates', () => {
  it('knows packages without a candidate from those with one', () => {
    const policy =
      'runsc:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\ncrun:\n  Installed: (none)\n  Candidate: 1.21-1\n  Version table:\n     1.21-1 500\n';
    expect(parseCandidates(policy)).toEqual(['crun']);
    expect(parseCandidates('')).toEqual([]);
  });
});

describe('installPackages', () => {
  it('does and says nothing where everything is there', async () => {
    const { calls, lines, outcome } = await install({ there: [...base, ...everything] });
    expect([calls, lines, outcome]).toEqual([[], [], { installed: [], left: [] }]);
  });

  it('announces, updates and installs on a bare machine', async () => {
    const { calls, lines, outcome, environments } = await install({ there: base });
    expect(outcome).toEqual({
      installed: ['docker.io', 'containerd', 'runc', 'iptables', 'iproute2', 'mmdebstrap', 'crun', 'runsc'],
      left: [],
    });
    expect(calls[0]).toBe('apt-get -o DPkg::Lock::Timeout=120 update');
    expect(calls.filter((call) => call.includes(' install '))).toHaveLength(3);
    expect(lines[0]).toContain('installing Debian packages');
    const aptCalls = environments.filter((_, i) => calls[i]?.startsWith('apt-get'));
    expect(aptCalls.every((env) => env?.DEBIAN_FRONTEND === 'noninteractive')).toBe(true);
  });

  it('announces before it installs', async () => {
    const fake = fakeSystem({ there: base });
    const order: string[] = [];
    await installPackages({
      log: ({ text }) => order.push(text),
      system: {
        ...fake.system,
        run: (file, args, settings) => {
          order.push([file, ...args].join(' '));
          return fake.system.run(file, args, settings);
        },
      },
    });
    const announced = order.findIndex((line) => line.startsWith('installing'));
    const installed = order.findIndex((line) => line.includes(' install '));
    expect(announced).toBeGreaterThanOrEqual(0);
    expect(announced).toBeLessThan(installed);
  });

  it('reports an optional package that the distribution lacks, with where to get it, and goes on', async () => {
    const { lines, outcome, calls } = await install({
      there: base,
      known: packageNeeds.map((need) => need.package).filter((name) => name !== 'runsc'),
    });
    expect(outcome).toMatchObject({
      left: [
        {
          program: 'runsc',
          reason: { text: expect.stringContaining('https://gvisor.dev/docs/user_guide/install/') },
        },
      ],
    });
    expect(lines.at(-1)).toContain('runsc is left out');
    expect(lines.find((line) => line.trim().startsWith('runsc  ('))).toBeUndefined();
    expect(calls.some((call) => call.endsWith(' runsc') && call.includes('install'))).toBe(false);
  });

  it('asks the network for nothing where only optional packages are missing and lists are there', async () => {
    const there = [...base, ...everything.filter((program) => program !== 'runsc')];
    const known = ['crun'];
    const withLists = await install({ there, known, lists: true });
    expect(withLists.calls).toEqual(['apt-cache policy runsc']);
    expect(withLists.outcome).toMatchObject({ installed: [] });
    const without = await install({ there, known, lists: false });
    expect(without.calls[0]).toContain('update');
  });

  it('goes on with old lists where the update fails, and says so', async () => {
    const { lines, outcome } = await install({ there: base, updateFails: true });
    expect(lines[0]).toContain('E: no network');
    expect(outcome).toMatchObject({ left: [] });
  });

  it.each([
    ['is not root', { there: base, root: false }, 'sudo apt-get install'],
    ['has no apt', { there: base.slice(1) }, 'https://docs.docker.com/engine/install/'],
    ['has no such package', { there: base, known: ['crun'] }, 'Unable to locate package'],
    ['got no program out of the package', { there: base, lies: true }, 'dockerd'],
  ])('ends with exit code 3 and what would help where it %s', async (_, options, words) => {
    const { outcome } = await install(options);
    expect(outcome).toBeInstanceOf(OcibenchError);
    expect(outcome).toMatchObject({ exitCode: 3, message: expect.stringContaining(words) });
  });

  it('is content without root where only optional packages are missing', async () => {
    const there = [...base, ...everything.filter((program) => program !== 'runsc')];
    const { outcome, calls } = await install({ there, root: false });
    expect(outcome).toMatchObject({ installed: [], left: [{ program: 'runsc' }] });
    expect(calls).toEqual([]);
  });
});
