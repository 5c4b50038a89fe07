/** A real nginx in front of a gateway, on a free port, stopped at the end of the test's block. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nginxPath } from './chromium-setup.ts';
import { freePort } from './free-port.ts';

export interface Nginx extends AsyncDisposable {
  readonly url: string;
}

/**
 * @param location Directives of `location /`, such as `proxy_pass http://127.0.0.1:4000;`.
 * @param around Directives beside the `server` block.
 */
export async function startNginx(location: string, around = ''): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const config = `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr;
events {}
http {
  access_log off; ${paths.join(' ')}
  ${around}
  server { listen 127.0.0.1:${port}; location / { ${location} } }
}`;
  await writeFile(join(folder, 'nginx.conf'), config);
  const child = spawn(nginxPath, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const isUp = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) break;
    if (child.exitCode !== null) throw new Error('nginx did not start.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exit;
      await rm(folder, { recursive: true });
    },
  };
}
