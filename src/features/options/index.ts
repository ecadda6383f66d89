/** Schemas and types of this feature's records: `import … from 'ocibench/options'`. */

export { type Explanation, explanationSchema } from './explain/explanation.ts';
