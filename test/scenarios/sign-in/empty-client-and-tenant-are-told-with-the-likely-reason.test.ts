import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { step } = await openScenario();

const folder = mkdtempSync(join(tmpdir(), 'events-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The event of a pull request from a repository. */
function pullRequestFrom(repository: string | null): Readonly<Record<string, string>> {
  const path = join(folder, `${encodeURIComponent(String(repository))}.json`);
  const head = { repo: repository === null ? null : { full_name: repository } };
  writeFileSync(
    path,
    JSON.stringify({ pull_request: { head, base: { repo: { full_name: 'octo/churn' } } } }),
  );
  return { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path };
}

const DEPENDABOT = "Dependabot started this run, and such runs get no secrets but Dependabot's own";
const FORK = 'A pull request from a fork started this run, and such runs get no secrets and no ID token.';
const REUSABLE = 'a reusable workflow gets those only if the calling job passes them (secrets: inherit)';

interface Row {
  readonly who: string;
  readonly env: Readonly<Record<string, string>>;
  readonly reason: string;
}

const ROWS: readonly Row[] = [
  { who: 'Dependabot', env: { GITHUB_ACTOR: 'dependabot[bot]' }, reason: DEPENDABOT },
  { who: 'a fork', env: pullRequestFrom('mona/churn'), reason: FORK },
  { who: 'a fork that was deleted', env: pullRequestFrom(null), reason: FORK },
  { who: 'a branch of the repository', env: pullRequestFrom('octo/churn'), reason: REUSABLE },
  { who: 'a push', env: {}, reason: REUSABLE },
];

// What the runner makes of `client-id: \${{ secrets.AZURE_CLIENT_ID }}` where there is no such secret.
const EMPTY = { 'client-id': '', 'tenant-id': '' };

test.each(ROWS)('with login: oidc, when $who started the run', async ({ env, reason }) => {
  const { error, exchanges } = await step({ inputs: { ...EMPTY, login: 'oidc' }, env });

  expect(error).toContain('client-id: It is missing, and login: oidc needs it');
  expect(error.split('Client and tenant are both empty.')).toHaveLength(2);
  expect(error).toContain(reason);
  expect(exchanges).toEqual([]);
});

test.each(ROWS)('with login: auto, when $who started the run', async ({ env, reason }) => {
  const { error } = await step({ inputs: EMPTY, env: { PATH: '/nowhere', ...env } });

  expect(error).toContain('There is no way to sign in to Azure.');
  expect(error).toContain(reason);
});

test('one of the two that is empty has another reason', async () => {
  const { error } = await step({
    inputs: { 'client-id': '', login: 'oidc' },
    env: { GITHUB_ACTOR: 'dependabot[bot]' },
  });

  expect(error).toContain('client-id: It is missing, and login: oidc needs it');
  expect(error).not.toContain('Dependabot');
});
