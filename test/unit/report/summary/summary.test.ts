import { describe, expect, test } from 'vitest';
import type { Credential } from '../../../../src/azure/credential.ts';
import type { Endpoint } from '../../../../src/azure/resource-manager/answers.ts';
import { failureSummary, summaryOf } from '../../../../src/report/summary/summary.ts';
import { ENDPOINT as CHURN, CREDENTIAL, KEY, latencyOf, resultOf } from '../../../support/results.ts';

const NOW = new Date('2026-11-24T06:00:00.000Z');
const ENDPOINT: Endpoint = {
  ...CHURN,
  address: { ...CHURN.address, workspace: 'ws_prod' },
  traffic: { blue: 90, green: 10 },
};
const { secret } = CREDENTIAL;

/** The value of a row in the summary's table. */
function row(summary: string, name: string): string | undefined {
  const line = summary.split('\n').find((text) => text.startsWith(`| ${name} |`));
  return line?.slice(`| ${name} | `.length, -' |'.length);
}

test('the summary says it all in a few lines', () => {
  const key: Credential = { mode: 'key', secret, which: 'secondary' };
  const result = resultOf({ deployment: 'blue', latency: latencyOf(1, 41.6, 41.6) });
  expect(summaryOf(ENDPOINT, key, result, NOW)).toBe(
    [
      '### ✅ Azure ML endpoint churn: passed',
      '',
      '| | |',
      '|---|---|',
      '| Endpoint | churn in workspace ws&#95;prod |',
      '| Scoring URI | <code>https&#58;//churn.westeurope.inference.ml.azure.com/score</code> |',
      '| Auth mode | key, the secondary key; keys do not expire |',
      '| Traffic | blue (90 %), green (10 %) |',
      '| Smoke test | ✅ passed: deployment blue, status 200, 42 ms |',
      '',
    ].join('\n'),
  );
});

test.each([
  ['passed', '✅'],
  ['failed', '❌'],
  ['inconclusive', '⚠️'],
  ['error', '❌'],
] as const)('the verdict is seen at a glance: %s', (verdict, mark) => {
  const result = resultOf({ verdict, statusCode: undefined, latency: undefined, deployment: undefined });
  const summary = summaryOf(ENDPOINT, CREDENTIAL, result, NOW);
  expect(summary).toContain(`### ${mark} Azure ML endpoint churn: ${verdict}\n`);
  expect(row(summary, 'Smoke test')).toBe(`${mark} ${verdict}`);
});

test('a step without a smoke test says that the credential is ready, and for how long', () => {
  const token: Credential = { mode: 'aml_token', secret, expiresOn: NOW, refreshAfter: undefined };
  const summary = summaryOf(ENDPOINT, CREDENTIAL, undefined, NOW);
  expect(summary).toContain('### ✅ Azure ML endpoint churn: credential ready\n');
  expect(row(summary, 'Smoke test')).toBeUndefined();
  expect(summaryOf(ENDPOINT, token, undefined, NOW)).toContain(
    '### ✅ Azure ML endpoint churn: credential ready, expires 2026-11-24T06:00:00Z\n',
  );
});

test('the logs of the containers are folded, with their indents and without markup', () => {
  const lines = [...Array.from({ length: 60 }, (_, index) => `line ${index}`), '  at <b>x</b>', ''];
  const result = resultOf({ verdict: 'failed', containerLogs: [{ container: 'InferenceServer', lines }] });
  const summary = summaryOf(ENDPOINT, CREDENTIAL, result, NOW);
  expect(summary).toContain(
    '<details><summary>The end of the log of container InferenceServer</summary>\n\n<pre>\nline 22\n',
  );
  expect(summary).toContain('  at &lt;b&gt;x&lt;/b&gt;\n\n</pre>\n\n</details>');
});

test.each([
  ['2026-11-25T06:00:00Z', 'aml&#95;token, expires 2026-11-25T06:00:00Z (in 1 d)'],
  ['2026-11-25T05:59:00Z', 'aml&#95;token, expires 2026-11-25T05:59:00Z (in 23 h 59 min)'],
  ['2026-11-24T06:59:30Z', 'aml&#95;token, expires 2026-11-24T06:59:30Z (in 59 min 30 s)'],
])('a token says when it expires, and how long that is: %s', (time, text) => {
  const token: Credential = { mode: 'aml_token', secret, expiresOn: new Date(time), refreshAfter: undefined };
  expect(row(summaryOf(ENDPOINT, token, undefined, NOW), 'Auth mode')).toBe(text);
});

test('a token whose expiry is unknown says so', () => {
  const token: Credential = { mode: 'aad_token', secret, expiresOn: undefined, refreshAfter: undefined };
  expect(row(summaryOf(ENDPOINT, token, undefined, NOW), 'Auth mode')).toBe(
    'aad&#95;token, Azure does not say when it expires',
  );
});

test('a failure says why before anything else', () => {
  const result = resultOf({
    verdict: 'failed',
    statusCode: 424,
    message: "Endpoint 'churn' answered 424: a | b <c>\n\nIts log says more.",
    deployment: undefined,
    latency: undefined,
  });
  const summary = summaryOf(ENDPOINT, CREDENTIAL, result, NOW);
  expect(summary.split('\n').slice(2, 6)).toEqual([
    '> [!CAUTION]',
    "> Endpoint 'churn' answered 424&#58; a &#124; b &lt;c&gt;<br>",
    '> <br>',
    '> Its log says more.',
  ]);
  expect(row(summary, 'Smoke test')).toBe('❌ failed: status 424');
});

test('an endpoint that is being made has neither address nor traffic', () => {
  const endpoint = { ...ENDPOINT, scoringUri: undefined, traffic: {} };
  const summary = summaryOf(endpoint, CREDENTIAL, undefined, NOW);
  expect(row(summary, 'Scoring URI')).toBe('none yet');
  expect(row(summary, 'Traffic')).toBe('no deployment has traffic');
});

describe('hostile names stay text', () => {
  const HOSTILE = 'a|b\n| x | [y](https://evil.example) <img src=x> `z` @octocat ##[error]';
  const ESCAPED =
    'a&#124;b &#124; x &#124; &#91;y&#93;(https&#58;//evil.example) &lt;img src=x&gt; &#96;z&#96; &#64;<wbr>octocat &#35;&#35; &#91;error&#93;';

  test('in the traffic, the message and the scoring URI', () => {
    const summary = summaryOf(
      { ...ENDPOINT, traffic: { [HOSTILE]: 100 }, scoringUri: `https://x/${HOSTILE}` },
      CREDENTIAL,
      resultOf({ verdict: 'failed', deployment: HOSTILE, message: HOSTILE }),
      NOW,
    );
    expect(row(summary, 'Traffic')).toBe(`${ESCAPED} (100 %)`);
    expect(row(summary, 'Scoring URI')).toBe(`<code>https&#58;//x/${ESCAPED}</code>`);
    expect(summary.split('\n')).toHaveLength(14);
    expect(summary).not.toMatch(/<img|\]\(https:|`z`|@octocat/);
  });

  test('in the message of a step that failed early', () => {
    expect(failureSummary('churn', `It failed.\n${HOSTILE}`)).toBe(
      `### ❌ Azure ML endpoint churn: error\n\n> [!CAUTION]\n> It failed.<br>\n> ${ESCAPED.replace(
        'a&#124;b &#124;',
        'a&#124;b<br>\n> &#124;',
      )}\n`,
    );
  });
});

test('no summary shows a secret', () => {
  const leak = `Bearer ${KEY}`;
  const result = resultOf({ verdict: 'failed', message: leak, deployment: leak });
  expect(summaryOf(ENDPOINT, CREDENTIAL, result, NOW)).not.toContain(KEY.slice(0, 4));
  expect(failureSummary(leak, leak)).toBe(
    '### ❌ Azure ML endpoint Bearer &#42;&#42;&#42;: error\n\n> [!CAUTION]\n> Bearer &#42;&#42;&#42;\n',
  );
});
