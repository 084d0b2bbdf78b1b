import { expect, test } from 'vitest';
import { once, onceRejected, onceThrown, onceWarned } from '../../support/preloaded-modules.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE, 'client-secret': azure.clientSecret };
const PLANTED = `it holds ${azure.clientSecret}\r::error::planted\n##[stop-commands]planted\u001b[31m`;

/** Whatever a library throws from where nobody catches it. */
const STRAY = [
  ['an error', onceThrown(PLANTED)],
  ['a rejection', onceRejected(PLANTED)],
  ['a string', once(`setTimeout(() => { throw ${JSON.stringify(PLANTED)}; });`)],
  ['nothing at all', once('Promise.reject(undefined);')],
  ['an object without a prototype', once('Promise.reject(Object.create(null));')],
  ['a symbol', once("Promise.reject(Symbol('planted'));")],
  [
    'an error with the secret in its name, stack and cause',
    once(`
    const error = new Error(${JSON.stringify(PLANTED)}, { cause: new Error(${JSON.stringify(PLANTED)}) });
    error.name = ${JSON.stringify(PLANTED)};
    error.secret = ${JSON.stringify(PLANTED)};
    throw error;`),
  ],
  [
    'an error event that nobody hears',
    once(`
    const { EventEmitter } = await import('node:events');
    setTimeout(() => new EventEmitter().emit('error', new Error(${JSON.stringify(PLANTED)})));`),
  ],
  [
    'many at once',
    once(`
    for (let count = 0; count < 20; count++) Promise.reject(new Error(${JSON.stringify(PLANTED)} + count));`),
  ],
] as const;

// One annotation, an empty stderr and no leak are checked after every step.
test.each(STRAY)('%s ends the step', async (_, execArgv) => {
  const { error, masks, outputs } = await step({ inputs: INPUTS, execArgv });

  expect(error).toContain('Unexpected error: ');
  expect(error).toContain('This is a bug in this action.');
  expect(outputs.verdict).toBe('error');
  expect(masks).not.toContain('planted');
});

test.each([
  ['with the secret in it', onceWarned(PLANTED)],
  [
    'with a type, a code and details',
    once(
      `process.emitWarning(${JSON.stringify(PLANTED)}, { type: 'Planted', code: 'P1', detail: ${JSON.stringify(PLANTED)} });`,
    ),
  ],
  ['that is deprecated', once(`process.emitWarning(${JSON.stringify(PLANTED)}, 'DeprecationWarning');`)],
  ['with a command as its type', once(`process.emitWarning('x', ${JSON.stringify('\n::error::planted')});`)],
  [
    'a hundred times',
    once(`for (let n = 0; n < 100; n++) process.emitWarning(${JSON.stringify(PLANTED)} + n);`),
  ],
  [
    'by hand',
    once(
      `console.error(${JSON.stringify(PLANTED)}); process.stderr.write(${JSON.stringify(PLANTED)}, () => {}); console.warn(${JSON.stringify(PLANTED)}); console.trace('x');`,
    ),
  ],
  [
    'by too many listeners',
    once(`
    const { EventEmitter } = await import('node:events');
    const emitter = new EventEmitter();
    for (let n = 0; n < 20; n++) emitter.on('x', () => {});`),
  ],
] as const)('a warning %s fails nothing', async (_, execArgv) => {
  const { annotations, masks, outputs } = await step({
    inputs: INPUTS,
    execArgv,
    env: { RUNNER_DEBUG: '1', NODE_OPTIONS: '--trace-warnings' },
  });

  expect(annotations).toEqual([]);
  expect(outputs.verdict).toBe('passed');
  expect(masks).not.toContain('planted');
});
