import { parentPort } from 'node:worker_threads';
import { renderPng } from './png.ts';

/** A picture to render, or rendered; `error`: it could not be. */
export interface PngMessage {
  readonly id: number;
  readonly svg?: string;
  readonly png?: Uint8Array;
  readonly error?: unknown;
}

/** The thread that renders PNGs while the next charts are drawn; it answers in the order of its requests. */
parentPort?.on('message', ({ id, svg = '' }: PngMessage) => {
  const answer = (): PngMessage => {
    try {
      return { id, png: renderPng(svg) };
    } catch (error) {
      return { id, error };
    }
  };
  parentPort?.postMessage(answer());
});
