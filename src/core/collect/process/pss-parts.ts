/** The parts of a process's PSS, bytes (`Pss_*` of smaps_rollup; Linux ≥ 5.4). They add up to its PSS. */
export interface PssParts {
  readonly anon: number;
  readonly file: number;
  readonly shmem: number;
}

/** Parse the parts of PSS from smaps_rollup's text; null where the kernel does not separate them. */
export function parsePssParts(text: string): PssParts | null {
  const bytes = (name: string) => {
    const kibibytes = new RegExp(`^${name}: +(\\d{1,20}) kB$`, 'm').exec(text)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  };
  const [anon, file, shmem] = [bytes('Pss_Anon'), bytes('Pss_File'), bytes('Pss_Shmem')];
  return anon == null || file == null || shmem == null ? null : { anon, file, shmem };
}
