import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PngMessage } from './png-thread.ts';

interface Waiting {
  resolve(png: Uint8Array): void;
  reject(error: unknown): void;
}

/** The thread, and what is waited for from it, by number. */
interface PngThread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

let thread: PngThread | null = null;
let requests = 0;

function startThread(): PngThread {
  // The suffix is that of this file: .js in the compiled package.
  const program = new URL(`./png-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(program, { execArgv: [], env: {}, name: 'png' });
  const started: PngThread = { worker, waiting: new Map() };
  const fail = (error: unknown) => {
    if (thread === started) thread = null;
    for (const { reject } of started.waiting.values()) reject(error);
    started.waiting.clear();
  };
  worker.on('message', ({ id, png, error }: PngMessage) => {
    const request = started.waiting.get(id);
    started.waiting.delete(id);
    // Nothing is waited for: the process may end.
    if (started.waiting.size === 0) worker.unref();
    if (png === undefined) request?.reject(error);
    else request?.resolve(png);
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread that renders PNGs has ended')));
  return started;
}

/**
 * Renders an SVG as PNG in a thread of its own, which takes as long as to draw the chart three times. Nobody needs to wait for
 * it: a rejection that nobody awaits is ignored.
 */
export function renderPngMeanwhile(svg: string): Promise<Uint8Array> {
  thread ??= startThread();
  const { worker, waiting } = thread;
  const id = ++requests;
  const rendered = new Promise<Uint8Array>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
  });
  rendered.catch(() => undefined);
  worker.ref();
  worker.postMessage({ id, svg } satisfies PngMessage);
  return rendered;
}
