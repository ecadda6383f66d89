import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { EngineFacts } from './host.ts';

const described = messages('section.setup.engine', {
  docker: 'the host’s daemon',
  embedded: 'private daemon',
  podman: 'started for the run',
  containerd: 'the host’s containerd, without Docker',
});

const restart = messages('preflight', {
  startAgain: 'then start ocibench again',
  restartDocker: 'then: systemctl restart docker',
});

const logs = messages('preflight', {
  andReadJournal: '{fix} ; read:  journalctl -u docker',
  andReadContainerd: '{fix} ; read:  journalctl -u containerd',
});

/** In what the kinds of engines differ for those who use them. */
export interface EngineTraits {
  /**
   * Does it exist for one run alone? Then its data, its cgroup and its containers are the run's own, and end with it. Else
   * others use it too, it was there before, and it stays.
   */
  readonly isPrivate: boolean;
  /** Does it get the runtimes when it is started? Else it says itself which it has. */
  readonly takesRuntimes: boolean;
  /** Has it networks of Docker's kind, on which containers reach each other? */
  readonly hasNetworks: boolean;
  /** Do the images of a run stay in it? */
  readonly keepsImages: boolean;
  /** How a changed registration of runtimes takes effect. */
  readonly restart: Message;
  /** Adds to a fix where the engine's log is; the embedded engine's log is shown when it is needed. */
  readonly andReadLog: (fix: Message) => Message;
  /** What it is, for the report. */
  readonly described: Message;
}

const traits: Readonly<Record<EngineFacts['kind'], EngineTraits>> = {
  docker: {
    isPrivate: false,
    takesRuntimes: false,
    hasNetworks: true,
    keepsImages: true,
    restart: restart.restartDocker,
    andReadLog: (fix) => logs.andReadJournal({ fix }),
    described: described.docker,
  },
  embedded: {
    isPrivate: true,
    takesRuntimes: true,
    hasNetworks: true,
    keepsImages: false,
    restart: restart.startAgain,
    andReadLog: (fix) => fix,
    described: described.embedded,
  },
  podman: {
    isPrivate: true,
    takesRuntimes: true,
    hasNetworks: false,
    keepsImages: false,
    restart: restart.startAgain,
    andReadLog: (fix) => fix,
    described: described.podman,
  },
  containerd: {
    isPrivate: false,
    takesRuntimes: true,
    hasNetworks: false,
    keepsImages: false,
    restart: restart.startAgain,
    andReadLog: (fix) => logs.andReadContainerd({ fix }),
    described: described.containerd,
  },
};

/** The traits of an engine of this kind. */
export function engineTraits({ kind }: Pick<EngineFacts, 'kind'>): EngineTraits {
  return traits[kind];
}

/** The product, as people call it. */
export function productOf({ product }: Pick<EngineFacts, 'product'>): string {
  return product ?? 'Docker';
}
