/** Where containerd listens unless its configuration says otherwise (containerd-config.toml(5)). */
const defaultAddress = '/run/containerd/containerd.sock';

/** The socket of the host's containerd: what ctr(8) and nerdctl read, else the default. */
export function hostAddress(environment: NodeJS.ProcessEnv = process.env): string {
  return (environment.CONTAINERD_ADDRESS || defaultAddress).replace(/^unix:\/\//, '');
}
