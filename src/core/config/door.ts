/**
 * Imported for its side effect: `import … from 'ocibench'` or `'ocibench/nightly'` then resolves to this running program,
 * wherever the importing file is. The file may be outside the checkout, the checkout not built, or the program installed
 * globally. Node's own search would find another copy or none. An error of another copy's `ParseError` is not an instance of
 * this one's.
 */
import { registerHooks } from 'node:module';
import { extname } from 'node:path';

const end = extname(import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const found = /^ocibench(?:\/(\w+))?$/.exec(specifier);
    if (found === null) return next(specifier, context);
    const [, feature] = found;
    const door = feature === undefined ? `../../index${end}` : `../../features/${feature}/index${end}`;
    return { url: new URL(door, import.meta.url).href, shortCircuit: true };
  },
});
