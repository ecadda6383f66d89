/** Number of packages in the registry. */
export const npmPackages = 50;
/** Number of files in each package besides its package.json. */
const filesEach = 12;

/** Number of files in `node_modules` after an installation. */
export const npmInstalledFiles = npmPackages * (filesEach + 1);

/** Directory of the project, whose package.json and package-lock.json require every package. */
export const npmProject = '/srv/project';
/** Directory of the registry: server.cjs, and one .tgz per package. */
const registry = '/srv/registry';
export const npmRegistryPort = 4873;
/** Command that serves it on 127.0.0.1. */
export const npmRegistryServer: readonly string[] = ['node', `${registry}/server.cjs`];

/** Node script that answers `/NAME.tgz` with the file and everything else with 404. */
const server = `
const { createServer } = require('node:http');
const { readFile } = require('node:fs');
createServer((request, response) => {
  const name = /^\\/(part-\\d+)\\.tgz$/.exec(request.url);
  const answer = (status, body) => response.writeHead(status, { 'content-length': body.length }).end(body);
  if (name === null) return answer(404, '');
  readFile('${registry}/' + name[1] + '.tgz', (error, body) => (error ? answer(404, '') : answer(200, body)));
}).listen(${npmRegistryPort}, '127.0.0.1');`;

/**
 * Node script that makes the packages as \`npm pack\` would (gzip of ustar archives below \`package/\`), and the lock file with
 * their addresses and digests, so that \`npm ci\` requests only the packages.
 */
const generator = `
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
function source(seed) {
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
export const npmFixtureHook = `mkdir -p "$1/srv"
cat > "$1/srv/generate.cjs" <<'END'${generator}
END
chroot "$1" /usr/bin/node /srv/generate.cjs '${server.replaceAll("'", String.raw`'\''`)}'
rm "$1/srv/generate.cjs"`;
