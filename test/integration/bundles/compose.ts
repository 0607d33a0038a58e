/** Bundles that become a stack of a compose file which came as a text, as a window gives it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { quietRun } from '../../lab/stack-bed.ts';
import { all, bed, coreOf, lacks, problemOf, pulled, sql, user } from './bed.ts';
import type { ImportOrder } from './child.ts';

const child = fileURLToPath(new URL('child.ts', import.meta.url));

/** Its one server is called otherwise than in the bundle. */
const compose = (more = '') => `services:
  db:
    image: postgres:17.6
    labels:
      io.noodlebox.kind: postgres
    environment:
      POSTGRES_USER: of_its_own
      POSTGRES_PASSWORD: \${NOODLEBOX_POSTGRES_PASSWORD:?}
      POSTGRES_DB: of_its_own
    ports:
      - 127.0.0.1:\${NOODLEBOX_POSTGRES_PORT:-5432}:5432
    volumes:
      - data:/var/lib/postgresql/data
${more}    healthcheck:
      test: [CMD-SHELL, 'pg_isready -q -h 127.0.0.1 -U "$$POSTGRES_USER" -d "$$POSTGRES_DB"']
      interval: 5s
volumes:
  data: {}
`;

export function bundlesOnComposeFiles(): void {
  describe('a compose file that comes with a bundle', () => {
    let file: string;
    const folder = (name: string) => join(bed.home, 'stacks', name);
    const to = (name: string, text: string) => ({ stack: name, runtime: 'native', compose: text, install: false }) as const;
    const nothingOf = async (name: string) => {
      expect(existsSync(folder(name)), `the folder of ${name}`).toBe(false);
      expect(await readdir(join(bed.home, 'imports')).catch(() => [])).toEqual([]);
    };

    beforeAll(async () => {
      if (lacks) return;
      const core = await coreOf({ ...bed.env, NOODLEBOX_PULL_DATABASE_URL: (await bed.stack.connection('postgres')).url });
      ({ file } = await pulled(core, { ...all, ids: [user], rules: 'children: none' }));
      await core.close();
    });

    it('makes the stack of its services, and is kept with it as long as there is one', async (test) => {
      if (lacks) return test.skip(lacks);
      const name = `${bed.name}-composed`;
      await bed.core.bundles.import({ file, keys: {} }, to(name, compose()), quietRun());
      const core = await coreOf(bed.env);
      const stack = await core.open({ stack: name, create: false });
      try {
        expect((await stack.status()).services.map((each) => each.name)).toEqual(['db']);
        const { url } = await stack.connection('db');
        expect(url).toContain('of_its_own');
        expect(await readFile(join(folder(name), 'compose.yaml'), 'utf8')).toBe(compose());
        expect((await core.stacks()).find((each) => each.name === name)).toMatchObject({ file: join(folder(name), 'compose.yaml') });
        // Another of the same name changes nothing of it.
        expect(await problemOf(bed.core.bundles.import({ file, keys: {} }, to(name, compose('# other\n')), quietRun()))).toMatchObject({
          code: 'conflict',
        });
        expect(await readFile(join(folder(name), 'compose.yaml'), 'utf8')).toBe(compose());
      } finally {
        await stack.down({ volumes: true, snapshot: false }, quietRun());
        await core.close();
      }
    });

    it('is refused by its line, and when it needs what lay beside it; nothing is left', async (test) => {
      if (lacks) return test.skip(lacks);
      const name = `${bed.name}-refused`;
      const attempt = (text: string) => problemOf(bed.core.bundles.import({ file, keys: {} }, to(name, text), quietRun()));
      const wrong = await attempt(compose('    privileged: true\n'));
      expect(wrong.code).toBe('definition-key-unsupported');
      expect(JSON.stringify(wrong)).toMatch(/[" ]compose\.yaml:1\d/);
      expect(JSON.stringify(wrong)).not.toContain(bed.home);
      await nothingOf(name);
      const beside = compose().replace('      - data:', '      - ./credentials.json:/etc/own.json:ro\n      - data:');
      expect(await attempt(beside)).toMatchObject({
        code: 'definition-invalid',
        why: expect.stringContaining('db binds credentials.json'),
      });
      await nothingOf(name);
      expect(await attempt('services: {}\n')).toMatchObject({ code: 'definition-invalid' });
      expect(await attempt(compose().replaceAll('postgres:17.6', 'redis:8').replace('kind: postgres', 'kind: redis'))).toMatchObject({
        code: 'not-supported-by-server',
      });
      await nothingOf(name);
    });

    it('goes with what a killed import left, and when nothing but it was there yet', async (test) => {
      if (lacks) return test.skip(lacks);
      const name = `${bed.name}-cut`;
      const killed = spawn(process.execPath, [child], { env: bed.env, stdio: ['pipe', 'ignore', 'inherit'] });
      killed.stdin.end(
        JSON.stringify({ file, stack: name, at: 'seed the stack', state: 'running', compose: compose() } satisfies ImportOrder),
      );
      expect((await once(killed, 'exit'))[1]).toBe('SIGKILL');
      expect(existsSync(join(folder(name), 'compose.yaml'))).toBe(true);
      const next = await coreOf(bed.env);
      expect((await next.stacks()).map((each) => each.name)).not.toContain(name);
      await nothingOf(name);
      for (const path of [join(bed.home, 'imports', name), folder(name)]) await mkdir(path, { recursive: true });
      await writeFile(join(folder(name), 'compose.yaml'), compose());
      await next.stacks();
      await nothingOf(name);
      await next.close();
      expect(await sql(bed.stack, 'select count(*) > 0 as there from users')).toEqual([{ there: true }]);
    });
  });
}
