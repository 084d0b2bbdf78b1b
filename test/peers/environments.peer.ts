import { expect, test } from 'vitest';
import { pinnedNode } from '../runner/node.ts';
import { findPython } from './environments.ts';

/** A program that says of itself what Python says. */
const saying = (words: string) => [pinnedNode(), '-e', `console.log('${words}')`, '--'] as const;

test('fails without Python, and says so', async () => {
  await expect(findPython([['no-such-python'], ['nor-this', '-3']])).rejects.toThrow(
    "npm run test:peers runs Microsoft's Python programs, and needs Python 3.9 or later with venv and pip. Seen: no-such-python: not found; nor-this -3: not found.",
  );
});

test('fails with a Python that is too old, and says so', async () => {
  await expect(findPython([saying('False 3.8.18 /usr/bin/python')])).rejects.toThrow(/Seen: .+: 3\.8\.18\.$/);
});

test('fails with a Python that lacks a part, and says so', async () => {
  const broken = [pinnedNode(), '-e', "throw new Error('No module named ensurepip')", '--'] as const;
  await expect(findPython([broken])).rejects.toThrow('with venv and pip. Seen: ');
});

test('takes the first that fits', async () => {
  const commands = [
    ['no-such-python'],
    saying('False 2.7.18 /old'),
    saying('True 3.9.0 /new'),
    saying('True 3.13.0 /newer'),
  ] as const;
  expect(await findPython(commands)).toEqual({ version: '3.9.0', executable: '/new' });
});
