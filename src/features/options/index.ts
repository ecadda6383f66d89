/** Records of this feature, for readers of them: `import … from 'ocibench/options'`. */

export { type Explanation, explanationSchema } from './explain/explanation.ts';
