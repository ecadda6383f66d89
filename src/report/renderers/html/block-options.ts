import type { Lang } from '../../../core/messages/message.ts';
import type { PageParts, PagePictures } from '../../document/page-parts.ts';

/** Options for rendering blocks as HTML. */
export interface BlockOptions {
  readonly lang: Lang;
  /** Chart id → its pictures; figures without pictures are left out. */
  readonly svgs: Readonly<Record<string, PagePictures>>;
  readonly page: Pick<PageParts, 'runtimes'>;
}
