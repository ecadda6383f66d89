/** QEMU's options that choose what executes the guest: `-machine q35,accel=kvm`, `-accel tcg,thread=multi`, `-enable-kvm`. */
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
 * What executes the instructions of a VMM's guest in software, by its command line; null where nothing proves that something
 * does. Only QEMU can: it does so where it is asked to first, and where it is asked for nothing (qemu(1), -accel), but under the
 * name `qemu-kvm`, whose default is KVM.
 */
export function vmmEmulation(argv: readonly string[]): string | null {
  const program = argv[0]?.slice(argv[0].lastIndexOf('/') + 1) ?? '';
  if (!program.startsWith('qemu')) return null;
  const [first] = accelerators(argv);
  const emulated = first === undefined ? program !== 'qemu-kvm' : /^tcg\b/.test(first);
  return emulated ? 'QEMU TCG' : null;
}
