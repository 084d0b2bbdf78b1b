import { describe, expect, test } from 'vitest';
import schema from '../../../../smoke-test.schema.json' with { type: 'json' };
import { json } from '../../../local-azure/index.ts';
import { byTurn, sociable, waiting } from '../../../support/models.ts';
import { runMistaken } from '../../../support/run-mistaken-file.ts';
import { runFile, SMOKE_TEST_FILE, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();
const { azure } = scenario;

const CASE = '{ name: rows, request: { json: { data: [[1]] } } }';

/** A file with one case and other keys. */
function file(...keys: readonly string[]): string {
  return ['version: 1', ...keys, `cases: [${CASE}]`, ''].join('\n');
}

const SCENARIOS: Readonly<Record<string, () => void>> = {
  version: () => {
    test('1 passes', async () => {
      const { outputs, report } = await runFile(scenario, file());
      expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'blue', 'status-code': '200' });
      expect(report).toMatchObject({ version: 1, samples: 1, concurrency: 1 });
    });

    test('2 is a mistake', async () => {
      const { told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: file().replace('1', '2') });
      expect(told).toEqual(["1:10: version '2': Write 1, the only version."]);
    });
  },

  deployment: () => {
    test('a name passes', async () => {
      const { outputs, scored, log } = await runFile(scenario, file('deployment: green'));
      expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
      expect(scored.map(({ headers }) => headers['azureml-model-deployment'])).toEqual(['green']);
      expect(log).toContain("Smoke test passed: Deployment 'green' answered 200 in ");
    });

    test('a name whose model fails, fails', async () => {
      const { outputs, error } = await runFile(scenario, file('deployment: broken'));
      expect(outputs).toMatchObject({ verdict: 'failed', deployment: 'broken' });
      expect(error).toContain("Deployment 'broken' of endpoint 'churn-key' answered 424");
    });

    test('a name that is not there shows those that are', async () => {
      const { outputs, error, sent } = await scenario.step({
        inputs: { 'smoke-test': SMOKE_TEST_FILE },
        files: { [SMOKE_TEST_FILE]: file('deployment: gren') },
      });
      expect(outputs.verdict).toBe('error');
      expect(error).toBe(
        "Endpoint 'churn-key' has no deployment 'gren'. It has: green (0 %), broken (0 %), blue (100 %).",
      );
      expect(sent('scoring')).toEqual([]);
    });

    test('idle passes where one deployment has no traffic', async () => {
      azure.endpoints.get('churn-key')!.deployments.delete('broken');
      azure.endpoints.get('churn-key')!.mirrorTraffic = { green: 10 };
      const { outputs, scored } = await runFile(scenario, file('deployment: idle'));
      expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
      expect(scored[0]?.headers['azureml-model-deployment']).toBe('green');
    });

    test('idle is an error where several have none', async () => {
      const { outputs, error, sent } = await scenario.step({
        inputs: { 'smoke-test': SMOKE_TEST_FILE },
        files: { [SMOKE_TEST_FILE]: file('deployment: idle') },
      });
      expect(outputs.verdict).toBe('error');
      expect(error).toContain('2 of them. It has: blue (100 %), green (0 %), broken (0 %).');
      expect(sent('scoring')).toEqual([]);
    });

    test('nothing is wherever traffic goes', async () => {
      azure.endpoints.get('churn-key')!.traffic = { blue: 0, green: 100, broken: 0 };
      const { outputs, scored } = await runFile(scenario, file('deployment:'));
      expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
      expect(scored[0]?.headers).not.toHaveProperty('azureml-model-deployment');
    });
  },

  'warm-up': () => {
    const cold = byTurn.bind(undefined, (turn) =>
      turn === 1 ? { refusal: 'model_not_ready' } : json(200, [1]),
    );

    test('passes when the first usable answer comes within it', async () => {
      serve(scenario, 'blue', cold());
      const { outputs, log, report, scored } = await runFile(scenario, file('warm-up: 1m'));
      expect(outputs.verdict).toBe('passed');
      expect(log).toMatch(/^Not ready: 424 model_not_ready\. Next try in \d+\.\d s; \d+ (?:s|min) left\.$/m);
      expect(report['warm-up'].requests).toBe(2);
      expect(report.measurements).toHaveLength(1);
      expect(scored).toHaveLength(2);
    });

    test('is inconclusive when it comes later', async () => {
      serve(scenario, 'blue', cold());
      const { outputs, error, title, report, scored } = await runFile(scenario, file('warm-up: 0s'));
      expect(outputs.verdict).toBe('inconclusive');
      expect(title).toBe('Smoke test is inconclusive');
      expect(error).toMatch(/^No usable answer within the warm-up of 0 s\. The last: /);
      expect(error).toContain('answered 424 (model_not_ready)');
      expect(report.measurements).toEqual([]);
      expect(scored).toHaveLength(1);
    });
  },

  'warm-up-through': () => {
    const loading = byTurn.bind(undefined, (turn) => json(turn === 1 ? 500 : 200, [1]));

    test('waits through the statuses that it names', async () => {
      serve(scenario, 'blue', loading());
      const { outputs, scored } = await runFile(scenario, file('warm-up: 1m', 'warm-up-through: [424, 403]'));
      expect(outputs.verdict).toBe('passed');
      expect(scored).toHaveLength(2);
    });

    test('without it the first one ends the warm-up', async () => {
      serve(scenario, 'blue', loading());
      const { outputs, scored } = await runFile(scenario, file('warm-up: 1m', 'warm-up-through: [403]'));
      expect(outputs.verdict).toBe('failed');
      expect(scored).toHaveLength(1);
    });
  },

  samples: () => {
    const thirdFails = byTurn.bind(undefined, (turn) => json(turn === 3 ? 500 : 200, [1]));

    test('one passes a model that fails later', async () => {
      serve(scenario, 'blue', thirdFails());
      const { outputs, report, scored } = await runFile(scenario, file('samples: 1'));
      expect(outputs.verdict).toBe('passed');
      expect([report.measurements.length, scored.length]).toEqual([1, 1]);
    });

    test('four find it out', async () => {
      serve(scenario, 'blue', thirdFails());
      const { outputs, report, scored, error } = await runFile(scenario, file('samples: 4'));
      expect(outputs.verdict).toBe('failed');
      expect(report.measurements.map(({ outcome }) => outcome)).toEqual([
        'passed',
        'failed',
        'passed',
        'passed',
      ]);
      // The warm-up is not measured.
      expect(scored).toHaveLength(5);
      expect(error).toContain("Case 'rows', request 2: ");
      expect(error).toContain('1 of 4 requests failed.');
      expect(error).not.toContain('success-rate');
    });
  },

  rate: () => {
    test('requests start on time, whether or not the last one is back', async () => {
      serve(scenario, 'blue', waiting(0, 400));
      const { outputs, log, report, summary, scored } = await runFile(
        scenario,
        file('rate: 20/s', 'duration: 1s'),
      );
      expect(outputs.verdict).toBe('passed');
      expect(report).toMatchObject({
        samples: 20,
        concurrency: 20,
        'open-loop': { 'per-second': 20, 'duration-ms': 1_000, waited: 0, 'longest-wait-ms': 0 },
      });
      // In a closed loop they would take 8 s.
      const starts = report.measurements.map((each) => each['started-at-ms']);
      expect(starts.toSorted((a, b) => a - b).at(-1)).toBeGreaterThanOrEqual(940);
      expect(scored).toHaveLength(21);
      expect(log).toContain('20 requests at 20/s for 1 s.');
      expect(summary).toContain('20 requests at 20/s for 1 s');
    });

    test('a wait for a place counts, so that a stall is not hidden', async () => {
      serve(scenario, 'blue', waiting(0, 300));
      const keys = ['rate: 20/s', 'duration: 500ms', 'concurrency: 1', 'thresholds: { max: 1s }'];
      const { outputs, log, report } = await runFile(scenario, file(...keys));
      expect(outputs.verdict).toBe('failed');
      expect(report['open-loop']).toMatchObject({ waited: 9 });
      const waits = report.measurements.map((each) => each['waited-ms'] ?? 0);
      expect(waits.filter((ms) => ms > 0)).toHaveLength(9);
      // The last one was due after 450 ms, and nine of 300 ms were before it.
      expect(Math.max(...waits)).toBeGreaterThan(2_000);
      for (const { 'latency-ms': latency, 'waited-ms': waited = 0 } of report.measurements)
        expect(latency).toBeGreaterThan(waited + 290);
      expect(log).toMatch(
        /^10 requests at 20\/s for 500 ms, 9 of which waited for a place, 2\.\d+ s at most\.$/m,
      );
    });

    test('a baseline gets the same rate', async () => {
      serve(scenario, 'green', waiting(0));
      serve(scenario, 'blue', waiting(0));
      const keys = ['deployment: green', 'rate: 50/s', 'duration: 200ms'];
      const { report } = await runFile(
        scenario,
        file(...keys, 'thresholds: { baseline: { deployment: blue, p50: 100x } }'),
      );
      const asked = (target: string) => report.measurements.filter((each) => each.target === target).length;
      expect([asked('candidate'), asked('baseline')]).toEqual([10, 10]);
    });

    test('with samples is a mistake', async () => {
      const { told } = await runMistaken(scenario, {
        [SMOKE_TEST_FILE]: file('rate: 20/s', 'samples: 3', 'duration: 1s'),
      });
      expect(told).toEqual([
        "3:10: samples '3': With a 'rate', the 'duration' says how many requests there are. Leave one of the two out.",
      ]);
    });
  },

  duration: () => {
    test('without a rate is a mistake', async () => {
      const { told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: file('duration: 1s') });
      expect(told).toEqual([
        "2:11: duration '1s': Say at which rate, such as rate: 20/s. Without one, samples says how many requests there are.",
      ]);
    });

    test('the input samples makes it a closed loop', async () => {
      const { report, log } = await runFile(scenario, file('rate: 20/s', 'duration: 1m'), {
        inputs: { samples: '2' },
      });
      expect(report).toMatchObject({ samples: 2 });
      expect(report).not.toHaveProperty('open-loop');
      expect(log).toContain('samples: 2 is taken from the input');
    });
  },

  concurrency: () => {
    test('three requests are in flight, and never more', async () => {
      const { model, most } = sociable(3);
      serve(scenario, 'blue', model);
      const { outputs, report } = await runFile(scenario, file('concurrency: 3', 'samples: 9'));
      expect(outputs.verdict).toBe('passed');
      expect(most()).toBe(3);
      expect(report).toMatchObject({ concurrency: 3, samples: 9 });
      expect(report.measurements).toHaveLength(9);
    });

    test('one at a time fails a model that wants company', async () => {
      const { model, most } = sociable(2, 200);
      serve(scenario, 'blue', model);
      const { outputs, error } = await runFile(scenario, file('concurrency: 1', 'samples: 2'));
      expect(outputs.verdict).toBe('failed');
      expect(most()).toBe(1);
      expect(error).toContain('nobody else came');
      expect(error).toContain('2 of 2 requests failed.');
    });

    test('more than the deployment takes is inconclusive', async () => {
      serve(scenario, 'blue', waiting(0, 300));
      azure.endpoints.get('churn-key')!.deployments.get('blue')!.maxConcurrentRequestsPerInstance = 1;
      const { outputs, error } = await runFile(scenario, file('concurrency: 8', 'samples: 8'));
      expect(outputs.verdict).toBe('inconclusive');
      expect(error).toContain('answered 429 (too_many_pending_request)');
      expect(error).toContain('Lower the concurrency');
    });
  },

  'connect-to': () => {
    test('a place where the endpoint answers passes', async () => {
      const { host } = new URL(azure.scoringHost);
      const { outputs, log } = await runFile(scenario, file(`connect-to: ${host}`));
      expect(outputs.verdict).toBe('passed');
      expect(log).toContain(`Requests to ${host} connect to ${host}, as connect-to says.`);
    });

    test('a place without a port is a mistake', async () => {
      const { told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: file('connect-to: localhost') });
      expect(told).toEqual([
        "2:13: connect-to 'localhost': Write host:port, such as 10.1.0.4:443, gateway.internal:8443 or [fd00::4]:443.",
      ]);
    });
  },

  timeout: () => {
    test('passes an answer within it', async () => {
      serve(scenario, 'blue', waiting(0, 400));
      const { outputs } = await runFile(scenario, file('timeout: 20s', 'samples: 2'));
      expect(outputs.verdict).toBe('passed');
    });

    test('ends a request that takes longer', async () => {
      serve(scenario, 'blue', waiting(0, 1_500, 0));
      const { outputs, error, report } = await runFile(scenario, file('timeout: 200ms', 'samples: 2'));
      expect(outputs.verdict).toBe('failed');
      expect(error).toContain('did not finish its answer within the timeout of 0.2 s.');
      expect(report.measurements.map(({ outcome }) => outcome)).toEqual(['unanswered', 'passed']);
    });
  },

  cases: () => {
    test('all of them are asked, and named', async () => {
      const text =
        'version: 1\ncases: [{ name: first, request: { json: { a: 1 } } }, { name: "two\\nlines", request: { json: { a: 2 } } }]\n';
      const { outputs, report, scored, summary } = await runFile(scenario, text);
      expect(outputs.verdict).toBe('passed');
      expect(report.cases.map(({ name, passed }) => [name, passed])).toEqual([
        ['first', 1],
        ['two lines', 1],
      ]);
      expect(scored.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":2}']);
      expect(summary).toContain('| ✅ two lines | 1/1 |');
    });

    test('one bad one fails the run, and the others are asked all the same', async () => {
      const text =
        'version: 1\ncases: [{ name: bad, request: { json: {} } }, { name: good, request: { json: { a: 2 } } }]\n';
      const { outputs, report, error, summary } = await runFile(scenario, text);
      expect(outputs.verdict).toBe('failed');
      expect(report.cases.map(({ name, passed }) => [name, passed])).toEqual([
        ['bad', 0],
        ['good', 1],
      ]);
      expect(error).toContain("Case 'bad', request 1: Endpoint 'churn-key' answered 424");
      expect(summary).toContain('| ❌ bad | 0/1 |');
    });

    test('two of one name, or none at all, are mistakes', async () => {
      const twice = `version: 1\ncases: [${CASE}, ${CASE}]\n`;
      const [same, none] = [
        await runMistaken(scenario, { [SMOKE_TEST_FILE]: twice }),
        await runMistaken(scenario, { [SMOKE_TEST_FILE]: 'version: 1\ncases: []\n' }),
      ];
      expect(same.told).toEqual(["2:69: name 'rows': Another case has this name. Give each its own."]);
      expect(none.told[0]).toMatch(/^2:8: cases: Write a list with at least one case/);
    });
  },

  thresholds: () => {
    test('none: every request must pass', async () => {
      serve(
        scenario,
        'blue',
        byTurn((turn) => json(turn === 5 ? 500 : 200, [1])),
      );
      const { outputs, report } = await runFile(scenario, file('samples: 4'));
      expect(outputs.verdict).toBe('failed');
      expect(report.thresholds).toMatchObject([
        { name: 'success-rate', measured: 0.75, limit: 1, met: false },
      ]);
    });
  },

  advisory: () => {
    const slow = ['samples: 2', 'thresholds: { p50: 50ms }'];

    test('a limit that is missed warns, and decides nothing', async () => {
      serve(scenario, 'blue', waiting(0, 300));
      const { outputs, annotations, report, summary, reports } = await runFile(
        scenario,
        file(...slow, 'advisory: [p50]'),
      );
      expect(outputs.verdict).toBe('passed');
      expect(report.thresholds[1]).toMatchObject({ name: 'p50', met: false, advisory: true });
      expect(annotations).toEqual([
        {
          level: 'warning',
          message: expect.stringMatching(/^p50 is \d+ ms; the limit is 50 ms\..* It is advisory\.$/),
          properties: { title: 'Smoke test' },
        },
      ]);
      expect(summary).toMatch(/\| p50 \| \d+ ms \| ≤ 50 ms \| ⚠️ missed, advisory \|/);
      expect(reports.junit).toMatch(/name="p50"[^>]*>\s*<skipped message="missed, advisory: /);
    });

    test('a limit that is not among them decides', async () => {
      serve(scenario, 'blue', waiting(0, 300));
      const { outputs, error } = await runFile(scenario, file(...slow));
      expect(outputs.verdict).toBe('failed');
      expect(error).toMatch(/^p50 is \d+ ms; the limit is 50 ms\.$/);
    });

    test('a success rate can be one of them', async () => {
      serve(
        scenario,
        'blue',
        byTurn((turn) => json(turn === 2 ? 500 : 200, [1])),
      );
      const keys = ['samples: 2', 'thresholds: { success-rate: 100% }', 'advisory: [success-rate]'];
      const { outputs, annotations } = await runFile(scenario, file(...keys));
      expect(outputs.verdict).toBe('passed');
      expect(annotations.map(({ level }) => level)).toEqual(['warning']);
    });

    test('a threshold that is not set is a mistake', async () => {
      const { told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: file(...slow, 'advisory: [p95]') });
      expect(told).toEqual(["4:12: advisory[0] 'p95': There is no such threshold. The file sets p50."]);
    });
  },
};

test('each key has its scenarios', () => {
  expect(Object.keys(SCENARIOS)).toEqual(Object.keys(schema.properties));
});

for (const [key, scenarios] of Object.entries(SCENARIOS)) describe(key, scenarios);
