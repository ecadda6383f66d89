/**
 * Does `work` for each item, at most `atOnce` at a time. Those of one lane follow each other in their order: what shares a machine
 * is not measured beside itself.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  laneOf: (item: Item) => string,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const lanes = [...Map.groupBy(items, laneOf).values()];
  const worker = async () => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift())
      for (const item of lane) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, worker));
}
