import { describe, expect, test } from 'vitest';
import { readTaskLog, resultOf } from './log.ts';

const read = (stdout: string, stderr = '', secrets: readonly string[] = []) =>
  readTaskLog({ stdout, stderr }, ['verdict', 'credential'], secrets);

describe('the model of the agent', () => {
  test('reads stderr first, and obeys it', () => {
    const { shown, completed } = read('out\n', 'err\n##vso[task.complete result=Failed]\n');
    expect([shown, completed]).toEqual([['err', 'out'], 'Failed']);
  });

  test('masks from a command on', () => {
    expect(read('a secret1\n##vso[task.setsecret]secret1\na secret1\n').shown).toEqual([
      'a secret1',
      'a ***',
    ]);
  });

  test('refuses variables that the task may not set', () => {
    const { variables, refused } = read('##vso[task.setvariable variable=PATH]evil\n');
    expect([variables, refused.length]).toEqual([{}, 1]);
  });

  test('refuses a secret of several lines, and shows it by that', () => {
    const { shown } = read('##vso[task.setvariable variable=credential;issecret=true]ab%0Acd\n');
    expect(shown.join()).toContain('ab%0Acd');
  });

  test('keeps the worst result', () => {
    const { completed } = read('##vso[task.complete result=Failed]\n##vso[task.complete result=Succeeded]\n');
    expect(completed).toBe('Failed');
  });

  test('takes another exit code than 0 for a failure', () => {
    expect([resultOf({ completed: 'Succeeded' }, 1), resultOf({ completed: undefined }, 0)]).toEqual([
      'Failed',
      'Succeeded',
    ]);
  });

  test('warns of what only looks like a command', () => {
    expect(read('x ##VSO[task.complete result=Failed]\n')).toMatchObject({
      completed: undefined,
      refused: ['x ##VSO[task.complete result=Failed]'],
    });
  });
});
