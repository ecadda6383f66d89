interface Group {
  readonly title: string;
  /** Name in the list → file of the repository. */
  readonly items: readonly (readonly [name: string, file: string])[];
}

/** The documents in the order in which the site lists them. */
export const pages: readonly Group[] = [
  {
    title: 'Begin',
    items: [
      ['What it is, two minutes', 'README.md'],
      ['All documents', 'docs/README.md'],
      ['Lab exercise', 'docs/lab/en.md'],
      ['Travaux pratiques', 'docs/lab/fr.md'],
      ['The course page, line by line', 'docs/lab/page.md'],
      ['La page de cours, ligne par ligne', 'docs/lab/page.fr.md'],
      ['How to read the report', 'docs/reading.md'],
      ['Questions and answers', 'docs/faq.md'],
    ],
  },
  {
    title: 'Do',
    items: [
      ['Install', 'docs/install.md'],
      ['Register runtimes', 'docs/runtimes.md'],
      ['Measure in CI', 'docs/ci.md'],
      ['Guard every night', 'docs/nightly.md'],
      ['Measure your own service', 'docs/own-workloads.md'],
      ['Measure flags of a runtime', 'docs/gvisor-flags.md'],
      ['Try a compose stack', 'docs/move.md'],
      ['Measure sandboxes', 'docs/sandbox.md'],
      ['Plan capacity', 'docs/capacity.md'],
      ['Measure many hosts', 'docs/many-hosts.md'],
      ['Combining results from many hosts', 'docs/fleet.md'],
      ['Teach with a class', 'docs/teaching.md'],
      ['Enseigner avec une classe', 'docs/teaching.fr.md'],
      ['Measure in a virtual machine', 'docs/lab-vm.md'],
      ['Look through what was handed in', 'docs/verify.md'],
      ['Publish a run', 'docs/publish.md'],
      ['Contribute', 'CONTRIBUTING.md'],
    ],
  },
  {
    title: 'Look up',
    items: [
      ['Glossary', 'docs/glossary.md'],
      ['Glossaire', 'docs/glossary.fr.md'],
      ['Workloads', 'docs/workloads.md'],
      ['Engines', 'docs/engines.md'],
      ['Daemon options', 'docs/daemon-options.md'],
      ['Layers', 'docs/layers.md'],
      ['Hardening', 'docs/hardening.md'],
      ['Files and imports', 'docs/files.md'],
      ['Data dictionary', 'docs/data.md'],
      ['Errors and reasons', 'docs/reasons.md'],
      ['Security', 'SECURITY.md'],
      ['Changes', 'CHANGELOG.md'],
    ],
  },
  {
    title: 'Understand',
    items: [
      ['Method', 'docs/method.md'],
      ['Accounting', 'docs/accounting.md'],
      ['When things go wrong', 'docs/reliability.md'],
      ['How ocibench is built', 'src/README.md'],
      ['Decisions', 'docs/adr/README.md'],
      ['A report', 'results/reference/report.md'],
      ['A report of layers', 'results/reference-layers/report.md'],
    ],
  },
];
