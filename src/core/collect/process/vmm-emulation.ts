/** QEMU's options that choose the accelerator: `-machine q35,accel=kvm`, `-accel tcg,thread=multi`, `-enable-kvm`. */
function accelerators(argv: readonly string[]): readonly string[] {
  return argv.flatMap((argument, i) => {
    const option = argument.replace(/^--?/, '');
    if (option === 'enable-kvm') return ['kvm'];
    const value = argv[i + 1] ?? '';
    if (option === 'accel') return [value];
    if (option !== 'machine' && option !== 'M') return [];
    return value
      .split(',')
      .flatMap((part) => (part.startsWith('accel=') ? [part.slice('accel='.length)] : []));
  });
}

/**
 * The software emulator of a VMM's guest CPU, by the command line; null where nothing proves emulation. Only QEMU can
 * emulate. It does so if TCG is its first choice, and if there is no choice (qemu(1), -accel). Under the name
 * `qemu-kvm`, the default is KVM.
 */
export function vmmEmulation(argv: readonly string[]): string | null {
  const program = argv[0]?.slice(argv[0].lastIndexOf('/') + 1) ?? '';
  if (!program.startsWith('qemu')) return null;
  const [first] = accelerators(argv);
  const emulated = first === undefined ? program !== 'qemu-kvm' : /^tcg\b/.test(first);
  return emulated ? 'QEMU TCG' : null;
}
