import { expect, test } from 'vitest';
import {
  projectPrefix,
  projectWords,
  withoutComposeVariables,
} from '../../../src/features/move/trying/compose.ts';

test('a project of ours has its name from nowhere else', () => {
  const words = projectWords(`${projectPrefix}1`, '/srv/shop', ['down', '--volumes']);
  expect(words.join(' ')).toBe(
    'compose --project-name ocibench-1 --project-directory /srv/shop --env-file /dev/null --file - down --volumes',
  );
  expect(() => projectWords('shop', '/srv/shop', ['down', '--volumes'])).toThrow('no project of ocibench');
});

test('no variable that changes Compose reaches it', () => {
  const env = { COMPOSE_PROJECT_NAME: 'shop', COMPOSE_FILE: 'x', PATH: '/bin', DOCKER_CONFIG: '/c' };
  expect(withoutComposeVariables(env)).toEqual({ PATH: '/bin', DOCKER_CONFIG: '/c' });
});
