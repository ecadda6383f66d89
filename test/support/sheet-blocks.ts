/** A block of shell commands of a sheet, as printed. */
export interface SheetBlock {
  /** Number of the section that it stands in, and its own number there, from 1: `3.2`. */
  readonly name: string;
  readonly commands: string;
}

/** The `sh` blocks of a Markdown document with numbered sections (`## 3. …`), in their order. */
export function sheetBlocks(sheet: string): readonly SheetBlock[] {
  const blocks: SheetBlock[] = [];
  let section = 0;
  let inSection = 0;
  for (const [, number, commands] of sheet.matchAll(/^## (\d+)\. [^\n]*$|^```sh\n(.*?)^```$/gms)) {
    if (number !== undefined) {
      section = Number(number);
      inSection = 0;
    } else if (commands !== undefined) {
      inSection++;
      blocks.push({ name: `${section}.${inSection}`, commands });
    }
  }
  return blocks;
}
