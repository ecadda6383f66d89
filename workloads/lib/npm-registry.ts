import { untilListening } from '../../src/core/model/trial/stamped.ts';

/** Number of packages in the registry. */
export const npmPackages = 50;
/** Number of files in each package besides its package.json. */
const filesEach = 12;

/** Number of files in `node_modules` after an installation. */
export const npmInstalledFiles = npmPackages * (filesEach + 1);

/** Directory of the project, whose package.json and package-lock.json require every package. */
const npmProject = '/srv/project';
/** Directory of the registry: server.cjs, and one .tgz per package. */
const registry = '/srv/registry';
const npmRegistryPort = 4873;

/** Node script that answers `/NAME.tgz` with the file, and everything else with 404; NAME is a regular expression. */
const server = (name: string): string => `
const { createServer } = require('node:http');
const { readFile } = require('node:fs');
createServer((request, response) => {
  const name = /^\\/(${name})\\.tgz$/.exec(request.url);
  const answer = (status, body) => response.writeHead(status, { 'content-length': body.length }).end(body);
  if (name === null) return answer(404, '');
  readFile('${registry}/' + name[1] + '.tgz', (error, body) => (error ? answer(404, '') : answer(200, body)));
}).listen(${npmRegistryPort}, '127.0.0.1');`;

/** Lines of a Node script: what the scripts below have in common. */
const archives = `
const { createHash } = require('node:crypto');
const { mkdirSync, writeFileSync } = require('node:fs');
const { gzipSync } = require('node:zlib');
const base = 'http://127.0.0.1:${npmRegistryPort}/';
function entry(name, text) {
  const header = Buffer.alloc(512);
  const octal = (value, width) => value.toString(8).padStart(width - 1, '0');
  header.write('package/' + name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(text.length, 12), 124);
  header.write(octal(499162500, 12), 136);
  header.write('        0', 148);
  header.write('ustar\\u000000', 257);
  header.write(octal(header.reduce((sum, byte) => sum + byte, 0), 7), 148);
  return [header, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)];
}
`;

/**
 * Node script that makes the packages as `npm pack` would (gzip of ustar archives below `package/`), and the lock file
 * with their addresses and digests, so that `npm ci` requests only the packages.
 */
const generator = `${archives}function source(seed) {
  const line = (i) => 'exports.f' + i + ' = (x) => x * ' + ((seed * 7919 + i * 104729) % 65537) + ' + ' + i + ';\\n';
  return Array.from({ length: 20 + ((seed * 37) % 60) }, (_, i) => line(i)).join('');
}
mkdirSync('${registry}');
mkdirSync('${npmProject}');
writeFileSync('${registry}/server.cjs', process.argv[2]);
const dependencies = {};
const locked = {};
for (let p = 0; p < ${npmPackages}; p++) {
  const name = 'part-' + p;
  const files = [entry('package.json', JSON.stringify({ name, version: '1.0.0', main: 'lib/0.js' }))];
  for (let f = 0; f < ${filesEach}; f++) files.push(entry('lib/' + f + '.js', source(p * ${filesEach} + f)));
  const packed = gzipSync(Buffer.concat([...files.flat(), Buffer.alloc(1024)]));
  writeFileSync('${registry}/' + name + '.tgz', packed);
  dependencies[name] = '1.0.0';
  locked['node_modules/' + name] = {
    version: '1.0.0',
    resolved: base + name + '.tgz',
    integrity: 'sha512-' + createHash('sha512').update(packed).digest('base64'),
  };
}
const project = { name: 'project', version: '1.0.0' };
const write = (file, value) => writeFileSync('${npmProject}/' + file, JSON.stringify(value, null, 2));
write('package.json', { ...project, dependencies });
write('package-lock.json', {
  ...project,
  lockfileVersion: 3,
  requires: true,
  packages: { '': { ...project, dependencies }, ...locked },
});`;

/** Hook of an image recipe with Node: puts project and registry into the image. */
function fixtureHook(script: string, name: string): string {
  return `mkdir -p "$1/srv"
cat > "$1/srv/generate.cjs" <<'END'${script}
END
chroot "$1" /usr/bin/node /srv/generate.cjs '${server(name).replaceAll("'", String.raw`'\''`)}'
rm "$1/srv/generate.cjs"`;
}

/** The hook for {@link npmPackages} small packages without dependencies. */
export const npmFixtureHook = fixtureHook(generator, String.raw`part-\d+`);

/**
 * Node script that makes the packages of a lock file: their names, places, dependencies and numbers of files are real.
 * Each file has the mean size of its package's, at most 4 KiB, and lines that compress as code does.
 */
const lockedGenerator = (lock: string, roots: readonly string[]): string => `${archives}
let state = 1;
const below = (n) => Math.floor((state = (state * 1103515245 + 12345) % 2147483648) / 65536) % n;
const word = () => 'abcdefghijklmnopqrstuvwxyz'[below(26)] + below(400).toString(36);
function source(bytes) {
  let text = '';
  const line = () => 'exports.' + word() + ' = (' + word() + ') => ' + word() + '(' + below(1000) + ');\\n';
  while (text.length < bytes) text += line();
  return text.slice(0, bytes);
}
mkdirSync('${registry}');
mkdirSync('${npmProject}');
writeFileSync('${registry}/server.cjs', process.argv[2]);
const any = (names) => Object.fromEntries(names.map((name) => [name, '*']));
const dependencies = any(${JSON.stringify(roots)});
const locked = {};
const packed = new Map();
for (const line of \`${lock}\`.split('\\n')) {
  const [place, version, count, bytes, ...needs] = line.split(' ');
  const name = place.split('>').at(-1);
  const file = name.replace('/', '+') + '-' + version;
  if (!packed.has(file)) {
    const files = [entry('package.json', JSON.stringify({ name, version, dependencies: any(needs) }))];
    const size = Math.min(4096, Math.round(bytes / count));
    for (let f = 1; f < count; f++) files.push(entry('lib/' + f + '.js', source(size)));
    packed.set(file, gzipSync(Buffer.concat([...files.flat(), Buffer.alloc(1024)])));
    writeFileSync('${registry}/' + file + '.tgz', packed.get(file));
  }
  locked['node_modules/' + place.replaceAll('>', '/node_modules/')] = {
    version,
    resolved: base + file + '.tgz',
    integrity: 'sha512-' + createHash('sha512').update(packed.get(file)).digest('base64'),
    dependencies: any(needs),
  };
}
const project = { name: 'project', version: '1.0.0' };
const write = (file, value) => writeFileSync('${npmProject}/' + file, JSON.stringify(value, null, 2));
write('package.json', { ...project, dependencies });
write('package-lock.json', {
  ...project,
  lockfileVersion: 3,
  requires: true,
  packages: { '': { ...project, dependencies }, ...locked },
});`;

/** The hook for the packages of a lock file (`npm-lock.ts`). */
export function npmLockHook(lock: string, roots: readonly string[]): string {
  return fixtureHook(lockedGenerator(lock, roots), String.raw`[\w.+@-]+`);
}

/** Bash command that installs the project in the working directory. */
export const npmCi = 'npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2';

/**
 * Bash script for the `before` of a task: goes to a copy of the project in the directory, where npm's cache is empty,
 * and starts the registry.
 */
export function npmReady(directory: string): string {
  return `cp -r ${npmProject} ${directory}/project
cd ${directory}/project
export HOME=${directory} npm_config_registry=http://127.0.0.1:${npmRegistryPort}/ npm_config_cache=${directory}/cache
node ${registry}/server.cjs &
${untilListening(npmRegistryPort)}`;
}
