import { messages } from '../../src/core/messages/define.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.agentChromium', { title: 'Rendering a page: Chromium' });

const rows = 500;
const [width, height] = [800, 600] as const;

/** Boxes and pixels that have the same sizes and colours with every font and version. */
const page = `<!doctype html><title>page</title><style>
div { width: 40px; height: 20px; display: inline-block } 
p { height: 20px; margin: 0; white-space: nowrap; overflow: hidden }
</style><canvas width=256 height=256></canvas><main></main><output></output><script>
const main = document.querySelector('main');
for (let i = 0; i < ${rows}; i++) {
  const p = document.createElement('p');
  p.innerHTML = '<div></div><b>row ' + i + '</b> <i>' + (i * 7919 % 1000) + '</i>';
  main.append(p);
}
[...main.children].sort((a, b) => a.lastChild.textContent - b.lastChild.textContent).forEach((p) => main.append(p));
const c = document.querySelector('canvas').getContext('2d');
for (let i = 0; i < 500; i++) {
  c.fillStyle = 'rgb(' + [i % 256, i * 7 % 256, i * 31 % 256] + ')';
  c.fillRect(i * 37 % 256, i * 61 % 256, 5 + i % 40, 5 + i % 30);
}
let sum = 0;
for (const byte of c.getImageData(0, 0, 256, 256).data) sum = (sum * 31 + byte) % 1000003;
const first = main.firstChild.getBoundingClientRect().top;
const last = main.lastChild.getBoundingClientRect().bottom;
document.querySelector('output').textContent = main.children.length + ' rows ' + (last - first) + ' px ' + sum;
</script>
`;

export default taskWorkload({
  id: 'agent/chromium',
  image: 'chromium',
  title: words.title,
  description: `Chromium without a screen starts, loads a page from a file, runs its script, lays out ${rows} rows,
draws, and writes the page's DOM and a picture of ${width} by ${height} pixels: a program of 230 MB with half a dozen
processes, shared memory, futexes and sockets between them. It is what agents look at the web with.

Chromium's own sandbox is off, as in most containers: it needs namespaces that a container may not make. Shared
memory, profile and page are in a tmpfs. What is checked is the page's answer (rows, layout, a digest of pixels) and
the picture's size. A unit of work is one page.`,
  // In the preset full only: the others already take 25 s a block under three runtimes.
  task: () => ({
    before: `export HOME=${scratch} TMPDIR=${scratch} DBUS_SESSION_BUS_ADDRESS=disabled:
mkdir -p /tmp
cd ${scratch}
cat > page.html <<'END'
${page}END
work() {
  chromium-headless-shell --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \\
    --user-data-dir=${scratch}/profile --window-size=${width},${height} --screenshot=${scratch}/page.png \\
    --dump-dom file://${scratch}/page.html > dom.html 2> log
}`,
    after: `tail -n 3 log >&2
sed -n 's/.*<output>\\(.*\\)<\\/output>.*/\\1/p' dom.html
od -A n -t u1 -j 16 -N 8 page.png | tr -s ' '`,
    command: ['work'],
    printed: `${rows} rows ${20 * rows} px 891545\n 0 0 3 32 0 0 2 88\n`,
    units: 1,
    scratchBytes: 128 * 2 ** 20,
  }),
});
