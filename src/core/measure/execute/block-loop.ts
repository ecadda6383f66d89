/** Work that is measured in blocks: the trials of a run or of a calibration, or rounds of idle sandboxes. */
export interface BlockLoop<Block, Item> {
  /** The next block; null to end. */
  next(): Block | null;
  itemsOf(block: Block): readonly Item[];
  measure(item: Item, block: Block): Promise<void>;
  /** Is there a reason to start no further item? */
  isCutOff(): boolean;
  /** All items of the block were measured, or left out. */
  onBlockEnd?(block: Block): void;
}

/**
 * Measures blocks one after the other, and their items one at a time, until there is no further block or `isCutOff`.
 */
export async function measureBlocks<Block, Item>(loop: BlockLoop<Block, Item>): Promise<void> {
  while (!loop.isCutOff()) {
    const block = loop.next();
    if (block === null) return;
    for (const item of loop.itemsOf(block)) {
      if (loop.isCutOff()) return;
      await loop.measure(item, block);
    }
    if (!loop.isCutOff()) loop.onBlockEnd?.(block);
  }
}
