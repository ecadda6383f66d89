const MiB = 2 ** 20;

/** How much of an archive is unpacked, so that a small file of a stranger fills neither disk nor memory. */
export interface UnpackLimits {
  /** Bytes of all files of one archive. */
  readonly bytes: number;
  /** Files and directories of one archive. */
  readonly entries: number;
  /** Bytes of a whole name. */
  readonly nameBytes: number;
  /** Parts of a name between `/`. */
  readonly depth: number;
  /** Bytes unpacked for each byte of the archive, once {@link ratioFromBytes} are unpacked. */
  readonly ratio: number;
  /** Text of a few equal lines compresses without end, and is small. */
  readonly ratioFromBytes: number;
}

/** A run with a time series of every trial has some 100 MB, and its JSON lines compress to a twentieth. */
export const unpackLimits: UnpackLimits = {
  bytes: 4096 * MiB,
  entries: 20_000,
  nameBytes: 1024,
  depth: 12,
  ratio: 200,
  ratioFromBytes: 64 * MiB,
};
