import { describe, expect, test } from 'vitest';
import {
  type Block,
  type Column,
  code,
  heading,
  left,
  lineBreak,
  list,
  number,
  paragraph,
  quiet,
  runtimeName,
  strong,
  text,
} from '../../../src/report/document/document.ts';
import { columnsOf } from '../../../src/report/document/terminal-columns.ts';
import { renderHtml } from '../../../src/report/renderers/html.ts';
import { renderMarkdown } from '../../../src/report/renderers/markdown.ts';
import { renderTerminal } from '../../../src/report/renderers/terminal.ts';
import { verdictInline } from '../../../src/report/words/verdict.ts';

const page = {
  runtimes: [],
  data: {
    runtimes: [],
    charts: {},
    config: {},
    nothingShown: '',
    found: ['', '', ''] as const,
  },
  script: null,
};
const html = (blocks: readonly Block[]) => renderHtml(blocks, { lang: 'en', title: 't', svgs: {}, page });
const markdown = (blocks: readonly Block[]) => renderMarkdown(blocks, 'en', '../charts');
const terminal = (blocks: readonly Block[], width = 60) => renderTerminal([blocks], { lang: 'en', width });
const painted = (blocks: readonly Block[]) =>
  renderTerminal([blocks], {
    lang: 'en',
    width: 60,
    paint: (style, words) => `<${style}>${words}</${style}>`,
  });

const words = (part: { readonly text: string }) => part.text;

describe('a document', () => {
  const table: Block = {
    kind: 'table',
    columns: [left('runtime'), { title: 'median', align: 'right' }, left('verdict')],
    rows: [
      [[text('startup/echo')]],
      [
        [runtimeName('runc')],
        [number('167 ms [160, 170]', 167, '167 ms')],
        [verdictInline({ verdict: 'baseline' }, words)],
      ],
      [
        [runtimeName('runsc')],
        [number('452 ms [440, 460]', 452, '452 ms')],
        [verdictInline({ verdict: 'slower' }, words)],
      ],
    ],
  };
  const document: readonly Block[] = [
    heading(2, 'In short'),
    paragraph(strong('runsc'), text(' starts slower.')),
    quiet('Ratios are to runc.'),
    ...list([[code('kata'), text(': is not installed'), lineBreak, text('Fix: install it')]]),
    { kind: 'warning', items: [[{ kind: 'quote', text: 'the host swaps', lang: 'en' }]] },
    table,
    { kind: 'section', title: 'Tables', blocks: [paragraph(text('folded'))] },
  ];

  test('says the same in Markdown, in HTML and on a terminal', () => {
    const plain = [markdown(document), html(document).replace(/<[^>]+>/g, ' '), terminal(document)];
    for (const said of [
      'In short',
      'starts slower.',
      'Ratios are to runc.',
      'is not installed',
      'Fix: install it',
    ])
      for (const rendered of plain) expect(rendered).toContain(said);
    for (const said of ['the host swaps', 'startup/echo', '452 ms [440, 460]', 'slower', 'Tables', 'folded'])
      for (const rendered of plain) expect(rendered).toContain(said);
  });

  test('on a terminal', () => {
    expect(terminal(document)).toBe(`In short
runsc starts slower.
Ratios are to runc.
  – kata: is not installed
    Fix: install it
! Warning: the host swaps
  runtime             median  verdict
startup/echo
  runc     167 ms [160, 170]  · baseline
  runsc    452 ms [440, 460]  ▲ slower
Tables
folded`);
  });

  test('colour is only beside words and signs', () => {
    const coloured = painted(document);
    expect(coloured.replaceAll(/<\/?[a-z]+>/g, '')).toBe(terminal(document));
    for (const part of [
      '<bold>In short</bold>',
      '<dim>Ratios are to runc.</dim>',
      '<yellow>! Warning:</yellow> the host',
      '<bold>startup/echo</bold>',
      '<dim>· baseline</dim>',
      '<red>▲ slower</red>',
    ])
      expect(coloured).toContain(part);
  });

  test('a title over rows takes the whole width of a table', () => {
    expect(html([table])).toContain('<td colspan="3">startup/echo</td>');
  });

  test('groups of blocks are parted by an empty line, and empty ones leave none', () => {
    const one = [paragraph(text('one'))];
    expect(renderTerminal([one, [], one], { lang: 'en', width: 60 })).toBe('one\n\none');
  });

  test('what it quotes can steer no terminal and is no markup', () => {
    const evil = [paragraph(text('\u001b[2J<b>|`\n\u009b1m'))];
    expect(terminal(evil)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(html(evil)).not.toContain('<b>');
    expect(markdown(evil)).toContain('\\<b\\>');
  });
});

describe('a table on a terminal that is too narrow', () => {
  const cut = (min: number): Column => ({ ...left('runtime'), fit: { how: 'cut', min } });
  const name = 'runsc-with-a-very-long-name-for-network-host';
  const table = (first: Column): Block => ({
    kind: 'table',
    columns: [first, { ...left('median [95% CI]'), brief: 'median' }],
    rows: [[[runtimeName(name)], [number('452 ms [440, 460]', 452, '452 ms')]]],
  });

  test('names are cut in their middle first', () => {
    const lines = terminal([table(cut(8))], 40).split('\n');
    expect(lines[1]).toBe('runsc-with…twork-host  452 ms [440, 460]');
    expect(lines[1]).toHaveLength(40);
  });

  test('then values lose their intervals', () => {
    const lines = terminal([table(cut(20))], 30).split('\n');
    expect(lines).toEqual(['runtime                 median', 'runsc-with-…twork-host  452 ms']);
  });

  test('long text is wrapped in its column', () => {
    const wrapped: Column = { ...left('runtime'), fit: { how: 'wrap', max: 20, min: 12 } };
    const lines = terminal([table(wrapped)], 40).split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    expect(
      lines
        .slice(1)
        .map((line) => line.slice(0, 20).trim())
        .join(''),
    ).toBe(name);
  });

  test('characters that take two columns keep the next one in its place', () => {
    const wide: Block = {
      kind: 'table',
      columns: [left('runtime'), left('n')],
      rows: [
        [[text('日本語')], [text('1')]],
        [[text('runc')], [text('2')]],
      ],
    };
    const [, first = '', second = ''] = terminal([wide]).split('\n');
    expect(columnsOf(first)).toBe(columnsOf(second));
  });
});
