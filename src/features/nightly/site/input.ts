import type { Message } from '../../../core/messages/message.ts';
import type { History } from '../history/nights.ts';

/** What a site is made of. */
export interface SiteInput {
  readonly history: History;
  /** Lines that cannot be read, and why. */
  readonly damaged: readonly { readonly file: string; readonly line: number; readonly why: Message }[];
  /** When it is written; ISO 8601, UTC. */
  readonly at: string;
  readonly version: string;
  /** The script of its pages, and its SHA-256 in base64. */
  readonly script: { readonly code: string; readonly sha256: string };
  /** The SHA-256 of a text, in base64. */
  readonly digest: (text: string) => string;
}
