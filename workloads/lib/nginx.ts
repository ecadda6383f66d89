import { untilListening } from '../../src/core/model/stamped.ts';

/** bash: nginx serves a page of 1 KiB on a port of 127.0.0.1, with one worker and no log. Returns when it listens. */
export function serveByNginx(port: number): string {
  return `mkdir -p /srv /run /var/log/nginx /var/lib/nginx
printf 'x%.0s' {1..1024} > /srv/index.html
cat > /run/nginx.conf <<'END'
user root;
worker_processes 1;
error_log /dev/null crit;
pid /run/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  keepalive_requests 100000000;
  server { listen 127.0.0.1:${port}; root /srv; }
}
END
nginx -c /run/nginx.conf >/dev/null
${untilListening(port)}`;
}
