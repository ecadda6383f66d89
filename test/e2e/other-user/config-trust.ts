import { expect, test } from 'vitest';
import { inBox } from './box.ts';

/** A configuration that says whose rights it was executed with. */
const planted = `import { writeFileSync } from 'node:fs';
writeFileSync('/root/executed-by', String(process.getuid()));
export default {};
`;

/** A configuration is code: which one is executed, and which one is not. */
export function configTrustCases(): void {
  test('a bench.config.ts that somebody left in the working directory is executed only when it is named', async () => {
    const { stdout, stderr } = await inBox(
      `
as_other mkdir -m 0755 /tmp/theirs
as_other cp /mnt/box/planted.ts /tmp/theirs/bench.config.ts
cd /tmp/theirs
for words in "list workloads" "doctor --engine docker" "list workloads --config bench.config.ts"; do
  ocibench $words 2>&1 >/dev/null | tr '\\n' ' '
  [ -e /root/executed-by ] && executed=executed || executed=not
  echo "$words: $executed"
done
`,
      { 'planted.ts': planted },
    );
    const [list, doctor, named] = stdout.split('\n');
    expect(list, stderr).toBe('list workloads: not');
    expect(doctor).toMatch(/ doctor --engine docker: not$/);
    expect(doctor).toContain('/tmp/theirs belongs to user 65534');
    expect(doctor).toContain('name it:  --config /tmp/theirs/bench.config.ts');
    expect(named).toMatch(
      /^configuration: \/tmp\/theirs\/bench.config.ts .*list workloads --config bench.config.ts: executed$/,
    );
  });
}
