import { expect, test } from 'vitest';
import { boxedRoot, inBox } from './box.ts';

/** Digits only: `sleep` takes it for a time. */
const containerId = '7'.repeat(64);

/** Ends what a container left, as after every trial, and says what it took for that. */
const look = `
import { endLeaked } from '${boxedRoot}/src/core/collect/process/leaks.ts';
import { scanContainers } from '${boxedRoot}/src/core/collect/process/scan.ts';
const containerId = '${containerId}';
const counted = scanContainers([containerId], []).processes.map(({ pid }) => pid);
const leaked = await endLeaked({ containerId, graceMs: 20 });
console.log(JSON.stringify({ counted, leaked: leaked.map(({ pid }) => pid) }));
`;

/** `as_shim FILE PROGRAM`: a sleep that looks like a shim of the container, with its process id in FILE. */
const asShim = `#!/bin/bash
echo $$ >"$1"
exec -a /usr/bin/containerd-shim-runc-v2 "$2" ${containerId}
`;

interface Found {
  readonly counted: readonly number[];
  readonly leaked: readonly number[];
}

/** Runs the script in the box, then looks; `pid NAME` waits for the process that `as_shim NAME` became. */
async function afterStarting(script: string): Promise<{ found: Found; pids: Record<string, number> }> {
  const { stdout, stderr } = await inBox(
    `
mkdir -m 1777 /tmp/pids
pid() { until grep -qs containerd-shim "/proc/$(cat /tmp/pids/$1 2>/dev/null)/cmdline"; do sleep 0.01; done; echo "$1=$(cat /tmp/pids/$1)"; }
${script}
node /mnt/box/look.ts
for each in /tmp/pids/*; do kill -KILL "$(cat "$each")" 2>/dev/null || true; done
`,
    { 'look.ts': look, 'as_shim+x': asShim },
  );
  const lines = stdout.split('\n');
  const pids = lines.filter((line) => line.includes('=')).map((line) => line.split('='));
  const last = lines.at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`${stdout}\n${stderr}`);
  return {
    found: JSON.parse(last) as Found,
    pids: Object.fromEntries(pids.map(([name = '', pid]) => [name, Number(pid)])),
  };
}

/** Processes that call themselves helpers of a container. */
export function leakCases(): void {
  test.each([
    ['who calls his own process a shim of the container makes no trial fail, and is in no figure', ''],
    ['nor does he by a set-user-ID program of root', 'chmod 4755 /mnt/sleep'],
  ])('%s', async (_, prepare) => {
    const { found, pids } = await afterStarting(`
cp "$(command -v sleep)" /mnt/sleep
${prepare}
as_other as_shim /tmp/pids/theirs /mnt/sleep &
pid theirs
`);
    expect(pids.theirs).toBeGreaterThan(0);
    expect(found).toEqual({ counted: [], leaked: [] });
  });

  test('what the engine left is still found after its parent has gone', async () => {
    const { found, pids } = await afterStarting(`
( setsid as_shim /tmp/pids/left sleep & )
pid left
`);
    expect(found).toEqual({ counted: [pids.left], leaked: [pids.left] });
  });
}
