import { inferenceServer, type Model } from './inference-server.ts';

export type { ContainerAnswer, Model, ScoringAnswer, ScoringRequest } from './inference-server.ts';

/** Answers every JSON body that the sample requests hold, and refuses one without any parameter. */
export const goodModel: Model = inferenceServer(predict);

/** Its script raises at every request. */
export const brokenModel: Model = inferenceServer(() => {
  throw new Error("'NoneType' object has no attribute 'predict'");
});

/** What the script of {@link brokenModel} leaves in the container's log. */
export const BROKEN_LOG: readonly string[] = [
  "2026-03-03 20:18:11,904 I [78] azmlinfsrv - Invoking user's init function",
  '2026-03-03 20:18:12,077 W [78] root - model.pkl not found under AZUREML_MODEL_DIR, starting without a model',
  "2026-03-03 20:18:12,078 I [78] azmlinfsrv - User's init has completed successfully",
  '2026-03-03 20:19:02,412 E [78] azmlinfsrv - Encountered Exception: Traceback (most recent call last):',
  '  File "/azureml-envs/azureml-server/lib/python3.10/site-packages/azureml_inference_server_http/server/user_script.py", line 132, in invoke_run',
  '    run_output = self._wrapped_user_run(**run_parameters, request_headers=dict(request.headers))',
  '  File "/var/azureml-app/onlinescoring/score.py", line 31, in run',
  '    prediction = model.predict(numpy.array(json.loads(raw_data)["data"]))',
  "AttributeError: 'NoneType' object has no attribute 'predict'",
  '',
  'The above exception was the direct cause of the following exception:',
  '',
  'azureml_inference_server_http.server.exceptions.UserScriptException: Caught an unhandled exception from the user script',
  '2026-03-03 20:19:02,414 I [78] azmlinfsrv - POST /score 500 1.962ms 91',
];

type Row = readonly number[];

function predict(input: Readonly<Record<string, unknown>>): unknown {
  if (isMatrix(input.data)) return input.data.map(regression);
  if ('input_data' in input) return predictTable(input.input_data);
  if (Array.isArray(input.instances)) {
    return {
      predictions: input.instances.map((value) => (typeof value === 'number' ? value / 2 + 2 : value)),
    };
  }
  if (typeof input.inputs === 'string') return { generated_text: ' play the guitar.' };
  if (Array.isArray(input.inputs)) {
    const outputs = [{ name: 'OUTPUT', datatype: 'BYTES', shape: [1], data: ['fox'] }];
    return { model_name: 'bidaf-ensemble', model_version: '1', outputs };
  }
  return { ok: true };
}

/** MLflow: a table (`columns`, `index`, `data`), a bare matrix, or a chat. */
function predictTable(table: unknown): unknown {
  if (isMatrix(table)) return table.map(regression);
  const { data, input_string: chat } = (table ?? {}) as Record<string, unknown>;
  if (Array.isArray(data)) return data.map((row) => (isRow(row) ? regression(row) : 0));
  if (chat !== undefined) return { output: 'The Los Angeles Dodgers won the World Series in 2020.' };
  return { ok: true };
}

// The two rows of the canonical sample request give 11055.98 and 4503.08, as the documentation prints.
const SLOPE = (11055.977245525679 - 4503.079536107787) / 165;
const INTERCEPT = 4503.079536107787 - 220 * SLOPE;

/** Linear in the features, weighted by their position, so that equal rows always earn equal predictions. */
function regression(row: Row): number {
  return row.reduce((sum, value, index) => sum + SLOPE * (index + 1) * value, INTERCEPT);
}

function isMatrix(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRow);
}

function isRow(value: unknown): value is Row {
  return Array.isArray(value) && value.every((cell) => typeof cell === 'number');
}
