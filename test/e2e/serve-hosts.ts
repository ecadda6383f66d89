import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';

// usage: serve-hosts.ts DIRECTORY CERTIFICATE: serves DIRECTORY/<name of the host>/… over https until stdin ends.
const [, , directory = '', certificate = ''] = process.argv;
const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(certificate, name)));
process.stdin.on('end', () => process.exit()).resume();
createServer({ cert, key }, async (request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'https://localhost').pathname);
  const content = await readFile(join(directory, request.headers.host ?? '', path)).catch(() => null);
  response.writeHead(content === null ? 404 : 200).end(content ?? 'there is no such file\n');
}).listen(443, '127.0.0.1', () => console.log('serves'));
