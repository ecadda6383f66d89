/** Records of this feature, for readers of them: `import … from 'ocibench/proof'`. */

export { type Calibration, calibrationSchema } from './calibrate/calibration.ts';
