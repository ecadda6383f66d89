/** Schemas and types of this feature's records: `import … from 'ocibench/combine'`. */
export { type Combined, combinedSchema } from './sessions/combined-record.ts';
