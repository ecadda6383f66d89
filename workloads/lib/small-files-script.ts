import { pythonStamps } from './memory-scripts.ts';

/** The phases of {@link smallFilesScript} in order, each over all files. */
export const smallFilePhases = ['create', 'stat', 'read', 'delete'] as const;

/** Bytes of each file. */
export const smallFileBytes = 1024;

/**
 * Python, with its own stamps (`-c`, arguments: directory, files, rounds). Each round creates that many files, then
 * stats, reads and deletes each, with the plain system calls of the os module. Prints a line `round <create ns> <stat
 * ns> <read ns> <delete ns>` for each round, of the whole phase, by CLOCK_MONOTONIC. Names are made beforehand. Exits
 * with a traceback where a file does not contain what was written.
 */
export const smallFilesScript = `
${pythonStamps}
import os, sys
now = time.perf_counter_ns
directory, files, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = b"x" * ${smallFileBytes}
os.mkdir(directory)
paths = [directory + "/" + str(i) for i in range(files)]
stamp("begin")
lines = []
for _ in range(rounds):
    t0 = now()
    for path in paths:
        fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        os.write(fd, data)
        os.close(fd)
    t1 = now()
    for path in paths:
        if os.stat(path).st_size != ${smallFileBytes}:
            raise SystemExit("size of " + path)
    t2 = now()
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        if os.read(fd, ${2 * smallFileBytes}) != data:
            raise SystemExit("content of " + path)
        os.close(fd)
    t3 = now()
    for path in paths:
        os.unlink(path)
    t4 = now()
    if os.listdir(directory):
        raise SystemExit("files left")
    lines.append(("round", t1 - t0, t2 - t1, t3 - t2, t4 - t3))
stamp("end")
for line in lines:
    print(*line)
`.trim();
