import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';
import { textLineCount, textLines } from '../lib/text-corpus.ts';

const words = messages('workload.perl', { title: 'Text processing: Perl' });

const script = String.raw`
my (%count, %after, $last, $changed);
$last = '';
while (my $line = <STDIN>) {
  chomp $line;
  $changed++ if $line =~ s/\b([a-m])([a-z]+)e\b/\u$1$2/g;
  for my $word (split / /, $line) {
    $count{$word}++;
    $after{$last}{$word}++ if length $word > 5;
    $last = $word;
  }
}
my @top = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
my $pairs = 0;
$pairs += keys %{$after{$_}} for keys %after;
print join(' ', scalar @top, "$top[0]=$count{$top[0]}", $pairs, $changed // 0), "\n";`;

export default taskWorkload({
  id: 'app/perl',
  image: 'utilities',
  title: words.title,
  description: `A Perl program reads ${textLineCount} lines (7 MB), changes words by a regular expression, and counts words and pairs of words
in hashes. Reads of 8 KiB are its only system calls beside those for memory, which grows to some 25 MB in small steps: page
faults, and an interpreter that computes.

What is checked are its counts. A unit of work is one line.`,
  task: () => ({
    before: `export LC_ALL=C
script=$(cat <<'END'${script}
END
)
work() { perl -e "$script" < ${textLines}; }`,
    command: ['work'],
    printed: '1961 mzrhlajo=4222 348158 21241\n',
    units: textLineCount,
  }),
});
