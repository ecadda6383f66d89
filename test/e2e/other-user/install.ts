import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support.ts';
import { inBox } from './box.ts';

/** A package that says whose rights its scripts were run with. */
const scripted = (name: string, more: object = {}) =>
  JSON.stringify({
    name,
    version: '1.0.0',
    scripts: Object.fromEntries(
      ['preinstall', 'install', 'postinstall', 'prepare'].map((event) => [
        event,
        `id -u >>/root/executed-by; echo ${name} ${event} >>/root/executed-by`,
      ]),
    ),
    ...more,
  });

const withDependency = { dependencies: { dep: 'file:dep' } };

const lock = JSON.stringify({
  name: 'project',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'project', version: '1.0.0', hasInstallScript: true, ...withDependency },
    dep: { version: '1.0.0', hasInstallScript: true },
    'node_modules/dep': { resolved: 'dep', link: true },
  },
});

/** Shell: a checkout at /root/project of nothing but the launcher, a project and its one dependency. */
const project = `mkdir -p /root/project/scripts/node /root/project/dep
cp with-node /root/project/scripts/with-node && chmod +x /root/project/scripts/with-node
cp project.json /root/project/package.json && cp dep.json /root/project/dep/package.json
cp lock.json /root/project/package-lock.json
export PATH="$(dirname "$OCIBENCH_TEST_NODE"):$PATH"
with_node() { /root/project/scripts/with-node "$@"; }
`;

const files = {
  'with-node': readFileSync(join(root, 'scripts/with-node'), 'utf8'),
  'project.json': scripted('project', withDependency),
  'dep.json': scripted('dep'),
  'lock.json': lock,
};

/** An npm that tells when it begins and ends, and takes its time. */
const slowNpm = `#!/bin/sh
echo "begin $*" >>/root/npm.log
rm -rf node_modules
sleep 1
mkdir node_modules
echo end >>/root/npm.log
`;

/** What `npm start` installs, and when. */
export function installCases(): void {
  test('no install script of any package is run', async () => {
    const { stdout, stderr } = await inBox(
      `${project}
with_node sh -c 'echo started'
ls /root/project/node_modules/dep/package.json
cat /root/executed-by 2>/dev/null || true
`,
      files,
    );
    expect(stdout.split('\n'), stderr).toEqual(['started', '/root/project/node_modules/dep/package.json']);
  });

  test('Node itself is installed without scripts too', async () => {
    const { stdout } = await inBox(
      `${project}
export PATH=/mnt/bin:/usr/sbin:/usr/bin:/sbin:/bin
with_node true 2>/dev/null || true
head -n 1 /root/npm.log
`,
      { ...files, 'npm+x': slowNpm, 'node+x': '#!/bin/sh\nexit 1\n' },
    );
    expect(stdout).toMatch(/^begin ci --ignore-scripts /);
  });

  test('two commands at once install once, and neither starts before that has ended', async () => {
    const { stdout, stderr } = await inBox(
      `${project}
for i in 1 2; do (with_node sh -c 'echo started >>/root/npm.log') & done
wait
cat /root/npm.log
`,
      { ...files, 'npm+x': slowNpm },
    );
    expect(
      stdout.split('\n').map((line) => line.split(' ')[0]),
      stderr,
    ).toEqual(['begin', 'end', 'started', 'started']);
  });

  test('what a command runs on is not replaced while it lives', async () => {
    const { stdout, stderr } = await inBox(
      `${project}
with_node true
mkfifo hold
with_node sh -c 'touch lives; read -r line <hold' &
while [ ! -e lives ]; do sleep 0.02; done
echo >>/root/project/package-lock.json
touch /root/project/node_modules/used
with_node true >out 2>&1 && code=0 || code=$?
echo "exit $code, $(ls /root/project/node_modules | grep -c used)"
grep -c 'a command that runs from this checkout' out
echo >hold
wait
with_node true 2>/dev/null && ls /root/project/node_modules | grep -c used || true
`,
      { ...files, 'npm+x': slowNpm },
    );
    expect(stdout.split('\n'), stderr).toEqual(['exit 4, 1', '1', '0']);
  });
}
