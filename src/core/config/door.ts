/**
 * Imported for its effect: `import … from 'ocibench'` then resolves to this running program, wherever the importing
 * file is. The file may be outside the checkout, the checkout not built, or the program installed globally. Node's own
 * search would find another copy or none. An error of another copy's `ParseError` is not an instance of this one's.
 */
import { registerHooks } from 'node:module';
import { extname } from 'node:path';

const door = new URL(`../../index${extname(import.meta.url)}`, import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'ocibench' ? { url: door, shortCircuit: true } : next(specifier, context),
});
