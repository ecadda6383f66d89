import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { still } from '../../../report/charts/grammar/dots.ts';
import { standalone } from '../../../report/charts/grammar/theme.ts';
import { formatPercent, formatValue } from '../../../report/format.ts';
import { plainText } from '../../../report/sanitize.ts';
import { wrapText } from '../../../report/wrap.ts';
import { classNames } from './figure-names.ts';
import { classOf } from './names/call-classes.ts';
import type { CallClass, Recording } from './recording.ts';

const words = messages('recording.picture', {
  title: 'Where the calls of {name} go',
  subtitle: '{calls} system calls in {time}, by process, class and name; the width is the number of calls',
  all: 'all calls',
  others: 'others',
  description: 'Icicle of system calls by process, class and name',
});

const width = 900;
const rowHeight = 26;
const titleColumns = 72;
/** Narrower boxes are combined into one. */
const least = 0.004;
/** Width of a character of the labels, pixels; narrower boxes have no label. */
const characterWidth = 6.4;

/** One box. `x` and `x2`: from 0 to 1 along the width; `row`: from the top. */
export interface Box {
  readonly row: number;
  readonly x: number;
  readonly x2: number;
  readonly label: string;
  readonly color: string;
}

/** One colour per class, distinguishable with red-green colour blindness (Paul Tol's palettes). */
const colors: Readonly<Record<CallClass, string>> = {
  trap: '#bbbbbb',
  read: '#77aadd',
  write: '#99ddff',
  open: '#ee8866',
  socket: '#44bb99',
  wait: '#dddddd',
  futex: '#aaaa00',
  memory: '#eedd88',
  process: '#ffaabb',
  other: '#cccccc',
};
const neutral = '#e5e8eb';

interface Leaf {
  readonly path: readonly { readonly label: string; readonly color: string }[];
  readonly calls: number;
}

/** Boxes of a tree: children side by side below their parent, widest first; too narrow ones are combined. */
export function boxesOf(leaves: readonly Leaf[], all: string, others: string): readonly Box[] {
  const total = leaves.reduce((sum, { calls }) => sum + calls, 0);
  if (total === 0) return [];
  const boxes: Box[] = [];
  const place = (own: readonly Leaf[], row: number, x: number, label: string, color: string) => {
    const share = own.reduce((sum, { calls }) => sum + calls, 0) / total;
    boxes.push({ row, x, x2: x + share, label, color });
    const groups = new Map<string, Leaf[]>();
    for (const leaf of own) {
      const [first] = leaf.path;
      if (first === undefined) continue;
      const group = groups.get(first.label);
      if (group === undefined) groups.set(first.label, [leaf]);
      else group.push(leaf);
    }
    const sized = [...groups]
      .map(([name, group]) => ({
        name,
        group,
        color: group[0]?.path[0]?.color ?? neutral,
        share: group.reduce((sum, { calls }) => sum + calls, 0) / total,
      }))
      .toSorted((a, b) => b.share - a.share);
    let at = x;
    for (const each of sized.filter((one) => one.share >= least)) {
      const below = each.group.map((leaf) => ({ ...leaf, path: leaf.path.slice(1) }));
      place(below, row + 1, at, each.name, each.color);
      at += each.share;
    }
    const rest = sized.filter((one) => one.share < least).reduce((sum, one) => sum + one.share, 0);
    if (rest >= least / 2) boxes.push({ row: row + 1, x: at, x2: at + rest, label: others, color: neutral });
  };
  place(leaves, 0, 0, all, neutral);
  return boxes;
}

/** The leaves of a recording: by process if the tracer distinguishes them, else by class. */
function leavesOf({ calls, places }: Pick<Recording, 'calls' | 'places'>, t: (m: Message) => string): Leaf[] {
  const ofCall = (name: string) => {
    const own = classOf(name);
    const color = colors[own];
    return [
      { label: t(classNames[own]), color },
      { label: name, color },
    ];
  };
  if (places.length === 0) return calls.map(({ name, count }) => ({ path: ofCall(name), calls: count }));
  return places.map(({ process, call, calls: n }) => ({
    path: [{ label: plainText(process) || '?', color: neutral }, ...ofCall(call)],
    calls: n,
  }));
}

/** A label, shortened to fit; empty if only a letter or two would fit. */
function fitted(label: string, share: number): string {
  const room = Math.floor((share * width - 8) / characterWidth);
  if (room < 3) return '';
  return label.length <= room ? label : `${label.slice(0, room - 1).toWellFormed()}…`;
}

/** Vega-Lite specification of a recording's icicle chart. Texts are data, so renderers escape them. */
export function icicle(recording: Recording, lang: Lang): Readonly<Record<string, unknown>> {
  const t = (message: Message) => translate(message, lang);
  const total = recording.calls.reduce((sum, { count }) => sum + count, 0);
  const boxes = boxesOf(leavesOf(recording, t), t(words.all), t(words.others));
  const rows = Math.max(1, ...boxes.map(({ row }) => row + 1));
  const values = boxes.map((box) => {
    const percent = formatPercent(box.x2 - box.x, lang);
    return {
      ...box,
      y: box.row * rowHeight,
      y2: (box.row + 1) * rowHeight - 1,
      text: fitted(`${box.label} ${percent}`, box.x2 - box.x),
    };
  });
  const name = plainText(recording.target.name).slice(0, 80);
  const scales = {
    x: { field: 'x', type: 'quantitative', axis: null, scale: { domain: [0, 1], nice: false } },
    x2: { field: 'x2' },
  };
  const down = { type: 'quantitative', axis: null, scale: { domain: [rows * rowHeight, 0], nice: false } };
  const view = {
    description: t(words.description),
    title: {
      text: wrapText(t(words.title({ name })), titleColumns),
      subtitle: t(
        words.subtitle({
          calls: formatValue(total, 'count', lang),
          time: formatValue(recording.windowNs, 'ns', lang),
        }),
      ),
    },
    width,
    height: rows * rowHeight,
    data: { values },
    layer: [
      still(
        { type: 'rect', stroke: 'white', strokeWidth: 1 },
        {
          ...scales,
          y: { field: 'y', ...down },
          y2: { field: 'y2' },
          color: { field: 'color', type: 'nominal', scale: null },
        },
      ),
      still(
        { type: 'text', align: 'left', baseline: 'middle', dx: 4, dy: rowHeight / 2, fontSize: 11 },
        { x: scales.x, y: { field: 'y', ...down }, text: { field: 'text', type: 'nominal' } },
      ),
    ],
  };
  return standalone(view, lang);
}
