/** Nights of a page key. */
const leap = 7;

/** Where a key leads from a place; null where it leads nowhere. */
export function keyPlace(key: string, place: number, count: number): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return place - 1;
    case 'ArrowRight':
    case 'ArrowUp':
      return place + 1;
    case 'PageDown':
      return place - leap;
    case 'PageUp':
      return place + leap;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
