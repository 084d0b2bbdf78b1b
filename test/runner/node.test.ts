import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { pinnedNode, RUNNER_NODE_VERSION } from './node.ts';

test('the pinned Node is the version that the runner ships', () => {
  const { stdout } = spawnSync(pinnedNode(), ['--version'], { encoding: 'utf8' });
  expect(stdout.trim()).toBe(`v${RUNNER_NODE_VERSION}`);
});
