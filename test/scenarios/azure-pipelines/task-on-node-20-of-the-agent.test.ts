import { runTaskScenarios } from '../../support/task-scenarios.ts';

await runTaskScenarios('20.20.2');
