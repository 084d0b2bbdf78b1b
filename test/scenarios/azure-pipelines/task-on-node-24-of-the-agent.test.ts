import { runTaskScenarios } from '../../support/task-scenarios.ts';

await runTaskScenarios('24.18.1');
