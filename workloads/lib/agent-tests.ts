/** Modules of CPython's test suite that fork, write and read; none needs a network or a terminal. */
export const testModules = ['test_filecmp', 'test_glob', 'test_runpy'] as const;

/** Of their tests, those that Python skips in the image, under any runtime: a kernel that lets more be skipped did less work. */
export const skippedTests = 3;

/** File with the number of their tests, which differs from one version of Python to the next. */
export const testCount = '/srv/tests.count';

const script = `
import sys, unittest
print(unittest.defaultTestLoader.loadTestsFromNames(["test." + n for n in sys.argv[1:]]).countTestCases())`;

/** Hook of an image recipe with the suite: counts the tests. */
export const testsHook = `chroot "$1" /usr/bin/python3 -c '${script}' ${testModules.join(' ')} > "$1${testCount}"`;
