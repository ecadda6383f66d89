#!/usr/bin/env node
// The program of the npm package. Plain JavaScript without an import, which an old Node can read: it then says what is
// missing, where the program itself would end with a syntax error or a missing export.
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `ocibench: Node 24 or newer is needed, this is ${process.versions.node}; what would help:\n` +
      '  https://nodejs.org/en/download, or without installing it:  npx --package=node@24 --package=ocibench ocibench --help\n',
  );
  process.exitCode = 3;
} else {
  // Messages name the command as it was called; the launcher of a package says it itself.
  process.env.OCIBENCH_COMMAND ??= process.argv[1];
  import('../dist/src/cli.js');
}
