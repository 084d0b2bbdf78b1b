import { inferenceServer, json, type Model, type ScoringRequest } from './inference-server.ts';
import { goodModel } from './models.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** The small model that each file of real sample requests was written for, by the number of the file. */
export const SAMPLE_MODELS: Readonly<Record<string, Model>> = {
  // Regressions on a matrix, or on a table or matrix under `input_data`.
  '01': goodModel,
  '02': goodModel,
  '03': goodModel,
  '04': goodModel,
  '07': goodModel,
  '09': inferenceServer(({ sepal_length: lengths }) => numbers(lengths).map(species)),
  '10': inferenceServer(({ iris }) => table(iris).map(([length = 0]) => species(length))),
  '13': inferenceServer(({ input }) => ({ output: Number(input) * 7 })),
  '14': inferenceServer(predictFrame),
  '16': inferenceServer(plumber),
  '17': onRoute(/^(?:\/score|\/v1\/models\/half_plus_two:predict)$/, goodModel),
  '19': onRoute(/^(?:\/score|\/v2\/models\/bidaf-ensemble\/infer)$/, inferenceServer(answerQuestion)),
  '20': imageModel,
  '21': inferenceServer(({ data }) => table(data).map(digit)),
  '22': inferenceServer(chat),
  '25': onRoute(/^(?:\/score|\/generate)$/, goodModel),
  '26': inferenceServer(({ question, chat_history: history }) => {
    if (!Array.isArray(history)) throw new Error('chat_history is no list');
    return { answer: `You ask: ${question}` };
  }),
  '29': inferenceServer(({ inputs }) => {
    const { audio, language } = inputs as { readonly audio: string[]; readonly language: string[] };
    return audio.map((url, index) => ({ text: `${language[index]}: ${new URL(url).pathname}` }));
  }),
  '32': inferenceServer(({ data }) => ({ summary: String(data).split('. ').slice(0, 2).join('. ') })),
  '34': inferenceServer(({ url }) => ({ category: new URL(String(url)).hostname, evidence: 'Url' })),
  '36': csvModel,
  '37': inferenceServer(({ input_data: frame }) => {
    const { columns, data } = frame as { readonly columns: string[]; readonly data: unknown };
    return table(data).map((row) => (row.length === columns.length ? digit(row) : -1));
  }),
  '38': linesModel,
};

/** A server of its own routes answers 404 elsewhere. */
function onRoute(route: RegExp, model: Model): Model {
  return (request) => (route.test(request.path) ? model(request) : json(404, { detail: 'Not Found' }));
}

function species(sepalLength: number): string {
  return sepalLength > 5.5 ? 'virginica' : 'setosa';
}

/** The body names the model, and holds a data frame as pandas writes one by columns. */
function predictFrame({ model, data }: Parameters): unknown {
  if (model !== 'diabetes') throw new Error(`no model ${model}`);
  const { bmi } = data as { readonly bmi: Readonly<Record<string, number>> };
  return { predictions: Object.values(bmi).map((value) => 152 + 949 * value) };
}

/** R reads and writes vectors. */
function plumber({ model, x1, x2 }: Parameters): unknown {
  if (typeof model !== 'string') throw new Error('no model named');
  const second = numbers(x2);
  return numbers(x1).map((value, index) => value + 2 * (second[index] ?? 0));
}

/** KServe's protocol, version 2: the last word of the context that the query's answer may be. */
function answerQuestion({ inputs, outputs }: Parameters): unknown {
  const tensors = inputs as readonly { readonly name: string; readonly data: readonly string[] }[];
  const context = tensors.find(({ name }) => name === 'CONTEXT')?.data[0] ?? '';
  const [output] = outputs as readonly { readonly name: string }[];
  const data = [context.split(' ').find((word) => word.startsWith('do') || word.startsWith('fo')) ?? ''];
  return {
    model_name: 'bidaf-ensemble',
    model_version: '1',
    outputs: [{ name: output?.name, datatype: 'BYTES', shape: [1], data }],
  };
}

/** `input_string` is a list of messages; the answer names the last one of the user. */
function chat({ input_data: data }: Parameters): unknown {
  const { input_string: messages } = data as {
    readonly input_string: readonly { readonly role: string; readonly content: string }[];
  };
  const asked = messages.findLast(({ role }) => role === 'user')?.content;
  return { output: asked === undefined ? '' : 'The Los Angeles Dodgers won the World Series in 2020.' };
}

/** The class of pixels: the tenth of the picture with the most ink, so that equal pictures have equal classes. */
function digit(pixels: readonly number[]): number {
  const ink = Array.from({ length: 10 }, () => 0);
  for (const [index, value] of pixels.entries()) ink[Math.floor((index * 10) / pixels.length)]! += value;
  return ink.indexOf(Math.max(...ink));
}

/** Takes a JPEG as the body itself, as TorchServe does, or as the field `image` of a form. */
async function imageModel({ headers, body }: ScoringRequest) {
  const type = headers['content-type'] ?? '';
  const image = type.startsWith('multipart/form-data') ? await fieldOf(body, type, 'image') : body;
  const size = image === undefined ? undefined : jpegSize(image);
  return size === undefined ? json(400, { message: 'no JPEG' }) : json(200, size);
}

async function fieldOf(body: Buffer, contentType: string, name: string): Promise<Buffer | undefined> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const field = form.get(name);
  return field === null || typeof field === 'string' ? undefined : Buffer.from(await field.arrayBuffer());
}

/** Out of the start-of-frame segment. */
function jpegSize(image: Buffer): { readonly width: number; readonly height: number } | undefined {
  if (image.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 < image.length; at += 2 + image.readUInt16BE(at + 2)) {
    const marker = image.readUInt16BE(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { height: image.readUInt16BE(at + 5), width: image.readUInt16BE(at + 7) };
  }
  return undefined;
}

/** MLflow's own scoring server takes CSV with a line of names. */
function csvModel({ headers, body }: ScoringRequest) {
  if (!headers['content-type']?.startsWith('text/csv')) return json(415, { message: 'wants text/csv' });
  const [names = '', ...rows] = body.toString().trim().split(/\r?\n/);
  const width = names.split(',').length;
  const pixels = rows.map((row) => row.split(',').map(Number));
  if (pixels.some((row) => row.length !== width || row.some(Number.isNaN))) {
    return json(400, { message: 'rows of another width, or no numbers' });
  }
  return json(200, { predictions: pixels.map(digit) });
}

/** One request a line, sent one by one as JSON or all at once as text. */
async function linesModel(request: ScoringRequest) {
  const bodies = request.body.toString().trim().split('\n');
  const headers = { ...request.headers, 'content-type': 'application/json' };
  const answers = await Promise.all(
    bodies.map((body) => goodModel({ ...request, headers, body: Buffer.from(body) })),
  );
  const values = answers.map((answer) => ('body' in answer ? JSON.parse(String(answer.body)) : null));
  return json(200, values.length === 1 ? values[0] : values);
}

function numbers(value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'number')) throw new Error('no numbers');
  return value;
}

function table(value: unknown): readonly (readonly number[])[] {
  if (!Array.isArray(value)) throw new Error('no table');
  return value.map(numbers);
}
