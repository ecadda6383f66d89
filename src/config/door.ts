/**
 * Imported for its effect: from then on `import … from 'ocibench'` is this very program, wherever the importing file lies:
 * a configuration outside the checkout, a checkout that was never built, a program that was installed globally. Node's own
 * search would find another copy or none, and an error of another copy's `ParseError` is not an instance of this one's.
 */
import { registerHooks } from 'node:module';
import { extname } from 'node:path';

const door = new URL(`../index${extname(import.meta.url)}`, import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'ocibench' ? { url: door, shortCircuit: true } : next(specifier, context),
});
