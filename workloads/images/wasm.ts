import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { wasmDirectory, wasmPrograms } from '../lib/wasm-programs.ts';

/** Compiles a program natively, as a WebAssembly module, and that module ahead. All by clang or LLVM, for any CPU of this kind. */
const compiled = Object.entries(wasmPrograms).map(([name, source]) =>
  [
    `cat > "$1${wasmDirectory}/${name}.c" <<'END_OF_C'\n${source}\nEND_OF_C`,
    `cd "$1${wasmDirectory}"`,
    `in_image="chroot $1 sh -c"`,
    `$in_image 'cd ${wasmDirectory}; clang-19 -O2 -static -s -fuse-ld=lld-19 -o ${name} ${name}.c'`,
    `$in_image 'cd ${wasmDirectory}; clang-19 -O2 --target=wasm32-wasi -Wl,--strip-all -o ${name}.wasm ${name}.c'`,
    `$in_image 'cd ${wasmDirectory}; wasmedge compile --generic-binary ${name}.wasm ${name}.ahead.wasm'`,
    `rm ${name}.c`,
  ].join('\n'),
);

const wasm: ImageRecipe = {
  id: 'wasm',
  description:
    'small C programs, each native (static) and as WebAssembly modules, plain and compiled ahead; nothing else',
  suite: 'trixie',
  packages: ['dash', 'clang-19', 'lld-19', 'libc6-dev', 'wasi-libc', 'libclang-rt-19-dev-wasm32', 'wasmedge'],
  hooks: [`mkdir "$1${wasmDirectory}"`, ...compiled],
  // The compilers have done their work.
  remove: ['usr', 'bin', 'sbin', 'lib', 'lib64', 'etc/*', 'opt', 'srv', 'home', 'root/.*rc', 'root/.profile'],
};
export default wasm;
