import { afterEach, expect, test, vi } from 'vitest';
import { createTerminalHost } from '../../../src/hosts/terminal.ts';

const NAMES = ['CI_JOB_URL', 'CI_PROJECT_URL', 'CI_COMMIT_SHA', 'BUILD_URL', 'GIT_COMMIT'] as const;

function originIn(environment: Partial<Record<(typeof NAMES)[number], string>>) {
  for (const name of NAMES) vi.stubEnv(name, environment[name]);
  return createTerminalHost({
    input: () => undefined,
    logTo: 'stdout',
    json: false,
    verbose: false,
    dotenv: undefined,
  }).origin();
}

afterEach(() => vi.unstubAllEnvs());

test('on GitLab the origin is the job and the commit', () => {
  expect(
    originIn({
      CI_JOB_URL: 'https://gitlab.com/octo/churn/-/jobs/42',
      CI_PROJECT_URL: 'https://gitlab.com/octo/churn',
      CI_COMMIT_SHA: 'abc123',
    }),
  ).toEqual({
    runUrl: 'https://gitlab.com/octo/churn/-/jobs/42',
    commit: 'abc123',
    commitUrl: 'https://gitlab.com/octo/churn/-/commit/abc123',
  });
});

test('on Jenkins the origin is the build and the commit', () => {
  expect(originIn({ BUILD_URL: 'https://ci.example/job/churn/42/', GIT_COMMIT: 'abc123' })).toEqual({
    runUrl: 'https://ci.example/job/churn/42/',
    commit: 'abc123',
  });
});

test('at a terminal the origin is unknown', () => {
  expect(originIn({})).toEqual({ runUrl: undefined, commit: undefined });
});
