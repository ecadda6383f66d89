/*
 * A runtime that does what another one does, and costs more to create a container. Built with
 *   TARGET     path of the runtime
 *   DELAY_MS   sleeps so long before each create
 *   BURN_MS    uses so much CPU time before each create, in the runtime's process
 *   BESIDE_MS  uses so much CPU time beside each create, in a process of its own
 *   HOLD_MIB   leaves a process beside each container that holds so much memory until the container is gone
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void burn(long ms) {
  struct timespec used;
  do {
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  } while (used.tv_sec * 1000 + used.tv_nsec / 1000000 < ms);
}

static void pause_ms(long ms) {
  struct timespec left = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

/* A process that the caller does not wait for, and that keeps none of its pipes open. Returns 1 in it. */
static int apart(void) {
  if (fork() != 0) return 0;
  setsid();
  for (int fd = 0; fd < 256; fd++) close(fd);
  return 1;
}

/* The container's process, as the runtime writes it down; 0 where it does not within ten seconds. */
static pid_t container(const char *file) {
  for (int i = 0; i < 1000; i++, pause_ms(10)) {
    FILE *opened = fopen(file, "r");
    int pid = 0;
    if (opened == NULL) continue;
    int found = fscanf(opened, "%d", &pid);
    fclose(opened);
    if (found == 1 && pid > 0) return pid;
  }
  return 0;
}

static void hold(size_t bytes, const char *file) {
  char *held = malloc(bytes);
  if (held != NULL) memset(held, 1, bytes);
  pid_t pid = container(file);
  while (pid > 0 && kill(pid, 0) == 0) pause_ms(20);
  _exit(held == NULL ? 1 : held[bytes / 2] - 1);
}

int main(int argc, char **argv) {
  const char *pid_file = NULL;
  int creates = 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "create") == 0) creates = 1;
    if (strcmp(argv[i], "--pid-file") == 0 && i + 1 < argc) pid_file = argv[i + 1];
  }
  if (creates) {
    if (BESIDE_MS > 0 && apart()) {
      burn(BESIDE_MS);
      _exit(0);
    }
    if (HOLD_MIB > 0 && pid_file != NULL && apart()) hold((size_t)HOLD_MIB << 20, pid_file);
    pause_ms(DELAY_MS);
    burn(BURN_MS);
  }
  execv(TARGET, argv);
  return 127;
}
