/** The address of a heading within its page, as GitHub makes it: only letters, digits, `-` and `_`, in lower case. */
export function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Mark}\p{Number}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
