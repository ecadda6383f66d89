const relro = 0x6474e552;
const nothing = 0;

/**
 * A copy of a 64-bit little-endian ELF program whose PT_GNU_RELRO headers are PT_NULL (elf(5)), so that what they name
 * stays writable after relocation; null where the text is no such program or has no such header. Debian's bpftrace
 * 0.23.2-1 is linked so that LLVM's constructors write there, and ends with SIGSEGV before `main`.
 */
export function withoutRelro(program: Buffer): Buffer | null {
  const is64BitLittleEndian =
    program.length >= 64 && program.readUInt32BE(0) === 0x7f454c46 && program[4] === 2 && program[5] === 1;
  if (!is64BitLittleEndian) return null;
  const table = Number(program.readBigUInt64LE(32));
  const size = program.readUInt16LE(54);
  const count = program.readUInt16LE(56);
  const copy = Buffer.from(program);
  let changed = false;
  for (let at = 0; at < count; at++) {
    const header = table + at * size;
    if (size < 56 || header + size > copy.length) return null;
    if (copy.readUInt32LE(header) !== relro) continue;
    copy.writeUInt32LE(nothing, header);
    changed = true;
  }
  return changed ? copy : null;
}
