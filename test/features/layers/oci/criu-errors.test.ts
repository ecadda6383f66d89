import { expect, test } from 'vitest';
import { criuErrors } from '../../../../src/features/layers/oci/restorable.ts';

test('the reason of CRIU is in its log, without its harmless complaint', () => {
  const log = `(00.000001) Version: 4.1.1
(00.068242) Error (criu/util.c:1533): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted
(00.186448) Error (criu/proc_parse.c:479): Unknown shit 600 (anon_inode:[io_uring])
(00.276168) Error (criu/cr-dump.c:2111): Dumping FAILED.
`;
  expect(criuErrors(log)).toBe('Unknown shit 600 (anon_inode:[io_uring]); Dumping FAILED.');
  expect(criuErrors('(00.1) Dumping finished successfully\n')).toBe('');
});
