import { resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { renderPng } from '../../../src/report/render/png.ts';
import { renderPngMeanwhile } from '../../../src/report/render/png-meanwhile.ts';

const picture = (text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20" font-family="DejaVu Sans">${text}</text></svg>`;

test('a PNG that is rendered meanwhile is the same, and each is given to whom it was rendered for', async () => {
  const pictures = ['runc', 'crun', 'runsc'].map(picture);
  const rendered = await Promise.all(pictures.map(renderPngMeanwhile));
  for (const [at, svg] of pictures.entries())
    expect(Buffer.from(rendered[at] ?? []).equals(Buffer.from(renderPng(svg)))).toBe(true);
});

test('what is no picture is refused, and the next one is rendered', async () => {
  const [broken, whole] = [renderPngMeanwhile('<svg'), renderPngMeanwhile(picture('runc'))];
  await expect(broken).rejects.toThrow();
  expect((await whole).byteLength).toBeGreaterThan(100);
});

test('the thread does not keep a process that has its pictures, and loses none of one that does not wait', async () => {
  const module = resolve(import.meta.dirname, '../../../src/report/render/png-meanwhile.ts');
  const program = `
    import { renderPngMeanwhile } from ${JSON.stringify(module)};
    await renderPngMeanwhile(${JSON.stringify(picture('runc'))});
    renderPngMeanwhile(${JSON.stringify(picture('crun'))}).then((png) => process.stdout.write(String(png.byteLength)));
  `;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], {
    timeout: 60_000,
  });
  expect(Number(stdout)).toBe(renderPng(picture('crun')).byteLength);
});
