import { listed } from '../messages/compose.ts';
import { messages, reasons } from '../messages/define.ts';
import { fail, ok } from '../model/machine/check.ts';
import { failureRules } from './failure-row.ts';
import type { Family } from './family.ts';
import { runcFlags, runcShimOptions } from './host-kernel.ts';
import { crunReleased } from './release-dates.ts';

const words = messages('doctor.wasmLibrary', {
  title: 'WebAssembly library',
  present: '{runtimes}: libwasmedge is installed',
});
const { wasmInstall } = messages('preflight', {
  wasmInstall: 'apt-get install libwasmedge0 (elsewhere: https://wasmedge.org/docs/start/install/)',
});
const doubts = reasons('doctor.wasmLibrary', {
  missing: {
    message: '{runtimes}: the library libwasmedge is missing, so that no container can start',
  },
});

const library = 'libwasmedge.so.0';

/**
 * crun under the name crun-wasm, which runs a container's program as a WebAssembly module by libwasmedge, inside the container's
 * first process. The root directory of the container is the module's (crun, src/libcrun/handlers/wasmedge.c). crun itself runs
 * modules only in containers with an annotation, which no row has.
 */
export default {
  id: 'wasm',
  product: 'crun-wasm',
  order: 5,
  recognition: { pattern: /crun-wasm/i, priority: 3 },
  kernel: 'wasi',
  colors: ['#654ff0', '#3f2fb0', '#a99cf7'],
  released: crunReleased,
  programs: [{ name: 'crun-wasm', library, entry: () => ({ name: 'wasm', path: 'crun-wasm' }) }],
  library: { file: library, product: 'WasmEdge' },
  // Standard WASI has no sockets that connect.
  networkStack: () => null,
  role: (name) => (name === 'crun-wasm' ? 'runtime' : null),
  failures: failureRules(
    [
      [
        /could not load `(?<library>libwasmedge[^`]*)`/,
        'wasm-library-missing',
        'crun-wasm executes containers by the library {library}, which is not installed',
        '{fix}',
      ],
      [
        /loading failed: (?:invalid path|magic header|malformed magic|unexpected end)[\s\S]{0,400}?File name: "(?<program>[^"]*)"/,
        'wasm-native-program',
        '{program} is no WebAssembly module, or does not exist; this runtime runs WebAssembly modules only',
        'run a native program under another runtime, or build the image with a module (clang --target=wasm32-wasi)',
      ],
      [
        // crun and runc name the program that the kernel refused.
        /exec container process `(?<program>[^`]*\.wasm)`: Exec format error|exec (?<program>\S*\.wasm): exec format error/,
        'wasm-module',
        '{program} is a WebAssembly module, and this runtime starts native programs',
        'register a runtime for modules:  @(sudo runtimes add wasm --path /usr/bin/crun-wasm)',
      ],
    ],
    { fix: () => wasmInstall },
  ),
  recordedFlags: [...runcFlags, 'cgroup-manager', 'log-level', 'config'],
  recordedOptions: runcShimOptions,
  packages: [],
  checks: [
    {
      id: 'wasm-library',
      title: words.title,
      impact: 'high',
      check: ({ runtimes }) => {
        const namesOf = (are: 'present' | 'missing') =>
          runtimes.flatMap(({ entry, sidecars }) => (sidecars?.are === are ? [entry.name] : []));
        const [missing, present] = [namesOf('missing'), namesOf('present')];
        if (missing.length > 0) return fail(doubts.missing({ runtimes: listed(missing), fix: wasmInstall }));
        return present.length > 0 ? ok(words.present({ runtimes: listed(present) })) : null;
      },
    },
  ],
} satisfies Family;
