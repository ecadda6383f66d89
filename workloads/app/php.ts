import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.php', { title: 'Web pages from templates: PHP' });

const pages = 1_000;
const templates = 30;

/** `$page` selects the data and the order of the templates. */
const script = `
$hash = hash_init('sha256');
for ($page = 0; $page < ${pages}; $page++) {
  ob_start();
  $data = json_decode(file_get_contents('/srv/data-' . ($page % 10) . '.json'), true);
  include '/srv/header.php';
  foreach ($data['items'] as $item) include '/srv/item-' . ($item['id'] * 7 + $page) % ${templates} . '.php';
  include '/srv/footer.php';
  hash_update($hash, ob_get_clean());
}
echo hash_final($hash), "\\n";`;

/** PHP templates, and data like that of a service. */
const before = `mkdir -p /srv
echo '<html><head><title>Page <?= $page ?></title></head><body><ul>' > /srv/header.php
echo '</ul><p><?= count($data["items"]) ?> items</p></body></html>' > /srv/footer.php
for i in {0..${templates - 1}}; do
  cat > /srv/item-$i.php <<END
<?php \\$label = ucfirst(strrev(\\$item['name'])); ?>
<li class="kind-$i<?= \\$item['id'] % 2 ? ' odd' : '' ?>">
  <h2><?= htmlspecialchars(\\$label) ?></h2>
<?php foreach (explode(' ', \\$item['text']) as \\$i => \\$word): if (\\$i % 3 == 0): ?>
  <em><?= htmlspecialchars(\\$word) ?></em>
<?php else: ?>
  <?= str_pad(\\$word, 12, '.') ?>

<?php endif; endforeach ?>
</li>
END
done
for i in {0..9}; do
  {
    printf '{"items":['
    for j in {1..30}; do
      printf '%s{"id":%d,"name":"name <%d>","text":"one two three & four five %d"}' "\${comma:-}" $j $((i * j)) $((i + j))
      comma=,
    done
    printf ']}'
    unset comma
  } > /srv/data-$i.json
done`;

export default taskWorkload({
  id: 'app/php',
  image: 'scripts',
  title: words.title,
  description: `PHP renders ${pages} pages on the command line, each of 32 templates that it includes and compiles anew, as without an opcode
cache: every inclusion looks the file up, opens it, reads it and closes it, then the compiler and the interpreter work.
The templates are written to the container's root file system before the work begins, which under gVisor is memory of the
sandbox.

What is checked is the digest of all pages. A unit of work is one page.`,
  capacity: [{}],
  task: () => ({
    before,
    command: ['php8.4', '-n', '-r', script],
    printed: '07882dfb35e698beb3f386c5dee6d9342b525be4c6ac792833ad8be72cf3f36e\n',
    units: pages,
  }),
});
