import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.lua', { title: 'Garbage collection: Lua' });

const depth = 14;
const trees = 48;

const script = `
local function tree(depth)
  if depth == 0 then return {} end
  return { tree(depth - 1), tree(depth - 1) }
end
local function count(node)
  if not node[1] then return 1 end
  return 1 + count(node[1]) + count(node[2])
end
local nodes = 0
for _ = 1, ${trees} do nodes = nodes + count(tree(${depth})) end
print(nodes)`;

export default taskWorkload({
  id: 'app/lua',
  image: 'scripts',
  title: words.title,
  description: `Lua builds and drops ${trees} binary trees of depth ${depth}, the classic test of memory allocators and garbage collectors: memory grows
and shrinks by brk, its pages are touched for the first time again and again, and the interpreter follows pointers. No file,
no thread, no other system call.

What is checked is the number of nodes. A unit of work is one tree.`,
  capacity: [{}],
  task: () => ({
    command: ['lua5.4', '-e', script],
    printed: `${trees * (2 ** (depth + 1) - 1)}\n`,
    units: trees,
  }),
});
