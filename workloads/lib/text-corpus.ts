/** Directories and files in each of them below {@link textTree}. */
const directories = 40;
const filesEach = 30;

/** Files of words: 1 200 of 0.2 to 12 KiB, 7 MB together, in 40 directories. */
export const textTree = '/srv/tree';
export const textTreeFiles = directories * filesEach;

/** Lines of words, 7 MB. */
export const textLines = '/srv/lines.txt';
export const textLineCount = 120_000;

/** An array of objects (id, kind, size, tags), 2.3 MB. */
export const jsonRecords = '/srv/records.json';
export const jsonRecordCount = 30_000;

/**
 * Perl script that makes these files, identical everywhere: words by a linear congruential generator (the constants of POSIX's
 * example of `rand`), common ones far more often than rare ones, as in a natural language.
 */
const script = String.raw`
my $state = 1;
sub below { $state = ($state * 1103515245 + 12345) % 2147483648; int($state / 65536) % $_[0] }
my @letters = ('a' .. 'z');
my @words = map { join '', map { $letters[below(26)] } 1 .. 2 + below(8) } 1 .. 2000;
sub text { join(' ', map { $words[below(1 + below(2000))] } 1 .. 4 + below(10)) . "\n" }
sub make { open(my $file, '>', $_[0]) or die "$_[0]: $!"; print $file $_[1]; close($file) or die $! }
mkdir '${textTree}';
for my $d (1 .. ${directories}) {
  my $directory = sprintf('${textTree}/part-%02d', $d);
  mkdir $directory;
  make(sprintf('%s/file-%02d.txt', $directory, $_), join('', map { text() } 1 .. 5 + below(200)))
    for 1 .. ${filesEach};
}
make('${textLines}', join('', map { text() } 1 .. ${textLineCount}));
sub record {
  my $tags = join(',', map { '"' . $words[below(2000)] . '"' } 1 .. 1 + below(5));
  sprintf('{"id":%d,"kind":"%s","size":%d,"tags":[%s]}', $_[0], $words[below(20)], below(30000), $tags)
}
make('${jsonRecords}', '[' . join(",\n", map { record($_) } 1 .. ${jsonRecordCount}) . "]\n");`;

/** Hook of an image recipe with perl-base: puts the corpus into the image. */
export const textCorpusHook = `mkdir -p "$1/srv"
chroot "$1" /usr/bin/perl <<'END'${script}
END`;
