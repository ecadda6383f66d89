/** Nothing is looked at before all tests: what a test leaves is known by its marks (ours.ts). */
export default function setup(): void {}
