/** Nights that a Page key moves by. */
const leap = 7;

/** Index that a key leads to from index `place`; null if the key does not move. */
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
