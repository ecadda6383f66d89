import type { Picture } from '../../../report/charts/grammar/picture.ts';

/** A picture of what a target costs. */
export interface MovePicture extends Picture {
  readonly target: string;
}
